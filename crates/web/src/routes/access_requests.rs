//! Access requests and access links on the compatible paths.

use axum::routing::{get, patch, post};

use super::{Route, api};
use crate::api::{access_links, access_requests, registration};

pub(super) const ROUTES: &[Route] = &[
    api(
        "/ratings/v1/access-requests",
        &[access_requests::LIST, access_requests::INVITE],
        || get(access_requests::list_outbox).post(access_requests::invite_company),
    ),
    api("/ratings/v1/access-requests/bulk", &[access_requests::BULK], || {
        post(access_requests::bulk)
    }),
    api("/ratings/v1/access-requests/counts", &[access_requests::COUNTS], || {
        get(access_requests::counts)
    }),
    api(
        "/ratings/v1/access-requests/config",
        &[access_requests::GET_CONFIG, access_requests::UPDATE_CONFIG],
        || get(access_requests::get_config).patch(access_requests::update_config),
    ),
    api(
        "/ratings/v1/access-requests/received",
        &[access_requests::LIST_RECEIVED],
        || get(access_requests::list_inbox),
    ),
    api(
        "/ratings/v1/access-requests/received/mark-all-as-read",
        &[access_requests::MARK_ALL],
        || post(access_requests::mark_all_as_read),
    ),
    api(
        "/ratings/v1/access-requests/received/{guid}",
        &[access_requests::GET_RECEIVED, access_requests::UPDATE_RECEIVED],
        || get(access_requests::get_received).patch(access_requests::update_received),
    ),
    api(
        "/ratings/v1/access-requests/self-access/validate-token",
        &[registration::VALIDATE],
        || post(registration::validate_token),
    ),
    api("/ratings/v1/access-requests/{guid}", &[access_requests::CHANGE], || {
        patch(access_requests::change_status)
    }),
    api(
        "/ratings/v1/client-access-links",
        &[access_links::LIST, access_links::CREATE],
        || get(access_links::list).post(access_links::create),
    ),
    api(
        "/ratings/v1/client-access-links/{guid}",
        &[access_links::UPDATE, access_links::DELETE],
        || patch(access_links::update).delete(access_links::delete),
    ),
];
