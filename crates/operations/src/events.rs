//! What happened to all requests of a customer, sent and received, as one feed to follow.

use std::time::Duration;

use liaison_db::Tx;
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp};
use liaison_store as store;

use crate::timeline::{self, Entry};
use crate::{Call, Error, Result};

/// How old an event has to be to stand in the feed. An event carries the time at which its call began, so one that
/// takes long can become visible after younger ones; a reader who is past those would never see it.
pub const SETTLED: Duration = Duration::from_secs(10);

/// An event of one of the requests.
#[derive(Clone, Debug)]
pub struct Happened {
    /// Its guid.
    pub guid: Guid,
    /// The request.
    pub request: Guid,
    /// The caller's side of the request.
    pub side: Side,
    /// What it was.
    pub entry: Entry,
}

/// A stretch of what happened, oldest first.
pub fn list_since(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (after, limit): (Option<(Timestamp, Guid)>, i64),
) -> Result<Vec<Happened>> {
    let stretch = store::events::Stretch {
        after,
        until: call.now - SETTLED,
        limit,
    };
    let customer = call.actor.customer_guid;
    let sent = store::events::list_since(tx, &call.actor.outbox(), None, stretch)?;
    let received = store::events::list_since(tx, &call.actor.inbox(), Some(customer), stretch)?;
    let limit = usize::try_from(limit).map_err(|_| Error::Internal("a limit below 0".into()))?;
    let mut all: Vec<_> = sent.into_iter().map(|event| happened(event, Side::Client)).collect();
    all.extend(received.into_iter().map(|event| happened(event, Side::Vendor)));
    all.sort_by_key(|happened| (happened.entry.at, happened.guid));
    all.truncate(limit);
    Ok(all)
}

fn happened(event: store::events::Event, side: Side) -> Happened {
    Happened {
        guid: event.guid,
        request: event.request_guid,
        side,
        entry: timeline::entry(event),
    }
}
