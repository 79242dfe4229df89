//! The record of a request as JSON: the request as the caller's side sees it, what happened, and every message.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_operations::messages::Message;
use liaison_operations::{Call, Error, Result, access_requests, timeline};
use serde_json::{Value, json};

use super::{messages, request_shape, timeline as events, wire};

/// The body; `notes` says whether the sender's private notes come along.
pub(crate) fn body(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (request, thread, notes): (Guid, &[Message], bool),
) -> Result<Vec<u8>> {
    let details = access_requests::details(tx, call, request, &request_shape::shape)?;
    let mut shown: Value = serde_json::from_slice(&request_shape::body(details)?).map_err(broken)?;
    if let Some(fields) = shown.as_object_mut().filter(|_| !notes) {
        fields.remove("notes");
    }
    let entries = timeline::list(tx, call, request)?;
    let happened = entries
        .iter()
        .filter(|entry| notes || entry.kind != "request.notes_changed")
        .map(events::shape);
    wire::json(&json!({
        "generated_time": call.now.rfc3339(),
        "request": shown,
        "timeline": happened.map(serde_json::to_value).collect::<std::result::Result<Vec<_>, _>>().map_err(broken)?,
        "messages": thread.iter().map(messages::shape).map(serde_json::to_value)
            .collect::<std::result::Result<Vec<_>, _>>().map_err(broken)?,
    }))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn broken(error: serde_json::Error) -> Error {
    Error::Internal(format!("JSON of a transcript: {error}"))
}
