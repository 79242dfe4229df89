//! The thread of a request on its pages, for either side: shown, written in, edited, and followed live.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::idempotency::{Answer, Key};
use liaison_operations::messages::{self, Message};
use liaison_operations::{Error, digest};

use super::facts::Reading;
use super::wrong::Wrong;
use super::{guid, render_again};
use crate::errors::ApiError;
use crate::extract::{Params, PathPair, PathText, Submission, Visitor};
use crate::live;
use crate::pages::{Page, PageError, page, redirect};
use crate::shell::{Section, Shell};
use crate::state::Web;

/// A thread as its page shows it.
pub(crate) struct ThreadView {
    /// The path of the request on the reader's side.
    pub(crate) base: String,
    pub(crate) items: Vec<Item>,
    /// Where the messages before these are.
    pub(crate) earlier: Option<String>,
    /// Whether these are the newest, so that new ones may follow.
    pub(crate) is_newest: bool,
    /// The thread's counter: a live reader goes on from here.
    pub(crate) revision: i64,
    /// Why nobody can write.
    pub(crate) closed: Option<&'static str>,
    pub(crate) may_write: bool,
    /// Who reads what is written.
    pub(crate) to_whom: String,
    /// Sending the same form twice writes once.
    pub(crate) key: String,
}

/// A line of a thread.
pub(crate) enum Item {
    Day(String),
    Message(Line),
}

/// One message.
pub(crate) struct Line {
    pub(crate) id: Guid,
    pub(crate) side: String,
    pub(crate) mine: bool,
    pub(crate) author: String,
    pub(crate) company: String,
    pub(crate) at: Timestamp,
    pub(crate) body: String,
    pub(crate) edited: bool,
    pub(crate) gone: bool,
}

impl ThreadView {
    /// The thread of a reading; `before` is where the reader paged to.
    pub(crate) fn new(web: &Web, reading: &Reading, before: Option<i64>) -> ThreadView {
        let base = base(reading.side, reading.facts.guid);
        let oldest = reading.messages.first().filter(|_| reading.has_earlier);
        ThreadView {
            items: items(&reading.messages),
            earlier: oldest.map(|oldest| format!("{base}?before={}#thread", oldest.number)),
            is_newest: before.is_none(),
            revision: reading.thread.facts.revision,
            closed: reading.thread.closed(),
            may_write: reading.may_write,
            to_whom: to_whom(reading),
            key: liaison_operations::new_token(web.app.env.entropy.as_ref()),
            base,
        }
    }
}

/// The path of a request on one side.
pub(crate) fn base(side: Side, request: Guid) -> String {
    match side {
        Side::Client => format!("/requests/{request}"),
        Side::Vendor => format!("/inbox/{request}"),
    }
}

fn items(messages: &[Message]) -> Vec<Item> {
    let mut items = Vec::with_capacity(messages.len() + 8);
    let mut today = String::new();
    for message in messages {
        let words = message.created_at.for_people();
        let day = words.split(',').next().unwrap_or_default();
        if day != today {
            day.clone_into(&mut today);
            items.push(Item::Day(today.clone()));
        }
        items.push(Item::Message(line(message)));
    }
    items
}

fn line(message: &Message) -> Line {
    Line {
        id: message.guid,
        side: message.side.clone(),
        mine: message.mine,
        author: message.author_name.clone(),
        company: message.author_company.clone(),
        at: message.created_at,
        body: message.body.clone().unwrap_or_default(),
        edited: message.edited_at.is_some(),
        gone: message.deleted_at.is_some(),
    }
}

fn to_whom(reading: &Reading) -> String {
    let facts = &reading.facts;
    match reading.side {
        Side::Client => format!(
            "Everybody at {} who sees this request reads it.",
            facts.requestee.company
        ),
        Side::Vendor => format!(
            "{} and colleagues at {} read it.",
            facts.requester.name, facts.requester.company
        ),
    }
}

/// `POST …/messages`: writes one. The same form twice writes once.
pub(crate) async fn post(PathText(request): PathText, form: Submission) -> Page {
    let request = guid(&request);
    let (visitor, body) = (&form.visitor, form.fields.text("body").to_owned());
    let key = key(request, &form);
    let written = visitor.web.app.write_as(visitor.credential(), key, move |tx, call| {
        let thread = messages::open(tx, call, request)?;
        let message = messages::post(tx, call, &thread, &body)?;
        let path = format!("{}?done=posted#message-{}", base(thread.side, request), message.guid);
        Ok(Answer {
            status: 303,
            body: path.into_bytes(),
        })
    });
    match written.await {
        Ok(answer) => {
            visitor.web.live.ring(request);
            Ok(redirect(&String::from_utf8_lossy(&answer.body)))
        }
        Err(error) => refused(&form, request, error).await,
    }
}

