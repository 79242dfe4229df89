//! The lists of contacts: all of them or the latest of each company, asked for in the query or in a body.

use axum::extract::State;
use axum::response::Response;
use liaison_domain::{Guid, Refusal, ids, limits};
use liaison_operations::contacts::{self, Filter};
use schemars::JsonSchema;
use serde::Deserialize;

use super::contacts::{Shown, shown};
use super::conventions::{self, LIMIT, OFFSET, Page, Place};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, Write, typed};
use crate::openapi::{Kind, Operation, Parameter, example, query, tag};
use crate::state::Web;

/// Which contacts.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ContactsQuery")]
struct Asked {
    /// Guids of companies; nothing or null: all.
    #[schemars(length(max = 1000))]
    companies: Option<Vec<String>>,
}

const COMPANIES: Parameter = query(
    "companies",
    Kind::List,
    "Only those at these companies, by guid; 1000 at most.",
);

pub(crate) const LIST: Operation = Operation::new("GET", "listContacts", tag::CONTACTS, "Contacts")
    .about("The contacts of the customer, newest first.")
    .query(&[COMPANIES, LIMIT, OFFSET])
    .answers::<Page<Shown>>(200, "A page of contacts.")
    .refuses(&[400])
    .example(example!("listContacts"));

/// `GET /contacts`.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let wanted = (companies(&params), false);
    page(&web, caller, (&params, "/ratings/v1/contacts"), wanted).await
}

pub(crate) const LATEST: Operation = Operation::new("GET", "listLatestContacts", tag::CONTACTS, "The latest contacts")
    .about("Of each company the one contact that was changed last.")
    .query(&[COMPANIES, LIMIT, OFFSET])
    .answers::<Page<Shown>>(200, "A page of contacts.")
    .refuses(&[400])
    .example(example!("listLatestContacts"));

/// `GET /contacts/latest`.
pub(crate) async fn latest(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let wanted = (companies(&params), true);
    page(&web, caller, (&params, "/ratings/v1/contacts/latest"), wanted).await
}

pub(crate) const QUERY: Operation = Operation::new("POST", "queryContacts", tag::CONTACTS, "Contacts, for long lists")
    .about("As the list, with the companies in the body.")
    .query(&[COMPANIES, LIMIT, OFFSET])
    .optional_body::<Asked>()
    .answers::<Page<Shown>>(200, "A page of contacts.")
    .refuses(&[400])
    .example(example!("queryContacts"));

/// `POST /contacts/query`.
pub(crate) async fn query_all(
    State(web): State<Web>,
    caller: Caller,
    params: Params,
    write: Write,
) -> Result<Response, ApiError> {
    let (params, companies) = linked(params, &write);
    page(&web, caller, (&params, "/ratings/v1/contacts"), (companies, false)).await
}

pub(crate) const QUERY_LATEST: Operation = Operation::new(
    "POST",
    "queryLatestContacts",
    tag::CONTACTS,
    "The latest contacts, for long lists",
)
.about("Of each company the one contact that was changed last, with the companies in the body.")
.query(&[COMPANIES, LIMIT, OFFSET])
.optional_body::<Asked>()
.answers::<Page<Shown>>(200, "A page of contacts.")
.refuses(&[400])
.example(example!("queryLatestContacts"));

/// `POST /contacts/latest/query`.
pub(crate) async fn query_latest(
    State(web): State<Web>,
    caller: Caller,
    params: Params,
    write: Write,
) -> Result<Response, ApiError> {
    let (params, companies) = linked(params, &write);
    page(
        &web,
        caller,
        (&params, "/ratings/v1/contacts/latest"),
        (companies, true),
    )
    .await
}

/// The parameters of the list that answers the same: links to other pages are followed with `GET`.
fn linked(mut params: Params, write: &Write) -> (Params, Result<Option<Vec<Guid>>, ApiError>) {
    let companies = asked(&params, write);
    if let Ok(Some(guids)) = &companies {
        let guids: Vec<String> = guids.iter().map(Guid::to_string).collect();
        params.set("companies", &guids.join(","));
    }
    (params, companies)
}

async fn page(
    web: &Web,
    caller: Caller,
    (params, path): (&Params, &str),
    (companies, latest): (Result<Option<Vec<Guid>>, ApiError>, bool),
) -> Result<Response, ApiError> {
    let companies = caller.checked(web, companies).await?;
    let filter = Filter { companies, latest };
    let place = caller.checked(web, Place::of(params, (web.public_url(), path))).await?;
    conventions::read(web, caller, move |tx, call| {
        let listed = contacts::list(tx, call, &filter, (place.limit, place.offset))?;
        let rows: Vec<Shown> = listed.contacts.into_iter().map(shown).collect();
        wire::json(&place.page(listed.count, rows))
    })
    .await
}

/// The companies of a query, none where it does not name them.
pub(crate) fn companies(params: &Params) -> Result<Option<Vec<Guid>>, ApiError> {
    let named = params.list("companies").or_else(|| params.list("company_guid"));
    let Some(named) = named else { return Ok(None) };
    if named.len() > limits::FILTER_COMPANIES {
        return Err(ApiError::parameter("companies", "takes 1000 guids at most"));
    }
    Ok(Some(named.into_iter().filter_map(ids::parse_guid).collect()))
}

/// The companies of the body, or else of the query.
fn asked(params: &Params, write: &Write) -> Result<Option<Vec<Guid>>, ApiError> {
    let named = match &write.body {
        serde_json::Value::Null => None,
        body => typed::<Asked>(body).map_err(liaison_operations::Error::from)?.companies,
    };
    let Some(named) = named else { return companies(params) };
    if named.len() > limits::FILTER_COMPANIES {
        let refusal = Refusal::field("companies", "at most 1000 guids");
        return Err(liaison_operations::Error::from(refusal).into());
    }
    Ok(Some(named.iter().filter_map(|text| ids::parse_guid(text)).collect()))
}
