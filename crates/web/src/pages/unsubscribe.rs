//! `/unsubscribe`: the way out of mails about messages, for whoever holds the link of one. Looking changes nothing.

use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;

use super::{Page, page};
use crate::extract::{FormFields, collect};
use crate::state::Web;

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct Show<'p> {
    server_name: &'p str,
    token: &'p str,
    done: bool,
}

/// The body is one word that RFC 8058 gives, or the token.
const BODY_BYTES: usize = 4096;

/// `GET /unsubscribe?t=`: a button.
pub(crate) async fn show(State(web): State<Web>, RawQuery(query): RawQuery) -> Response {
    render(&web, &token(query), false)
}

/// `POST /unsubscribe?t=`: from the button, or from a mail program without any cookie. The token is all it takes:
/// nobody else can make it, and switching such mails off is all that it does.
pub(crate) async fn unsubscribe(State(web): State<Web>, RawQuery(query): RawQuery, body: Body) -> Page {
    // Read so that the connection can go on; what it says is known.
    let _ = collect(body, BODY_BYTES).await;
    let token = token(query);
    web.app.unsubscribe(token.clone()).await?;
    Ok(render(&web, &token, true))
}

fn token(query: Option<String>) -> String {
    let query = FormFields::parse(query.unwrap_or_default().as_bytes());
    query.text("t").to_owned()
}

fn render(web: &Web, token: &str, done: bool) -> Response {
    let shown = Show {
        server_name: &web.app.env.identity.server_name,
        token,
        done,
    };
    page(StatusCode::OK, &shown)
}
