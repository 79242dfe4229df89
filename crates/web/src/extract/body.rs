//! A writing request: its caller, its JSON body, its idempotency key.

use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use liaison_db::Tx;
use liaison_domain::{Refusal, limits};
use liaison_operations::idempotency::{self, Answer, Key};
use liaison_operations::{Call, Result};
use serde_json::Value;

use super::Caller;
use crate::errors::ApiError;
use crate::state::{Running, Web};

/// Bytes of a body that are read from anybody; what may be larger is read only from whoever may come in.
const SMALL: u64 = 16 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A request that changes something.
pub(crate) struct Write {
    web: Web,
    token_sha256: [u8; 32],
    key: Option<Key>,
    _running: Option<Running>,
    /// The body; `Null` where it is empty.
    pub(crate) body: Value,
}

impl FromRequest<Web> for Write {
    type Rejection = ApiError;

    async fn from_request(request: Request, web: &Web) -> std::result::Result<Write, ApiError> {
        let (_, caller, (body, key)) = received(request, web).await?;
        let token_sha256 = caller.token_sha256;
        let mut running = None;
        if let Some(key) = &key {
            let started = web.start(token_sha256, &key.value);
            running = Some(started.ok_or(liaison_operations::Error::Refused(Refusal::IdempotencyRunning))?);
        }
        Ok(Write {
            web: web.clone(),
            token_sha256,
            key,
            _running: running,
            body,
        })
    }
}

/// The head of a request, who calls, and the body with the key; what may be large is read only from whoever may come in.
pub(super) async fn received(
    request: Request,
    web: &Web,
) -> std::result::Result<(http::request::Parts, Caller, (Value, Option<Key>)), ApiError> {
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, web).await?;
    if may_be_large(&body)
        && let Err(error) = web.app.read_as(caller.token_sha256, |_, _| Ok(())).await
    {
        discard(body).await;
        return Err(error.into());
    }
    let read = read(&parts, body).await;
    let read = caller.checked(web, read).await?;
    Ok((parts, caller, read))
}

impl Write {
    /// Runs an operation that answers with nothing.
    pub(crate) async fn done<F>(self, work: F) -> std::result::Result<Response, ApiError>
    where
        F: Fn(&mut Tx<'_>, &Call<'_>) -> Result<()> + Send + 'static,
    {
        let work = move |tx: &mut Tx<'_>, call: &Call<'_>| work(tx, call).map(|()| Vec::new());
        self.run(StatusCode::NO_CONTENT, work).await
    }

    /// Runs a step of an operation until nothing is left, and answers with `status` and no body. The key is judged
    /// first; the steps are harmless to repeat, so a replayed answer completes what an earlier try left.
    pub(crate) async fn repeat(
        self,
        status: StatusCode,
        step: fn(&mut Tx<'_>, &Call<'_>) -> Result<bool>,
    ) -> std::result::Result<Response, ApiError> {
        let (web, token_sha256) = (self.web.clone(), self.token_sha256);
        let answer = self.run(status, |_, _| Ok(Vec::new())).await?;
        web.app.repeat_as(token_sha256, step).await?;
        Ok(answer)
    }

    /// The same request without its idempotency key, for answers that are secrets and must not be kept.
    #[must_use]
    pub(crate) fn without_key(mut self) -> Write {
        self.key = None;
        self
    }

    /// Runs an operation that answers with `status` and the JSON it gives.
    pub(crate) async fn run<F>(self, status: StatusCode, work: F) -> std::result::Result<Response, ApiError>
    where
        F: Fn(&mut Tx<'_>, &Call<'_>) -> Result<Vec<u8>> + Send + 'static,
    {
        self.answer(move |tx, call| Ok((status, work(tx, call)?))).await
    }

    /// Runs an operation that says itself with which status it answers.
    pub(crate) async fn answer<F>(self, work: F) -> std::result::Result<Response, ApiError>
    where
        F: Fn(&mut Tx<'_>, &Call<'_>) -> Result<(StatusCode, Vec<u8>)> + Send + 'static,
    {
        let answer = self
            .web
            .app
            .write_as(self.token_sha256, self.key, move |tx, call| {
                let (status, body) = work(tx, call)?;
                Ok(Answer {
                    status: status.as_u16(),
                    body,
                })
            })
            .await?;
        Ok(respond(answer))
    }
}

