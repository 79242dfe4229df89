//! Activation links: one for each request, known by its digest only. A resend replaces it.

use liaison_db::{Query, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// A link that exists.
#[derive(Clone, Copy, Debug)]
pub struct ActivationLink {
    /// The request it opens.
    pub request_guid: Guid,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used, if it was.
    pub spent_at: Option<Timestamp>,
    /// Whether the sender was shown it, instead of its being mailed to the recipient.
    pub is_copied: bool,
}

/// Gives a request its link and the code that does the same, in place of those it had.
pub fn upsert(
    tx: &mut Tx<'_>,
    request: Guid,
    (link_sha256, code_sha256): (&[u8], &[u8]),
    (expires_at, is_copied): (Timestamp, bool),
) -> Result<()> {
    tx.execute(
        "insert into activation_links (request_guid, link_sha256, code_sha256, expires_at, is_copied) \
         values ($1, $2, $3, $4, $5) on conflict (request_guid) do update set link_sha256 = excluded.link_sha256, \
         code_sha256 = excluded.code_sha256, code_attempts = 0, entry_sha256 = null, \
         expires_at = excluded.expires_at, spent_at = null, is_copied = excluded.is_copied",
        &[&request, &link_sha256, &code_sha256, &expires_at.0, &is_copied],
    )?;
    Ok(())
}

/// The link of a digest: its own, or that of the entry a right code was exchanged for.
pub fn find(tx: &mut Tx<'_>, link_sha256: &[u8]) -> Result<Option<ActivationLink>> {
    tx.find(
        "select request_guid, expires_at, spent_at, is_copied from activation_links \
         where link_sha256 = $1 or entry_sha256 = $1",
        &[&link_sha256],
        |row| {
            Ok(ActivationLink {
                request_guid: row.get(0)?,
                expires_at: Timestamp(row.get(1)?),
                spent_at: row.get::<Option<i64>>(2)?.map(Timestamp),
                is_copied: row.get(3)?,
            })
        },
    )
}

/// Spends a link. Gives 0 where somebody was faster.
pub fn update_spent(tx: &mut Tx<'_>, link_sha256: &[u8], now: Timestamp) -> Result<u64> {
    tx.execute(
        "update activation_links set spent_at = $2 where (link_sha256 = $1 or entry_sha256 = $1) \
         and spent_at is null and expires_at > $2",
        &[&link_sha256, &now.0],
    )
}

/// Remembers the link of a request before another one takes its place, so that whoever comes with it can be helped.
pub fn insert_old(tx: &mut Tx<'_>, request: Guid) -> Result<u64> {
    tx.execute(
        "insert into old_links (link_sha256, request_guid) \
         select link_sha256, request_guid from activation_links where request_guid = $1 on conflict do nothing",
        &[&request],
    )
}

/// The request that a link led to, whether it still does or was used or replaced.
pub fn find_request(tx: &mut Tx<'_>, link_sha256: &[u8]) -> Result<Option<Guid>> {
    tx.find(
        "select request_guid from activation_links where link_sha256 = $1 or entry_sha256 = $1 \
         union all select request_guid from old_links where link_sha256 = $1 limit 1",
        &[&link_sha256],
        |row| row.get(0),
    )
}

/// A link whose code may be tried.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The request it opens.
    pub request_guid: Guid,
    /// SHA-256 of the request's guid, a colon, and the six digits.
    pub code_sha256: Vec<u8>,
}

/// The links that wait for a person with this address (as compared, `emails::key`), whose codes were tried fewer than
/// `attempts` times; newest first.
pub fn list_candidates(
    tx: &mut Tx<'_>,
    email_key: &str,
    now: Timestamp,
    (attempts, most): (i64, i64),
) -> Result<Vec<Candidate>> {
    tx.list(
        "select l.request_guid, l.code_sha256 from access_requests r \
         join activation_links l on l.request_guid = r.guid \
         where lower(r.requestee_email) = $1 and r.status = 'Pending' and r.expires_at > $2 \
         and l.spent_at is null and l.expires_at > $2 and l.code_sha256 is not null and l.code_attempts < $3 \
         order by r.created_at desc, r.guid desc limit $4",
        &[&email_key, &now.0, &attempts, &most],
        |row| {
            Ok(Candidate {
                request_guid: row.get(0)?,
                code_sha256: row.get(1)?,
            })
        },
    )
}

/// Counts a wrong code.
pub fn update_tried(tx: &mut Tx<'_>, request: Guid) -> Result<u64> {
    tx.execute(
        "update activation_links set code_attempts = code_attempts + 1 where request_guid = $1",
        &[&request],
    )
}

/// Exchanges a right code for an entry, in place of an earlier one.
pub fn update_entry(tx: &mut Tx<'_>, request: Guid, entry_sha256: &[u8]) -> Result<u64> {
    tx.execute(
        "update activation_links set entry_sha256 = $2 where request_guid = $1",
        &[&request, &entry_sha256],
    )
}

/// The moments after `since` at which something of this kind was done to a request of the sender, oldest first.
pub fn list_done(
    tx: &mut Tx<'_>,
    customer: Guid,
    request: Guid,
    (kinds, since): (&[&'static str], Timestamp),
) -> Result<Vec<Timestamp>> {
    let mut query = Query::new("select at from events where customer_guid = ");
    query.bind(customer).push(" and request_guid = ").bind(request);
    query.push(" and at > ").bind(since.0);
    query.push(" and kind in ").bind_list(kinds.iter().copied());
    query.push(" order by at, guid limit 1000");
    tx.list_query(&query, |row| Ok(Timestamp(row.get(0)?)))
}
