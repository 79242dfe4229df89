//! The portfolio in numbers, and the values by which it can be filtered.

use axum::extract::State;
use axum::response::Response;
use liaison_operations::portfolio::{self, Average, Filter};
use schemars::JsonSchema;
use serde::Serialize;

use super::filters::guid_choice;
use crate::api::conventions::{self, FIELDS, Projected, Projection};
use crate::api::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params};
use crate::openapi::{Kind, Operation, Parameter, example, query, tag};
use crate::state::Web;

/// The portfolio in numbers.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortfolioStatistics")]
struct Statistics {
    #[serde(skip_serializing_if = "Option::is_none")]
    ratings: Option<Ratings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk_vector_averages: Option<Vec<RiskVectorAverage>>,
}

/// Ratings; companies without one are left out.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortfolioRatingStatistics")]
struct Ratings {
    entity_count_by_bucket: Buckets,
    max_rating: Option<i64>,
    median_rating: Option<i64>,
    min_rating: Option<i64>,
}

/// Companies in each range.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortfolioRatingBuckets")]
struct Buckets {
    basic: i64,
    intermediate: i64,
    advanced: i64,
}

/// The grades in one risk vector.
#[derive(Serialize, JsonSchema)]
struct RiskVectorAverage {
    risk_vector: &'static str,
    /// The short id, or the slug where there is none.
    risk_vector_id: &'static str,
    risk_vector_slug: &'static str,
    average_grade: &'static str,
    /// Companies with a worse grade than the average.
    companies_below_average: i64,
    /// The same in hundredths of all that have a grade.
    percent_companies_below_average: f64,
}

const FOLDER: Parameter = query("folder", Kind::Text, "The guid of a folder.");
const TIER: Parameter = query("tier", Kind::Text, "The guid of a tier.");

pub(crate) const STATISTICS: Operation = Operation::new(
    "GET",
    "getPortfolioStatistics",
    tag::PORTFOLIO,
    "The portfolio in numbers",
)
.about("Ratings, and average grades by risk vector: those of the newest rating of each company, or of a day.")
.query(&[
    FOLDER,
    TIER,
    query(
        "types",
        Kind::List,
        "ratings, risk_vector_averages, or both; both where nothing is said.",
    ),
    query("rating_date", Kind::Date, "The ratings as they were on this day."),
])
.answers::<Statistics>(200, "The numbers.")
.refuses(&[400])
.example(example!("getPortfolioStatistics"));

/// `GET /portfolio/statistics`: ratings and grades of the portfolio.
pub(crate) async fn statistics(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let asked = || {
        let types = params
            .list("types")
            .unwrap_or_else(|| vec!["ratings", "risk_vector_averages"]);
        if !types
            .iter()
            .all(|kind| matches!(*kind, "ratings" | "risk_vector_averages"))
        {
            return Err(ApiError::parameter(
                "types",
                "must be ratings, risk_vector_averages, or both",
            ));
        }
        let wants = (types.contains(&"ratings"), types.contains(&"risk_vector_averages"));
        Ok((part(&params), params.date("rating_date")?.map(str::to_owned), wants))
    };
    let (filter, day, wants) = caller.checked(&web, asked()).await?;
    conventions::read(&web, caller, move |tx, call| {
        let day = day.as_deref();
        let ratings = match wants.0 {
            true => Some(portfolio::rating_statistics(tx, call, &filter, day)?),
            false => None,
        };
        let averages = match wants.1 {
            true => Some(portfolio::grade_averages(tx, call, &filter, day)?),
            false => None,
        };
        wire::json(&Statistics {
            ratings: ratings.as_ref().map(rated),
            risk_vector_averages: averages.map(|averages| averages.iter().map(average).collect()),
        })
    })
    .await
}

/// A tier and a folder are one here.
fn part(params: &Params) -> Filter {
    Filter {
        tiers: guid_choice(params, "tier"),
        folders: guid_choice(params, "folder"),
        ..Filter::default()
    }
}