fn respond(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if answer.body.is_empty() {
        return status.into_response();
    }
    (status, [(header::CONTENT_TYPE, "application/json")], answer.body).into_response()
}

pub(super) async fn read(
    parts: &http::request::Parts,
    body: Body,
) -> std::result::Result<(Value, Option<Key>), ApiError> {
    let bytes = collect(body, limits::BODY_BYTES).await?;
    let value = if bytes.is_empty() {
        Value::Null
    } else {
        check_media_type(&parts.headers)?;
        parse(&bytes)?
    };
    Ok((value, key(parts, &bytes)?))
}

/// Why a body could not be read.
pub(crate) enum Unread {
    /// It is larger than it may be.
    TooLarge,
    /// It was cut off, or took too long.
    Cut,
}

/// Whether a body may take so much memory that strangers must not send many of them at once.
pub(super) fn may_be_large(body: &Body) -> bool {
    body.size_hint().upper().is_none_or(|most| most > SMALL)
}

/// Lets a body go by without keeping it: who still sends when the connection is cut may not see the answer.
pub(super) async fn discard(body: Body) {
    let mut body = Limited::new(body, limits::BODY_BYTES);
    let end = async { while let Some(Ok(_)) = body.frame().await {} };
    // Whether it came to its end makes no difference: what follows is a refusal.
    let _ = tokio::time::timeout(BODY_TIME, end).await;
}

/// A body of at most `most` bytes, within 30 seconds.
pub(crate) async fn collect(mut body: Body, most: usize) -> std::result::Result<Bytes, Unread> {
    match tokio::time::timeout(BODY_TIME, Limited::new(&mut body, most).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            discard(body).await;
            Err(Unread::TooLarge)
        }
        _ => Err(Unread::Cut),
    }
}

impl From<Unread> for ApiError {
    fn from(unread: Unread) -> ApiError {
        match unread {
            Unread::TooLarge => ApiError::new("body_too_large", "The body is larger than 1 MiB."),
            Unread::Cut => ApiError::new("malformed_json", "The body did not arrive whole."),
        }
    }
}

fn check_media_type(headers: &HeaderMap) -> std::result::Result<(), ApiError> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Ok(());
    };
    let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next() == Some("application/json");
    let charset_is_utf8 = parts
        .filter_map(|part| part.strip_prefix("charset="))
        .all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8"));
    if is_json && charset_is_utf8 {
        return Ok(());
    }
    Err(ApiError::new(
        "unsupported_media_type",
        "Send the body as application/json in UTF-8.",
    ))
}

fn parse(bytes: &[u8]) -> std::result::Result<Value, ApiError> {
    let mut value = serde_json::from_slice(bytes)
        .map_err(|error| ApiError::new("malformed_json", format!("The body is not valid JSON: {error}.")))?;
    whole_numbers(&mut value);
    Ok(value)
}

/// JSON knows one kind of number: `30.0` is the whole number 30, as JSON schemas have it.
fn whole_numbers(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            // Beyond 2^53 not every whole number is one of these, so that nothing is rounded here.
            let whole = number.as_f64();
            let whole = whole.filter(|float| float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0);
            if let Some(whole) = whole.and_then(|whole| format!("{whole:.0}").parse::<i64>().ok()) {
                *value = Value::from(whole);
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(whole_numbers),
        Value::Object(fields) => fields.values_mut().for_each(whole_numbers),
        _ => {}
    }
}

fn key(parts: &http::request::Parts, body: &[u8]) -> std::result::Result<Option<Key>, ApiError> {
    let Some(value) = parts.headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    // The draft has it as a structured string, in quotes; many clients send it bare.
    let text = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(text);
    if !idempotency::is_valid(text) {
        let rule = "Idempotency-Key: 1 to 255 printable ASCII characters without spaces";
        return Err(ApiError::new("invalid_idempotency_key", rule));
    }
    let mut request = format!("{} {}\n", parts.method, parts.uri.path()).into_bytes();
    request.extend_from_slice(body);
    Ok(Some(Key {
        value: text.to_owned(),
        fingerprint: liaison_operations::digest(&request),
    }))
}
