//! Users, customers and what the server tells of itself.

use super::Route;

pub(super) const ROUTES: &[Route] = &[];
