//! Links by which a user sets a password, known by their digest only.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// A link that exists.
#[derive(Clone, Debug)]
pub struct PasswordLink {
    /// The user's customer.
    pub customer_guid: Guid,
    /// Whose password it sets.
    pub user_guid: Guid,
    /// `reset` or `welcome`.
    pub purpose: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used, if it was.
    pub spent_at: Option<Timestamp>,
}

/// A link to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct New<'n> {
    /// SHA-256 of the link's token.
    pub link_sha256: &'n [u8],
    /// Whose password it sets.
    pub user: Guid,
    /// `reset` or `welcome`.
    pub purpose: &'n str,
    /// When it is made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Stores a link, in place of the user's earlier ones.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, new: &New<'_>) -> Result<()> {
    delete_of_user(tx, customer, new.user)?;
    tx.execute(
        "insert into password_links (link_sha256, customer_guid, user_guid, purpose, created_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6)",
        &[
            &new.link_sha256,
            &customer,
            &new.user,
            &new.purpose,
            &new.created_at.0,
            &new.expires_at.0,
        ],
    )?;
    Ok(())
}

/// The link of a digest, whoever's it is: only its holder knows what leads to it.
pub fn find(tx: &mut Tx<'_>, link_sha256: &[u8]) -> Result<Option<PasswordLink>> {
    tx.find(
        "select customer_guid, user_guid, purpose, expires_at, spent_at from password_links where link_sha256 = $1",
        &[&link_sha256],
        |row| {
            Ok(PasswordLink {
                customer_guid: row.get(0)?,
                user_guid: row.get(1)?,
                purpose: row.get(2)?,
                expires_at: Timestamp(row.get(3)?),
                spent_at: row.get::<Option<i64>>(4)?.map(Timestamp),
            })
        },
    )
}

/// When the newest link of a user was made.
pub fn find_newest(tx: &mut Tx<'_>, customer: Guid, user: Guid) -> Result<Option<Timestamp>> {
    let newest: Option<i64> = tx.one(
        "select max(created_at) from password_links where customer_guid = $1 and user_guid = $2",
        &[&customer, &user],
        |row| row.get(0),
    )?;
    Ok(newest.map(Timestamp))
}

/// Spends a link. Gives 0 where somebody was faster.
pub fn update_spent(tx: &mut Tx<'_>, link_sha256: &[u8], now: Timestamp) -> Result<u64> {
    tx.execute(
        "update password_links set spent_at = $2 where link_sha256 = $1 and spent_at is null and expires_at > $2",
        &[&link_sha256, &now.0],
    )
}

/// Ends every link of a user.
pub fn delete_of_user(tx: &mut Tx<'_>, customer: Guid, user: Guid) -> Result<u64> {
    tx.execute(
        "delete from password_links where customer_guid = $1 and user_guid = $2",
        &[&customer, &user],
    )
}

/// Forgets up to `most` links that ended before `now`.
pub fn delete_ended(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<u64> {
    tx.execute(
        "delete from password_links where link_sha256 in \
         (select link_sha256 from password_links where expires_at <= $1 limit $2)",
        &[&now.0, &most],
    )
}
