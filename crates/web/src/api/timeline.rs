//! What happened to a request, oldest first: its events, and for the client what became of its mails.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use liaison_domain::Timestamp;
use liaison_operations::Call;
use liaison_operations::timeline::{self, Entry, Mail};
use schemars::JsonSchema;
use serde::Serialize;

use super::{messages, own, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, PathText};
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

/// Something that happened to a request.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TimelineEntry")]
pub(super) struct Wire<'e> {
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// `request.sent`, `message.posted`, `mail.sent`, …
    kind: &'e str,
    /// The side that did it: `client` or `vendor`.
    side: Option<&'e str>,
    /// The name of who did it.
    actor: Option<&'e str>,
    detail: Option<&'e str>,
    /// Of entries about a mail, for the client's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<MailWire<'e>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TimelineMail")]
struct MailWire<'e> {
    kind: &'e str,
    recipient: &'e str,
    attempts: i64,
    reply_code: Option<i64>,
    reply: Option<&'e str>,
    #[schemars(extend("format" = "date-time"))]
    next_attempt_time: Option<String>,
}

/// The timeline of a request.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Timeline")]
struct Page<'e> {
    results: Vec<Wire<'e>>,
    /// Always null: everything is on one page.
    next: Option<String>,
}

pub(crate) const LIST: Operation = Operation::new("GET", "getTimeline", tag::THREADS, "What happened to a request")
    .about(
        "The newest 2000 events, oldest first, and for the side that sent it what became of as many mails. The other side \
         sees what concerns it.",
    )
    .answers::<Page<'_>>(200, "The timeline.")
    .conditional()
    .refuses(&[404])
    .example(example!("getTimeline"));

/// The shape of an entry.
pub(super) fn shape(entry: &Entry) -> Wire<'_> {
    Wire {
        at: entry.at.rfc3339(),
        kind: &entry.kind,
        side: entry.side.as_deref(),
        actor: entry.actor.as_deref(),
        detail: entry.detail.as_deref(),
        mail: entry.mail.as_ref().map(mail),
    }
}

fn mail(mail: &Mail) -> MailWire<'_> {
    MailWire {
        kind: &mail.kind,
        recipient: &mail.recipient,
        attempts: mail.attempts,
        reply_code: mail.reply_code,
        reply: mail.reply.as_deref(),
        next_attempt_time: mail.next_attempt_at.map(Timestamp::rfc3339),
    }
}

/// `GET …/timeline`.
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    PathText(request): PathText,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let request = messages::guid(&request);
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
        let entries = timeline::list(tx, call, request)?;
        wire::json(&Page {
            results: entries.iter().map(shape).collect(),
            next: None,
        })
    };
    Ok(own::conditional(
        &headers,
        web.app.read_as(caller.token_sha256, read).await?,
    ))
}
