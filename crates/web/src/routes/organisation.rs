//! How a customer sorts its portfolio: folders, tiers, groups, subscriptions, contacts.

use axum::routing::{get, patch};

use super::{Route, api};
use crate::api::{folders, tiers};

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
    api("/ratings/v1/tiers", &[tiers::LIST], || get(tiers::list)),
];
