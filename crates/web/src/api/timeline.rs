//! What happened to a request, oldest first: its events, and for the client what became of its mails.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use liaison_domain::Timestamp;
use liaison_operations::Call;
use liaison_operations::timeline::{self, Entry, Mail};
use serde::Serialize;

use super::{messages, own, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, PathText};
use crate::state::Web;

/// One entry as the API answers it.
#[derive(Serialize)]
pub(super) struct Wire<'e> {
    at: String,
    kind: &'e str,
    side: Option<&'e str>,
    actor: Option<&'e str>,
    detail: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<MailWire<'e>>,
}

#[derive(Serialize)]
struct MailWire<'e> {
    kind: &'e str,
    recipient: &'e str,
    attempts: i64,
    reply_code: Option<i64>,
    reply: Option<&'e str>,
    next_attempt_time: Option<String>,
}

#[derive(Serialize)]
struct Page<'e> {
    results: Vec<Wire<'e>>,
    next: Option<String>,
}

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
