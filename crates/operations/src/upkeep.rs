//! What time does to the data: invitations and trials run out, remembered answers and ended sessions
//! are forgotten, companies leave folders. And what an older release left: companies without the words they are found by.
//!
//! Answers are right without it (statuses are worked out at reading); upkeep stores what became true, in small steps.

use std::time::Duration;

use liaison_db::Tx;
use liaison_domain::{Timestamp, limits};
use liaison_store as store;

use crate::Result;

/// Rows that one step changes at most, so that a writer never waits long.
const STEP: i64 = 500;

/// One step of every kind. Gives whether there may be more to do.
pub fn step(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool> {
    let never = store::access_requests::expire_pending(tx, now, STEP)?;
    let inactive = store::access_requests::expire_trials(tx, now, STEP)?;
    let keep_from = now - Duration::from_secs(limits::IDEMPOTENCY_HOURS * 3600);
    let forgotten = store::idempotency::delete_older(tx, keep_from, STEP)?;
    let sessions = store::sessions::delete_ended(tx, now, now - limits::SESSION_IDLE, STEP)?;
    let links = store::password_links::delete_ended(tx, now, STEP)?;
    let expired = store::folders::delete_expired(tx, now, STEP)?;
    let unsearched = store::companies::complete(tx, STEP)?;
    let most = u64::try_from(STEP).unwrap_or(u64::MAX);
    Ok([never, inactive, forgotten, sessions, links, expired, unsearched]
        .into_iter()
        .any(|rows| rows >= most))
}
