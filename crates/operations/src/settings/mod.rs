//! What people set for themselves, and what administrators set for their customer, in the browser.

pub mod collaboration;
pub mod profile;
pub mod tokens;
pub mod users;

use crate::authentication::Actor;
use crate::{Error, Result};

/// Rows of a page of a list.
pub const ROWS: i64 = 50;

/// Refuses everybody but administrators of a full account: one that exists only because its people were invited has
/// nothing to be set.
fn require(actor: &Actor) -> Result<()> {
    actor.require_admin()?;
    if actor.is_guest { Err(Error::Forbidden) } else { Ok(()) }
}
