//! Messages of a request's thread, for both sides: reading, writing, editing, deleting, and having seen them.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use liaison_domain::{Guid, Timestamp, ids};
use liaison_operations::messages::{self, Message};
use liaison_operations::{Call, Result as OperationResult};
use serde::Serialize;

use super::{own, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathPair, PathText, Write};
use crate::state::Web;

type Answer = Result<Response, ApiError>;

/// A message as the API answers it, and as a live stream carries it.
#[derive(Serialize)]
pub(crate) struct Wire<'m> {
    id: Guid,
    side: &'m str,
    author: Author<'m>,
    body: Option<&'m str>,
    created_time: String,
    edited_time: Option<String>,
    deleted_time: Option<String>,
    mine: bool,
    revision: i64,
}

#[derive(Serialize)]
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

#[derive(Serialize)]
struct Page<'m> {
    results: Vec<Wire<'m>>,
    next: Option<String>,
}

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

/// `POST …/messages/seen`: the caller has seen the thread as it is now.
pub(crate) async fn seen(PathText(request): PathText, write: Write) -> Answer {
    let request = guid(&request);
    write
        .run(StatusCode::NO_CONTENT, move |tx, call| {
            messages::seen(tx, call, request)?;
            Ok(Vec::new())
        })
        .await
}

fn text(body: &serde_json::Value) -> OperationResult<&str> {
    let fields = own::fields(body, &["body"])?;
    Ok(fields.text("body")?.unwrap_or_default())
}
