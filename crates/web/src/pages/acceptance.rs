//! `/i/{token}`: what an activation link leads to. Looking spends nothing; the button on the page does, once.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use liaison_domain::access_requests::Reason;
use liaison_domain::{Refusal, limits};
use liaison_operations::Error;
use liaison_operations::access_requests::{Colleague, Invitation, Typed};

use super::sign_in::enter;
use super::{Page, PageError, page};
use crate::errors::ApiError;
use crate::extract::{FormFields, Guest, OpenForm, PathText};
use crate::state::Web;

#[derive(Template)]
#[template(path = "acceptance.html")]
struct Show<'p> {
    server_name: &'p str,
    form_token: &'p str,
    token: &'p str,
    invitation: &'p Invitation,
    reason: &'p str,
    expires: (&'p str, &'p str),
    least_password: usize,
    formal_name: &'p str,
    terms: bool,
    colleague: (&'p str, &'p str),
    wrong: &'p [(&'p str, String)],
}

impl Show<'_> {
    /// What is wrong with a field, empty where nothing is.
    fn error(&self, field: &str) -> &str {
        let found = self.wrong.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, words)| words)
    }

    fn hands_over(&self) -> bool {
        self.wrong.iter().any(|(name, _)| name.starts_with("colleague"))
    }
}

#[derive(Template)]
#[template(path = "link_gone.html")]
struct Gone<'p> {
    server_name: &'p str,
    form_token: &'p str,
    token: &'p str,
    asked: bool,
}

#[derive(Template)]
#[template(path = "handed_over.html")]
struct HandedOver<'p> {
    name: &'p str,
    email: &'p str,
    requester_company: &'p str,
}

/// `GET /i/{token}`.
pub(crate) async fn show(guest: Guest, PathText(token): PathText) -> Page {
    let shown = match guest.web.app.look_up_link(token.clone()).await {
        Ok(invitation) => render(&guest, (&token, &invitation), &FormFields::default(), &[]),
        Err(Error::Refused(Refusal::LinkGone)) => render_gone(&guest, &token, false),
        Err(error) => return Err(error.into()),
    };
    Ok(guest.answer(shown))
}

/// `POST /i/{token}`.
pub(crate) async fn accept(PathText(token): PathText, form: OpenForm) -> Page {
    let OpenForm {
        guest,
        fields,
        user_agent,
    } = form;
    let typed = Typed {
        formal_name: fields.text("formal_name").to_owned(),
        password: fields.text("password").to_owned(),
        terms_accepted: fields.text("terms") == "accepted",
        user_agent,
    };
    match guest.web.app.accept(token.clone(), typed).await {
        Ok((entered, session)) => {
            let room = format!("/inbox/{}?done=accepted", entered.invitation.request_guid);
            Ok(enter(&guest.web, &session, &room))
        }
        Err(error) => {
            refused(&guest, (&token, &fields), error, |field| match field {
                "formal_name" => ("formal_name", "Your name"),
                "terms" => ("terms", "The terms"),
                _ => ("password", "The password"),
            })
            .await
        }
    }
}

/// `POST /i/{token}/opened`: sent by the page's script when a person moved or typed. Says nothing.
pub(crate) async fn opened(State(web): State<Web>, PathText(token): PathText) -> Response {
    if let Err(error) = web.app.mark_opened(token).await {
        tracing::warn!(%error, "that an invitation was opened could not be noted");
    }
    StatusCode::NO_CONTENT.into_response()
}

/// `POST /i/{token}/again`: a new link, to the address that was invited. The same answer in every case.
pub(crate) async fn again(PathText(token): PathText, form: OpenForm) -> Page {
    form.guest.web.app.ask_again(token.clone()).await?;
    Ok(render_gone(&form.guest, &token, true))
}

/// `POST /i/{token}/hand-over`: to a colleague, by whoever holds the link.
pub(crate) async fn hand_over(PathText(token): PathText, form: OpenForm) -> Page {
    let OpenForm { guest, fields, .. } = form;
    let app = &guest.web.app;
    let colleague = Colleague {
        formal_name: fields.text("colleague_name").trim().to_owned(),
        email: fields.text("colleague_email").trim().to_owned(),
    };
    let invitation = match app.look_up_link(token.clone()).await {
        Ok(invitation) => invitation,
        Err(error) => return refused(&guest, (&token, &fields), error, |_| ("", "")).await,
    };
    match app.hand_over_link(token.clone(), colleague.clone()).await {
        Ok(()) => Ok(page(
            StatusCode::OK,
            &HandedOver {
                name: &colleague.formal_name,
                email: &colleague.email,
                requester_company: &invitation.requester_company,
            },
        )),
        Err(error) => {
            refused(&guest, (&token, &fields), error, |field| match field {
                "formal_name" => ("colleague_name", "Your colleague's name"),
                _ => ("colleague_email", "The address"),
            })
            .await
        }
    }
}

/// The page again, with what was typed and what is wrong with it; for a dead link, the page that says so.
async fn refused(
    guest: &Guest,
    (token, fields): (&str, &FormFields),
    error: Error,
    name: fn(&str) -> (&'static str, &'static str),
) -> Page {
    let wrong = match &error {
        Error::Refused(Refusal::LinkGone) => return Ok(render_gone(guest, token, false)),
        Error::Refused(Refusal::Field { field, rule }) => {
            let (field, subject) = name(field);
            (field, format!("{subject} {rule}."))
        }
        Error::Refused(refusal) => (name("email").0, format!("{refusal}.")),
        _ => return Err(PageError::from(ApiError::from(error))),
    };
    let invitation = guest.web.app.look_up_link(token.to_owned()).await?;
    Ok(render(guest, (token, &invitation), fields, &[wrong]))
}

fn render(
    guest: &Guest,
    (token, invitation): (&str, &Invitation),
    fields: &FormFields,
    wrong: &[(&str, String)],
) -> Response {
    let typed_name = if fields.has("formal_name") {
        fields.text("formal_name")
    } else {
        &invitation.requestee_name
    };
    page(
        status(wrong.is_empty()),
        &Show {
            server_name: &guest.web.app.env.identity.server_name,
            form_token: &guest.form_token,
            token,
            invitation,
            reason: Reason::parse(&invitation.reason).unwrap_or_default().name(),
            expires: (&invitation.expires_at.rfc3339(), &invitation.expires_at.for_people()),
            least_password: *limits::PASSWORD_CHARS.start(),
            formal_name: typed_name,
            terms: fields.has("terms"),
            colleague: (fields.text("colleague_name"), fields.text("colleague_email")),
            wrong,
        },
    )
}

fn render_gone(guest: &Guest, token: &str, asked: bool) -> Response {
    let gone = Gone {
        server_name: &guest.web.app.env.identity.server_name,
        form_token: &guest.form_token,
        token,
        asked,
    };
    page(if asked { StatusCode::OK } else { StatusCode::GONE }, &gone)
}

fn status(is_right: bool) -> StatusCode {
    if is_right {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}
