//! Access links: `/client-access-links`, where a customer's administrators keep the links by which people ask to be
//! invited. A 400 of these paths is a list of errors.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp, ids, limits};
use liaison_operations::access_links::{self, AccessLink, Author, LinkChange, Listed, NewLink};
use liaison_operations::{Call, Result as OperationResult};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::conventions::{self, LIMIT, OFFSET, Page, Place};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Fields, Params, PathText, Write};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

const PATH: &str = "/ratings/v1/client-access-links";

/// A link by which people ask to be invited.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessLink")]
struct Item {
    guid: Guid,
    /// The page to publish.
    #[schemars(extend("format" = "uri"))]
    link: String,
    name: String,
    description: String,
    is_active: bool,
    /// A word of the customer's own, given once.
    scope: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    created_time: String,
    #[schemars(extend("format" = "date-time"))]
    updated_time: String,
    created_by: By,
    updated_by: By,
}

/// Who did it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessLinkAuthor")]
struct By {
    guid: Guid,
    formal_name: String,
    /// A company token has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

/// A new link. It may also stand under `body`.
#[derive(JsonSchema)]
#[schemars(rename = "AccessLinkBody")]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct NewBody {
    #[schemars(length(min = 1, max = limits::NAME_CHARS))]
    name: String,
    #[schemars(length(max = limits::NAME_CHARS))]
    description: Option<String>,
    /// True where it is not said.
    is_active: Option<bool>,
    #[schemars(length(max = limits::NAME_CHARS))]
    scope: Option<String>,
}

/// What changes of a link. It may also stand under `body`.
#[derive(JsonSchema)]
#[schemars(rename = "AccessLinkChangeBody")]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct ChangeBody {
    #[schemars(length(min = 1, max = limits::NAME_CHARS))]
    name: Option<String>,
    #[schemars(length(max = limits::NAME_CHARS))]
    description: Option<String>,
    is_active: Option<bool>,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listAccessLinks", tag::ACCESS_LINKS, "Access links")
    .about("The links of the customer, oldest first.")
    .query(&[LIMIT, OFFSET])
    .answers::<Page<Item>>(200, "A page of links.")
    .lists_errors()
    .example(example!("listAccessLinks"));

/// `GET /client-access-links`: the links of the caller's customer.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Response {
    listed(list_page(&web, caller, &params).await)
}

async fn list_page(web: &Web, caller: Caller, params: &Params) -> Result<Response, ApiError> {
    let place = caller.checked(web, Place::of(params, (web.public_url(), PATH))).await?;
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let Listed { count, links } = access_links::list(tx, call, (place.limit, place.offset))?;
        let rows: Vec<Item> = links.iter().map(|link| item(call, link)).collect();
        wire::json(&place.page(count, rows))
    };
    conventions::read(web, caller, read).await
}

pub(crate) const CREATE: Operation =
    Operation::new("POST", "createAccessLink", tag::ACCESS_LINKS, "Make an access link")
        .body::<NewBody>()
        .answers::<Item>(201, "The link.")
        .lists_errors()
        .needs(Needs::Admin)
        .example(example!("createAccessLink"));

/// `POST /client-access-links`: make a link.
pub(crate) async fn create(write: Result<Write, ApiError>) -> Response {
    let work = |tx: &mut Tx<'_>, call: &Call<'_>, body: &Value| {
        call.actor.require_admin()?;
        let fields = fields(body)?;
        let new = NewLink {
            name: fields.text_or_empty("name")?,
            description: fields.text_or_empty("description")?,
            is_active: fields.boolean("is_active")?.unwrap_or(true),
            scope: fields.text("scope")?.map(str::to_owned),
        };
        wire::json(&item(call, &access_links::create(tx, call, &new)?))
    };
    listed(run(write, StatusCode::CREATED, work).await)
}

pub(crate) const UPDATE: Operation =
    Operation::new("PATCH", "updateAccessLink", tag::ACCESS_LINKS, "Change an access link")
        .about("A link that is not active no longer works; requests that came through it stay.")
        .body::<ChangeBody>()
        .answers::<Item>(200, "The link.")
        .refuses(&[404])
        .lists_errors()
        .needs(Needs::Admin)
        .example(example!("updateAccessLink"));

/// `PATCH /client-access-links/{guid}`: change a link, or switch it off and on.
pub(crate) async fn update(PathText(guid): PathText, write: Result<Write, ApiError>) -> Response {
    let work = move |tx: &mut Tx<'_>, call: &Call<'_>, body: &Value| {
        call.actor.require_admin()?;
        let fields = fields(body)?;
        let change = LinkChange {
            name: fields.text("name")?.map(str::to_owned),
            description: fields.text("description")?.map(str::to_owned),
            is_active: fields.boolean("is_active")?,
        };
        let link = access_links::update(tx, call, ids::parse_guid(&guid), &change)?;
        wire::json(&item(call, &link))
    };
    listed(run(write, StatusCode::OK, work).await)
}

pub(crate) const DELETE: Operation =
    Operation::new("DELETE", "deleteAccessLink", tag::ACCESS_LINKS, "Delete an access link")
        .about("Requests that came through it stay.")
        .answers_nothing("It is gone.")
        .refuses(&[404])
        .lists_errors()
        .needs(Needs::Admin)
        .example(example!("deleteAccessLink"));

/// `DELETE /client-access-links/{guid}`: the link is gone, what came through it stays.
pub(crate) async fn delete(PathText(guid): PathText, write: Result<Write, ApiError>) -> Response {
    let work = move |tx: &mut Tx<'_>, call: &Call<'_>, _: &Value| {
        access_links::delete(tx, call, ids::parse_guid(&guid))?;
        Ok(Vec::new())
    };
    listed(run(write, StatusCode::NO_CONTENT, work).await)
}

async fn run<F>(write: Result<Write, ApiError>, status: StatusCode, work: F) -> Result<Response, ApiError>
where
    F: Fn(&mut Tx<'_>, &Call<'_>, &Value) -> OperationResult<Vec<u8>> + Send + 'static,
{
    let mut write = write?;
    let body = write.body.take();
    write.run(status, move |tx, call| work(tx, call, &body)).await
}

fn listed(answer: Result<Response, ApiError>) -> Response {
    answer.unwrap_or_else(ApiError::into_listed)
}

/// The published schema shows the object under `body`; both are read.
fn fields(body: &Value) -> OperationResult<Fields<'_>> {
    let fields = Fields::of("", body)?;
    Ok(match fields.value("body") {
        Some(inner) => Fields::of("body", inner)?,
        None => fields,
    })
}

fn item(call: &Call<'_>, link: &AccessLink) -> Item {
    Item {
        guid: link.guid,
        link: access_links::url(call.env, link.guid),
        name: link.name.clone(),
        description: link.description.clone(),
        is_active: link.is_active,
        scope: link.scope.clone(),
        created_time: microseconds(link.created_at),
        updated_time: microseconds(link.updated_at),
        created_by: author(&link.created_by),
        updated_by: author(&link.updated_by),
    }
}

fn author(author: &Author) -> By {
    By {
        guid: author.guid,
        formal_name: author.formal_name.clone(),
        email: author.email.clone(),
    }
}

/// These paths show times with six digits after the second.
fn microseconds(at: Timestamp) -> String {
    let text = at.rfc3339();
    let whole = text.strip_suffix('Z').unwrap_or(&text);
    format!("{whole}.{:03}000Z", at.as_millis().rem_euclid(1000))
}
