//! Liaison's own API.

use axum::routing::{get, post};

use super::{Route, api};
use crate::api::{access_requests, events, mails, messages, requests, stream, timeline, transcript};
use crate::pages;

pub(super) const ROUTES: &[Route] = &[
    api("/liaison/v1/access-requests/preview", &[requests::PREVIEW], || {
        post(requests::preview)
    }),
    api(
        "/liaison/v1/access-requests/{guid}",
        &[requests::GET, requests::UPDATE],
        || get(requests::get).patch(requests::update),
    ),
    api(
        "/liaison/v1/access-requests/{guid}/link",
        &[requests::COPY_LINK],
        || post(requests::copy_link),
    ),
    api(
        "/liaison/v1/access-requests/{guid}/delegate",
        &[requests::DELEGATE],
        || post(requests::delegate),
    ),
    api(
        "/liaison/v1/access-requests/{guid}/resend",
        &[access_requests::RESEND],
        || post(access_requests::resend),
    ),
    api("/liaison/v1/mails", &[mails::LIST], || get(mails::list)),
    api("/liaison/v1/mails/{guid}/retry", &[mails::RETRY], || post(mails::retry)),
    api(
        "/liaison/v1/access-requests/{guid}/messages",
        &[messages::LIST, messages::POST],
        || get(messages::list).post(messages::post),
    ),
    api(
        "/liaison/v1/access-requests/{guid}/messages/seen",
        &[messages::SEEN],
        || post(messages::seen),
    ),
    api(
        "/liaison/v1/access-requests/{guid}/messages/stream",
        &[stream::FOLLOW],
        || get(stream::follow),
    ),
    api(
        "/liaison/v1/access-requests/{guid}/messages/{id}",
        &[messages::GET, messages::EDIT, messages::DELETE],
        || get(messages::get).patch(messages::edit).delete(messages::delete),
    ),
    api("/liaison/v1/access-requests/{guid}/timeline", &[timeline::LIST], || {
        get(timeline::list)
    }),
    api(
        "/liaison/v1/access-requests/{guid}/transcript",
        &[transcript::GET],
        || get(pages::requests::transcript::get),
    ),
    api("/liaison/v1/events", &[events::LIST], || get(events::list)),
];
