//! `/companies/search`: finding a company in the inventory.

use axum::extract::State;
use axum::response::Response;
use liaison_domain::{Guid, ids, limits};
use liaison_operations::companies::{self, Hit, Query};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{links, shape};
use crate::api::conventions::{self, LIMIT, OFFSET, Page, Place, Projected, Projection};
use crate::api::wire;
use crate::errors::ApiError;
use crate::extract::{Asked, Caller, Params};
use crate::openapi::{Kind, Operation, Parameter, example, query as parameter, tag};
use crate::state::Web;

/// A company that was found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanySearchResult")]
struct Found {
    guid: Guid,
    name: String,
    description: Option<String>,
    /// The name of its industry.
    industry: Option<String>,
    industry_slug: Option<String>,
    primary_domain: String,
    website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Projected<Details>>,
}

/// What `expand=details` adds.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanySearchDetails")]
struct Details {
    /// Whether the caller's customer follows it.
    in_portfolio: bool,
    /// Whether it could be taken out of the portfolio again.
    can_unsubscribe: bool,
    /// The slug of its subscription.
    subscription_type: Option<String>,
    confidence: &'static str,
    /// Customers that follow it.
    customer_monitoring_count: i64,
    employee_count: Option<i64>,
    has_company_tree: bool,
    has_delegated_security_controls: bool,
    is_bundled: bool,
    is_csp: bool,
    is_primary: bool,
    is_service_provider: bool,
    /// An image made of its name.
    logo: String,
    /// Always null: what stands for a company is told with its details.
    primary_company: Option<String>,
    /// Always null.
    related_csp_entity: Option<String>,
    /// `public` where it published itself.
    self_published: Option<&'static str>,
    /// Always 0: searches are not recorded.
    search_history_count: i64,
    /// Always empty: nothing here needs one.
    search_token: &'static str,
}

const PARAMETERS: &[Parameter] = &[
    parameter(
        "name",
        Kind::Text,
        "Words of the name, the short name or a domain; each may be cut off at its end, and all have to be found.",
    ),
    parameter(
        "domain",
        Kind::Text,
        "Domains of the company, or below them, or the beginning of one; 100 at most, with commas.",
    ),
    parameter(
        "guids",
        Kind::List,
        "Guids, with commas; name and domain make no difference then.",
    ),
    parameter("industry", Kind::List, "Names of industries, with commas, in any case."),
    parameter("industry_slug", Kind::List, "Slugs of industries, with commas."),
    parameter(
        "in_portfolio",
        Kind::Boolean,
        "Only companies that the customer follows, or only others.",
    ),
    parameter(
        "scope",
        Kind::OneOf(&["spm"]),
        "Only the customer's own company and its subsidiaries.",
    ),
    parameter(
        "expand",
        Kind::List,
        "`details`, or some of them: `details.in_portfolio,details.logo`.",
    ),
    parameter(
        "use_db",
        Kind::Boolean,
        "Changes nothing: every search is in the database.",
    ),
    parameter(
        "include_non_sellable",
        Kind::Boolean,
        "Changes nothing: no company is left out for this.",
    ),
    parameter(
        "include_provisional",
        Kind::Boolean,
        "Changes nothing: no company is left out for this.",
    ),
    parameter(
        "include_low_confidence",
        Kind::Boolean,
        "Changes nothing: no company is left out for this.",
    ),
    LIMIT,
    OFFSET,
];

const ABOUT: &str = "Everybody finds every company by its name and domains, except those that only their own customer can \
                     see. Companies come in the order of the words they are found by, then by name. `count` is exact up \
                     to 100; beyond it, it says how many are known, and `links` lead on.";

pub(crate) const SEARCH: Operation = Operation::new("GET", "searchCompanies", tag::COMPANIES, "Search the inventory")
    .about(ABOUT)
    .query(PARAMETERS)
    .answers::<Page<Found>>(200, "A page of what was found.")
    .refuses(&[400])
    .example(example!("searchCompanies"));

pub(crate) const QUERY: Operation = Operation::new(
    "POST",
    "querySearchCompanies",
    tag::COMPANIES,
    "Search the inventory, asked in a body",
)
.about("The same for lists that are too long for an address. The words of several names have to be found together.")
.query(PARAMETERS)
.body::<Body>()
.answers::<Page<Found>>(200, "A page of what was found.")
.refuses(&[400, 413, 415])
.example(example!("querySearchCompanies"));

