//! The mail outbox: claimed and recorded by the worker, looked at and mended by the operator.

use std::time::Duration;

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, Timestamp, addresses};
pub use liaison_mail::Readable;
use liaison_mail::TestMail;
use liaison_store as store;
use liaison_store::mails::Attempt;
pub use liaison_store::mails::{Claimed, Delivery, Filter};

use crate::outgoing::{self, Letter};
use crate::{Call, Error, Result, new_guid};

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

/// Failures of so many hours are pointed out.
pub const LATELY_HOURS: u64 = 24;

/// How many of the caller's customer's deliveries failed in the last [`LATELY_HOURS`], for its administrators.
pub fn count_failed_lately(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<i64> {
    call.actor.require_admin()?;
    let since = call.now - Duration::from_secs(LATELY_HOURS * 3600);
    // A mail is tried for four days; a retry by hand starts them anew.
    let written_since = since.plus_days(-10);
    let customer = call.actor.customer_guid;
    Ok(store::mail_deliveries::count_failed(
        tx,
        customer,
        since,
        written_since,
    )?)
}

/// One delivery and the mail, where it may be read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The delivery.
    pub delivery: Delivery,
    /// The mail; none once its text is gone, and where it opens an account and somebody else will get it.
    pub mail: Option<Readable>,
    /// Whether there is a mail that is not shown, because its link is its recipient's alone.
    pub is_withheld: bool,
    /// Whether the delivery can be queued again.
    pub may_retry: bool,
}

/// Kinds of mail whose links open an account: shown only while nobody but an administrator can bring them.
const WITH_LINK: [&str; 3] = ["activation", "password_reset", "welcome"];

/// A mail as those who caused it may read it: what an introduction tells its recipient of addresses is theirs alone.
pub(crate) fn as_sender_reads(kind: &str, mail: Readable) -> Readable {
    if kind != "introduction" {
        return mail;
    }
    Readable {
        text: addresses::mask(&mail.text),
        html: addresses::mask(&mail.html),
        ..mail
    }
}

/// One of the caller's customer's deliveries, for its administrators.
pub fn open_of_customer(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<Opened> {
    call.actor.require_admin()?;
    let delivery = store::mail_deliveries::find_of_customer(tx, call.actor.customer_guid, guid)?;
    let delivery = delivery.ok_or(Error::NotFound)?;
    let bytes = store::mails::find_bytes(tx, delivery.message_guid)?;
    let waits = delivery.state == "queued" && delivery.next_at > call.now + LEASE;
    let can_be_sent = match delivery.state.as_str() {
        "failed" => true,
        "kept" => call.env.has_relay,
        _ => waits,
    };
    let may_retry = can_be_sent && bytes.is_some();
    let is_withheld = WITH_LINK.contains(&delivery.kind.as_str()) && delivery.state != "kept" && bytes.is_some();
    let mail = bytes
        .filter(|_| !is_withheld)
        .map(|bytes| liaison_mail::read(&bytes))
        .transpose()
        .map_err(|error| Error::Internal(format!("a stored mail: {error}")))?;
    let mail = mail.map(|mail| as_sender_reads(&delivery.kind, mail));
    Ok(Opened {
        delivery,
        mail,
        is_withheld,
        may_retry,
    })
}

/// Queues a mail to the caller, an administrator, that says that mails arrive.
pub fn send_test(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<()> {
    call.actor.require_admin()?;
    let user = call.actor.user.as_ref().ok_or(Error::Forbidden)?;
    let guid = new_guid(call.now, call.env.entropy.as_ref());
    let composed = liaison_mail::test_mail(
        &call.env.identity,
        &outgoing::stamp(guid, call.now),
        &TestMail {
            name: &user.formal_name,
            email: &user.email,
            mail_page: &outgoing::page(call.env, "/mail"),
        },
    )?;
    let letter = Letter {
        customer: call.actor.customer_guid,
        request: None,
        kind: "test",
    };
    let recipients = [user.email.as_str()];
    outgoing::queue(tx, (call.now, call.env), &letter, (guid, &composed, &recipients))
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
