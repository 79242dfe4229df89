//! Users, customers, notifications and what the server tells of itself.

use axum::routing::{get, post};

use super::{Route, api};
use crate::api::{collaboration, customers, defaults, notifications, resources, users};

pub(super) const ROUTES: &[Route] = &[
    api("/ratings/v1", &[resources::FIRST], || get(resources::first)),
    api("/ratings/v2", &[resources::SECOND], || get(resources::second)),
    api("/ratings/v1/defaults", &[defaults::GET], || get(defaults::get)),
    api("/ratings/v1/collaboration/summary", &[collaboration::SUMMARY], || {
        get(collaboration::summary)
    }),
    api(
        "/ratings/v1/customers/current",
        &[customers::GET, customers::UPDATE],
        || get(customers::get).patch(customers::update),
    ),
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
    api("/ratings/v1/notifications", &[notifications::LIST], || {
        get(notifications::list)
    }),
    api(
        "/ratings/v1/notifications/mark-all-as-read",
        &[notifications::MARK_ALL],
        || post(notifications::mark_all_as_read),
    ),
    api(
        "/ratings/v1/notifications/{id}",
        &[notifications::GET, notifications::UPDATE],
        || get(notifications::get).patch(notifications::update),
    ),
];
