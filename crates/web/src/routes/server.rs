//! What the server says of itself: whether it lives, and the published document.

use axum::routing::get;

use super::{Route, open};
use crate::api::health;
use crate::openapi;

pub(super) const ROUTES: &[Route] = &[
    open("/healthz", &[health::ALIVE], || get(health::alive)),
    open("/readyz", &[health::READY], || get(health::ready)),
    open("/openapi.json", &[openapi::DOCUMENT], || get(openapi::publish)),
];
