//! The mail outbox: messages with fixed bytes, and one delivery for each recipient.
//!
//! A delivery is `queued` until it is `sent`, `failed`, `kept` (no relay is configured) or `replaced` (its link was used,
//! or a newer one was made). Claiming one moves its
//! `next_at` behind the lease and counts `lease` up; only the holder of that number may record how it ended.

use liaison_db::{Query, Row, Tx, dialect};
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// A message to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct New<'n> {
    /// Its guid, also the left part of its Message-ID.
    pub guid: Guid,
    /// The request it belongs to, if it belongs to one.
    pub request: Option<Guid>,
    /// `introduction`, `activation`, `notice`, `message`, `password_reset`, `welcome`, `link_used` or `test`.
    pub kind: &'n str,
    /// Subject, for lists.
    pub subject: &'n str,
    /// The whole message as it goes out.
    pub bytes: &'n [u8],
    /// When it was written.
    pub created_at: Timestamp,
}

/// Stores a message.
pub fn insert_message(tx: &mut Tx<'_>, customer: Guid, new: &New<'_>) -> Result<()> {
    tx.execute(
        "insert into mail_messages (guid, customer_guid, request_guid, kind, subject, bytes, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            &new.guid,
            &customer,
            &new.request,
            &new.kind,
            &new.subject,
            &new.bytes,
            &new.created_at.0,
        ],
    )?;
    Ok(())
}

/// A delivery to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct NewDelivery<'n> {
    /// Its guid.
    pub guid: Guid,
    /// The message.
    pub message: Guid,
    /// Who gets it.
    pub recipient: &'n str,
    /// `queued`, or `kept` where there is no relay to give it to.
    pub state: &'n str,
    /// When it is due: at once.
    pub due_at: Timestamp,
}

/// Stores what one recipient gets.
pub fn insert_delivery(tx: &mut Tx<'_>, new: &NewDelivery<'_>) -> Result<()> {
    tx.execute(
        "insert into mail_deliveries (guid, message_guid, recipient, state, attempts, next_at, lease) \
         values ($1, $2, $3, $4, 0, $5, 0)",
        &[&new.guid, &new.message, &new.recipient, &new.state, &new.due_at.0],
    )?;
    Ok(())
}

/// A delivery that a worker holds.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The delivery.
    pub guid: Guid,
    /// Who gets it.
    pub recipient: String,
    /// The message.
    pub bytes: Vec<u8>,
    /// Attempts that ended before.
    pub attempts: i64,
    /// Number of this claim; recording needs it.
    pub lease: i64,
}

/// Claims up to `most` deliveries that are due, until `lease_ends`.
pub fn claim_due(tx: &mut Tx<'_>, now: Timestamp, lease_ends: Timestamp, most: i64) -> Result<Vec<Claimed>> {
    let mut due = Query::new("select guid from mail_deliveries where state = 'queued' and next_at <= ");
    due.bind(now.0)
        .push(" order by next_at, guid limit ")
        .bind(most)
        .push(dialect::skip_locked(tx.engine()));
    let guids: Vec<Guid> = tx.list_query(&due, |row| row.get(0))?;
    let mut claimed = Vec::with_capacity(guids.len());
    for guid in guids {
        tx.execute(
            "update mail_deliveries set next_at = $2, lease = lease + 1 where guid = $1",
            &[&guid, &lease_ends.0],
        )?;
        claimed.extend(find_claimed(tx, guid)?);
    }
    Ok(claimed)
}

fn find_claimed(tx: &mut Tx<'_>, guid: Guid) -> Result<Option<Claimed>> {
    tx.find(
        "select d.guid, d.recipient, m.bytes, d.attempts, d.lease from mail_deliveries d \
         join mail_messages m on m.guid = d.message_guid where d.guid = $1 and m.bytes is not null",
        &[&guid],
        |row| {
            Ok(Claimed {
                guid: row.get(0)?,
                recipient: row.get(1)?,
                bytes: row.get(2)?,
                attempts: row.get(3)?,
                lease: row.get(4)?,
            })
        },
    )
}

/// Moves the end of a claim, if it is still held.
pub fn update_renewed(tx: &mut Tx<'_>, (guid, lease): (Guid, i64), lease_ends: Timestamp) -> Result<u64> {
    tx.execute(
        "update mail_deliveries set next_at = $3 where guid = $1 and lease = $2 and state = 'queued'",
        &[&guid, &lease, &lease_ends.0],
    )
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub struct Attempt<'n> {
    /// 1, or 0 where the fault was not the mail's and the attempt does not count.
    pub counts: i64,
    /// `queued` (tried again at `next_at`), `sent` or `failed`.
    pub state: &'n str,
    /// The relay's code.
    pub reply_code: Option<i64>,
    /// The relay's words.
    pub reply: &'n str,
    /// When it ended.
    pub at: Timestamp,
    /// When it is tried again; without meaning in the other states.
    pub next_at: Timestamp,
}

