//! `/verify/{guid}`: for somebody who got a mail and wonders whether it is real. Says that it is, and nothing of what
//! it says.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::ids;

use super::{page, problem};
use crate::errors::ApiError;
use crate::extract::PathText;
use crate::state::Web;

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify<'p> {
    server_name: &'p str,
    company: &'p str,
    sent_on: &'p str,
}

/// `GET /verify/{guid}`.
pub(crate) async fn show(State(web): State<Web>, PathText(guid): PathText) -> Response {
    let found = match ids::parse_guid(&guid) {
        Some(guid) => web.app.verify_request(guid).await,
        None => Err(liaison_operations::Error::NotFound),
    };
    match found {
        Ok(verified) => page(
            StatusCode::OK,
            &Verify {
                server_name: &web.app.env.identity.server_name,
                company: &verified.requester_company,
                sent_on: &verified.sent_at.for_people(),
            },
        ),
        Err(liaison_operations::Error::NotFound) => {
            let detail = "This server sent no invitation with this reference. Do not follow links in that mail; \
                          ask the person it names by a way you know.";
            problem(&ApiError::new("not_found", detail))
        }
        Err(error) => problem(&error.into()),
    }
}
