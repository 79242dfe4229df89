//! The live stream of a thread, for the holder of a token.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use super::messages;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText};
use crate::live;
use crate::openapi::{Answer, Kind, Operation, Parameter, example, query, tag};
use crate::state::Web;

const QUERY: &[Parameter] = &[query(
    "after",
    Kind::Count,
    "The revision after which the stream goes on; without it, it begins now.",
)];
const HEADER: &[Parameter] = &[query(
    "Last-Event-ID",
    Kind::Count,
    "The same, as browsers send it; it counts before `after`.",
)];

pub(crate) const FOLLOW: Operation = Operation::new("GET", "followThread", tag::THREADS, "The thread of a request, live")
    .about(
        "Server-sent events: one `message` for each that is written, edited or deleted, whose `id` is the revision and \
         whose `data` is the message. A comment comes every 15 seconds. A stream ends after an hour; come back with the \
         last `id`.",
    )
    .query(QUERY)
    .header(HEADER)
    .answer(Answer {
        status: 200,
        about: "The stream.",
        media_type: "text/event-stream",
        schema: None,
    })
    .refuses(&[404, 429])
    .example(example!("followThread"));

/// `GET …/messages/stream`: what is written or changed from now on, or after `Last-Event-ID`.
pub(crate) async fn follow(
    State(web): State<Web>,
    caller: Caller,
    PathText(request): PathText,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let after = caller.checked(&web, live::after(&headers, &params)).await?;
    live::stream(&web, caller.token_sha256, messages::guid(&request), after).await
}
