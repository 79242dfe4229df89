//! The parameters of a portfolio's list, for the published document: in a query, and in a body.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::conventions::{FIELDS, FORMAT, LIMIT, OFFSET};
use crate::openapi::{Kind, Parameter, query};

const NULL: &str = "with commas, or `null` for companies that have none.";

pub(super) const LIST: &[Parameter] = &[
    query(
        "q",
        Kind::Text,
        "Words of the name, the short name or a domain; each may be cut off at its end.",
    ),
    query("name_q", Kind::Text, "The same as `q`."),
    LIMIT,
    OFFSET,
    FORMAT,
    FIELDS,
    query(
        "sort",
        Kind::List,
        "name, rating, industry.name, life_cycle.name, relationship.name, subscription_type.name or tier; the largest \
         first with a - before it. Companies without a value come last.",
    ),
    query("guid", Kind::List, "Guids of companies, with commas."),
    query(
        "folder",
        Kind::List,
        "Guids of folders, with commas, or `null` for companies that are in none.",
    ),
    query(
        "tier",
        Kind::List,
        "Guids of tiers, with commas, or `null` for companies that are in none.",
    ),
    query(
        "type",
        Kind::List,
        "CURATED, PROVISIONAL, SELF-PUBLISHED, PRIVATE, COUNTRY, with commas.",
    ),
    query("rating", Kind::Integer, "The newest rating."),
    query("rating_lt", Kind::Integer, "The newest rating is below this."),
    query("rating_lte", Kind::Integer, "The newest rating is at most this."),
    query("rating_gt", Kind::Integer, "The newest rating is above this."),
    query("rating_gte", Kind::Integer, "The newest rating is at least this."),
    query("industry.slug", Kind::List, "Slugs of industries, with commas."),
    query(
        "industry.name",
        Kind::List,
        "Names of industries, with commas, in any case.",
    ),
    query("relationship.slug", Kind::List, NULL),
    query("life_cycle.slug", Kind::List, NULL),
    query("subscription_type.slug", Kind::List, NULL),
    query(
        "exclude_subscription_type.slug",
        Kind::List,
        "Slugs that a company must not have, with commas.",
    ),
    query(
        "exclude_subscription_type",
        Kind::List,
        "The same as `exclude_subscription_type.slug`.",
    ),
    query(
        "risk_vectors.slug",
        Kind::List,
        "Companies with a grade in one of these risk vectors.",
    ),
    query(
        "risk_vectors.grade",
        Kind::List,
        "Companies with one of these grades (A, B, C, D, F) in any risk vector.",
    ),
    query(
        "filter_group",
        Kind::List,
        "`risk_vectors`: one of the grades in one of the risk vectors.",
    ),
    query(
        "open_ports",
        Kind::List,
        "Companies with a finding of one of these ports: `443` or `Port 443`.",
    ),
    query(
        "vulnerabilities",
        Kind::List,
        "Companies with a finding that names one of these vulnerabilities.",
    ),
    query(
        "infections",
        Kind::List,
        "Companies with a finding that names one of these infections.",
    ),
    query(
        "visibility",
        Kind::List,
        "`PRIVATE`: companies of that type; `PRIMARY`: all others.",
    ),
    query(
        "is_self_published",
        Kind::Boolean,
        "Whether the type is SELF-PUBLISHED.",
    ),
    query(
        "scope",
        Kind::OneOf(&["spm"]),
        "The customer's own company and its subsidiaries.",
    ),
    query(
        "show_ips",
        Kind::Boolean,
        "Only companies whose addresses are shown whole: the customer's own.",
    ),
    query(
        "show_event_evidence",
        Kind::Boolean,
        "Changes nothing: every finding has its evidence.",
    ),
    query("countries", Kind::List, "Not recorded here: finds nothing."),
    query("regions", Kind::List, "Not recorded here: finds nothing."),
    query(
        "security_incident_categories",
        Kind::List,
        "Not recorded here: finds nothing.",
    ),
    query("software.name", Kind::List, "Not recorded here: finds nothing."),
    query("software.category", Kind::List, "Not recorded here: finds nothing."),
    query("providers", Kind::List, "Not recorded here: finds nothing."),
    query("products", Kind::List, "Not recorded here: finds nothing."),
    query("product_types", Kind::List, "Not recorded here: finds nothing."),
    query(
        "vendor_action_plan",
        Kind::List,
        "What there is to do by tier and rating: `escalate`, `review` or `monitor`.",
    ),
];

/// A list, or its entries with commas.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the body is read as a query; this is its description")]
pub(super) enum Entries {
    Several(Vec<String>),
    WithCommas(String),
}

/// The usual parameters of the query, the lists also as arrays; the others may stand here too. What stands in the body
/// counts.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "the body is read as a query; this is its description")]
pub(super) struct PortfolioQuery {
    q: Option<String>,
    name_q: Option<String>,
    limit: Option<u32>,
    offset: Option<u32>,
    fields: Option<Entries>,
    sort: Option<String>,
    guid: Option<Entries>,
    folder: Option<Entries>,
    tier: Option<Entries>,
    r#type: Option<Entries>,
    rating_lt: Option<i64>,
    rating_lte: Option<i64>,
    rating_gt: Option<i64>,
    rating_gte: Option<i64>,
    #[serde(rename = "industry.slug")]
    industry_slug: Option<Entries>,
    #[serde(rename = "relationship.slug")]
    relationship_slug: Option<Entries>,
    #[serde(rename = "life_cycle.slug")]
    life_cycle_slug: Option<Entries>,
    #[serde(rename = "subscription_type.slug")]
    subscription_type_slug: Option<Entries>,
    #[serde(rename = "risk_vectors.slug")]
    risk_vectors_slug: Option<Entries>,
    #[serde(rename = "risk_vectors.grade")]
    risk_vectors_grade: Option<Entries>,
    open_ports: Option<Entries>,
    vulnerabilities: Option<Entries>,
    infections: Option<Entries>,
}
