//! The mail outbox: claimed and recorded by the worker, looked at and mended by the operator.

use std::time::Duration;

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};
use liaison_store as store;
use liaison_store::mails::Attempt;
pub use liaison_store::mails::{Claimed, Delivery, Filter};

use crate::{Error, Result};

/// How long a worker may hold a delivery before another one takes it over. Longer than a slow relay needs for the
/// whole batch that one claim holds.
pub const LEASE: Duration = Duration::from_secs(15 * 60);

/// How an attempt ended, as the worker saw it.
#[derive(Clone, Debug)]
pub enum Fate {
    /// The relay took it.
    Sent {
        /// Its words.
        reply: String,
    },
    /// The relay refused it for good, or trying ended.
    Failed {
        /// Its code, if it gave one.
        code: Option<u16>,
        /// Its words, or what went wrong.
        reply: String,
    },
    /// Not now: tried again at this moment.
    Later {
        /// Its code, if it gave one.
        code: Option<u16>,
        /// Its words, or what went wrong.
        reply: String,
        /// When to try again.
        next_at: Timestamp,
    },
}

/// Claims up to `most` deliveries that are due.
pub fn claim(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<Vec<Claimed>> {
    Ok(store::mails::claim_due(tx, now, now + LEASE, most)?)
}

/// Keeps up to `most` deliveries that are due, where no relay is configured. Gives their number.
pub fn keep(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<u64> {
    Ok(store::mails::update_kept(tx, now, most)?)
}

/// Records how a claimed delivery ended. Gives whether the claim still held.
pub fn record_fate(tx: &mut Tx<'_>, claim: (Guid, i64), fate: &Fate, now: Timestamp) -> Result<bool> {
    let (state, code, reply, next_at) = match fate {
        Fate::Sent { reply } => ("sent", Some(250), reply.as_str(), now),
        Fate::Failed { code, reply } => ("failed", code.map(i64::from), reply.as_str(), now),
        Fate::Later { code, reply, next_at } => ("queued", code.map(i64::from), reply.as_str(), *next_at),
    };
    let attempt = Attempt {
        state,
        reply_code: code,
        reply,
        at: now,
        next_at,
    };
    let held = store::mails::update_attempted(tx, claim, &attempt)? > 0;
    if held && state == "sent" {
        store::mails::update_forgotten(tx, claim.0)?;
    }
    Ok(held)
}

/// When the next delivery is due.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    Ok(store::mails::find_next_due(tx)?)
}

/// Deliveries of the whole server, newest first.
pub fn list(tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<Delivery>> {
    Ok(store::mails::list(tx, filter)?)
}

/// One delivery with its message; no bytes once an activation mail was sent or replaced.
pub fn show(tx: &mut Tx<'_>, guid: Guid) -> Result<(Delivery, Option<Vec<u8>>)> {
    let delivery = store::mails::find(tx, guid)?.ok_or(Error::NotFound)?;
    let bytes = store::mails::find_bytes(tx, delivery.message_guid)?;
    Ok((delivery, bytes))
}

/// Queues a delivery again. Gives false where there is nothing left to send.
pub fn retry(tx: &mut Tx<'_>, guid: Guid, now: Timestamp) -> Result<bool> {
    let delivery = store::mails::find(tx, guid)?.ok_or(Error::NotFound)?;
    Ok(store::mails::update_requeued(tx, delivery.guid, now)? > 0)
}

/// How many deliveries are in each state.
pub fn count_by_state(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>> {
    Ok(store::mails::count_by_state(tx)?)
}
