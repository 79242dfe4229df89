//! Messages of a request's thread, for both sides: reading, writing, editing, deleting, and having seen them.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use liaison_domain::{Guid, Timestamp, ids};
use liaison_operations::messages::{self, Message};
use liaison_operations::{Call, Result as OperationResult};
use schemars::JsonSchema;
use serde::Serialize;

use super::{own, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathPair, PathText, Write};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

type Answer = Result<Response, ApiError>;

/// A message of a request's thread.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Message")]
pub(crate) struct Wire<'m> {
    id: Guid,
    /// The side that wrote it.
    #[schemars(extend("enum" = ["client", "vendor"]))]
    side: &'m str,
    author: Author<'m>,
    /// Null once it is deleted.
    body: Option<&'m str>,
    #[schemars(extend("format" = "date-time"))]
    created_time: String,
    #[schemars(extend("format" = "date-time"))]
    edited_time: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    deleted_time: Option<String>,
    /// Whether the caller wrote it.
    mine: bool,
    /// A counter of the thread: each writing, edit and deletion takes the next number.
    revision: i64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MessageAuthor")]
struct Author<'m> {
    guid: Guid,
    name: &'m str,
    company: &'m str,
}

/// The shape of a message.
pub(crate) fn shape(message: &Message) -> Wire<'_> {
    Wire {
        id: message.guid,
        side: &message.side,
        author: Author {
            guid: message.author_guid,
            name: &message.author_name,
            company: &message.author_company,
        },
        body: message.body.as_deref(),
        created_time: message.created_at.rfc3339(),
        edited_time: message.edited_at.map(Timestamp::rfc3339),
        deleted_time: message.deleted_at.map(Timestamp::rfc3339),
        mine: message.mine,
        revision: message.revision,
    }
}

/// A page of a thread.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Messages")]
struct Page<'m> {
    results: Vec<Wire<'m>>,
    /// The cursor of the next page; null at the end.
    next: Option<String>,
}

/// What is written.
#[derive(JsonSchema)]
#[schemars(rename = "MessageBody", deny_unknown_fields)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct TextBody {
    /// Line ends become LF, and empty space at the end is dropped.
    #[schemars(length(min = 1, max = 10_000))]
    body: String,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listMessages", tag::THREADS, "The thread of a request")
    .about("Oldest first, from either side.")
    .query(own::PAGE)
    .answers::<Page<'_>>(200, "A page of the thread.")
    .conditional()
    .refuses(&[400, 404])
    .example(example!("listMessages"));

/// The guid of a path; what is none is the nil guid, which nothing has.
pub(super) fn guid(text: &str) -> Guid {
    ids::parse_guid(text).unwrap_or_default()
}

/// `GET …/messages`: the thread, oldest first.
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    PathText(request): PathText,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    let request = guid(&request);
    let (after, limit) = caller.checked(&web, page(request, &params)).await?;
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
        let thread = messages::open(tx, call, request)?;
        let mut found = messages::list(tx, call, &thread, (after, limit + 1))?;
        let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            found.pop();
        }
        let last = found.last().filter(|_| more);
        wire::json(&Page {
            next: last.map(|last| own::cursor(request, &last.number.to_be_bytes())),
            results: found.iter().map(shape).collect(),
        })
    };
    Ok(own::conditional(
        &headers,
        web.app.read_as(caller.token_sha256, read).await?,
    ))
}

fn page(request: Guid, params: &Params) -> Result<(i64, i64), ApiError> {
    let after = match params.text("cursor") {
        None => 0,
        Some(text) => own::place(request, text)
            .map(i64::from_be_bytes)
            .ok_or_else(own::wrong_cursor)?,
    };
    Ok((after, own::limit(params)?))
}

pub(crate) const GET: Operation = Operation::new("GET", "getMessage", tag::THREADS, "One message")
    .answers::<Wire<'_>>(200, "The message.")
    .conditional()
    .refuses(&[404])
    .example(example!("getMessage"));

