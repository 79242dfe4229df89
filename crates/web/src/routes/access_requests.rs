//! Access requests, access links and notifications on the compatible paths.

use axum::routing::{get, patch, post};

use super::{Route, token};
use crate::api::{access_links, access_requests, notifications, registration};

pub(super) const ROUTES: &[Route] = &[
    token("/ratings/v1/access-requests", &["GET", "POST"], || {
        get(access_requests::list_outbox).post(access_requests::invite_company)
    }),
    token("/ratings/v1/access-requests/bulk", &["POST"], || {
        post(access_requests::bulk)
    }),
    token("/ratings/v1/access-requests/counts", &["GET"], || {
        get(access_requests::counts)
    }),
    token("/ratings/v1/access-requests/config", &["GET", "PATCH"], || {
        get(access_requests::get_config).patch(access_requests::update_config)
    }),
    token("/ratings/v1/access-requests/received", &["GET"], || {
        get(access_requests::list_inbox)
    }),
    token(
        "/ratings/v1/access-requests/received/mark-all-as-read",
        &["POST"],
        || post(access_requests::mark_all_as_read),
    ),
    token("/ratings/v1/access-requests/received/{guid}", &["GET", "PATCH"], || {
        get(access_requests::get_received).patch(access_requests::update_received)
    }),
    token(
        "/ratings/v1/access-requests/self-access/validate-token",
        &["POST"],
        || post(registration::validate_token),
    ),
    token("/ratings/v1/client-access-links", &["GET", "POST"], || {
        get(access_links::list).post(access_links::create)
    }),
    token("/ratings/v1/client-access-links/{guid}", &["PATCH", "DELETE"], || {
        patch(access_links::update).delete(access_links::delete)
    }),
    token("/ratings/v1/notifications", &["GET"], || get(notifications::list)),
    token("/ratings/v1/notifications/mark-all-as-read", &["POST"], || {
        post(notifications::mark_all_as_read)
    }),
    token("/ratings/v1/notifications/{id}", &["PATCH"], || {
        patch(notifications::update)
    }),
    token("/ratings/v1/access-requests/{guid}", &["PATCH"], || {
        patch(access_requests::change_status)
    }),
];
