//! Activation links: one for each request, known by its digest only. A resend replaces it.

use liaison_db::Tx;
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
}

/// Gives a request its link, in place of the one it had.
pub fn upsert(tx: &mut Tx<'_>, request: Guid, link_sha256: &[u8], expires_at: Timestamp) -> Result<()> {
    tx.execute(
        "insert into activation_links (request_guid, link_sha256, expires_at) values ($1, $2, $3) \
         on conflict (request_guid) do update set link_sha256 = excluded.link_sha256, \
         expires_at = excluded.expires_at, spent_at = null",
        &[&request, &link_sha256, &expires_at.0],
    )?;
    Ok(())
}

/// The link of a digest.
pub fn find(tx: &mut Tx<'_>, link_sha256: &[u8]) -> Result<Option<ActivationLink>> {
    tx.find(
        "select request_guid, expires_at, spent_at from activation_links where link_sha256 = $1",
        &[&link_sha256],
        |row| {
            Ok(ActivationLink {
                request_guid: row.get(0)?,
                expires_at: Timestamp(row.get(1)?),
                spent_at: row.get::<Option<i64>>(2)?.map(Timestamp),
            })
        },
    )
}

/// Spends a link. Gives 0 where somebody was faster.
pub fn update_spent(tx: &mut Tx<'_>, link_sha256: &[u8], now: Timestamp) -> Result<u64> {
    tx.execute(
        "update activation_links set spent_at = $2 where link_sha256 = $1 and spent_at is null and expires_at > $2",
        &[&link_sha256, &now.0],
    )
}
