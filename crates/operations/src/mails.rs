//! The mail outbox: claimed and recorded by the worker, looked at and mended by the operator.

use std::time::Duration;

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, Timestamp};
use liaison_store as store;
use liaison_store::mails::Attempt;
pub use liaison_store::mails::{Claimed, Delivery, Filter};

use crate::{Call, Error, Result};

/// How long a claim holds without being renewed: after a crash, mail that was under way waits this long.
pub const LEASE: Duration = Duration::from_secs(10);

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
    /// The relay refuses this server as a whole: the mail waits, and the attempt does not count.
    Paused {
        /// Its code.
        code: u16,
        /// Its words.
        reply: String,
        /// When to try again.
        next_at: Timestamp,
    },
}

/// Claims up to `most` deliveries that are due.
pub fn claim(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<Vec<Claimed>> {
    Ok(store::mails::claim_due(tx, now, now + LEASE, most)?)
}

/// Holds claims for another lease, those that are still held.
pub fn renew(tx: &mut Tx<'_>, claims: &[(Guid, i64)], now: Timestamp) -> Result<()> {
    for claim in claims {
        store::mails::update_renewed(tx, *claim, now + LEASE)?;
    }
    Ok(())
}

/// Keeps up to `most` deliveries that are due, where no relay is configured. Gives their number.
pub fn keep(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<u64> {
    let due = store::mails::list_due(tx, now, most)?;
    let mut kept = 0;
    for delivery in due {
        kept += store::mails::update_kept(tx, delivery, now)?;
        note(tx, delivery)?;
    }
    Ok(kept)
}

/// Lets the request that a delivery invites to know how it fares.
fn note(tx: &mut Tx<'_>, delivery: Guid) -> Result<()> {
    if let Some(request) = store::mails::find_invitation(tx, delivery)? {
        store::access_requests::update_delivery(tx, request)?;
    }
    Ok(())
}

/// Records how a claimed delivery ended. Gives whether the claim still held.
pub fn record_fate(tx: &mut Tx<'_>, claim: (Guid, i64), fate: &Fate, now: Timestamp) -> Result<bool> {
    let (state, code, reply, next_at) = match fate {
        Fate::Sent { reply } => ("sent", Some(250), reply, now),
        Fate::Failed { code, reply } => ("failed", *code, reply, now),
        Fate::Later { code, reply, next_at } => ("queued", *code, reply, *next_at),
        Fate::Paused { code, reply, next_at } => ("queued", Some(*code), reply, *next_at),
    };
    let counts = i64::from(!matches!(fate, Fate::Paused { .. }));
    let attempt = Attempt {
        counts,
        state,
        reply_code: code.map(i64::from),
        reply,
        at: now,
        next_at,
    };
    let held = store::mails::update_attempted(tx, claim, &attempt)? > 0;
    if held && state == "sent" {
        store::mails::update_forgotten(tx, claim.0)?;
    }
    if held && state != "queued" {
        note(tx, claim.0)?;
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

/// One delivery with its message; no bytes once a mail with a personal link was sent or replaced.
pub fn show(tx: &mut Tx<'_>, guid: Guid) -> Result<(Delivery, Option<Vec<u8>>)> {
    let delivery = store::mails::find(tx, guid)?.ok_or(Error::NotFound)?;
    let bytes = store::mails::find_bytes(tx, delivery.message_guid)?;
    Ok((delivery, bytes))
}

/// Queues a delivery again. Gives false where there is nothing left to send.
pub fn retry(tx: &mut Tx<'_>, guid: Guid, now: Timestamp) -> Result<bool> {
    let delivery = store::mails::find(tx, guid)?.ok_or(Error::NotFound)?;
    let queued = store::mails::update_requeued(tx, delivery.guid, now, now + LEASE)? > 0;
    if queued {
        note(tx, delivery.guid)?;
    }
    Ok(queued)
}

/// How many deliveries are in each state.
pub fn count_by_state(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>> {
    Ok(store::mails::count_by_state(tx)?)
}

/// Deliveries of the caller's customer, newest first, for its administrators.
pub fn list_of_customer(tx: &mut Tx<'_>, call: &Call<'_>, filter: &Filter) -> Result<Vec<Delivery>> {
    call.actor.require_admin()?;
    Ok(store::mail_deliveries::list_of_customer(
        tx,
        call.actor.customer_guid,
        filter,
    )?)
}

/// Queues one of those deliveries again. Gives it as it is then.
pub fn retry_of_customer(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<Delivery> {
    call.actor.require_admin()?;
    let customer = call.actor.customer_guid;
    store::mail_deliveries::find_of_customer(tx, customer, guid)?.ok_or(Error::NotFound)?;
    if !retry(tx, guid, call.now)? {
        return Err(Refusal::NothingToSend.into());
    }
    store::mail_deliveries::find_of_customer(tx, customer, guid)?.ok_or(Error::NotFound)
}
