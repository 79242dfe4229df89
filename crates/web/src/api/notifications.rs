//! Notifications: what the user behind the token was told. A company token has none.

use askama::filters::{Html, escape};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use liaison_db::Tx;
use liaison_domain::limits;
use liaison_operations::notifications::{self, Listed, Notification};
use liaison_operations::{Call, Error, Result as OperationResult};
use serde_json::{Value, json};

use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Fields, Params, PathText, Write};
use crate::state::Web;

/// The only type of notification here, of those that the contract names.
const TYPE: &str = "Collaboration";

/// Rows of a page where the caller does not say.
const PAGE: i64 = 100;

/// `GET /notifications`: newest first, in pages that are counted from 1.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let (page, limit) = caller.checked(&web, place(&params)).await?;
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let offset = (page - 1).saturating_mul(limit);
        let listed = notifications::list(tx, call, (limit, offset))?;
        wire::json(&envelope(call, &listed, (page, limit))?)
    };
    let body = web.app.read_as(caller.token_sha256, read).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// `page` and `limit`.
fn place(params: &Params) -> Result<(i64, i64), ApiError> {
    let page = params.count("page")?.unwrap_or(1);
    if page == 0 {
        return Err(ApiError::parameter("page", "must be a whole number from 1"));
    }
    let limit = params.count("limit")?.unwrap_or(PAGE).clamp(1, limits::NOTIFICATIONS);
    Ok((page, limit))
}

fn envelope(call: &Call<'_>, listed: &Listed, (page, limit): (i64, i64)) -> OperationResult<Value> {
    let items = listed.notifications.iter().map(|notification| item(call, notification));
    Ok(json!({
        "data": items.collect::<OperationResult<Vec<Value>>>()?,
        "limit": limit,
        "page": page,
        "total": listed.total,
        "meta": {
            "num_filtered": listed.total,
            "num_read": listed.total - listed.unread,
            "num_unread": listed.unread,
            "num_unseen_count": listed.unread,
            "types": [{"id": TYPE, "name": TYPE}],
        },
    }))
}

/// `PATCH /notifications/{id}`: `{"data": {"unread": false}}`.
pub(crate) async fn update(PathText(number): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            let unread = unread(&body)?;
            let number = number.parse::<i64>().map_err(|_| Error::NotFound)?;
            wire::json(&item(call, &notifications::mark(tx, call, number, unread)?)?)
        })
        .await
}

/// `POST /notifications/mark-all-as-read`.
pub(crate) async fn mark_all_as_read(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            if !body.is_null() && unread(&body)? == Some(true) {
                return Err(liaison_domain::Refusal::field("data.unread", "must be false").into());
            }
            notifications::mark_all(tx, call)?;
            wire::json(&json!({"data": {"unread": false}}))
        })
        .await
}

/// `data.unread` of a body; none where it says nothing.
fn unread(body: &Value) -> OperationResult<Option<bool>> {
    let fields = Fields::of("", body)?;
    let Some(data) = fields.value("data") else {
        return Ok(None);
    };
    Ok(Fields::of("data", data)?.boolean("unread")?)
}

fn item(call: &Call<'_>, notification: &Notification) -> OperationResult<Value> {
    Ok(json!({
        "id": notification.number,
        "date": notification.at.rfc3339(),
        "subject": notification.subject,
        "text": html(call, notification)?,
        "type": TYPE,
        "unread": notification.is_unread,
        "status": "Success",
    }))
}

/// The body as HTML, escaped, with a link to the request's page.
fn html(call: &Call<'_>, notification: &Notification) -> OperationResult<String> {
    let escaped = |text: &str| {
        escape(text, Html)
            .map(|safe| safe.to_string())
            .map_err(|error| Error::Internal(format!("escaping: {error}")))
    };
    let text = escaped(&notification.body)?;
    let Some(page) = notifications::page(call.env, notification) else {
        return Ok(text);
    };
    let gap = if text.is_empty() { "" } else { " " };
    Ok(format!(
        "{text}{gap}<a href=\"{}\">Open the request</a>",
        escaped(&page)?
    ))
}
