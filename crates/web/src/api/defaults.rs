//! Words, ranges and colours that are the same for everybody: `/defaults`.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::action_plans::Plan;
use liaison_domain::people::Role;
use liaison_domain::portfolio::{RELATIONSHIPS, SUBSCRIPTION_TYPES};
use liaison_domain::risk_vectors::{self, RiskVector};
use liaison_domain::{portfolio, ratings};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::Caller;
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

/// Words, ranges and colours.
#[derive(Serialize, JsonSchema)]
struct Defaults {
    subscription_types: Vec<SubscriptionType>,
    /// Why a request is sent.
    vendor_access_request_reasons: Vec<Described>,
    /// Where a request stands.
    vendor_access_request_status: Vec<Described>,
    /// Filters of the portfolio, in the order in which they are shown.
    filter_order: Vec<&'static str>,
    risk_vectors: RiskVectors,
    risk_categories: Vec<&'static str>,
    relationship_types: Vec<Presented>,
    /// Always empty: security incidents have no categories here.
    public_disclosure_categories: Vec<Value>,
    /// Words for what is to be done about a vendor, by how many there are.
    vendor_action_plan_names: BTreeMap<&'static str, Vec<&'static str>>,
    rating_ranges: BTreeMap<&'static str, RatingRange>,
    roles: Vec<RolePresented>,
    /// Always empty: nothing here is sorted by them.
    nist_categories: Vec<Value>,
    /// Always empty: there are no such assessments here.
    web_appsec_assessments: BTreeMap<String, Value>,
}

/// How a customer follows a company.
#[derive(Serialize, JsonSchema)]
struct SubscriptionType {
    name: &'static str,
    api_key_name: &'static str,
    display_name: &'static str,
    /// Always null: no subscription ends by itself.
    duration: Option<i64>,
}

/// A word with its name and what it means.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DescribedWord")]
struct Described {
    slug: &'static str,
    name: &'static str,
    description: &'static str,
}

/// A word with its name.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PresentedWord")]
struct Presented {
    api_key_name: &'static str,
    display_name: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct RolePresented {
    slug: &'static str,
    presentation: &'static str,
}

/// Categories of findings that are graded.
#[derive(Serialize, JsonSchema)]
struct RiskVectors {
    /// `#rrggbb` of the letters and of `N/A`.
    color_by_grade: BTreeMap<&'static str, &'static str>,
    details_by_name: BTreeMap<&'static str, VectorDetails>,
    category_weights: BTreeMap<&'static str, Weight>,
    vector_weights: BTreeMap<&'static str, VectorWeight>,
}

/// One of them.
#[derive(Serialize, JsonSchema)]
struct VectorDetails {
    slug: &'static str,
    /// The short name of older clients; the slug where none is known.
    id: &'static str,
    category: &'static str,
    /// Place in lists, from 1.
    order: usize,
    /// Always null: ratings are not computed here.
    impact: Option<&'static str>,
    /// Always false.
    beta: bool,
    /// Always false: findings come by import and are not fetched anew.
    refreshable: bool,
}

/// How much a category counts in a rating.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CategoryWeight")]
struct Weight {
    description: &'static str,
    /// Always null: ratings are not computed here.
    weight: Option<f64>,
}

/// How much a risk vector counts in a rating.
#[derive(Serialize, JsonSchema)]
struct VectorWeight {
    slug: &'static str,
    description: &'static str,
    /// Always null: ratings are not computed here.
    weight: Option<f64>,
}

/// A part of the scale of ratings.
#[derive(Serialize, JsonSchema)]
struct RatingRange {
    name: &'static str,
    min: i64,
    max: i64,
    color: &'static str,
    description: String,
}

/// What every weight says.
const NO_WEIGHT: &str = "Ratings come by import; how they were computed is not known here.";

pub(crate) const GET: Operation = Operation::new("GET", "getDefaults", tag::SERVER, "Words, ranges and colours")
    .about("The same for everybody: what a client needs to show statuses, reasons, risk vectors and ratings.")
    .answers::<Defaults>(200, "The words.")
    .example(example!("getDefaults"));

/// `GET /defaults`.
pub(crate) async fn get(State(web): State<Web>, caller: Caller) -> Result<Response, ApiError> {
    let read = |_: &mut liaison_db::Tx<'_>, _: &liaison_operations::Call<'_>| wire::json(&defaults());
    conventions::read(&web, caller, read).await
}

fn defaults() -> Defaults {
    Defaults {
        subscription_types: SUBSCRIPTION_TYPES.iter().map(subscription_type).collect(),
        vendor_access_request_reasons: Reason::ALL.into_iter().map(reason).collect(),
        vendor_access_request_status: Status::ALL.into_iter().map(status).collect(),
        filter_order: portfolio::FILTERS.to_vec(),
        risk_vectors: risk_vectors(),
        risk_categories: risk_vectors::categories().collect(),
        relationship_types: RELATIONSHIPS
            .iter()
            .map(|word| Presented {
                api_key_name: word.slug,
                display_name: word.name,
            })
            .collect(),
        public_disclosure_categories: Vec::new(),
        vendor_action_plan_names: BTreeMap::from([("3", Plan::ALL.map(Plan::slug).to_vec())]),
        rating_ranges: ratings::RANGES
            .iter()
            .map(|range| (range.slug, rating_range(range)))
            .collect(),
        roles: Role::ALL
            .into_iter()
            .map(|role| RolePresented {
                slug: role.slug(),
                presentation: role.name(),
            })
            .collect(),
        nist_categories: Vec::new(),
        web_appsec_assessments: BTreeMap::new(),
    }
}

fn subscription_type(word: &portfolio::Word) -> SubscriptionType {
    SubscriptionType {
        name: word.slug,
        api_key_name: word.slug,
        display_name: word.name,
        duration: None,
    }
}

fn reason(reason: Reason) -> Described {
    Described {
        slug: reason.slug(),
        name: reason.name(),
        description: reason.description(),
    }
}

fn status(status: Status) -> Described {
    Described {
        slug: status.slug(),
        name: status.name(),
        description: status.description(),
    }
}

fn risk_vectors() -> RiskVectors {
    let letters = ratings::GRADES.iter().map(|(letter, color)| (*letter, *color));
    let details = risk_vectors::ALL
        .iter()
        .zip(1..)
        .map(|(vector, order)| (vector.name, details(vector, order)));
    let category = |category| {
        let weight = Weight {
            description: NO_WEIGHT,
            weight: None,
        };
        (category, weight)
    };
    let vector = |vector: &RiskVector| {
        let weight = VectorWeight {
            slug: vector.slug,
            description: NO_WEIGHT,
            weight: None,
        };
        (vector.name, weight)
    };
    RiskVectors {
        color_by_grade: letters.chain([("N/A", ratings::grade_color("N/A"))]).collect(),
        details_by_name: details.collect(),
        category_weights: risk_vectors::categories().map(category).collect(),
        vector_weights: risk_vectors::ALL.iter().map(vector).collect(),
    }
}

fn details(vector: &RiskVector, order: usize) -> VectorDetails {
    VectorDetails {
        slug: vector.slug,
        id: if vector.short_id.is_empty() {
            vector.slug
        } else {
            vector.short_id
        },
        category: vector.category,
        order,
        impact: None,
        beta: false,
        refreshable: false,
    }
}

fn rating_range(range: &ratings::Range) -> RatingRange {
    RatingRange {
        name: range.name,
        min: range.min,
        max: range.max,
        color: range.color,
        description: format!("Ratings from {} to {}.", range.min, range.max),
    }
}
