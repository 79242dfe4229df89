//! What happened to a request: one row for each event, never changed.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// One event.
#[derive(Clone, Copy, Debug)]
pub struct New<'n> {
    /// Its guid.
    pub guid: Guid,
    /// The request.
    pub request: Guid,
    /// What happened, e.g. `request.sent`.
    pub kind: &'n str,
    /// The user or company token who did it; none where time did.
    pub actor: Option<Guid>,
    /// When.
    pub at: Timestamp,
}

/// Stores an event of a request of `customer`.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, event: &New<'_>) -> Result<()> {
    tx.execute(
        "insert into events (guid, customer_guid, request_guid, kind, actor_guid, at) values ($1, $2, $3, $4, $5, $6)",
        &[
            &event.guid,
            &customer,
            &event.request,
            &event.kind,
            &event.actor,
            &event.at.0,
        ],
    )?;
    Ok(())
}
