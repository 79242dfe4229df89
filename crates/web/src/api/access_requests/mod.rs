//! The access-request family on the compatible paths, and the resend of Liaison's own API.

mod counts;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::ids;
use liaison_operations::access_requests::{self, AccessRequest, BulkOutcome, ChangeWish, Config};
use liaison_operations::{Error, Result as OperationResult};
use schemars::JsonSchema;
use serde::Serialize;

use super::draft_shape::{BulkBody, InviteBody, StatusBody};
use super::wire::{self, Moment, Reader, Wire};
use super::{conventions, drafts, filters, lists};
use crate::errors::ApiError;
use crate::extract::{Caller, Fields, Params, PathText, Write};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

pub(crate) use counts::{COUNTS, counts};

type Answer = Result<Response, ApiError>;

pub(crate) const LIST: Operation = Operation::new("GET", "listOutbox", tag::ACCESS_REQUESTS, "The outbox")
    .about("Everything the customer sent, newest first. Without `limit` the whole list is streamed.")
    .query(filters::OUTBOX_LIST)
    .answers::<Vec<Wire<'_>>>(200, "The requests.")
    .answer_headers(lists::LINK)
    .refuses(&[400])
    .example(example!("listOutbox"));

/// `GET /access-requests`: everything the caller's customer sent.
pub(crate) async fn list_outbox(State(web): State<Web>, caller: Caller, params: Params) -> Answer {
    let filter = caller.checked(&web, filters::outbox(&params)).await?;
    lists::answer(
        (web, caller, params),
        (Reader::Sender, filter, "/ratings/v1/access-requests"),
    )
    .await
}

pub(crate) const LIST_RECEIVED: Operation = Operation::new("GET", "listInbox", tag::ACCESS_REQUESTS, "The inbox")
    .about("Everything the customer's company received, newest first. Without `limit` the whole list is streamed.")
    .query(filters::INBOX_LIST)
    .answers::<Vec<Wire<'_>>>(200, "The requests.")
    .answer_headers(lists::LINK)
    .example(example!("listInbox"));

/// `GET /access-requests/received`: everything the caller's customer received.
pub(crate) async fn list_inbox(State(web): State<Web>, caller: Caller, params: Params) -> Answer {
    let filter = caller.checked(&web, filters::inbox(&params)).await?;
    lists::answer(
        (web, caller, params),
        (Reader::Recipient, filter, "/ratings/v1/access-requests/received"),
    )
    .await
}

/// What came of invitations: one, or as many as were sent.
#[derive(JsonSchema)]
#[schemars(untagged, rename = "RequestOrRequests")]
#[expect(dead_code, reason = "the answer is put together from bytes; this gives its schema")]
enum Sent<'r> {
    One(Box<Wire<'r>>),
    Many(Vec<Wire<'r>>),
}

pub(crate) const INVITE: Operation = Operation::new("POST", "inviteCompany", tag::ACCESS_REQUESTS, "Invite somebody")
    .about(
        "Invites one person, or up to 100 at once, of which all or none are sent; `index` in a refusal says which one \
         is wrong. Mails go out in the background. A person who has an account is let in at once (`Active`).",
    )
    .body::<InviteBody>()
    .answers::<Sent<'_>>(201, "The request, or an array of them in the order they were sent.")
    .needs(Needs::Inviter)
    .example(example!("inviteCompany"))
    .more_examples(&[
        ("account", example!("inviteCompany-account")),
        ("several", example!("inviteCompany-several")),
    ]);

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

pub(crate) const CHANGE: Operation = Operation::new("PATCH", "changeStatus", tag::ACCESS_REQUESTS, "Change the status")
    .about(
        "Resolves a sent request, or approves or rejects one that somebody asked for through an access link. What the \
         status does not allow is refused with `status_conflict`.",
    )
    .body::<StatusBody>()
    .answers::<Wire<'_>>(200, "The request.")
    .refuses(&[404])
    .needs(Needs::Inviter)
    .example(example!("changeStatus"));

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

/// What became of each change.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BulkOutcome")]
struct Outcomes<'g> {
    modified: Vec<Modified<'g>>,
    not_modified: Vec<NotModified<'g>>,
}

#[derive(Serialize, JsonSchema)]
struct Modified<'g> {
    guid: &'g str,
    status: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct NotModified<'g> {
    guid: &'g str,
    message: &'static str,
}

