//! Whether the token of an access link is one: `/access-requests/self-access/validate-token`.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::header;
use liaison_db::Tx;
use liaison_domain::limits;
use liaison_operations::{Call, Error, access_links};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Fields, collect};
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

/// What is asked about.
#[derive(JsonSchema)]
#[schemars(rename = "ValidateTokenBody")]
#[expect(dead_code, reason = "the form is read part by part; this gives its schema")]
struct TokenBody {
    /// The guid of an access link.
    token: String,
}

/// Whether it is one that works.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TokenValidity")]
struct Validity {
    valid: bool,
    /// The scope of the link.
    scope: Option<String>,
}

pub(crate) const VALIDATE: Operation = Operation::new(
    "POST",
    "validateToken",
    tag::ACCESS_LINKS,
    "Whether the token of an access link works",
)
.about("The body may also be a plain form or JSON.")
.body_as::<TokenBody>("multipart/form-data")
.answers::<Validity>(200, "Whether it works.")
.without_key()
.refuses(&[400, 413, 415])
.example(example!("validateToken"));

/// `POST /access-requests/self-access/validate-token`: the body is a form in parts, a plain form or JSON.
pub(crate) async fn validate_token(
    State(web): State<Web>,
    caller: Caller,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let media_type = parts.headers.get(header::CONTENT_TYPE);
    let media_type = media_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or("application/json");
    let token = caller.checked(&web, token(media_type, body).await).await?;
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let link = access_links::look_up(tx, &token, call.now)?;
        wire::json(&Validity {
            valid: link.is_some(),
            scope: link.and_then(|link| link.scope),
        })
    };
    conventions::read(&web, caller, read).await
}

/// The field `token`, however the body is written.
async fn token(media_type: &str, body: Body) -> Result<String, ApiError> {
    let bytes = collect(body, limits::BODY_BYTES).await?;
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let token = match essence.to_ascii_lowercase().as_str() {
        "multipart/form-data" => in_parts(media_type, bytes).await?,
        "application/x-www-form-urlencoded" => form_urlencoded::parse(&bytes)
            .filter(|(name, _)| name == "token")
            .last()
            .map(|(_, value)| value.into_owned()),
        "application/json" => in_json(&bytes)?,
        _ => {
            let detail = "Send the field token as multipart/form-data, as a form or as JSON.";
            return Err(ApiError::new("unsupported_media_type", detail));
        }
    };
    token.ok_or_else(|| Error::Refused(liaison_domain::Refusal::field("token", "is required")).into())
}

async fn in_parts(media_type: &str, bytes: Bytes) -> Result<Option<String>, ApiError> {
    let broken = |error: multer::Error| ApiError::new("invalid_field", format!("body: is no form in parts: {error}"));
    let boundary = multer::parse_boundary(media_type).map_err(broken)?;
    let whole = stream::iter([Ok::<Bytes, std::io::Error>(bytes)]);
    let mut form = multer::Multipart::new(whole, boundary);
    let mut token = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("token") {
            token = Some(field.text().await.map_err(broken)?);
        }
    }
    Ok(token)
}

fn in_json(bytes: &[u8]) -> Result<Option<String>, ApiError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| ApiError::new("malformed_json", format!("The body is not valid JSON: {error}.")))?;
    let read = || Ok::<_, liaison_domain::Refusal>(Fields::of("", &value)?.text("token")?.map(str::to_owned));
    read().map_err(|refusal| Error::Refused(refusal).into())
}
