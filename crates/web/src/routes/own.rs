//! Liaison's own API.

use axum::routing::{get, post};

use super::{Route, token};
use crate::api::{access_requests, events, mails, messages, requests, stream, timeline};
use crate::pages;

pub(super) const ROUTES: &[Route] = &[
    token("/liaison/v1/access-requests/preview", &["POST"], || {
        post(requests::preview)
    }),
    token("/liaison/v1/access-requests/{guid}", &["GET", "PATCH"], || {
        get(requests::get).patch(requests::update)
    }),
    token("/liaison/v1/access-requests/{guid}/link", &["POST"], || {
        post(requests::copy_link)
    }),
    token("/liaison/v1/access-requests/{guid}/delegate", &["POST"], || {
        post(requests::delegate)
    }),
    token("/liaison/v1/mails", &["GET"], || get(mails::list)),
    token("/liaison/v1/mails/{guid}/retry", &["POST"], || post(mails::retry)),
    token("/liaison/v1/access-requests/{guid}/resend", &["POST"], || {
        post(access_requests::resend)
    }),
    token("/liaison/v1/access-requests/{guid}/messages", &["GET", "POST"], || {
        get(messages::list).post(messages::post)
    }),
    token("/liaison/v1/access-requests/{guid}/messages/seen", &["POST"], || {
        post(messages::seen)
    }),
    token("/liaison/v1/access-requests/{guid}/messages/stream", &["GET"], || {
        get(stream::follow)
    }),
    token(
        "/liaison/v1/access-requests/{guid}/messages/{id}",
        &["GET", "PATCH", "DELETE"],
        || get(messages::get).patch(messages::edit).delete(messages::delete),
    ),
    token("/liaison/v1/access-requests/{guid}/timeline", &["GET"], || {
        get(timeline::list)
    }),
    token("/liaison/v1/access-requests/{guid}/transcript", &["GET"], || {
        get(pages::requests::transcript::get)
    }),
    token("/liaison/v1/events", &["GET"], || get(events::list)),
];