/// Text belongs to its key: another text under the same key is another message.
fn key(request: Guid, form: &Submission) -> Option<Key> {
    let key = form.fields.text("key");
    if key.is_empty() {
        return None;
    }
    let fingerprint = digest(format!("{request}\n{key}\n{}", form.fields.text("body")).as_bytes());
    Some(Key {
        value: format!("message-{}", data_encoding::HEXLOWER.encode(&fingerprint)),
        fingerprint,
    })
}

async fn refused(form: &Submission, request: Guid, error: Error) -> Page {
    match error {
        Error::Refused(refusal) => render_again(&form.visitor, request, Wrong::of(&refusal, &form.fields)).await,
        other => Err(form.visitor.refused(other)),
    }
}

#[derive(Template)]
#[template(path = "thread_message.html")]
struct EditPage {
    shell: Shell,
    base: String,
    line: Line,
    wrong: Wrong,
}

/// `GET …/messages/{id}`: changing or deleting one's own.
pub(crate) async fn show_edit(visitor: Visitor, PathPair(path): PathPair) -> Page {
    render_edit(&visitor, (guid(&path.0), guid(&path.1)), Wrong::default()).await
}

async fn render_edit(visitor: &Visitor, (request, id): (Guid, Guid), wrong: Wrong) -> Page {
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| {
        let thread = messages::open(tx, call, request)?;
        let message = messages::find(tx, call, &thread, id)?;
        if !message.mine {
            return Err(Error::Forbidden);
        }
        Ok((thread.side, thread.closed().is_some(), message))
    };
    let section = section(visitor);
    let (shell, (side, is_closed, message)) = visitor.look(section, read).await?;
    let base = base(side, request);
    if is_closed || message.deleted_at.is_some() {
        return Ok(redirect(&format!("{base}#message-{id}")));
    }
    let shown = EditPage {
        shell,
        base,
        line: line(&message),
        wrong,
    };
    let status = if shown.wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(page(status, &shown))
}

/// The side of the application that a path of a request belongs to.
fn section(visitor: &Visitor) -> Section {
    if visitor.target.starts_with("/inbox/") {
        Section::Inbox
    } else {
        Section::Outbox
    }
}

/// `POST …/messages/{id}`: changes the text of one's own.
pub(crate) async fn edit(PathPair(path): PathPair, form: Submission) -> Page {
    let (request, id) = (guid(&path.0), guid(&path.1));
    let body = form.fields.text("body").to_owned();
    let done = form.visitor.web.app.act_as(form.visitor.credential(), move |tx, call| {
        let thread = messages::open(tx, call, request)?;
        messages::edit(tx, call, &thread, (id, &body))?;
        Ok(thread.side)
    });
    match done.await {
        Ok(side) => {
            form.visitor.web.live.ring(request);
            Ok(redirect(&format!("{}?done=edited#message-{id}", base(side, request))))
        }
        Err(Error::Refused(refusal @ liaison_domain::Refusal::Field { .. })) => {
            render_edit(&form.visitor, (request, id), Wrong::of(&refusal, &form.fields)).await
        }
        Err(error) => refused(&form, request, error).await,
    }
}

/// `POST …/messages/{id}/delete`: takes the text of one's own away.
pub(crate) async fn delete(PathPair(path): PathPair, form: Submission) -> Page {
    let (request, id) = (guid(&path.0), guid(&path.1));
    let done = form.visitor.web.app.act_as(form.visitor.credential(), move |tx, call| {
        let thread = messages::open(tx, call, request)?;
        messages::delete(tx, call, &thread, id)?;
        Ok(thread.side)
    });
    match done.await {
        Ok(side) => {
            form.visitor.web.live.ring(request);
            Ok(redirect(&format!("{}?done=deleted#message-{id}", base(side, request))))
        }
        Err(error) => refused(&form, request, error).await,
    }
}

/// `POST …/seen`: the page that is open has shown what came live.
pub(crate) async fn seen(PathText(request): PathText, form: Submission) -> Page {
    let request = guid(&request);
    form.visitor
        .act(move |tx, call| messages::seen(tx, call, request))
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET …/stream`: what is written or changed from now on, or after `Last-Event-ID` or `after`. A script asks here and
/// not a person: without a session it hears a status, and no page to sign in.
pub(crate) async fn stream(
    visitor: Result<Visitor, PageError>,
    PathText(request): PathText,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let visitor = visitor.map_err(|_| ApiError::unauthenticated("Nobody is signed in."))?;
    let after = live::after(&headers, &params)?;
    live::stream(&visitor.web, visitor.credential(), guid(&request), after).await
}
