//! The mails of the caller's customer, for its administrators: every delivery with the relay's words, and sending one
//! again.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use liaison_domain::{Guid, Timestamp};
use liaison_operations::mails::{self, Delivery, Filter};
use liaison_operations::{Call, Result as OperationResult};
use serde::Serialize;

use super::messages::guid;
use super::{own, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Write};
use crate::state::Web;

type Answer = Result<Response, ApiError>;

/// The states that can be asked for.
const STATES: [&str; 5] = ["queued", "sent", "failed", "kept", "replaced"];

#[derive(Serialize)]
struct Wire<'d> {
    id: Guid,
    request_guid: Option<Guid>,
    kind: &'d str,
    subject: &'d str,
    recipient: &'d str,
    state: &'d str,
    attempts: i64,
    next_attempt_time: Option<String>,
    reply_code: Option<i64>,
    reply: Option<&'d str>,
    created_time: String,
    ended_time: Option<String>,
}

fn shape(delivery: &Delivery) -> Wire<'_> {
    let waits = delivery.state == "queued";
    Wire {
        id: delivery.guid,
        request_guid: delivery.request_guid,
        kind: &delivery.kind,
        subject: &delivery.subject,
        recipient: &delivery.recipient,
        state: &delivery.state,
        attempts: delivery.attempts,
        next_attempt_time: waits.then(|| delivery.next_at.rfc3339()),
        reply_code: delivery.reply_code,
        reply: delivery.reply.as_deref(),
        created_time: delivery.created_at.rfc3339(),
        ended_time: delivery.ended_at.map(Timestamp::rfc3339),
    }
}

#[derive(Serialize)]
struct Page<'d> {
    results: Vec<Wire<'d>>,
    next: Option<String>,
}

/// `GET /liaison/v1/mails`: deliveries, newest first; `state` and `request` filter.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params, headers: HeaderMap) -> Answer {
    let (filter, limit) = caller.checked(&web, filter(&params)).await?;
    let cursor = params.text("cursor").map(str::to_owned);
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
        call.actor.require_admin()?;
        let customer = call.actor.customer_guid;
        let mut filter = filter.clone();
        if let Some(text) = &cursor {
            let Some(after) = place(customer, text) else {
                return Ok(None);
            };
            filter.after = Some(after);
        }
        page(tx, call, (&filter, limit)).map(Some)
    };
    let body = web.app.read_as(caller.token_sha256, read).await?;
    Ok(own::conditional(&headers, body.ok_or_else(own::wrong_cursor)?))
}

fn page(tx: &mut liaison_db::Tx<'_>, call: &Call<'_>, (filter, limit): (&Filter, i64)) -> OperationResult<Vec<u8>> {
    let mut found = mails::list_of_customer(tx, call, filter)?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let last = found.last().filter(|_| more);
    wire::json(&Page {
        next: last.map(|last| written(call.actor.customer_guid, last)),
        results: found.iter().map(shape).collect(),
    })
}

fn filter(params: &Params) -> Result<(Filter, i64), ApiError> {
    let state = params.text("state");
    if state.is_some_and(|state| !STATES.contains(&state)) {
        let rule = "must be one of queued, sent, failed, kept, replaced";
        return Err(ApiError::parameter("state", rule));
    }
    let limit = own::limit(params)?;
    let filter = Filter {
        state: state.map(str::to_owned),
        request: params.guid("request"),
        recipient: None,
        after: None,
        limit: limit + 1,
    };
    Ok((filter, limit))
}

/// Time and guid of a delivery, as a cursor of this customer's list.
fn written(customer: Guid, delivery: &Delivery) -> String {
    let mut place = delivery.created_at.0.to_be_bytes().to_vec();
    place.extend_from_slice(delivery.guid.as_bytes());
    own::cursor(customer, &place)
}

fn place(customer: Guid, cursor: &str) -> Option<(Timestamp, Guid)> {
    let place: [u8; 24] = own::place(customer, cursor)?;
    let (at, guid) = place.split_first_chunk::<8>()?;
    Some((Timestamp(i64::from_be_bytes(*at)), Guid::from_slice(guid).ok()?))
}

/// `POST /liaison/v1/mails/{id}/retry`: queue a delivery again.
pub(crate) async fn retry(PathText(id): PathText, write: Write) -> Answer {
    let id = guid(&id);
    write
        .run(StatusCode::OK, move |tx, call| {
            wire::json(&shape(&mails::retry_of_customer(tx, call, id)?))
        })
        .await
}
