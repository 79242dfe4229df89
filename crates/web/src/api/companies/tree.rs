//! The tree of a company.

use axum::extract::State;
use axum::response::Response;
use liaison_domain::companies::CompanyType;
use liaison_domain::{Guid, ids, ratings};
use liaison_operations::companies;
use schemars::JsonSchema;
use serde::Serialize;

use super::shape::confidence;
use crate::api::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText};
use crate::openapi::{Kind, Operation, example, query as parameter, tag};
use crate::state::Web;

/// A company in its tree.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyTree")]
struct Node {
    guid: Guid,
    name: String,
    industry: Option<String>,
    /// The newest rating.
    rating: Option<i64>,
    /// basic, intermediate or advanced.
    rating_category: Option<&'static str>,
    /// The type of the company, for people.
    rating_type: &'static str,
    /// Always null: Liaison keeps ratings, not security grades.
    security_grade: Option<String>,
    is_primary: bool,
    /// Whether the customer follows it.
    is_subscribed: bool,
    is_bundled: bool,
    is_service_provider: bool,
    /// Whether it is the customer's own.
    has_control: bool,
    has_delegated_security_controls: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_shell: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'static str>,
    /// Always empty: Liaison knows no parents of companies.
    children: [Empty; 0],
}

/// A company below another.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyTreeChild")]
struct Empty {}

pub(crate) const TREE: Operation = Operation::new("GET", "getCompanyTree", tag::COMPANIES, "The tree of a company")
    .about("Liaison knows no parents of companies, so the tree is the company itself.")
    .query(&[parameter("expand", Kind::List, "`is_shell`, `confidence`, or both.")])
    .answers::<Node>(200, "The company, as the root of its tree.")
    .refuses(&[403, 404])
    .example(example!("getCompanyTree"));

/// `GET /companies/{guid}/company-tree`: the company as the root of its tree.
pub(crate) async fn tree(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
    params: Params,
) -> Result<Response, ApiError> {
    let expand = params.list("expand").unwrap_or_default();
    let (shell, confident) = (expand.contains(&"is_shell"), expand.contains(&"confidence"));
    conventions::read(&web, caller, move |tx, call| {
        let node = companies::tree(tx, call, ids::parse_guid(&guid))?;
        wire::json(&Node {
            guid: node.company.guid,
            name: node.company.name,
            industry: node.company.industry_name,
            rating: node.rating,
            rating_category: node.rating.map(|rating| ratings::range(rating).slug),
            rating_type: CompanyType::parse(&node.company.kind)
                .unwrap_or(CompanyType::Private)
                .name(),
            security_grade: None,
            is_primary: node.is_primary,
            is_subscribed: node.is_subscribed,
            is_bundled: false,
            is_service_provider: false,
            has_control: node.has_control,
            has_delegated_security_controls: false,
            is_shell: shell.then_some(false),
            confidence: confident.then(|| confidence(&node.company.kind)),
            children: [],
        })
    })
    .await
}