pub(crate) const BULK: Operation =
    Operation::new("POST", "changeStatuses", tag::ACCESS_REQUESTS, "Change many statuses")
        .about("Each change succeeds or fails on its own. Guids that are unknown count as not modified.")
        .body::<BulkBody>()
        .answers::<Outcomes<'_>>(200, "What became of each.")
        .needs(Needs::Inviter)
        .example(example!("changeStatuses"));

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
                    BulkOutcome::Modified(status) => modified.push(Modified {
                        guid,
                        status: status.slug(),
                    }),
                    BulkOutcome::NotModified => not_modified.push(NotModified {
                        guid,
                        message: "Unable to update status.",
                    }),
                }
            }
            wire::json(&Outcomes { modified, not_modified })
        })
        .await
}

/// How long invitations and trials last, in days.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessRequestConfig")]
struct Durations {
    invitation_duration: i64,
    trial_duration: i64,
}

/// The default trial. It may also stand under `body`.
#[derive(JsonSchema)]
#[schemars(rename = "AccessRequestConfigBody")]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct DurationsBody {
    #[schemars(range(min = 1, max = 365))]
    trial_duration: Option<i64>,
}

pub(crate) const GET_CONFIG: Operation = Operation::new(
    "GET",
    "getConfig",
    tag::ACCESS_REQUESTS,
    "How long invitations and trials last",
)
.answers::<Durations>(200, "The durations of the account.")
.example(example!("getConfig"));

/// `GET /access-requests/config`: the durations of the account.
pub(crate) async fn get_config(State(web): State<Web>, caller: Caller) -> Answer {
    let read = |_: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| config(access_requests::config(call));
    conventions::read(&web, caller, read).await
}

pub(crate) const UPDATE_CONFIG: Operation =
    Operation::new("PATCH", "updateConfig", tag::ACCESS_REQUESTS, "Set the default trial")
        .about("Holds for invitations that say nothing of their trial, from now on.")
        .body::<DurationsBody>()
        .answers::<Durations>(200, "The durations of the account.")
        .needs(Needs::Admin)
        .example(example!("updateConfig"));

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
    wire::json(&Durations {
        invitation_duration: config.invitation_duration,
        trial_duration: config.trial_duration,
    })
}

pub(crate) const GET_RECEIVED: Operation =
    Operation::new("GET", "getReceived", tag::ACCESS_REQUESTS, "One received request")
        .answers::<Wire<'_>>(200, "The request.")
        .refuses(&[404])
        .example(example!("getReceived"));

/// `GET /access-requests/received/{guid}`: one received request.
pub(crate) async fn get_received(State(web): State<Web>, caller: Caller, PathText(guid): PathText) -> Answer {
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| {
        let guid = ids::parse_guid(&guid).ok_or(Error::NotFound)?;
        let moment = Moment::of(call);
        access_requests::received(tx, call, guid, &|request| {
            wire::body(request, Reader::Recipient, moment)
        })?
    };
    conventions::read(&web, caller, read).await
}

/// What the recipient's side can change.
#[derive(JsonSchema)]
#[schemars(rename = "ReceivedBody")]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct ReadBody {
    read: Option<bool>,
}

pub(crate) const UPDATE_RECEIVED: Operation = Operation::new(
    "PATCH",
    "updateReceived",
    tag::ACCESS_REQUESTS,
    "Mark a received request as read or unread",
)
.about("The other fields of a request may stand in the body; they change nothing.")
.body::<ReadBody>()
.answers::<Wire<'_>>(200, "The request.")
.refuses(&[404])
.example(example!("updateReceived"));

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

pub(crate) const MARK_ALL: Operation = Operation::new(
    "POST",
    "markInboxAsRead",
    tag::ACCESS_REQUESTS,
    "Mark the whole inbox as read",
)
.answers_nothing("Everything is read.")
.example(example!("markInboxAsRead"));

/// `POST /access-requests/received/mark-all-as-read`.
pub(crate) async fn mark_all_as_read(write: Write) -> Answer {
    write.repeat(StatusCode::NO_CONTENT, access_requests::mark_read).await
}

pub(crate) const RESEND: Operation = Operation::new("POST", "resendRequest", tag::OWN, "Mail a new link")
    .about("For a request that nobody accepted. The earlier link no longer works, and the 14 days begin anew.")
    .answers::<Wire<'_>>(200, "The request.")
    .refuses(&[404, 429])
    .needs(Needs::Inviter)
    .example(example!("resendRequest"));

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
