//! How a customer sorts its portfolio: folders, tiers, groups, subscriptions, contacts.

use axum::routing::get;

use super::{Route, api};
use crate::api::tiers;

pub(super) const ROUTES: &[Route] = &[api("/ratings/v1/tiers", &[tiers::LIST], || get(tiers::list))];
