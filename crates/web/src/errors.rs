//! Errors as answers: one table of codes, statuses and titles, used by the API, the pages and the documents.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use liaison_domain::Refusal;
use liaison_operations::Error;
use schemars::JsonSchema;
use serde::Serialize;

/// One kind of error.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Stable name in JSON.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What it is, for people.
    pub title: &'static str,
}

const fn kind(code: &'static str, status: u16, title: &'static str) -> Kind {
    Kind { code, status, title }
}

/// Every kind of error, by status.
pub const TABLE: &[Kind] = &[
    kind("malformed_json", 400, "The body is not the JSON that is expected here"),
    kind(
        "invalid_parameter",
        400,
        "A query parameter has a value outside its rule",
    ),
    kind(
        "invalid_idempotency_key",
        400,
        "The Idempotency-Key is empty, too long, or has characters outside ASCII",
    ),
    kind(
        "invalid_field",
        400,
        "A field of the body breaks its rule; detail names it",
    ),
    kind(
        "invalid_requestee_email",
        400,
        "The requestee's address is malformed, or none is known",
    ),
    kind("request_to_yourself", 400, "The recipient is the sender"),
    kind("no_entity", 400, "The company is unknown or not in the portfolio"),
    kind("entity_not_usable", 400, "The company's type cannot be invited"),
    kind(
        "unrelated_email_domain",
        400,
        "The address belongs to none of the company's domains",
    ),
    kind("ccs_too_long", 400, "The ccs are longer than 1023 characters"),
    kind("too_many_observations", 400, "More than 10 findings"),
    kind("observation_mismatch", 400, "A finding is not one of the company's"),
    kind("status_conflict", 400, "The request's status does not allow the change"),
    kind(
        "already_activated",
        400,
        "The user came in already, or is switched off: there is nothing to activate",
    ),
    kind("code_wrong", 400, "The code does not work with the address"),
    kind("unauthenticated", 401, "No valid API token came with the request"),
    kind("forbidden", 403, "The role does not allow it"),
    kind(
        "form_refused",
        403,
        "The form came from another site, or its page was open for too long",
    ),
    kind("access_ended", 403, "The access of this account is over"),
    kind("not_found", 404, "There is no such object, or it is not the caller's"),
    kind("method_not_allowed", 405, "The path has other methods; see Allow"),
    kind(
        "idempotency_running",
        409,
        "A request with the same Idempotency-Key is still running",
    ),
    kind("thread_closed", 409, "The request's status does not allow messages"),
    kind("message_deleted", 409, "The message was deleted and cannot be changed"),
    kind("not_resendable", 409, "The request does not wait for its recipient"),
    kind(
        "not_extendable",
        409,
        "The request's status does not allow a longer trial",
    ),
    kind("not_delegable", 409, "The request is not Active"),
    kind("delegated_too_often", 409, "The request was handed on too often"),
    kind("group_is_default", 409, "The default group cannot be deleted"),
    kind("group_in_use", 409, "The group has users and cannot be deleted"),
    kind("nothing_to_send", 409, "The mail was sent, or its text is gone"),
    kind(
        "link_gone",
        410,
        "The activation link is unknown, spent, replaced or too old",
    ),
    kind(
        "password_link_gone",
        410,
        "The link for a password is unknown, spent, replaced or too old",
    ),
    kind("body_too_large", 413, "The body is larger than 1 MiB"),
    kind("unsupported_media_type", 415, "The body is not application/json"),
    kind(
        "idempotency_mismatch",
        422,
        "The Idempotency-Key was used with another request",
    ),
    kind(
        "too_many_attempts",
        429,
        "Too many wrong attempts; wait as Retry-After says",
    ),
    kind(
        "too_many_streams",
        429,
        "The caller has too many live streams open; close one first",
    ),
    kind("resend_too_soon", 429, "The last mail is younger than the cool-down"),
    kind(
        "too_many_new_users",
        429,
        "Too many users were invited in the last 30 days",
    ),
    kind("link_too_often", 429, "The link was copied too often today"),
    kind(
        "too_many_waiting",
        429,
        "Too many people asked to be invited and wait for an answer",
    ),
    kind("internal_error", 500, "Something went wrong here; the log says what"),
    kind("overloaded", 503, "Too much is waiting; try again in a moment"),
    kind(
        "unavailable",
        503,
        "The database does not answer; try again in a moment",
    ),
    kind("storage_full", 507, "The disk of the database is full"),
];

/// An error on its way to the client.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    kind: &'static Kind,
    pub(crate) detail: String,
    extras: Option<Box<Extras>>,
}

/// What only some errors say. Apart, because errors are passed up through many hands.
#[derive(Clone, Debug, Default)]
struct Extras {
    field: Option<String>,
    index: Option<usize>,
    retry_after: Option<i64>,
    allow: Option<HeaderValue>,
}

/// For a code that is not in the table, which tests rule out.
const INTERNAL: Kind = kind("internal_error", 500, "Something went wrong here; the log says what");

/// Why a call was refused.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(crate) struct ErrorBody<'b> {
    /// A sentence for people.
    detail: &'b str,
    /// The stable name of the reason.
    code: &'static str,
    /// The field or parameter that is to blame, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'b str>,
    /// Which one of several invitations, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

/// The same as RFC 9457 has it, for clients that ask for it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct ProblemBody<'b> {
    /// Always `about:blank`: `code` says more.
    r#type: &'static str,
    /// What `code` means.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    #[serde(flatten)]
    body: ErrorBody<'b>,
}

impl ApiError {
    pub(crate) fn new(code: &str, detail: impl Into<String>) -> ApiError {
        let kind = TABLE.iter().find(|kind| kind.code == code).unwrap_or(&INTERNAL);
        ApiError {
            kind,
            detail: detail.into(),
            extras: None,
        }
    }

