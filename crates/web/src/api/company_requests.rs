//! Company requests: asking the operator to add a company to the inventory.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::{Guid, emails, ids};
use liaison_operations::company_requests::{self, Asked, CompanyRequest, Filter, Fulfilled, Key};
use liaison_operations::{Actor, Result as OperationResult};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::conventions::{self, LIMIT, OFFSET, Page, Place};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Write, wrapped};
use crate::openapi::{Kind, Needs, Operation, example, query, tag};
use crate::state::Web;

/// A company that was asked for.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyRequest")]
struct Shown {
    guid: Guid,
    /// As lower-case A-labels.
    domain: String,
    /// `Pending`, or `Fulfilled` as soon as a company has the domain.
    status: &'static str,
    /// Noted for the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_type: Option<String>,
    requester: Requester,
    created_time: String,
    updated_time: String,
    /// The company, once it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Company>,
}

/// Who asked.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyRequestRequester")]
struct Requester {
    guid: Guid,
    formal_name: String,
}

/// The company that has the domain.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyRequestCompany")]
struct Company {
    guid: Guid,
    name: String,
    in_portfolio: bool,
    /// Whether it can be put into the portfolio.
    can_subscribe: bool,
    /// Whether the portfolio has it, and with that the caller sees it.
    can_view: bool,
    /// Always false: there are no bundles.
    is_bundle: bool,
    /// `public` for a company that published itself, else null.
    self_published: Option<&'static str>,
}

/// A company to be asked for.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CompanyRequestNew")]
struct Sent {
    domain: String,
    subscription_type: Option<String>,
}

/// The body, with its name around it.
#[derive(JsonSchema)]
#[schemars(rename = "CompanyRequestBody")]
#[expect(
    dead_code,
    reason = "the wrapper may be left out, so it is read by hand; this is its schema"
)]
struct Body {
    company_request: Sent,
}

const PATH: &str = "/ratings/v2/company-requests";

pub(crate) const LIST: Operation = Operation::new("GET", "listCompanyRequests", tag::COMPANIES, "Companies asked for")
    .about("What the customer asked for, newest first.")
    .query(&[
        query("q", Kind::Text, "Part of the domain or of the requester's name."),
        query("domain", Kind::List, "Only these domains."),
        query("status", Kind::List, "`Pending`, `Fulfilled`."),
        query("company.guid", Kind::Text, "Fulfilled by this company."),
        query(
            "requester.formal_name",
            Kind::List,
            "Asked for by people of these names.",
        ),
        query(
            "requester.guid",
            Kind::List,
            "Asked for by these users; `current` is the caller.",
        ),
        query("exclude_requester.guid", Kind::List, "Not asked for by these users."),
        query("created_time_gte", Kind::Moment, "Asked for then or later."),
        query("created_time_lte", Kind::Moment, "Asked for then or earlier."),
        query("updated_time_gte", Kind::Moment, "Changed then or later."),
        query("updated_time_lte", Kind::Moment, "Changed then or earlier."),
        query(
            "sort",
            Kind::Text,
            "`created_time`, `updated_time`, `domain`, `requester.formal_name`; a `-` turns one around.",
        ),
        LIMIT,
        OFFSET,
    ])
    .answers::<Page<Shown>>(200, "A page of requests.")
    .refuses(&[400])
    .example(example!("listCompanyRequests"));

/// `GET /company-requests`: what the customer asked for.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let place = caller
        .checked(&web, Place::of(&params, (web.public_url(), PATH)))
        .await?;
    let keys = caller.checked(&web, keys(&params)).await?;
    let times = caller.checked(&web, times(&params)).await?;
    let page = (place.limit, place.offset);
    conventions::read(&web, caller, move |tx, call| {
        let filter = Filter {
            requesters: people(&params, "requester.guid", call.actor),
            not_requesters: people(&params, "exclude_requester.guid", call.actor),
            ..filter(&params, &times)
        };
        let listed = company_requests::list(tx, call, (&filter, &keys), page)?;
        wire::json(&place.page(listed.count, listed.requests.into_iter().map(shown).collect()))
    })
    .await
}

fn keys(params: &Params) -> Result<Vec<(Key, bool)>, ApiError> {
    let known = [
        ("created_time", Key::CreatedTime),
        ("updated_time", Key::UpdatedTime),
        ("domain", Key::Domain),
        ("requester.formal_name", Key::Requester),
    ];
    conventions::sort(params, &known)
}

fn times(params: &Params) -> Result<Filter, ApiError> {
    Ok(Filter {
        created_from: params.moment("created_time_gte")?,
        created_until: params.moment("created_time_lte")?,
        updated_from: params.moment("updated_time_gte")?,
        updated_until: params.moment("updated_time_lte")?,
        ..Filter::default()
    })
}

