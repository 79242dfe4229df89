//! `/mail`: every mail of the customer, what became of it, and sending it again. For administrators.

use askama::Template;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp, ids};
use liaison_operations::mails::{self, Delivery, Filter, LATELY_HOURS, Opened};
use liaison_operations::{Call, Result};

use super::{Page, PageError, page, redirect};
use crate::extract::{Params, PathText, Submission, Visitor};
use crate::shell::{Section, Shell};
use crate::state::Web;

/// Rows of a page.
const ROWS: usize = 50;

/// Characters of the relay's words in a row.
const BRIEF: usize = 80;

/// The states that can be asked for, with their words.
const STATES: [(&str, &str); 5] = [
    ("queued", "Waiting"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("kept", "Kept here"),
    ("replaced", "Replaced"),
];

#[derive(Template)]
#[template(path = "mail.html")]
struct Show {
    shell: Shell,
    rows: Vec<Delivery>,
    wish: Wish,
    failed_lately: i64,
    /// The query of the page after this one; empty where there is none.
    older: String,
    sender: Sender,
}

#[derive(Template)]
#[template(path = "mail_one.html")]
struct ShowOne {
    shell: Shell,
    opened: Opened,
}

/// How this server sends.
struct Sender {
    has_relay: bool,
    from: String,
    domain: String,
}

impl Sender {
    fn of(web: &Web) -> Sender {
        let from = &web.app.env.identity.from;
        Sender {
            has_relay: web.app.env.has_relay,
            from: from.email.to_string(),
            domain: from.email.domain().to_owned(),
        }
    }
}

/// What the query asks for.
#[derive(Clone, Default)]
struct Wish {
    state: String,
    search: String,
    request: Option<Guid>,
    after: Option<(Timestamp, Guid)>,
}

impl Wish {
    fn of(params: &Params) -> Wish {
        let state = params.text("state").unwrap_or_default();
        Wish {
            state: STATES
                .iter()
                .find(|(known, _)| *known == state)
                .map_or("", |(known, _)| known)
                .to_owned(),
            search: params.text("q").unwrap_or_default().chars().take(200).collect(),
            request: params.guid("request"),
            after: params.text("after").and_then(place),
        }
    }

    fn filter(&self) -> Filter {
        Filter {
            state: Some(self.state.clone()).filter(|state| !state.is_empty()),
            request: self.request,
            recipient: Some(self.search.to_lowercase()).filter(|text| !text.is_empty()),
            after: self.after,
            // One more tells whether there are more.
            limit: i64::try_from(ROWS).unwrap_or(i64::MAX) + 1,
        }
    }

    fn is_narrowed(&self) -> bool {
        !self.state.is_empty() || !self.search.is_empty() || self.request.is_some()
    }

    /// The query with one of its parts left out, and perhaps a place to go on from.
    fn without(&self, name: &str, after: Option<&Delivery>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let request = self.request.map(|guid| guid.to_string()).unwrap_or_default();
        for (known, value) in [("state", &self.state), ("q", &self.search), ("request", &request)] {
            if known != name && !value.is_empty() {
                query.append_pair(known, value);
            }
        }
        if let Some(last) = after {
            query.append_pair("after", &format!("{}.{}", last.created_at.0, last.guid));
        }
        format!("/mail?{}", query.finish())
    }
}

impl Show {
    /// The beginning of the list; empty where one is there.
    fn newest(&self) -> String {
        let away = self.wish.after.map(|_| self.wish.without("", None));
        away.unwrap_or_default()
    }
}

/// A place in the list: the time and the guid of the row before it.
fn place(text: &str) -> Option<(Timestamp, Guid)> {
    let (at, guid) = text.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), ids::parse_guid(guid)?))
}

