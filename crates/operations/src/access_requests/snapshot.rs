//! What a request keeps of its day: rating, grades and findings, in the JSON that the API answers.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_domain::risk_vectors::{self, RiskVector};
use serde::{Deserialize, Serialize};

use super::accepted::Accepted;
use crate::{Error, Result};

pub(super) struct Snapshot {
    pub(super) date: Option<String>,
    pub(super) rating: Option<i64>,
    pub(super) risk_vectors_mask: i64,
    pub(super) risk_vectors_json: String,
    pub(super) observations_count: i64,
    pub(super) observations_json: String,
    pub(super) third_parties_json: String,
}

/// A graded risk vector as a rating stores it.
#[derive(Deserialize)]
struct Graded {
    slug: String,
    grade: Option<String>,
    percentile: Option<f64>,
}

#[derive(Serialize)]
struct ContextVector<'v> {
    grade: Option<&'v str>,
    percentile: Option<f64>,
    risk_vector: VectorName,
}

#[derive(Serialize)]
struct VectorName {
    name: &'static str,
    slug: &'static str,
}

#[derive(Serialize)]
struct Party<'p> {
    email: &'p str,
    name: &'p str,
}

impl Snapshot {
    /// Reads the company's newest rating and writes down what concerns this request.
    pub(super) fn take(tx: &mut Tx<'_>, accepted: &Accepted) -> Result<Snapshot> {
        let vectors = concerned(accepted);
        let newest = liaison_store::ratings::find_newest(tx, accepted.company_guid)?;
        let graded: Vec<Graded> = match &newest {
            Some(rating) if !vectors.is_empty() => serde_json::from_str(&rating.risk_vectors).map_err(broken)?,
            _ => Vec::new(),
        };
        let context: Vec<_> = vectors.iter().map(|vector| in_context(vector, &graded)).collect();
        let parties = &accepted.draft.third_parties;
        let parties: Vec<_> = parties
            .iter()
            .map(|person| Party {
                email: &person.email,
                name: &person.name,
            })
            .collect();
        Ok(Snapshot {
            risk_vectors_mask: risk_vectors::mask(vectors),
            risk_vectors_json: json(&context)?,
            observations_count: i64::try_from(accepted.checked.observations.len()).unwrap_or(i64::MAX),
            observations_json: json(&accepted.checked.observations)?,
            third_parties_json: json(&parties)?,
            rating: newest.as_ref().and_then(|rating| rating.rating),
            date: newest.map(|rating| rating.rating_date),
        })
    }
}

/// The vectors that the draft names, then those of its findings.
fn concerned(accepted: &Accepted) -> Vec<&'static RiskVector> {
    let mut vectors = accepted.checked.risk_vectors.clone();
    for finding in &accepted.findings {
        if let Some(vector) = risk_vectors::find(&finding.risk_vector).filter(|vector| !vectors.contains(vector)) {
            vectors.push(vector);
        }
    }
    vectors
}

fn in_context<'g>(vector: &&'static RiskVector, graded: &'g [Graded]) -> ContextVector<'g> {
    let known = graded.iter().find(|known| known.slug == vector.slug);
    ContextVector {
        grade: known.and_then(|known| known.grade.as_deref()),
        percentile: known.and_then(|known| known.percentile),
        risk_vector: VectorName {
            name: vector.name,
            slug: vector.slug,
        },
    }
}

/// A company's newest rating, as much of it as concerns a request.
#[derive(Clone, Debug)]
pub struct ContextNow {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// 250 to 900, or none.
    pub rating: Option<i64>,
    /// The risk vectors of the request, in the JSON of its own context.
    pub risk_vectors_json: String,
}

/// The newest rating of a company with the vectors that a request's own context names.
pub(super) fn context_now(tx: &mut Tx<'_>, company: Guid, then_json: &str) -> Result<Option<ContextNow>> {
    let Some(newest) = liaison_store::ratings::find_newest(tx, company)? else {
        return Ok(None);
    };
    let then: Vec<Named> = read(then_json)?;
    let graded: Vec<Graded> = read(&newest.risk_vectors)?;
    let vectors: Vec<_> = then
        .iter()
        .filter_map(|named| risk_vectors::find(&named.risk_vector.slug))
        .collect();
    let context: Vec<_> = vectors.iter().map(|vector| in_context(vector, &graded)).collect();
    Ok(Some(ContextNow {
        date: newest.rating_date,
        rating: newest.rating,
        risk_vectors_json: json(&context)?,
    }))
}

/// A risk vector as a stored context names it.
#[derive(Deserialize)]
struct Named {
    risk_vector: NamedVector,
}

#[derive(Deserialize)]
struct NamedVector {
    slug: String,
}

/// The grade in a finding's details, where they have one.
pub(super) fn grade_of(details: &str) -> Option<String> {
    let details: serde_json::Value = serde_json::from_str(details).ok()?;
    details.get("grade")?.as_str().map(str::to_owned)
}

/// Reads JSON that this program stored.
pub(super) fn read<T: serde::de::DeserializeOwned>(stored: &str) -> Result<T> {
    serde_json::from_str(stored).map_err(broken)
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(broken)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn broken(error: serde_json::Error) -> Error {
    Error::Internal(format!("JSON of a snapshot: {error}"))
}
