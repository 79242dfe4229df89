//! Portfolio and companies.

use axum::routing::get;

use super::{Route, api, open};
use crate::api::{companies, portfolio};

pub(super) const ROUTES: &[Route] = &[
    api("/ratings/v1/portfolio", &[portfolio::OLDER], || get(portfolio::older)),
    api("/ratings/v1/portfolio/ratings", &[portfolio::RATINGS], || {
        get(portfolio::ratings)
    }),
    api("/ratings/v1/portfolio/statistics", &[portfolio::STATISTICS], || {
        get(portfolio::statistics)
    }),
    api("/ratings/v1/portfolio/summaries", &[portfolio::OLDER_SUMMARIES], || {
        get(portfolio::summaries)
    }),
    api("/ratings/v2/portfolio", &[portfolio::LIST, portfolio::QUERY], || {
        get(portfolio::list).post(portfolio::query)
    }),
    api("/ratings/v2/portfolio/summaries", &[portfolio::SUMMARIES], || {
        get(portfolio::summaries)
    }),
    api("/ratings/v1/companies", &[portfolio::COMPANIES], || {
        get(portfolio::older)
    }),
    api(
        "/ratings/v1/companies/search",
        &[companies::SEARCH, companies::QUERY],
        || get(companies::search).post(companies::query),
    ),
    api(
        "/ratings/v1/companies/{guid}",
        &[companies::FIND, companies::EDIT],
        || get(companies::find).patch(companies::edit),
    ),
    api("/ratings/v1/companies/{guid}/assets", &[companies::ASSETS], || {
        get(companies::assets)
    }),
    api("/ratings/v1/companies/{guid}/company-tree", &[companies::TREE], || {
        get(companies::tree)
    }),
    open("/ratings/v1/companies/{guid}/logo-image", &[companies::LOGO], || {
        get(companies::logo)
    }),
    api(
        "/ratings/v1/companies/{guid}/sparkline",
        &[companies::SPARKLINE],
        || get(companies::sparkline),
    ),
];
