//! Schemas of what is no type here: the words of the domain, and JSON that is answered as it is stored.

use liaison_domain::Guid;
use liaison_domain::access_requests::{Change, Reason, Status};
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// The statuses of a request.
pub(super) fn statuses() -> [&'static str; 7] {
    Status::ALL.map(Status::slug)
}

/// The statuses that can be asked for.
pub(super) fn changes() -> [&'static str; 3] {
    Change::ALL.map(Change::slug)
}

/// The reasons of a request.
pub(super) fn reasons() -> [&'static str; 6] {
    Reason::ALL.map(Reason::slug)
}

/// The reasons that an invitation can give; null is none.
pub(super) fn given_reasons() -> Vec<Option<&'static str>> {
    reasons().into_iter().map(Some).chain([None]).collect()
}

/// Who closed a request.
#[derive(JsonSchema)]
#[schemars(transform = without_required)]
#[expect(dead_code, reason = "it is written field by field; this gives its schema")]
pub(super) struct ResolvedBy {
    guid: Guid,
    formal_name: String,
}

/// Fields that only some answers have.
pub(super) fn without_required(schema: &mut Schema) {
    schema.remove("required");
}

/// Somebody who gets the introduction only.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is answered as it is stored; this gives its schema")]
pub(super) struct Party {
    email: String,
    name: String,
}

/// A risk vector with its grade and percentile, where there is a rating.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is answered as it is stored; this gives its schema")]
pub(super) struct GradedVector {
    grade: Option<String>,
    percentile: Option<f64>,
    risk_vector: VectorName,
}

/// The names of a risk vector.
#[derive(Serialize, JsonSchema)]
pub(super) struct VectorName {
    pub(super) name: String,
    pub(super) slug: String,
}
