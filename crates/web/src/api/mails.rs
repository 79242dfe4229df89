//! The mails of the caller's customer, for its administrators: every delivery with the relay's words, and sending one
//! again.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use liaison_domain::{Guid, Timestamp};
use liaison_operations::mails::{self, Delivery, Filter};
use liaison_operations::{Call, Result as OperationResult};
use schemars::JsonSchema;
use serde::Serialize;

use super::messages::guid;
use super::{own, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Write};
use crate::openapi::{Kind, Needs, Operation, Parameter, example, query, tag};
use crate::state::Web;

type Answer = Result<Response, ApiError>;

/// The states that can be asked for.
const STATES: [&str; 5] = ["queued", "sent", "failed", "kept", "replaced"];

/// One mail to one recipient.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Delivery")]
struct Wire<'d> {
    id: Guid,
    /// The request it is about.
    request_guid: Option<Guid>,
    /// `introduction`, `activation`, `message`, …
    kind: &'d str,
    subject: &'d str,
    recipient: &'d str,
    /// `kept` where no relay is configured, `replaced` where its link was used or replaced.
    #[schemars(extend("enum" = STATES))]
    state: &'d str,
    attempts: i64,
    #[schemars(extend("format" = "date-time"))]
    next_attempt_time: Option<String>,
    /// The relay's last words.
    reply_code: Option<i64>,
    reply: Option<&'d str>,
    #[schemars(extend("format" = "date-time"))]
    created_time: String,
    #[schemars(extend("format" = "date-time"))]
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

/// A page of deliveries.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Deliveries")]
struct Page<'d> {
    results: Vec<Wire<'d>>,
    /// The cursor of the next page; null at the end.
    next: Option<String>,
}

const QUERY: &[Parameter] = &[
    query("state", Kind::OneOf(&STATES), "In this state."),
    query("request", Kind::Text, "About the request of this guid."),
    own::LIMIT,
    own::CURSOR,
];

pub(crate) const LIST: Operation = Operation::new("GET", "listMails", tag::OWN, "What became of mails")
    .about(
        "Every delivery of the customer with the relay's words, newest first. Notices to the other side's collaboration \
         contacts are not in it.",
    )
    .query(QUERY)
    .answers::<Page<'_>>(200, "A page of deliveries.")
    .conditional()
    .needs(Needs::Admin)
    .example(example!("listMails"));

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

pub(crate) const RETRY: Operation = Operation::new("POST", "retryMail", tag::OWN, "Send a mail again")
    .about("One that failed or was kept.")
    .answers::<Wire<'_>>(200, "The delivery.")
    .refuses(&[404])
    .needs(Needs::Admin)
    .example(example!("retryMail"));

/// `POST /liaison/v1/mails/{guid}/retry`: queue a delivery again.
pub(crate) async fn retry(PathText(id): PathText, write: Write) -> Answer {
    let id = guid(&id);
    write
        .run(StatusCode::OK, move |tx, call| {
            wire::json(&shape(&mails::retry_of_customer(tx, call, id)?))
        })
        .await
}
