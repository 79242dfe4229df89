//! What waits for the caller: the small numbers beside the navigation.

use liaison_db::Tx;
use liaison_store as store;

use crate::{Call, Result};

/// What waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unread {
    /// Received requests that nobody of the caller's customer has read.
    pub requests: i64,
    /// Notifications the user has not read.
    pub notifications: i64,
}

/// Counts what waits; 100 stands for more.
pub fn unread(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Unread> {
    let requests = store::access_requests::count_unread(tx, &call.actor.inbox(), 100)?;
    let notifications = crate::notifications::count_unread(tx, call)?;
    Ok(Unread {
        requests,
        notifications,
    })
}
