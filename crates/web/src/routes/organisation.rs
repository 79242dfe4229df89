//! How a customer sorts its portfolio: folders, tiers, groups, subscriptions, contacts.

use axum::routing::{get, patch, post, put};

use super::{Route, api};
use crate::api::{contacts, folders, portfolio_contacts, tiers};

pub(super) const ROUTES: &[Route] = &[
    api("/ratings/v1/folders", &[folders::LIST, folders::CREATE], || {
        get(folders::list).post(folders::create)
    }),
    api(
        "/ratings/v1/folders/{guid}",
        &[folders::GET, folders::UPDATE, folders::DELETE],
        || get(folders::get).patch(folders::update).delete(folders::delete),
    ),
    api("/ratings/v1/folders/{guid}/companies", &[folders::COMPANIES], || {
        patch(folders::change_companies)
    }),
    api(
        "/ratings/v1/portfolio/contacts",
        &[portfolio_contacts::LIST, portfolio_contacts::CREATE],
        || get(portfolio_contacts::list).post(portfolio_contacts::create),
    ),
    api(
        "/ratings/v1/portfolio/contacts/{guid}",
        &[portfolio_contacts::UPDATE],
        || patch(portfolio_contacts::update),
    ),
    api("/ratings/v1/contacts", &[contacts::LIST, contacts::CREATE], || {
        get(contacts::list).post(contacts::create)
    }),
    api("/ratings/v1/contacts/bulk", &[contacts::BULK], || put(contacts::bulk)),
    api("/ratings/v1/contacts/query", &[contacts::QUERY], || {
        post(contacts::query_all)
    }),
    api("/ratings/v1/contacts/latest", &[contacts::LATEST], || {
        get(contacts::latest)
    }),
    api("/ratings/v1/contacts/latest/query", &[contacts::QUERY_LATEST], || {
        post(contacts::query_latest)
    }),
    api(
        "/ratings/v1/contacts/{guid}",
        &[contacts::GET, contacts::UPDATE, contacts::DELETE],
        || get(contacts::get).patch(contacts::update).delete(contacts::delete),
    ),
    api("/ratings/v1/tiers", &[tiers::LIST, tiers::CREATE], || {
        get(tiers::list).post(tiers::create)
    }),
    api(
        "/ratings/v1/tiers/{guid}",
        &[tiers::GET, tiers::UPDATE, tiers::REPLACE, tiers::DELETE],
        || {
            get(tiers::get)
                .patch(tiers::update)
                .put(tiers::replace)
                .delete(tiers::delete)
        },
    ),
    api("/ratings/v1/tiers/{guid}/companies", &[tiers::COMPANIES], || {
        patch(tiers::change_companies)
    }),
];
