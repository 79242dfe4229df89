//! Access links: `/client-access-links`, where a customer's administrators keep the links by which people ask to be
//! invited. A 400 of these paths is a list of errors.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use liaison_db::Tx;
use liaison_domain::{Timestamp, ids};
use liaison_operations::access_links::{self, AccessLink, Author, LinkChange, Listed, NewLink};
use liaison_operations::{Call, Result as OperationResult};
use serde_json::{Value, json};

use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Fields, Params, PathText, Write};
use crate::state::Web;

const PATH: &str = "/ratings/v1/client-access-links";

/// Rows of a page where the caller does not say.
const PAGE: i64 = 100;
/// Rows of a page at most.
const LONGEST_PAGE: i64 = liaison_domain::limits::PAGE_ROWS;

/// `GET /client-access-links`: the links of the caller's customer.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Response {
    listed(list_page(&web, caller, &params).await)
}

async fn list_page(web: &Web, caller: Caller, params: &Params) -> Result<Response, ApiError> {
    let (limit, offset) = caller.checked(web, place(params)).await?;
    let others: Vec<(String, String)> = params
        .others(&["limit", "offset"])
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let address = format!("{}{PATH}", web.public_url());
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let page = access_links::list(tx, call, (limit, offset))?;
        wire::json(&envelope(call, &page, (limit, offset), |offset| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(&others);
            query.append_pair("limit", &limit.to_string());
            query.append_pair("offset", &offset.to_string());
            format!("{address}?{}", query.finish())
        }))
    };
    let body = web.app.read_as(caller.token_sha256, read).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// `limit` and `offset`.
fn place(params: &Params) -> Result<(i64, i64), ApiError> {
    let limit = params.count("limit")?.unwrap_or(PAGE).clamp(1, LONGEST_PAGE);
    Ok((limit, params.count("offset")?.unwrap_or_default()))
}

fn envelope(call: &Call<'_>, page: &Listed, (limit, offset): (i64, i64), at: impl Fn(i64) -> String) -> Value {
    let next = offset.saturating_add(limit);
    let results: Vec<Value> = page.links.iter().map(|link| item(call, link)).collect();
    json!({
        "links": {
            "next": (next < page.count).then(|| at(next)),
            "previous": (offset > 0).then(|| at((offset - limit).max(0))),
        },
        "count": page.count,
        "results": results,
    })
}

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

fn item(call: &Call<'_>, link: &AccessLink) -> Value {
    json!({
        "guid": link.guid,
        "link": access_links::url(call.env, link.guid),
        "name": link.name,
        "description": link.description,
        "is_active": link.is_active,
        "scope": link.scope,
        "created_time": microseconds(link.created_at),
        "updated_time": microseconds(link.updated_at),
        "created_by": author(&link.created_by),
        "updated_by": author(&link.updated_by),
    })
}

fn author(author: &Author) -> Value {
    let mut value = json!({"guid": author.guid, "formal_name": author.formal_name});
    if let Some(email) = &author.email {
        value["email"] = json!(email);
    }
    value
}

/// These paths show times with six digits after the second.
fn microseconds(at: Timestamp) -> String {
    let text = at.rfc3339();
    let whole = text.strip_suffix('Z').unwrap_or(&text);
    format!("{whole}.{:03}000Z", at.as_millis().rem_euclid(1000))
}
