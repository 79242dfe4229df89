//! Whether the process lives, and whether it can work.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header;

use crate::errors::ApiError;
use crate::state::Web;

/// `GET /healthz`: the process answers.
pub(crate) async fn alive(State(web): State<Web>) -> Response {
    let body = serde_json::json!({"status": "ok", "version": web.options.version}).to_string();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// `GET /readyz`: the database answers.
pub(crate) async fn ready(State(web): State<Web>) -> Result<Response, ApiError> {
    web.app.ready().await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], r#"{"status":"ready"}"#).into_response())
}
