//! The inbox as its page shows it: a part of the received requests, how many there are, and who sent them.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_store as store;
use liaison_store::access_requests::AccessRequest;
pub use liaison_store::access_requests::Received;

use crate::{Call, Result};

/// Senders that a filter offers at most.
const SENDERS: i64 = 200;

/// Hands each received request of a part (rows to pass over, rows at most) to `visit`.
pub fn each_of_inbox(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (filter, part): (&Received, (i64, i64)),
    visit: impl FnMut(&AccessRequest<'_>) -> Result<()>,
) -> Result<()> {
    store::access_requests::each_received(tx, &call.actor.inbox(), (filter, part), call.now, visit)
}

/// How many received requests of a filter are open, and how many resolved.
pub fn count_inbox(tx: &mut Tx<'_>, call: &Call<'_>, filter: &Received) -> Result<(i64, i64)> {
    Ok(store::access_requests::count_received(tx, &call.actor.inbox(), filter)?)
}

/// The customers who sent something, by name.
pub fn list_senders(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Vec<(Guid, String)>> {
    Ok(store::access_requests::list_senders(tx, &call.actor.inbox(), SENDERS)?)
}
