//! `/sign-in`, `/sign-out` and `/home`: into the application and out of it.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use http::{StatusCode, header};
use liaison_domain::people::LandingPage;
use liaison_domain::{emails, ids};
use liaison_operations::sessions::{self, Account, SignIn, SignedIn, Typed};

use super::{Page, own_path, page, redirect};
use crate::cookies::Jar;
use crate::extract::{FormFields, Guest, OpenForm, Submission, Visitor};
use crate::shell::Section;
use crate::state::Web;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Show<'p> {
    server_name: &'p str,
    is_demo: bool,
    form_token: &'p str,
    next: &'p str,
    email: &'p str,
    wrong: bool,
    accounts: &'p [Account],
}

/// `GET /sign-in`.
pub(crate) async fn show(guest: Guest, RawQuery(query): RawQuery) -> Response {
    let query = FormFields::parse(query.unwrap_or_default().as_bytes());
    let shown = render(&guest, ("", own_path(query.text("next"))), (false, &[]));
    guest.answer(shown)
}

/// `POST /sign-in`.
pub(crate) async fn sign_in(form: OpenForm) -> Page {
    let OpenForm {
        guest,
        fields,
        user_agent,
    } = form;
    let web = &guest.web;
    let (email, next) = (fields.text("email").trim(), own_path(fields.text("next")));
    let now = web.app.now();
    let guess = web.attempts.guess("sign-in", guest.peer.0, &emails::key(email));
    web.attempts.admit(&guess, now)?;
    let typed = Typed {
        email: email.to_owned(),
        password: fields.text("password").to_owned(),
        account: ids::parse_guid(fields.text("account")),
        user_agent,
    };
    let judged = web.app.sign_in(typed).await?;
    if !matches!(judged, SignIn::Wrong) {
        web.attempts.right(&guess);
    }
    match judged {
        SignIn::In(session) => Ok(enter(
            web,
            &session,
            if next == "/" {
                home(session.is_guest, session.landing_page)
            } else {
                next
            },
        )),
        SignIn::Choose(accounts) => Ok(render(&guest, (email, next), (false, &accounts))),
        SignIn::Wrong => {
            tracing::info!(peer = %guest.peer.0, "a sign-in was refused");
            Ok(render(&guest, (email, next), (true, &[])))
        }
    }
}

/// `POST /sign-out`: here, or everywhere.
pub(crate) async fn sign_out(form: Submission) -> Page {
    let visitor = form.visitor;
    if form.fields.has("everywhere") {
        visitor
            .act(|tx, call| liaison_operations::sessions::end_all(tx, call, false))
            .await?;
    } else {
        visitor.web.app.sign_out(visitor.session_sha256).await?;
    }
    let mut response = redirect("/sign-in");
    let cleared = Jar::Session.clear(&visitor.web);
    response.headers_mut().append(header::SET_COOKIE, cleared);
    Ok(response)
}

/// `GET /home`: where somebody's work is.
pub(crate) async fn go_home(visitor: Visitor) -> Page {
    let (shell, landing_page) = visitor.look(Section::Settings, sessions::own_landing_page).await?;
    Ok(redirect(home(shell.facts.is_guest, landing_page)))
}

/// Where somebody begins. Who only was invited has sent nothing.
fn home(is_guest: bool, landing_page: LandingPage) -> &'static str {
    if is_guest || landing_page == LandingPage::OwnSecurity {
        "/inbox"
    } else {
        "/outbox"
    }
}

/// Gives the browser a session and sends it to a path of this server.
pub(crate) fn enter(web: &Web, session: &SignedIn, path: &str) -> Response {
    let mut response = redirect(path);
    let cookie = Jar::Session.set(web, &session.session);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

fn render(guest: &Guest, (email, next): (&str, &str), (wrong, accounts): (bool, &[Account])) -> Response {
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page(
        status,
        &Show {
            server_name: &guest.web.app.env.identity.server_name,
            is_demo: guest.web.options.demo,
            form_token: &guest.form_token,
            next,
            email,
            wrong,
            accounts,
        },
    )
}
