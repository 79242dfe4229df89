//! `/code`: the six digits of an activation mail, for people whose mail program breaks links.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::{Refusal, emails};
use liaison_operations::Error;

use super::{Page, page, redirect};
use crate::extract::{Guest, OpenForm};

#[derive(Template)]
#[template(path = "code.html")]
struct Show<'p> {
    server_name: &'p str,
    form_token: &'p str,
    email: &'p str,
    wrong: bool,
}

/// `GET /code`.
pub(crate) async fn show(guest: Guest) -> Response {
    let shown = render(&guest, "", false);
    guest.answer(shown)
}

/// `POST /code`: leads to the page of the invitation.
pub(crate) async fn enter(form: OpenForm) -> Page {
    let OpenForm { guest, fields, .. } = form;
    let (web, email) = (&guest.web, fields.text("email").trim());
    let now = web.app.now();
    let guess = web.attempts.guess("code", guest.peer.0, &emails::key(email));
    web.attempts.admit(&guess, now)?;
    let entered = web
        .app
        .enter_code(email.to_owned(), fields.text("code").to_owned())
        .await;
    match entered {
        Ok(token) => {
            web.attempts.right(&guess);
            Ok(redirect(&format!("/i/{token}")))
        }
        Err(Error::Refused(Refusal::CodeWrong)) => Ok(render(&guest, email, true)),
        Err(error) => Err(error.into()),
    }
}

fn render(guest: &Guest, email: &str, wrong: bool) -> Response {
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page(
        status,
        &Show {
            server_name: &guest.web.app.env.identity.server_name,
            form_token: &guest.form_token,
            email,
            wrong,
        },
    )
}
