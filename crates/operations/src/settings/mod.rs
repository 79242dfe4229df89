//! What people set for themselves, and what administrators set for their customer, in the browser.

pub mod collaboration;
pub mod profile;
pub mod tokens;
pub mod users;

/// Rows of a page of a list.
pub const ROWS: i64 = 50;