fn filter(params: &Params, times: &Filter) -> Filter {
    let texts = |name: &str| Some(params.list(name)?.into_iter().map(str::to_owned).collect());
    let statuses = params.list("status");
    let wants = |slug: &str| {
        statuses
            .as_ref()
            .is_some_and(|all| all.iter().any(|one| one.eq_ignore_ascii_case(slug)))
    };
    let fulfilled = match (wants("Pending"), wants("Fulfilled")) {
        (true, false) => Some(false),
        (false, true) => Some(true),
        _ => None,
    };
    let no_such_status = statuses.is_some() && fulfilled.is_none() && !wants("Pending");
    let domains = params
        .list("domain")
        .map(|domains| domains.into_iter().filter_map(emails::to_a_label).collect());
    Filter {
        search: params.text("q").map(str::to_owned),
        domains: if no_such_status { Some(Vec::new()) } else { domains },
        fulfilled,
        company: params.guid("company.guid"),
        requester_names: texts("requester.formal_name"),
        ..times.clone()
    }
}

fn people(params: &Params, name: &str, caller: &Actor) -> Option<Vec<Guid>> {
    let named = params.list(name)?.into_iter();
    let guids = named.filter_map(|text| match text {
        "current" => Some(caller.guid()),
        text => ids::parse_guid(text),
    });
    Some(guids.collect())
}

pub(crate) const CREATE: Operation =
    Operation::new("POST", "createCompanyRequest", tag::COMPANIES, "Ask for a company")
        .about(
            "The operator of the server sees it. A 400 names the field with its texts; where the domain was asked for \
         before, or a company has it, `details` shows the request or the company.",
        )
        .body::<Body>()
        .answers::<Shown>(201, "What was asked for.")
        .refuses(&[400, 403])
        .needs(Needs::Inviter)
        .example(example!("createCompanyRequest"));

/// `POST /company-requests`: ask for a company.
pub(crate) async fn create(write: Result<Write, ApiError>) -> Response {
    ask(write).await.unwrap_or_else(ApiError::into_fields)
}

async fn ask(write: Result<Write, ApiError>) -> Result<Response, ApiError> {
    let mut write = write?;
    let body = write.body.take();
    let work = write.answer(move |tx, call| {
        call.actor.require_account_inviter()?;
        let sent: Sent = wrapped(&body, "company_request")?;
        let asked = company_requests::ask(tx, call, &sent.domain, sent.subscription_type.as_deref())?;
        answer(asked)
    });
    work.await
}

fn answer(asked: Asked) -> OperationResult<(StatusCode, Vec<u8>)> {
    let (text, details) = match asked {
        Asked::Made(request) => return Ok((StatusCode::CREATED, wire::json(&shown(request))?)),
        Asked::Known(request) => ("A request for this domain was made already.", json!(shown(request))),
        Asked::There(there) => (
            "A company with this domain is in the inventory already.",
            json!({"company": company(there)}),
        ),
    };
    let body = json!({
        "domain": [text], "details": details,
        "detail": format!("domain: {text}"), "code": "invalid_field", "field": "domain",
    });
    Ok((StatusCode::BAD_REQUEST, wire::json(&body)?))
}

pub(crate) const GET: Operation = Operation::new("GET", "getCompanyRequest", tag::COMPANIES, "One company asked for")
    .answers::<Shown>(200, "What was asked for.")
    .refuses(&[404])
    .example(example!("getCompanyRequest"));

/// `GET /company-requests/{guid}`: one request.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
) -> Result<Response, ApiError> {
    conventions::read(&web, caller, move |tx, call| {
        wire::json(&shown(company_requests::find(tx, call, ids::parse_guid(&guid))?))
    })
    .await
}

pub(crate) const DELETE: Operation =
    Operation::new("DELETE", "deleteCompanyRequest", tag::COMPANIES, "Take a request back")
        .answers_nothing("It is gone.")
        .refuses(&[403, 404])
        .needs(Needs::Inviter)
        .example(example!("deleteCompanyRequest"));

/// `DELETE /company-requests/{guid}`: take a request back.
pub(crate) async fn delete(PathText(guid): PathText, write: Write) -> Result<Response, ApiError> {
    write
        .done(move |tx, call| company_requests::cancel(tx, call, ids::parse_guid(&guid)))
        .await
}

fn shown(request: CompanyRequest) -> Shown {
    Shown {
        guid: request.guid,
        domain: request.domain,
        status: if request.company.is_some() {
            "Fulfilled"
        } else {
            "Pending"
        },
        subscription_type: request.subscription_type,
        requester: Requester {
            guid: request.requester_guid,
            formal_name: request.requester_name,
        },
        created_time: request.created_at.rfc3339(),
        updated_time: request.updated_at.rfc3339(),
        company: request.company.map(company),
    }
}

fn company(there: Fulfilled) -> Company {
    Company {
        guid: there.guid,
        name: there.name,
        in_portfolio: there.in_portfolio,
        can_subscribe: !there.in_portfolio,
        can_view: there.in_portfolio,
        is_bundle: false,
        self_published: (there.kind == "SELF-PUBLISHED").then_some("public"),
    }
}
