//! `/join`: the form behind an access link, for somebody who wants to be invited.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::{Refusal, ids};
use liaison_operations::Error;
use liaison_operations::access_links::{Ask, Asked, OpenLink};

use super::{Page, page};
use crate::extract::{FormFields, Guest, OpenForm};

#[derive(Template)]
#[template(path = "join.html")]
struct Show<'p> {
    server_name: &'p str,
    form_token: &'p str,
    token: &'p str,
    link: &'p OpenLink,
    fields: &'p FormFields,
    wrong: &'p [(&'static str, String)],
}

impl Show<'_> {
    fn error(&self, field: &str) -> &str {
        let found = self.wrong.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, words)| words)
    }
}

#[derive(Template)]
#[template(path = "joined.html")]
struct Done<'p> {
    server_name: &'p str,
    asked: &'p Asked,
}

#[derive(Template)]
#[template(path = "join_closed.html")]
struct Closed<'p> {
    server_name: &'p str,
}

/// `GET /join?token=`.
pub(crate) async fn show(guest: Guest, RawQuery(query): RawQuery) -> Page {
    let query = FormFields::parse(query.unwrap_or_default().as_bytes());
    let token = query.text("token").to_owned();
    let shown = match guest.web.app.look_up_access_link(token.clone()).await? {
        None => closed(&guest),
        Some(link) => render(&guest, (&token, &link), &FormFields::default(), &[]),
    };
    Ok(guest.answer(shown))
}

/// `POST /join`.
pub(crate) async fn ask(form: OpenForm) -> Page {
    let OpenForm { guest, fields, .. } = form;
    let (web, token) = (&guest.web, fields.text("token").to_owned());
    let Some(link) = web.app.look_up_access_link(token.clone()).await? else {
        return Ok(closed(&guest));
    };
    // Each counts: an access link is no secret, and whoever is asked has to read all of it.
    let now = web.app.now();
    let guess = web.attempts.guess("join", guest.peer.0, "");
    web.attempts.admit(&guess, now)?;
    let text = |name: &str| fields.text(name).to_owned();
    let wish = Ask {
        link_guid: ids::parse_guid(&token).unwrap_or_default(),
        formal_name: text("formal_name"),
        email: text("email"),
        phone: text("phone"),
        message: text("message"),
        company_name: text("company_name"),
    };
    let asked = web.app.ask(wish).await;
    if asked.is_err() {
        web.attempts.right(&guess);
    }
    match asked {
        Ok(asked) => Ok(page(
            StatusCode::OK,
            &Done {
                server_name: &web.app.env.identity.server_name,
                asked: &asked,
            },
        )),
        Err(Error::Refused(Refusal::Field { field, rule })) => {
            let wrong = [named(&field, &rule)];
            Ok(render(&guest, (&token, &link), &fields, &wrong))
        }
        Err(Error::NotFound) => Ok(closed(&guest)),
        Err(error) => Err(error.into()),
    }
}

fn named(field: &str, rule: &str) -> (&'static str, String) {
    let (name, subject) = match field {
        "formal_name" => ("formal_name", "Your name"),
        "company_name" => ("company_name", "The company's name"),
        "phone" => ("phone", "The phone number"),
        "message" => ("message", "The message"),
        _ => ("email", "The address"),
    };
    (name, format!("{subject} {rule}."))
}

fn render(
    guest: &Guest,
    (token, link): (&str, &OpenLink),
    fields: &FormFields,
    wrong: &[(&'static str, String)],
) -> Response {
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page(
        status,
        &Show {
            server_name: &guest.web.app.env.identity.server_name,
            form_token: &guest.form_token,
            token,
            link,
            fields,
            wrong,
        },
    )
}

fn closed(guest: &Guest) -> Response {
    let closed = Closed {
        server_name: &guest.web.app.env.identity.server_name,
    };
    page(StatusCode::NOT_FOUND, &closed)
}
