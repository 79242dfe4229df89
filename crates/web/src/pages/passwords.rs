//! `/reset` and `/password/{token}`: a link for a forgotten password, and the page where a link's holder sets one.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::{Refusal, emails, limits};
use liaison_operations::Error;
use liaison_operations::password_links::Holder;

use super::sign_in::enter;
use super::{Page, page};
use crate::extract::{Guest, OpenForm, PathText};

#[derive(Template)]
#[template(path = "reset.html")]
struct Ask<'p> {
    server_name: &'p str,
    form_token: &'p str,
    asked: bool,
    error: &'p str,
    email: &'p str,
}

#[derive(Template)]
#[template(path = "password.html")]
struct Set<'p> {
    server_name: &'p str,
    form_token: &'p str,
    holder: &'p Holder,
    least_password: usize,
    wrong: &'p str,
}

const NO_ADDRESS: &str = "This is not an e-mail address. It looks like name@company.example.";

/// `GET /reset`.
pub(crate) async fn show_reset(guest: Guest) -> Response {
    let shown = render_reset(&guest, (false, false), "");
    guest.answer(shown)
}

/// `POST /reset`: the same answer for every address.
pub(crate) async fn ask(form: OpenForm) -> Page {
    let OpenForm { guest, fields, .. } = form;
    let email = fields.text("email").trim();
    if !emails::is_valid(email) {
        return Ok(render_reset(&guest, (false, true), email));
    }
    let (web, now) = (&guest.web, guest.web.app.now());
    let guess = web.attempts.guess("reset", guest.peer.0, &emails::key(email));
    // Every one counts: each may send a mail.
    web.attempts.admit(&guess, now)?;
    let (app, address) = (web.app.clone(), email.to_owned());
    // Answered at once: how long the work takes would tell whether somebody has this address.
    tokio::spawn(async move {
        if let Err(error) = app.ask_for_reset(address).await {
            tracing::error!(%error, "a link for a forgotten password could not be made");
        }
    });
    Ok(render_reset(&guest, (true, false), email))
}

/// `GET /password/{token}`.
pub(crate) async fn show_set(guest: Guest, PathText(token): PathText) -> Page {
    let holder = guest.web.app.look_up_password_link(token).await?;
    let shown = render_set(&guest, &holder, "");
    Ok(guest.answer(shown))
}

/// `POST /password/{token}`.
pub(crate) async fn set(PathText(token): PathText, form: OpenForm) -> Page {
    let OpenForm {
        guest,
        fields,
        user_agent,
    } = form;
    let password = fields.text("password").to_owned();
    let set = guest.web.app.set_password(token.clone(), password, user_agent).await;
    match set {
        Ok(session) => Ok(enter(&guest.web, &session, "/home")),
        Err(Error::Refused(Refusal::Field { rule, .. })) => {
            let holder = guest.web.app.look_up_password_link(token).await?;
            Ok(render_set(&guest, &holder, &rule))
        }
        Err(error) => Err(error.into()),
    }
}

fn render_reset(guest: &Guest, (asked, wrong): (bool, bool), email: &str) -> Response {
    page(
        status(wrong),
        &Ask {
            server_name: &guest.web.app.env.identity.server_name,
            form_token: &guest.form_token,
            asked,
            error: if wrong { NO_ADDRESS } else { "" },
            email,
        },
    )
}

fn render_set(guest: &Guest, holder: &Holder, wrong: &str) -> Response {
    page(
        status(!wrong.is_empty()),
        &Set {
            server_name: &guest.web.app.env.identity.server_name,
            form_token: &guest.form_token,
            holder,
            least_password: *limits::PASSWORD_CHARS.start(),
            wrong,
        },
    )
}

fn status(is_wrong: bool) -> StatusCode {
    if is_wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}
