//! The access-request family: `contract` rows 1 to 11, and the resend of Liaison's own API.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use liaison_domain::ids;
use liaison_operations::access_requests::{self, AccessRequest, Buckets, BulkOutcome, ChangeWish, Config, Summary};
use liaison_operations::{Error, Result as OperationResult};
use serde_json::{Value, json};

use super::wire::{self, Moment, Reader};
use super::{drafts, filters, lists};
use crate::errors::ApiError;
use crate::extract::{Caller, Fields, Params, PathText, Write};
use crate::state::Web;

type Answer = Result<Response, ApiError>;

/// `GET /access-requests`: everything the caller's customer sent.
pub(crate) async fn list_outbox(State(web): State<Web>, caller: Caller, params: Params) -> Answer {
    let filter = caller.checked(&web, filters::outbox(&params)).await?;
    lists::answer(
        (web, caller, params),
        (Reader::Sender, filter, "/ratings/v1/access-requests"),
    )
    .await
}

/// `GET /access-requests/received`: everything the caller's customer received.
pub(crate) async fn list_inbox(State(web): State<Web>, caller: Caller, params: Params) -> Answer {
    let filter = caller.checked(&web, filters::inbox(&params)).await?;
    lists::answer(
        (web, caller, params),
        (Reader::Recipient, filter, "/ratings/v1/access-requests/received"),
    )
    .await
}

/// `POST /access-requests`: invite one person, or several at once.
pub(crate) async fn invite_company(mut write: Write) -> Answer {
    let body = write.body.take();
    write
        .run(StatusCode::CREATED, move |tx, call| {
            call.actor.require_inviter()?;
            let (drafts, as_array) = drafts::drafts(&body)?;
            let moment = Moment::of(call);
            let view = |request: &AccessRequest<'_>| wire::body(request, Reader::Sender, moment);
            let sent = access_requests::invite(tx, call, drafts, &view);
            // Of an array that holds one, too, the answer says which.
            let sent = sent.map_err(|error| if as_array { error.at(0) } else { error })?;
            let bodies = sent.into_iter().collect::<OperationResult<Vec<_>>>()?;
            Ok(if as_array { array(&bodies) } else { bodies.concat() })
        })
        .await
}

fn array(bodies: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![b'['];
    out.extend(bodies.join(&b','));
    out.push(b']');
    out
}

/// `PATCH /access-requests/{guid}`: change the status of a sent request.
pub(crate) async fn change_status(PathText(guid): PathText, mut write: Write) -> Answer {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            call.actor.require_inviter()?;
            let wish = ChangeWish {
                guid: ids::parse_guid(&guid),
                change: drafts::change(&body)?,
            };
            let moment = Moment::of(call);
            access_requests::change_status(tx, call, wish, &|request| wire::body(request, Reader::Sender, moment))?
        })
        .await
}

/// `POST /access-requests/bulk`: change the status of many sent requests.
pub(crate) async fn bulk(mut write: Write) -> Answer {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            call.actor.require_inviter()?;
            let (guids, wishes): (Vec<_>, Vec<_>) = drafts::changes(&body)?.into_iter().unzip();
            let outcomes = access_requests::bulk_change(tx, call, &wishes)?;
            let (mut modified, mut not_modified) = (Vec::new(), Vec::new());
            for (guid, outcome) in guids.iter().zip(outcomes) {
                match outcome {
                    BulkOutcome::Modified(status) => modified.push(json!({"guid": guid, "status": status.slug()})),
                    BulkOutcome::NotModified => {
                        not_modified.push(json!({"guid": guid, "message": "Unable to update status."}));
                    }
                }
            }
            wire::json(&json!({"modified": modified, "not_modified": not_modified}))
        })
        .await
}

/// `GET /access-requests/counts`: the outbox in numbers.
pub(crate) async fn counts(State(web): State<Web>, caller: Caller, params: Params) -> Answer {
    let filter = caller.checked(&web, filters::counts(&params)).await?;
    let by_company = match params.text("group_by") {
        None => Ok(false),
        Some("company") => Ok(true),
        Some(_) => Err(ApiError::parameter("group_by", "must be company")),
    };
    let by_company = caller.checked(&web, by_company).await?;
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| {
        wire::json(&summary(&access_requests::summarise(tx, call, &filter, by_company)?))
    };
    Ok(json_response(web.app.read_as(caller.token_sha256, read).await?))
}