/// The parameters of the query, lists as arrays. What stands in the body counts.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CompanySearchQuery")]
#[expect(dead_code, reason = "the body is read as a query; this is its description")]
pub(crate) struct Body {
    name: Option<Vec<String>>,
    domain: Option<Vec<String>>,
    guids: Option<Vec<Guid>>,
    industry: Option<Vec<String>>,
    industry_slug: Option<Vec<String>>,
    in_portfolio: Option<bool>,
    scope: Option<Scope>,
    expand: Option<Vec<String>>,
    limit: Option<u32>,
    offset: Option<u32>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "CompanySearchScope")]
enum Scope {
    Spm,
}

/// `GET /companies/search`: find companies by words and domains.
pub(crate) async fn search(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    answer(&web, caller, &params).await
}

/// `POST /companies/search`: the same, asked in a body.
pub(crate) async fn query(State(web): State<Web>, asked: Asked) -> Result<Response, ApiError> {
    answer(&web, asked.caller, &asked.params).await
}

async fn answer(web: &Web, caller: Caller, params: &Params) -> Result<Response, ApiError> {
    let asked = || {
        let place = Place::of(params, (web.public_url(), "/ratings/v1/companies/search"))?;
        Ok((place, wish(params)?))
    };
    let (place, wish) = caller.checked(web, asked()).await?;
    let (details, public_url) = (expansion(params), web.public_url().to_owned());
    conventions::read(web, caller, move |tx, call| {
        let counts = details
            .as_ref()
            .is_some_and(|details| details.wants("customer_monitoring_count"));
        let hits = companies::search(tx, call, &wish, ((place.limit, place.offset), counts))?;
        let found = hits.companies.into_iter();
        let found = found
            .map(|hit| found_by(&public_url, (hit, details.as_ref())))
            .collect();
        wire::json(&place.page(hits.count, found))
    })
    .await
}

fn wish(params: &Params) -> Result<Query, ApiError> {
    for ignored in [
        "use_db",
        "include_non_sellable",
        "include_provisional",
        "include_low_confidence",
    ] {
        params.boolean(ignored)?;
    }
    let scope = params.text("scope");
    if scope.is_some_and(|scope| scope != "spm") {
        return Err(ApiError::parameter("scope", "must be spm"));
    }
    let guids = params.list("guids");
    let domains = params.list("domain");
    let most = limits::DOMAINS_PER_CALL;
    if domains.as_ref().is_some_and(|list| list.len() > most) {
        return Err(ApiError::parameter("domain", &format!("takes {most} entries at most")));
    }
    let lower = |list: Vec<&str>| list.into_iter().map(str::to_lowercase).collect();
    Ok(Query {
        name: params.text("name").map(str::to_owned),
        domains: domains.map(|list| list.into_iter().map(str::to_owned).collect()),
        guids: guids.map(|list| list.into_iter().filter_map(ids::parse_guid).collect()),
        industry_names: params.list("industry").map(lower),
        industries: params
            .list("industry_slug")
            .map(|list| list.into_iter().map(str::to_owned).collect()),
        in_portfolio: params.boolean("in_portfolio")?,
        subsidiaries: scope.is_some(),
    })
}

/// Which details are wanted, if any.
fn expansion(params: &Params) -> Option<Projection> {
    let wanted = params.list("expand")?;
    if wanted.contains(&"details") {
        return Some(Projection::default());
    }
    let names = wanted.into_iter().filter_map(|name| name.strip_prefix("details."));
    let names: Vec<String> = names.map(str::to_owned).collect();
    (!names.is_empty()).then(|| Projection::named(names))
}

fn found_by(public_url: &str, (hit, details): (Hit, Option<&Projection>)) -> Found {
    let Hit {
        found,
        followed,
        followers,
    } = hit;
    let details = details.map(|projection| {
        projection.apply(Details {
            in_portfolio: followed.is_some(),
            can_unsubscribe: followed.is_some(),
            subscription_type: followed.flatten(),
            confidence: shape::confidence(&found.kind),
            customer_monitoring_count: followers,
            employee_count: found.people_count,
            has_company_tree: false,
            has_delegated_security_controls: false,
            is_bundled: false,
            is_csp: false,
            is_primary: false,
            is_service_provider: false,
            logo: links(public_url, found.guid).logo,
            primary_company: None,
            related_csp_entity: None,
            self_published: (found.kind == "SELF-PUBLISHED").then_some("public"),
            search_history_count: 0,
            search_token: "",
        })
    });
    Found {
        guid: found.guid,
        name: found.name,
        description: found.description,
        industry: found.industry_name,
        industry_slug: found.industry_slug,
        primary_domain: found.primary_domain,
        website: found.homepage,
        details,
    }
}