fn rated(ratings: &portfolio::Ratings) -> Ratings {
    let [basic, intermediate, advanced] = ratings.in_ranges;
    Ratings {
        entity_count_by_bucket: Buckets {
            basic,
            intermediate,
            advanced,
        },
        max_rating: ratings.max,
        median_rating: ratings.median,
        min_rating: ratings.min,
    }
}

fn average(average: &Average) -> RiskVectorAverage {
    let vector = average.vector;
    let percent = average.below as f64 * 100.0 / average.graded as f64;
    RiskVectorAverage {
        risk_vector: vector.name,
        risk_vector_id: if vector.short_id.is_empty() {
            vector.slug
        } else {
            vector.short_id
        },
        risk_vector_slug: vector.slug,
        average_grade: average.grade,
        companies_below_average: average.below,
        percent_companies_below_average: (percent * 100.0).round() / 100.0,
    }
}

/// The values that occur in the portfolio, by which it can be filtered.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortfolioSummaries")]
struct Occurring {
    /// Always empty: not recorded here.
    countries: [String; 0],
    /// Names of industries.
    industries: Vec<String>,
    /// Names of infections in findings.
    infections: Vec<String>,
    /// Ports in findings, as `Port 443`.
    open_ports: Vec<String>,
    /// Always empty: not recorded here.
    product_types: [String; 0],
    /// Always empty: not recorded here.
    products: [String; 0],
    /// Always empty: not recorded here.
    providers: [String; 0],
    /// Always empty: not recorded here.
    software: [String; 0],
    /// Slugs.
    subscription_types: Vec<String>,
    /// Types of companies.
    types: Vec<String>,
    /// Names of vulnerabilities in findings.
    vulnerabilities: Vec<String>,
}

const SUMMARY_PARAMETERS: &[Parameter] = &[FIELDS, FOLDER, TIER];
const ABOUT: &str = "Each once, sorted. Of infections, ports and vulnerabilities 1000 each are told, from 200 000 findings at \
                     most; leave them out by `fields` where they are not needed.";

pub(crate) const SUMMARIES: Operation = Operation::new(
    "GET",
    "getPortfolioSummaries",
    tag::PORTFOLIO,
    "Values by which the portfolio can be filtered",
)
.about(ABOUT)
.query(SUMMARY_PARAMETERS)
.answers::<Projected<Occurring>>(200, "The values.")
.example(example!("getPortfolioSummaries"));

pub(crate) const OLDER_SUMMARIES: Operation = Operation::new(
    "GET",
    "getOlderPortfolioSummaries",
    tag::PORTFOLIO,
    "Values by which the portfolio can be filtered",
)
.about("The same as under v2.")
.query(SUMMARY_PARAMETERS)
.answers::<Projected<Occurring>>(200, "The values.")
.example(example!("getOlderPortfolioSummaries"));

/// `GET /portfolio/summaries`: the values that occur in the portfolio.
pub(crate) async fn summaries(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let (filter, projection) = (part(&params), Projection::of(&params));
    conventions::read(&web, caller, move |tx, call| {
        let of_findings = ["infections", "open_ports", "vulnerabilities"];
        let with_findings = of_findings.iter().any(|field| projection.wants(field));
        let found = portfolio::occurring(tx, call, &filter, with_findings)?;
        wire::json(
            &projection.apply(Occurring {
                countries: [],
                industries: found.industries,
                infections: found.infections.into_iter().collect(),
                open_ports: found
                    .open_ports
                    .into_iter()
                    .map(|port| format!("Port {port}"))
                    .collect(),
                product_types: [],
                products: [],
                providers: [],
                software: [],
                subscription_types: found.subscription_types,
                types: found.types,
                vulnerabilities: found.vulnerabilities.into_iter().collect(),
            }),
        )
    })
    .await
}
