//! Portfolio and companies.

use axum::routing::get;

use super::{Route, api};
use crate::api::portfolio;

pub(super) const ROUTES: &[Route] = &[api(
    "/ratings/v2/portfolio",
    &[portfolio::LIST, portfolio::QUERY],
    || get(portfolio::list).post(portfolio::query),
)];