/// Records how a claimed delivery ended, which ends the claim: a renewal that comes late finds nothing to renew.
/// Gives 0 where the claim is no longer held.
pub fn update_attempted(tx: &mut Tx<'_>, (guid, lease): (Guid, i64), attempt: &Attempt<'_>) -> Result<u64> {
    let ended = (attempt.state != "queued").then_some(attempt.at.0);
    tx.execute(
        "update mail_deliveries set state = $3, attempts = attempts + $8, reply_code = $4, reply = $5, \
         next_at = $6, ended_at = $7, lease = lease + 1 where guid = $1 and lease = $2 and state = 'queued'",
        &[
            &guid,
            &lease,
            &attempt.state,
            &attempt.reply_code,
            &attempt.reply,
            &attempt.next_at.0,
            &ended,
            &attempt.counts,
        ],
    )
}

/// Up to `most` deliveries that are due.
pub fn list_due(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<Vec<Guid>> {
    tx.list(
        "select guid from mail_deliveries where state = 'queued' and next_at <= $1 order by next_at, guid limit $2",
        &[&now.0, &most],
        |row| row.get(0),
    )
}

/// Keeps a delivery that is due: there is no relay to give it to.
pub fn update_kept(tx: &mut Tx<'_>, delivery: Guid, now: Timestamp) -> Result<u64> {
    tx.execute(
        "update mail_deliveries set state = 'kept', reply = 'no relay is configured', ended_at = $2 \
         where guid = $1 and state = 'queued'",
        &[&delivery, &now.0],
    )
}

/// The request whose requestee a delivery invites, if it is of such a mail.
pub fn find_invitation(tx: &mut Tx<'_>, delivery: Guid) -> Result<Option<Guid>> {
    Ok(tx
        .find(
            "select m.request_guid from mail_deliveries d join mail_messages m on m.guid = d.message_guid \
             where d.guid = $1 and m.kind in ('activation', 'introduction')",
            &[&delivery],
            |row| row.get(0),
        )?
        .flatten())
}

/// Drops the bytes of a mail with a personal link that the relay has taken: the link is a secret that nobody here
/// needs again.
pub fn update_forgotten(tx: &mut Tx<'_>, delivery: Guid) -> Result<u64> {
    tx.execute(
        "update mail_messages set bytes = null where kind in ('activation', 'password_reset', 'welcome') \
         and guid = (select message_guid from mail_deliveries where guid = $1) \
         and not exists (select 1 from mail_deliveries d where d.message_guid = mail_messages.guid \
         and d.state <> 'sent')",
        &[&delivery],
    )
}

/// Drops the bytes of earlier activation mails of a request and stops their deliveries: their link was replaced. The
/// request's introduction is its newest mail then, until another one is queued.
pub fn update_superseded(tx: &mut Tx<'_>, request: Guid, now: Timestamp) -> Result<u64> {
    let stopped = tx.execute(
        "update mail_deliveries set state = 'replaced', reply = 'its link was used or replaced', ended_at = $2, \
         lease = lease + 1 where state in ('queued', 'kept') and message_guid in \
         (select guid from mail_messages where request_guid = $1 and kind = 'activation')",
        &[&request, &now.0],
    )?;
    if stopped > 0 {
        crate::access_requests::update_delivery(tx, request)?;
    }
    tx.execute(
        "update mail_messages set bytes = null where request_guid = $1 and kind = 'activation'",
        &[&request],
    )
}

/// Mails of one kind to one person whose personal link was replaced or used.
#[derive(Clone, Copy, Debug)]
pub struct Outdated<'n> {
    /// `password_reset` or `welcome`.
    pub kind: &'n str,
    /// The address they were written to.
    pub recipient: &'n str,
    /// Only those written then or later: an older link has ended by itself.
    pub since: Timestamp,
}

