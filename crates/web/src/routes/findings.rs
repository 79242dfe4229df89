//! Findings of companies.

use super::Route;

pub(super) const ROUTES: &[Route] = &[];
