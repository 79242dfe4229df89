//! Pages for people, made on the server and working without script.

pub(crate) mod acceptance;
pub(crate) mod assets;
pub(crate) mod codes;
pub(crate) mod companies;
pub(crate) mod docs;
pub(crate) mod inbox;
pub(crate) mod invite;
pub(crate) mod join;
pub(crate) mod links;
pub(crate) mod mail;
pub(crate) mod notifications;
pub(crate) mod outbox;
pub(crate) mod passwords;
pub(crate) mod portfolio;
pub(crate) mod requests;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod styleguide;
pub(crate) mod unsubscribe;
pub(crate) mod verify;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::errors::ApiError;
use crate::extract::Guest;
use crate::state::Web;

/// What a page handler gives: a page, or the page that says why there is none.
pub(crate) type Page = Result<Response, PageError>;

/// Why a page is not shown.
#[derive(Debug)]
pub(crate) enum PageError {
    /// Nobody is signed in: there is a page for that, which leads back to this path.
    SignIn(Option<String>),
    /// Everything else, in words.
    Problem(ApiError),
}

impl PageError {
    pub(crate) fn sign_in(next: Option<String>) -> PageError {
        PageError::SignIn(next.filter(|next| next != "/"))
    }

    pub(crate) fn not_found() -> PageError {
        PageError::Problem(ApiError::not_found())
    }

    /// The field that was refused and what is wrong with it, where it is one that a form can show again.
    pub(crate) fn field(&self) -> Option<(String, String)> {
        let PageError::Problem(error) = self else { return None };
        let field = error.field()?;
        let rule = error
            .detail
            .strip_prefix(field)
            .and_then(|rest| rest.strip_prefix(": "));
        let words = format!("This {}.", rule.unwrap_or(&error.detail).trim_end_matches('.'));
        Some((field.to_owned(), words))
    }
}

impl From<ApiError> for PageError {
    fn from(error: ApiError) -> PageError {
        PageError::Problem(error)
    }
}

impl From<liaison_operations::Error> for PageError {
    fn from(error: liaison_operations::Error) -> PageError {
        match error {
            liaison_operations::Error::Unauthenticated => PageError::SignIn(None),
            other => PageError::Problem(other.into()),
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::Problem(error) => problem(&error),
            PageError::SignIn(None) => redirect("/sign-in"),
            PageError::SignIn(Some(next)) => {
                let query = form_urlencoded::Serializer::new(String::new())
                    .append_pair("next", &next)
                    .finish();
                redirect(&format!("/sign-in?{query}"))
            }
        }
    }
}

/// A rendered template as an answer.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            ApiError::new("internal_error", "The page could not be made.").into_response()
        }
    }
}

/// See other: how every form that did something ends, so that reloading does not do it again.
pub(crate) fn redirect(path: &str) -> Response {
    let location = HeaderValue::try_from(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// A path of this server out of what a query says, or `/`: never a way to another host.
pub(crate) fn own_path(next: &str) -> &str {
    let mut rest = next.strip_prefix('/').unwrap_or("\\").chars();
    let is_path = !matches!(rest.next(), Some('/' | '\\'));
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain { next } else { "/" }
}

/// A page that says what is wrong and what to do.
#[derive(Template)]
#[template(path = "problem.html")]
struct Problem<'p> {
    title: &'p str,
    detail: &'p str,
}

pub(crate) fn problem(error: &ApiError) -> Response {
    let shown = Problem {
        title: error.title(),
        detail: &error.detail,
    };
    let mut response = page(error.status(), &shown);
    if let Some(seconds) = error.retry_after() {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[derive(Template)]
#[template(path = "front.html")]
struct Front<'p> {
    server_name: &'p str,
    public_url: &'p str,
    version: &'p str,
    demo: bool,
}

/// `GET /`: what this is; for somebody with a session, the way in.
pub(crate) async fn front(State(web): State<Web>, guest: Guest) -> Response {
    if guest.has_session {
        return redirect("/home");
    }
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

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_paths_of_this_server_are_followed() {
        for path in [
            "/",
            "/outbox",
            "/outbox?status=Active&sort=-created",
            "/requests/x#y",
            "/a//b",
        ] {
            assert_eq!(own_path(path), path);
        }
        for elsewhere in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "https:evil",
            "evil",
            "/\t/evil.example",
            "/%0a\n",
            "javascript:alert(1)",
            "data:text/html,x",
            " /outbox",
            "/out box",
            "/\u{2028}",
        ] {
            assert_eq!(own_path(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
