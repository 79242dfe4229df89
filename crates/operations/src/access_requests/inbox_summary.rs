//! The inbox in numbers.

use liaison_db::Tx;
use liaison_store as store;
use liaison_store::access_requests::Requester;

use crate::{Call, Result};

/// What the caller's customer received, in numbers.
#[derive(Clone, Debug)]
pub struct ReceivedSummary {
    /// All requests of the inbox.
    pub total: i64,
    /// Those that nobody has read.
    pub unread: i64,
    /// Customers that sent one.
    pub senders: i64,
    /// Who sent the newest one.
    pub latest: Option<Requester>,
}

/// Counts the caller's inbox.
pub fn summarise_inbox(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<ReceivedSummary> {
    let side = call.actor.inbox();
    let (total, senders) = store::access_requests::count_inbox(tx, &side)?;
    Ok(ReceivedSummary {
        total,
        unread: store::access_requests::count_unread(tx, &side, i64::MAX)?,
        senders,
        latest: store::access_requests::find_latest_requester(tx, &side)?,
    })
}