/// Drops the bytes of such mails and stops their deliveries. Call it before the newer mail is queued.
pub fn update_outdated(tx: &mut Tx<'_>, customer: Guid, outdated: &Outdated<'_>, now: Timestamp) -> Result<u64> {
    let Outdated { kind, recipient, since } = outdated;
    tx.execute(
        "update mail_deliveries set state = 'replaced', reply = 'its link was used or replaced', ended_at = $5, \
         lease = lease + 1 where state in ('queued', 'kept') and recipient = $4 and message_guid in \
         (select guid from mail_messages where customer_guid = $1 and created_at >= $2 and kind = $3)",
        &[&customer, &since.0, kind, recipient, &now.0],
    )?;
    tx.execute(
        "update mail_messages set bytes = null where customer_guid = $1 and created_at >= $2 and kind = $3 \
         and exists (select 1 from mail_deliveries d where d.message_guid = mail_messages.guid and d.recipient = $4)",
        &[&customer, &since.0, kind, recipient],
    )
}

/// A delivery as an operator sees it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Delivery {
    pub guid: Guid,
    pub message_guid: Guid,
    pub customer_guid: Guid,
    pub request_guid: Option<Guid>,
    pub kind: String,
    pub subject: String,
    pub recipient: String,
    pub state: String,
    pub attempts: i64,
    pub next_at: Timestamp,
    pub reply_code: Option<i64>,
    pub reply: Option<String>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// Which deliveries.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<String>,
    /// Of this request.
    pub request: Option<Guid>,
    /// To an address that contains this, in lower case.
    pub recipient: Option<String>,
    /// Only those that come after this one (time and guid).
    pub after: Option<(Timestamp, Guid)>,
    /// At most this many.
    pub limit: i64,
}

macro_rules! select_deliveries {
    () => {
        "select d.guid, m.guid, m.customer_guid, m.request_guid, m.kind, m.subject, d.recipient, d.state, d.attempts, \
         d.next_at, d.reply_code, d.reply, m.created_at, d.ended_at from mail_deliveries d \
         join mail_messages m on m.guid = d.message_guid "
    };
}
pub(crate) use select_deliveries;

/// Deliveries of the whole server, newest first: for its operator.
pub fn list(tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<Delivery>> {
    let mut query = Query::new(concat!(select_deliveries!(), "where true"));
    crate::mail_deliveries::narrow(&mut query, filter);
    tx.list_query(&query, read)
}

/// One delivery.
pub fn find(tx: &mut Tx<'_>, guid: Guid) -> Result<Option<Delivery>> {
    tx.find(concat!(select_deliveries!(), "where d.guid = $1"), &[&guid], read)
}

/// The bytes of a message, none once they were dropped.
pub fn find_bytes(tx: &mut Tx<'_>, message: Guid) -> Result<Option<Vec<u8>>> {
    Ok(tx
        .find("select bytes from mail_messages where guid = $1", &[&message], |row| {
            row.get(0)
        })?
        .flatten())
}

/// Queues a failed or kept delivery again, or one that waits for its next attempt longer than a lease lasts (else it
/// may be under way). Gives 0 where there is nothing to send any more.
pub fn update_requeued(tx: &mut Tx<'_>, guid: Guid, now: Timestamp, lease_ends: Timestamp) -> Result<u64> {
    tx.execute(
        "update mail_deliveries set state = 'queued', attempts = 0, next_at = $2, lease = lease + 1, ended_at = null \
         where guid = $1 and (state in ('failed', 'kept') or (state = 'queued' and next_at > $3)) and exists \
         (select 1 from mail_messages m where m.guid = mail_deliveries.message_guid and m.bytes is not null)",
        &[&guid, &now.0, &lease_ends.0],
    )
}

/// How many deliveries are in each state.
pub fn count_by_state(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>> {
    tx.list(
        "select state, count(*) from mail_deliveries group by state order by state",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// When the next queued delivery is due.
pub fn find_next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    let due: Option<i64> = tx.one(
        "select min(next_at) from mail_deliveries where state = 'queued'",
        &[],
        |row| row.get(0),
    )?;
    Ok(due.map(Timestamp))
}

pub(crate) fn read(row: &Row<'_>) -> Result<Delivery> {
    Ok(Delivery {
        guid: row.get(0)?,
        message_guid: row.get(1)?,
        customer_guid: row.get(2)?,
        request_guid: row.get(3)?,
        kind: row.get(4)?,
        subject: row.get(5)?,
        recipient: row.get(6)?,
        state: row.get(7)?,
        attempts: row.get(8)?,
        next_at: Timestamp(row.get(9)?),
        reply_code: row.get(10)?,
        reply: row.get(11)?,
        created_at: Timestamp(row.get(12)?),
        ended_at: row.get::<Option<i64>>(13)?.map(Timestamp),
    })
}
