//! Notifications: what the user behind the token was told. A company token has none.

use askama::filters::{Html, escape};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::{Refusal, limits};
use liaison_operations::notifications::{self, Listed};
use liaison_operations::{Call, Error, Result as OperationResult};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Write, typed};
use crate::openapi::{Kind, Operation, example, query, tag};
use crate::state::Web;

/// The only type of notification here, of those that the contract names.
const TYPE: &str = "Collaboration";
/// Its number.
const TYPE_ID: i64 = 1;

/// Rows of a page where the caller does not say.
const PAGE: i64 = 100;

/// A page of notifications.
#[derive(Serialize, JsonSchema)]
struct Notifications {
    data: Vec<Notification>,
    limit: i64,
    page: i64,
    /// Notifications on all pages.
    total: i64,
    meta: Meta,
}

/// What a user was told.
#[derive(Serialize, JsonSchema)]
struct Notification {
    id: i64,
    date: String,
    /// One line of plain text.
    subject: String,
    /// HTML, with a link to the request it is about.
    text: String,
    /// Always `Collaboration`.
    r#type: &'static str,
    unread: bool,
    /// Always `Success`.
    status: &'static str,
}

/// Numbers of all pages.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NotificationNumbers")]
struct Meta {
    num_filtered: i64,
    num_read: i64,
    num_unread: i64,
    num_unseen_count: i64,
    types: [Type; 1],
}

/// A type of notification.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NotificationType")]
struct Type {
    id: i64,
    name: &'static str,
}

/// Whether something counts as unread.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NotificationChange")]
struct Change {
    data: Option<Unread>,
}

/// What can be changed of a notification.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NotificationState")]
struct Unread {
    unread: Option<bool>,
}

/// What all notifications are now.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NotificationsMarked")]
struct Marked {
    data: MarkedState,
}

/// How all notifications count now.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NotificationsState")]
struct MarkedState {
    /// Always false.
    unread: bool,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listNotifications", tag::USERS, "Notifications")
    .about("What the caller was told, newest first, in pages that are counted from 1. 500 are kept.")
    .query(&[
        query("page", Kind::Count, "Number of the page, from 1; 0 means 1."),
        query("limit", Kind::Count, "Rows of a page: 100, 500 at most."),
    ])
    .answers::<Notifications>(200, "A page of notifications.")
    .refuses(&[400])
    .example(example!("listNotifications"));

pub(crate) const GET: Operation = Operation::new("GET", "getNotification", tag::USERS, "One notification")
    .answers::<Notification>(200, "The notification.")
    .refuses(&[404])
    .example(example!("getNotification"));

pub(crate) const UPDATE: Operation = Operation::new(
    "PATCH",
    "updateNotification",
    tag::USERS,
    "Mark a notification as read or unread",
)
.body::<Change>()
.answers::<Notification>(200, "The notification as it is now.")
.refuses(&[400, 404])
.example(example!("updateNotification"));

pub(crate) const MARK_ALL: Operation = Operation::new(
    "POST",
    "markAllNotificationsAsRead",
    tag::USERS,
    "Mark all notifications as read",
)
.optional_body::<Change>()
.answers::<Marked>(200, "They are read.")
.refuses(&[400])
.example(example!("markAllNotificationsAsRead"));

/// `GET /notifications`.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let (page, limit) = caller.checked(&web, place(&params)).await?;
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let offset = (page - 1).saturating_mul(limit);
        let listed = notifications::list(tx, call, (limit, offset))?;
        wire::json(&envelope(call, &listed, (page, limit))?)
    };
    conventions::read(&web, caller, read).await
}

/// `page` and `limit`.
fn place(params: &Params) -> Result<(i64, i64), ApiError> {
    let page = params.count("page")?.unwrap_or(1).max(1);
    let limit = params.count("limit")?.unwrap_or(PAGE).clamp(1, limits::NOTIFICATIONS);
    Ok((page, limit))
}

fn envelope(call: &Call<'_>, listed: &Listed, (page, limit): (i64, i64)) -> OperationResult<Notifications> {
    let items = listed.notifications.iter().map(|notification| item(call, notification));
    Ok(Notifications {
        data: items.collect::<OperationResult<_>>()?,
        limit,
        page,
        total: listed.total,
        meta: Meta {
            num_filtered: listed.total,
            num_read: listed.total - listed.unread,
            num_unread: listed.unread,
            num_unseen_count: listed.unread,
            types: [Type {
                id: TYPE_ID,
                name: TYPE,
            }],
        },
    })
}

/// `GET /notifications/{id}`.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(number): PathText,
) -> Result<Response, ApiError> {
    let read =
        move |tx: &mut Tx<'_>, call: &Call<'_>| wire::json(&item(call, &notifications::find(tx, call, id(&number)?)?)?);
    conventions::read(&web, caller, read).await
}

/// `PATCH /notifications/{id}`: `{"data": {"unread": false}}`.
pub(crate) async fn update(PathText(number): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            let unread = unread(&body)?;
            wire::json(&item(call, &notifications::mark(tx, call, id(&number)?, unread)?)?)
        })
        .await
}

/// `POST /notifications/mark-all-as-read`.
pub(crate) async fn mark_all_as_read(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            if !body.is_null() && unread(&body)? == Some(true) {
                return Err(Refusal::field("data.unread", "must be false").into());
            }
            notifications::mark_all(tx, call)?;
            wire::json(&Marked {
                data: MarkedState { unread: false },
            })
        })
        .await
}

/// `data.unread` of a body; none where it says nothing.
fn unread(body: &Value) -> OperationResult<Option<bool>> {
    let change: Change = typed(body)?;
    Ok(change.data.and_then(|data| data.unread))
}

/// The number in a path; what is none is nobody's.
fn id(text: &str) -> OperationResult<i64> {
    text.parse::<i64>().map_err(|_| Error::NotFound)
}

fn item(call: &Call<'_>, notification: &notifications::Notification) -> OperationResult<Notification> {
    Ok(Notification {
        id: notification.number,
        date: notification.at.rfc3339(),
        subject: notification.subject.clone(),
        text: html(call, notification)?,
        r#type: TYPE,
        unread: notification.is_unread,
        status: "Success",
    })
}

/// The body as HTML, escaped, with a link to the request's page.
fn html(call: &Call<'_>, notification: &notifications::Notification) -> OperationResult<String> {
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
