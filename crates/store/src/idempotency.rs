//! Answers remembered by `Idempotency-Key`.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// An answer given before.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// Digest of the request that got it.
    pub fingerprint: Vec<u8>,
    /// Status code.
    pub status: i64,
    /// Body.
    pub body: Vec<u8>,
}

/// The answer that `caller` got for `key`.
pub fn find(tx: &mut Tx<'_>, caller: Guid, key: &str) -> Result<Option<Remembered>> {
    tx.find(
        "select fingerprint, status, body from idempotency_keys where caller_guid = $1 and key = $2",
        &[&caller, &key],
        |row| {
            Ok(Remembered {
                fingerprint: row.get(0)?,
                status: row.get(1)?,
                body: row.get(2)?,
            })
        },
    )
}

/// Remembers an answer.
pub fn insert(tx: &mut Tx<'_>, (caller, key): (Guid, &str), answer: &Remembered, now: Timestamp) -> Result<()> {
    tx.execute(
        "insert into idempotency_keys (caller_guid, key, fingerprint, status, body, created_at) \
         values ($1, $2, $3, $4, $5, $6)",
        &[&caller, &key, &answer.fingerprint, &answer.status, &answer.body, &now.0],
    )?;
    Ok(())
}

/// Forgets about `most` answers older than `before`: those of the same moment go together. By age alone, because SQLite
/// would look for each pair of caller and key among all keys of that caller.
pub fn delete_older(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64> {
    tx.execute(
        "delete from idempotency_keys where created_at < $1 and created_at <= (select max(created_at) from \
         (select created_at from idempotency_keys where created_at < $1 order by created_at limit $2) as oldest)",
        &[&before.0, &most],
    )
}
