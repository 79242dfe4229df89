//! The findings of a company in numbers.

use axum::extract::State;
use axum::response::Response;
use liaison_domain::{ids, risk_vectors};
use liaison_operations::findings::{self, Count};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::conventions::{self, FIELDS, Projected, Projection};
use crate::api::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText};
use crate::openapi::{Kind, Operation, example, query, tag};
use crate::state::Web;

/// The findings of a company in numbers.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingSummaries")]
struct Summaries {
    /// All of them.
    findings_count: i64,
    /// By risk vector, those that have any.
    findings_risk_vector_counts: Vec<VectorCount>,
    /// By severity category, with `expand=findings_severity_counts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    findings_severity_counts: Option<SeverityCounts>,
}

/// How many findings are of a risk vector.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingVectorCount")]
struct VectorCount {
    risk_vector: Vector,
    count: i64,
}

/// A risk vector.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingVector")]
struct Vector {
    slug: String,
    /// Its name for people.
    name: String,
}

/// How many findings are of each severity category.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingSeverityCounts")]
struct SeverityCounts {
    minor: i64,
    moderate: i64,
    material: i64,
    severe: i64,
}

pub(crate) const COUNT: Operation = Operation::new("GET", "countFindings", tag::FINDINGS, "Findings in numbers")
    .about("How many findings a company has, by risk vector, and by severity category where that is asked for.")
    .query(&[
        query(
            "affects_rating",
            Kind::Boolean,
            "Only those from which the rating suffers, or only the others.",
        ),
        query("expand", Kind::List, "`findings_severity_counts`."),
        FIELDS,
    ])
    .answers::<Projected<Summaries>>(200, "The numbers.")
    .refuses(&[400, 403, 404])
    .example(example!("countFindings"));

/// `GET /companies/{guid}/findings/summaries`.
pub(crate) async fn count(
    State(web): State<Web>,
    caller: Caller,
    PathText(company): PathText,
    params: Params,
) -> Result<Response, ApiError> {
    let affects_rating = caller.checked(&web, params.boolean("affects_rating")).await?;
    let expand = params.list("expand").unwrap_or_default();
    let by_severity = expand.contains(&"findings_severity_counts");
    let projection = Projection::of(&params);
    let read = web.app.read_as(caller.token_sha256, move |tx, call| {
        let counts = findings::summary(tx, call, ids::parse_guid(&company), affects_rating)?;
        wire::json(&projection.apply(summaries(&counts, by_severity)))
    });
    Ok(conventions::json(read.await?))
}

fn summaries(counts: &[Count], by_severity: bool) -> Summaries {
    let sum = |fits: &dyn Fn(&Count) -> bool| {
        counts
            .iter()
            .filter(|counted| fits(counted))
            .map(|counted| counted.count)
            .sum()
    };
    let mut slugs: Vec<&str> = counts.iter().map(|counted| counted.risk_vector.as_str()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let vectors = slugs.into_iter().map(|slug| VectorCount {
        risk_vector: Vector {
            slug: slug.to_owned(),
            name: risk_vectors::find(slug)
                .map_or(slug, |vector| vector.label())
                .to_owned(),
        },
        count: sum(&|counted| counted.risk_vector == slug),
    });
    let of = |category: &str| sum(&|counted| counted.severity == category);
    Summaries {
        findings_count: sum(&|_| true),
        findings_risk_vector_counts: vectors.collect(),
        findings_severity_counts: by_severity.then(|| SeverityCounts {
            minor: of("minor"),
            moderate: of("moderate"),
            material: of("material"),
            severe: of("severe"),
        }),
    }
}