    fn extras(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    /// A wrong query parameter.
    pub(crate) fn parameter(name: &str, rule: &str) -> ApiError {
        let mut error = ApiError::new("invalid_parameter", format!("{name}: {rule}"));
        error.extras().field = Some(name.to_owned());
        error
    }

    /// Too many wrong guesses; `seconds` until more are admitted.
    pub(crate) fn too_many_attempts(seconds: i64) -> ApiError {
        let detail = format!("Too many wrong attempts. Try again in {} minutes.", (seconds + 59) / 60);
        let mut error = ApiError::new("too_many_attempts", detail);
        error.extras().retry_after = Some(seconds);
        error
    }

    /// More than there is room for; `seconds` until trying again makes sense.
    pub(crate) fn crowded(code: &str, detail: &str, seconds: i64) -> ApiError {
        let mut error = ApiError::new(code, detail);
        error.extras().retry_after = Some(seconds);
        error
    }

    /// The field that the error is about.
    pub(crate) fn field(&self) -> Option<&str> {
        self.extras.as_deref()?.field.as_deref()
    }

    pub(crate) fn retry_after(&self) -> Option<i64> {
        self.extras.as_deref()?.retry_after
    }

    pub(crate) fn not_found() -> ApiError {
        ApiError::new("not_found", "Not found.")
    }

    pub(crate) fn unauthenticated(detail: &str) -> ApiError {
        ApiError::new("unauthenticated", detail)
    }

    pub(crate) fn method_not_allowed(method: &http::Method, allow: Option<HeaderValue>) -> ApiError {
        let mut error = ApiError::new("method_not_allowed", format!("Method \"{method}\" not allowed."));
        error.extras().allow = allow;
        error
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn title(&self) -> &'static str {
        self.kind.title
    }

    /// The same error as RFC 9457 has it.
    pub(crate) fn into_problem(self) -> Response {
        let problem = ProblemBody {
            r#type: "about:blank",
            title: self.kind.title,
            status: self.kind.status,
            body: self.body(),
        };
        let bytes = serde_json::to_vec(&problem).unwrap_or_default();
        self.respond("application/problem+json", bytes)
    }

    fn body(&self) -> ErrorBody<'_> {
        let extras = self.extras.as_deref();
        ErrorBody {
            detail: &self.detail,
            code: self.kind.code,
            field: extras.and_then(|extras| extras.field.as_deref()),
            index: extras.and_then(|extras| extras.index),
        }
    }

    fn respond(&self, media_type: &'static str, bytes: Vec<u8>) -> Response {
        let mut response = (self.status(), [(header::CONTENT_TYPE, media_type)], bytes).into_response();
        let headers = response.headers_mut();
        if self.kind.status == 401 {
            let challenge = HeaderValue::from_static("Basic realm=\"bitsight-compatible liaison\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        let extras = self.extras.as_deref();
        if let Some(seconds) = extras.and_then(|extras| extras.retry_after) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(allow) = extras.and_then(|extras| extras.allow.as_ref()) {
            headers.insert(header::ALLOW, allow.clone());
        }
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let bytes = serde_json::to_vec(&self.body()).unwrap_or_default();
        let mut response = self.respond("application/json", bytes);
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let detail = error.to_string();
        match error {
            Error::Unauthenticated => ApiError::unauthenticated("Invalid token."),
            Error::AccessEnded(_) => ApiError::new("access_ended", detail),
            Error::Forbidden => ApiError::new("forbidden", detail),
            Error::NotFound => ApiError::not_found(),
            Error::Refused(refusal) => refused(&refusal, detail),
            Error::RefusedAt { index, refusal } => {
                let mut error = refused(&refusal, detail);
                error.extras().index = Some(index);
                error
            }
            Error::Database(error) => unavailable(&error),
            Error::Internal(_) => {
                tracing::error!(detail, "an operation failed inside");
                ApiError::new(
                    "internal_error",
                    "Something went wrong here. Its cause is in the server's log.",
                )
            }
        }
    }
}

fn refused(refusal: &Refusal, detail: String) -> ApiError {
    let mut error = ApiError::new(refusal.code(), detail);
    match refusal {
        Refusal::Field { field, .. } => error.extras().field = Some(field.clone()),
        Refusal::ResendTooSoon { seconds }
        | Refusal::LinkTooOften { seconds, .. }
        | Refusal::TooManyNewUsers { seconds, .. } => {
            error.extras().retry_after = Some(*seconds);
        }
        Refusal::IdempotencyRunning => error.extras().retry_after = Some(1),
        _ => {}
    }
    error
}

fn unavailable(error: &liaison_db::Error) -> ApiError {
    tracing::error!(%error, "the database refused an operation");
    let (code, detail) = match error {
        liaison_db::Error::Overloaded => ("overloaded", "Too many requests are waiting. Try again in a moment."),
        liaison_db::Error::Full => ("storage_full", "The server's disk is full; nothing was written."),
        // A connection is made anew and refused: the password or the database was changed under the server.
        liaison_db::Error::Unavailable { .. } | liaison_db::Error::Setup(_) | liaison_db::Error::ReadOnly => {
            ("unavailable", "The database does not answer. Try again in a moment.")
        }
        liaison_db::Error::Timeout => (
            "unavailable",
            "The database took too long. Ask for less, or try again in a moment.",
        ),
        _ => (
            "internal_error",
            "Something went wrong here. Its cause is in the server's log.",
        ),
    };
    let mut error = ApiError::new(code, detail);
    if error.kind.status == 503 {
        error.extras().retry_after = Some(1);
    }
    error
}

mod shapes;

#[cfg(test)]
mod tests;