/// `GET /mail`: newest first.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Page {
    let wish = Wish::of(&params);
    let filter = wish.filter();
    let find = move |tx: &mut Tx<'_>, call: &Call<'_>| -> Result<(Vec<Delivery>, i64)> {
        Ok((
            mails::list_of_customer(tx, call, &filter)?,
            mails::count_failed_lately(tx, call)?,
        ))
    };
    let (shell, (mut rows, failed_lately)) = visitor.look(Section::Mail, find).await?;
    let has_more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let last = rows.last().filter(|_| has_more);
    let shown = Show {
        shell,
        older: last.map(|last| wish.without("", Some(last))).unwrap_or_default(),
        rows,
        wish,
        failed_lately,
        sender: Sender::of(&visitor.web),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `POST /mail`: a test mail to whoever asks.
pub(crate) async fn test(form: Submission) -> Page {
    form.visitor.act(mails::send_test).await?;
    let done = if form.visitor.web.app.env.has_relay {
        "tested"
    } else {
        "tested-kept"
    };
    Ok(redirect(&format!("/mail?done={done}")))
}

/// `GET /mail/{guid}`: one delivery, with the mail where it may be read.
pub(crate) async fn show_one(visitor: Visitor, PathText(delivery): PathText) -> Page {
    let delivery = guid(&delivery)?;
    let find = move |tx: &mut Tx<'_>, call: &Call<'_>| mails::open_of_customer(tx, call, delivery);
    let (shell, opened) = visitor.look(Section::Mail, find).await?;
    Ok(page(StatusCode::OK, &ShowOne { shell, opened }))
}

/// `POST /mail/{guid}`: queues it again.
pub(crate) async fn retry(PathText(delivery): PathText, form: Submission) -> Page {
    let delivery = guid(&delivery)?;
    form.visitor
        .act(move |tx, call| mails::retry_of_customer(tx, call, delivery).map(drop))
        .await?;
    Ok(redirect(&format!("/mail/{delivery}?done=retried")))
}

fn guid(text: &str) -> std::result::Result<Guid, PageError> {
    ids::parse_guid(text).ok_or_else(PageError::not_found)
}

/// What a mail is, in words.
fn kind_name(kind: &str) -> &str {
    match kind {
        "introduction" => "Introduction",
        "activation" => "Personal link",
        "notice" => "Notice to a contact",
        "message" => "New message",
        "password_reset" => "Password reset",
        "welcome" => "Welcome",
        "link_used" => "Asked through a link",
        "test" => "Test",
        other => other,
    }
}

/// A delivery's state in words.
fn state_name(state: &str) -> &str {
    let found = STATES.iter().find(|(known, _)| *known == state);
    found.map_or(state, |(_, words)| words)
}

/// What a state means and what happens next.
fn meaning(delivery: &Delivery) -> &'static str {
    match (delivery.state.as_str(), delivery.attempts) {
        ("queued", 0) => "It goes out in a moment.",
        ("queued", _) => "The relay could not take it yet; it is tried again by itself for four days.",
        ("sent", _) => "The relay took it. Whether it landed in a spam folder nobody can see from here.",
        ("failed", _) => {
            "It is not tried again by itself. Look at the relay\u{2019}s words, mend the cause, and retry."
        }
        ("kept", _) => "This server had no relay: the mail was written and sent to nobody.",
        ("replaced", _) => "Its link was used or replaced, so it was not sent.",
        _ => "",
    }
}

/// The relay's words with its code, or why a mail ended without it.
fn words(delivery: &Delivery) -> String {
    let reply = delivery.reply.as_deref().unwrap_or_default();
    match delivery.reply_code.map(|code| code.to_string()) {
        Some(code) if !reply.starts_with(&code) => format!("{code} {reply}"),
        _ => reply.to_owned(),
    }
}

/// Their beginning, for a row of a table: what failed, or is late.
fn words_in_brief(delivery: &Delivery) -> String {
    if !matches!(delivery.state.as_str(), "failed" | "queued") {
        return String::new();
    }
    let words = words(delivery);
    let mut brief: String = words.chars().take(BRIEF).collect();
    if brief.len() < words.len() {
        brief.push('\u{2026}');
    }
    brief
}
