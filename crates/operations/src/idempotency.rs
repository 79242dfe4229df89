//! `Idempotency-Key`: the answer to a write is stored with the write, and given again when the key comes again.

use liaison_db::{Tx, dialect};
use liaison_domain::{Refusal, Timestamp, limits};
use liaison_store as store;
use liaison_store::idempotency::Remembered;

use crate::{Actor, Error, Result, digest};

/// A key as the caller sent it, with the digest of what came with it.
#[derive(Clone, Debug)]
pub struct Key {
    /// 1 to 255 visible characters.
    pub value: String,
    /// Digest of method, path and body.
    pub fingerprint: [u8; 32],
}

/// An answer: status code and body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Whether a header value can be a key.
pub fn is_valid(key: &str) -> bool {
    (1..=limits::IDEMPOTENCY_KEY_CHARS).contains(&key.len()) && key.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
}

/// Runs `work` once for each key of a caller. Refusals are not remembered: their sender may mend the body.
pub fn once(
    tx: &mut Tx<'_>,
    (actor, now): (&Actor, Timestamp),
    key: Option<&Key>,
    work: impl FnOnce(&mut Tx<'_>) -> Result<Answer>,
) -> Result<Answer> {
    let Some(key) = key else { return work(tx) };
    let caller = actor.guid();
    if !dialect::try_lock_key(tx, lock_number(caller, &key.value))? {
        return Err(Refusal::IdempotencyRunning.into());
    }
    if let Some(before) = store::idempotency::find(tx, caller, &key.value)? {
        return replay(before, key);
    }
    let answer = work(tx)?;
    let remembered = Remembered {
        fingerprint: key.fingerprint.to_vec(),
        status: i64::from(answer.status),
        body: answer.body.clone(),
    };
    store::idempotency::insert(tx, (caller, &key.value), &remembered, now)?;
    Ok(answer)
}

fn replay(before: Remembered, key: &Key) -> Result<Answer> {
    if before.fingerprint != key.fingerprint {
        return Err(Refusal::IdempotencyMismatch.into());
    }
    let status = u16::try_from(before.status).map_err(|_| Error::Internal("a stored status is no status".into()))?;
    Ok(Answer {
        status,
        body: before.body,
    })
}

/// A number for the database's own lock, so that the same key on two servers does not run twice at once.
fn lock_number(caller: liaison_domain::Guid, key: &str) -> i64 {
    let mut text = caller.as_bytes().to_vec();
    text.extend_from_slice(key.as_bytes());
    let hash = digest(&text);
    i64::from_be_bytes(hash[..8].try_into().expect("eight bytes of thirty-two"))
}
