//! `/i/{token}`: what an activation link leads to. Looking spends nothing; the button on the page does, once.

use std::collections::HashMap;

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::access_requests::Reason;
use liaison_domain::{Refusal, limits};
use liaison_operations::Error;
use liaison_operations::access_requests::Invitation;

use super::{page, problem};
use crate::errors::ApiError;
use crate::extract::{PathText, Unread, collect};
use crate::state::Web;

/// The form is a name, a password and a tick: far below this.
const FORM_BYTES: usize = 16 * 1024;

#[derive(Template)]
#[template(path = "acceptance.html")]
struct Show<'p> {
    server_name: &'p str,
    invitation: &'p Invitation,
    reason: &'p str,
    expires_on: &'p str,
    least_password: usize,
    formal_name: &'p str,
    terms: bool,
    wrong_field: &'p str,
    wrong: &'p str,
}

#[derive(Template)]
#[template(path = "accepted.html")]
struct Accepted<'p> {
    invitation: &'p Invitation,
    access_ends: &'p str,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Form {
    formal_name: String,
    password: String,
    terms: bool,
}

/// `GET /i/{token}`.
pub(crate) async fn show(State(web): State<Web>, PathText(token): PathText) -> Response {
    match web.app.look_up_link(token).await {
        Ok(invitation) => {
            let form = Form {
                formal_name: invitation.requestee_name.clone(),
                ..Form::default()
            };
            render(&web, &invitation, &form, None)
        }
        Err(error) => problem(&error.into()),
    }
}

/// `POST /i/{token}`.
pub(crate) async fn accept(State(web): State<Web>, PathText(token): PathText, body: Body) -> Response {
    let body = match collect(body, FORM_BYTES).await {
        Ok(body) => body,
        Err(Unread::TooLarge) => {
            return problem(&ApiError::new("body_too_large", "The form is larger than it can be."));
        }
        Err(Unread::Cut) => return problem(&ApiError::new("invalid_field", "The form did not arrive whole.")),
    };
    let form = Form::parse(&body);
    let accepted = web
        .app
        .accept(
            token.clone(),
            form.formal_name.clone(),
            form.password.clone(),
            form.terms,
        )
        .await;
    match accepted {
        Ok(entered) => page(
            StatusCode::OK,
            &Accepted {
                invitation: &entered.invitation,
                access_ends: &entered.access_ends_at.for_people(),
            },
        ),
        Err(Error::Refused(Refusal::Field { field, rule })) => match web.app.look_up_link(token).await {
            Ok(invitation) => render(&web, &invitation, &form, Some((&field, &rule))),
            Err(error) => problem(&error.into()),
        },
        Err(error) => problem(&error.into()),
    }
}

impl Form {
    fn parse(body: &[u8]) -> Form {
        let mut fields: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        let mut take = |name: &str| fields.remove(name).unwrap_or_default().replace('\0', "");
        Form {
            formal_name: take("formal_name"),
            password: take("password"),
            terms: take("terms") == "accepted",
        }
    }
}

fn render(web: &Web, invitation: &Invitation, form: &Form, wrong: Option<(&str, &str)>) -> Response {
    let (wrong_field, wrong_rule) = wrong.unwrap_or_default();
    let status = if wrong.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page(
        status,
        &Show {
            server_name: &web.app.env.identity.server_name,
            invitation,
            reason: Reason::parse(&invitation.reason).unwrap_or_default().name(),
            expires_on: &invitation.expires_at.for_people(),
            least_password: *limits::PASSWORD_CHARS.start(),
            formal_name: &form.formal_name,
            terms: form.terms,
            wrong_field,
            wrong: wrong_rule,
        },
    )
}