/// `GET …/messages/{id}`: one message.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathPair(path): PathPair,
    headers: HeaderMap,
) -> Answer {
    let (request, id) = (guid(&path.0), guid(&path.1));
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
        let thread = messages::open(tx, call, request)?;
        wire::json(&shape(&messages::find(tx, call, &thread, id)?))
    };
    Ok(own::conditional(
        &headers,
        web.app.read_as(caller.token_sha256, read).await?,
    ))
}

pub(crate) const POST: Operation = Operation::new("POST", "postMessage", tag::THREADS, "Write a message")
    .about("While the request is `Active`, else `thread_closed`. The other side gets a notification and a mail.")
    .body::<TextBody>()
    .answers::<Wire<'_>>(201, "The message.")
    .refuses(&[404])
    .needs(Needs::Writer)
    .example(example!("postMessage"));

/// `POST …/messages`: write one.
pub(crate) async fn post(State(web): State<Web>, PathText(request): PathText, mut write: Write) -> Answer {
    let (request, body) = (guid(&request), write.body.take());
    let answer = write.run(StatusCode::CREATED, move |tx, call| {
        let thread = messages::open(tx, call, request)?;
        let text = text(&body)?;
        wire::json(&shape(&messages::post(tx, call, &thread, text)?))
    });
    let answer = answer.await?;
    web.live.ring(request);
    Ok(answer)
}

pub(crate) const EDIT: Operation = Operation::new("PATCH", "editMessage", tag::THREADS, "Change a message")
    .body::<TextBody>()
    .answers::<Wire<'_>>(200, "The message.")
    .refuses(&[404])
    .needs(Needs::Author)
    .example(example!("editMessage"));

/// `PATCH …/messages/{id}`: change the text of one's own.
pub(crate) async fn edit(State(web): State<Web>, PathPair(path): PathPair, mut write: Write) -> Answer {
    let (request, id, body) = (guid(&path.0), guid(&path.1), write.body.take());
    let answer = write.run(StatusCode::OK, move |tx, call| {
        let thread = messages::open(tx, call, request)?;
        messages::find(tx, call, &thread, id)?;
        let text = text(&body)?;
        wire::json(&shape(&messages::edit(tx, call, &thread, (id, text))?))
    });
    let answer = answer.await?;
    web.live.ring(request);
    Ok(answer)
}

pub(crate) const DELETE: Operation = Operation::new("DELETE", "deleteMessage", tag::THREADS, "Delete a message")
    .about("The message stays in its place, without its text.")
    .answers::<Wire<'_>>(200, "What is left of it.")
    .refuses(&[404])
    .needs(Needs::Author)
    .example(example!("deleteMessage"));

/// `DELETE …/messages/{id}`: take the text of one's own away.
pub(crate) async fn delete(State(web): State<Web>, PathPair(path): PathPair, write: Write) -> Answer {
    let (request, id) = (guid(&path.0), guid(&path.1));
    let answer = write.run(StatusCode::OK, move |tx, call| {
        let thread = messages::open(tx, call, request)?;
        wire::json(&shape(&messages::delete(tx, call, &thread, id)?))
    });
    let answer = answer.await?;
    web.live.ring(request);
    Ok(answer)
}

pub(crate) const SEEN: Operation = Operation::new("POST", "markThreadAsSeen", tag::THREADS, "Mark a thread as seen")
    .about("The caller has seen it as it is now: no mail about what stands there.")
    .answers_nothing("It is seen.")
    .refuses(&[404])
    .example(example!("markThreadAsSeen"));

/// `POST …/messages/seen`: the caller has seen the thread as it is now.
pub(crate) async fn seen(PathText(request): PathText, write: Write) -> Answer {
    let request = guid(&request);
    write.done(move |tx, call| messages::seen(tx, call, request)).await
}

fn text(body: &serde_json::Value) -> OperationResult<&str> {
    let fields = own::fields(body, &["body"])?;
    Ok(fields.text("body")?.unwrap_or_default())
}