fn summary(summary: &Summary) -> Value {
    let mut value = json!({
        "total": summary.total,
        "company_count": summary.company_count,
        "status": buckets(&summary.status),
        "invited_eva_portfolio_companies": summary.invited_portfolio_companies,
        "eligible_eva_portfolio_companies": summary.eligible_portfolio_companies,
        "mock_requests": 0,
    });
    if let Some(companies) = &summary.companies {
        value["companies"] = companies
            .iter()
            .map(|company| {
                json!({
                    "company_guid": company.company_guid,
                    "company_name": company.company_name,
                    "total": company.total,
                    "status": buckets(&company.status),
                })
            })
            .collect();
    }
    value
}

fn buckets(status: &Buckets) -> Value {
    json!({
        "Inactive": status.inactive,
        "Active": status.active,
        "Pending": status.pending,
        "Never": status.never,
        "Resolved": status.resolved,
    })
}

/// `GET /access-requests/config`: the durations of the account.
pub(crate) async fn get_config(State(web): State<Web>, caller: Caller) -> Answer {
    let read = |_: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| config(access_requests::config(call));
    Ok(json_response(web.app.read_as(caller.token_sha256, read).await?))
}

/// `PATCH /access-requests/config`: set the account's default trial.
pub(crate) async fn update_config(mut write: Write) -> Answer {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            call.actor.require_admin()?;
            let fields = Fields::of("", &body)?;
            // The published schema shows the object under `body`; both are read.
            let fields = fields
                .value("body")
                .map_or(Ok(fields), |inner| Fields::of("body", inner))?;
            config(access_requests::update_config(
                tx,
                call,
                fields.integer("trial_duration")?,
            )?)
        })
        .await
}

fn config(config: Config) -> OperationResult<Vec<u8>> {
    wire::json(&json!({
        "invitation_duration": config.invitation_duration,
        "trial_duration": config.trial_duration,
    }))
}

/// `GET /access-requests/received/{guid}`: one received request.
pub(crate) async fn get_received(State(web): State<Web>, caller: Caller, PathText(guid): PathText) -> Answer {
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| {
        let guid = ids::parse_guid(&guid).ok_or(Error::NotFound)?;
        let moment = Moment::of(call);
        access_requests::received(tx, call, guid, &|request| {
            wire::body(request, Reader::Recipient, moment)
        })?
    };
    Ok(json_response(web.app.read_as(caller.token_sha256, read).await?))
}

/// `PATCH /access-requests/received/{guid}`: mark one received request as read or unread.
pub(crate) async fn update_received(PathText(guid): PathText, mut write: Write) -> Answer {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            let guid = ids::parse_guid(&guid).ok_or(Error::NotFound)?;
            let read = Fields::of("", &body)?.boolean("read")?;
            let moment = Moment::of(call);
            let view = |request: &AccessRequest<'_>| wire::body(request, Reader::Recipient, moment);
            access_requests::update_received(tx, call, guid, read, &view)?
        })
        .await
}

/// `POST /access-requests/received/mark-all-as-read`.
pub(crate) async fn mark_all_as_read(write: Write) -> Answer {
    write.repeat(StatusCode::NO_CONTENT, access_requests::mark_read).await
}

/// `POST /liaison/v1/access-requests/{guid}/resend`: a new link for a request that nobody accepted.
pub(crate) async fn resend(PathText(guid): PathText, write: Write) -> Answer {
    write
        .run(StatusCode::OK, move |tx, call| {
            let guid = ids::parse_guid(&guid).ok_or(Error::NotFound)?;
            let moment = Moment::of(call);
            access_requests::resend(tx, call, guid, &|request| wire::body(request, Reader::Sender, moment))?
        })
        .await
}

fn json_response(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
