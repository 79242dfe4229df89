//! Findings of companies.

use axum::routing::get;

use super::{Route, api};
use crate::api::findings::{self, summaries};

pub(super) const ROUTES: &[Route] = &[
    api(
        "/ratings/v1/companies/{guid}/findings",
        &[findings::LIST, findings::SEARCH],
        || get(findings::list).post(findings::search),
    ),
    api(
        "/ratings/v1/companies/{guid}/findings/summaries",
        &[summaries::COUNT],
        || get(summaries::count),
    ),
];
