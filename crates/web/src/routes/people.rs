//! Users, customers and what the server tells of itself.

use axum::routing::{get, post};

use super::{Route, api};
use crate::api::users;

pub(super) const ROUTES: &[Route] = &[
    api("/ratings/v2/users", &[users::LIST, users::write::CREATE], || {
        get(users::list).post(users::write::create)
    }),
    api(
        "/ratings/v2/users/current",
        &[users::current::GET, users::current::UPDATE],
        || get(users::current::get).patch(users::current::update),
    ),
    api(
        "/ratings/v2/users/{guid}",
        &[users::GET, users::write::UPDATE, users::write::DELETE],
        || get(users::get).patch(users::write::update).delete(users::write::delete),
    ),
    api(
        "/ratings/v2/users/{guid}/resend-activation-email",
        &[users::write::RESEND],
        || post(users::write::resend),
    ),
    api("/ratings/v1/users", &[users::first::LIST], || get(users::first::list)),
    api("/ratings/v1/users/current", &[users::first::CURRENT], || {
        get(users::first::current)
    }),
    api("/ratings/v1/users/quota", &[users::first::QUOTA], || {
        get(users::first::quota)
    }),
    api("/ratings/v1/users/{guid}", &[users::first::GET], || {
        get(users::first::get)
    }),
];
