//! The record of a request as JSON: the request as the caller's side sees it, what happened, and every message.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_operations::messages::Message;
use liaison_operations::{Call, Error, Result, access_requests, timeline};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{messages, request_shape, timeline as events, wire};
use crate::openapi::{Kind, Operation, Parameter, example, query, tag};

/// The record of a request.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Transcript")]
struct Record<'r> {
    #[schemars(extend("format" = "date-time"))]
    generated_time: String,
    /// The request as the caller's side sees it; without `notes` unless they were asked for.
    #[schemars(with = "request_shape::Wire")]
    request: Value,
    timeline: Vec<events::Wire<'r>>,
    messages: Vec<messages::Wire<'r>>,
}

const QUERY: &[Parameter] = &[
    query(
        "format",
        Kind::OneOf(&["json", "pdf"]),
        "The shape of the answer. `Accept: application/pdf` says the same as `pdf`.",
    ),
    query(
        "notes",
        Kind::Text,
        "`yes`: with the sender's private notes, for the sender's side.",
    ),
];

pub(crate) const GET: Operation = Operation::new("GET", "getTranscript", tag::THREADS, "The record of a request")
    .about(
        "The request, its whole timeline and every message: the first 10 000, and no more after 20 MB of text, in the PDF \
         after 2 MB.",
    )
    .query(QUERY)
    .answers::<Record<'_>>(200, "The record, as a file to be saved.")
    .refuses(&[404, 503])
    .example(example!("getTranscript"));

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
    wire::json(&Record {
        generated_time: call.now.rfc3339(),
        request: shown,
        timeline: happened.collect(),
        messages: thread.iter().map(messages::shape).collect(),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn broken(error: serde_json::Error) -> Error {
    Error::Internal(format!("JSON of a transcript: {error}"))
}
