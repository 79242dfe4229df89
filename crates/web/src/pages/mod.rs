//! Pages for people, made on the server and working without script.

pub(crate) mod acceptance;
pub(crate) mod verify;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};

use crate::errors::ApiError;
use crate::state::Web;

/// A rendered template as an answer.
fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            ApiError::new("internal_error", "The page could not be made.").into_response()
        }
    }
}

/// A page that says what is wrong and what to do.
#[derive(Template)]
#[template(path = "problem.html")]
struct Problem<'p> {
    title: &'p str,
    detail: &'p str,
}

fn problem(error: &ApiError) -> Response {
    page(
        error.status(),
        &Problem {
            title: error.title(),
            detail: &error.detail,
        },
    )
}

#[derive(Template)]
#[template(path = "front.html")]
struct Front<'p> {
    server_name: &'p str,
    public_url: &'p str,
    version: &'p str,
    demo: bool,
}

/// `GET /`: what this is.
pub(crate) async fn front(State(web): State<Web>) -> Response {
    page(
        StatusCode::OK,
        &Front {
            server_name: &web.app.env.identity.server_name,
            public_url: web.public_url(),
            version: web.options.version,
            demo: web.options.demo,
        },
    )
}

/// `GET /assets/liaison.css`.
pub(crate) async fn stylesheet() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, include_str!("../../assets/liaison.css")).into_response()
}
