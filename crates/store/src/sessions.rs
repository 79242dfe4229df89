//! Sessions of browsers, known by the digest of their cookie only.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;
use crate::api_tokens::{Identity, TokenUser};

/// A session to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct New<'n> {
    /// Its guid.
    pub guid: Guid,
    /// Whose it is.
    pub user: Guid,
    /// SHA-256 of the cookie's value.
    pub session_sha256: &'n [u8],
    /// What the browser calls itself.
    pub user_agent: &'n str,
    /// When it is made.
    pub created_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// A session as its user sees it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Session {
    pub guid: Guid,
    pub user_agent: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Stores a new session.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, new: &New<'_>) -> Result<()> {
    tx.execute(
        "insert into sessions (guid, customer_guid, user_guid, session_sha256, user_agent, created_at, seen_at, \
         expires_at) values ($1, $2, $3, $4, $5, $6, $6, $7)",
        &[
            &new.guid,
            &customer,
            &new.user,
            &new.session_sha256,
            &new.user_agent,
            &new.created_at.0,
            &new.expires_at.0,
        ],
    )?;
    Ok(())
}

/// Who is behind a session that has not ended at `now` and was used after `used_since`.
pub fn find_identity(
    tx: &mut Tx<'_>,
    session_sha256: &[u8],
    now: Timestamp,
    used_since: Timestamp,
) -> Result<Option<Identity>> {
    tx.find(
        "select s.guid, s.user_agent, c.guid, c.name, c.type, c.is_active, c.access_ends_at, c.trial_duration, \
         c.my_company_guid, co.name, u.guid, u.email, u.first_name, u.last_name, u.friendly_name, u.formal_name, \
         u.role, u.status, u.is_unproven \
         from sessions s join customers c on c.guid = s.customer_guid \
         join users u on u.guid = s.user_guid and u.customer_guid = s.customer_guid \
         left join companies co on co.guid = c.my_company_guid \
         where s.session_sha256 = $1 and s.expires_at > $2 and s.seen_at > $3",
        &[&session_sha256, &now.0, &used_since.0],
        |row| {
            Ok(Identity {
                token_guid: row.get(0)?,
                revoked_at: None,
                description: row.get(1)?,
                customer_guid: row.get(2)?,
                customer_name: row.get(3)?,
                customer_type: row.get(4)?,
                customer_is_active: row.get(5)?,
                access_ends_at: row.get(6)?,
                trial_duration: row.get(7)?,
                my_company_guid: row.get(8)?,
                my_company_name: row.get(9)?,
                user: Some(TokenUser {
                    guid: row.get(10)?,
                    email: row.get(11)?,
                    first_name: row.get(12)?,
                    last_name: row.get(13)?,
                    friendly_name: row.get(14)?,
                    formal_name: row.get(15)?,
                    role: row.get(16)?,
                    status: row.get(17)?,
                    is_unproven: row.get(18)?,
                }),
            })
        },
    )
}

/// Notes that a session was used, if that was last noted before `before`. Gives 0 where it was noted already.
pub fn update_seen(tx: &mut Tx<'_>, session_sha256: &[u8], now: Timestamp, before: Timestamp) -> Result<u64> {
    tx.execute(
        "update sessions set seen_at = $2 where session_sha256 = $1 and seen_at < $3",
        &[&session_sha256, &now.0, &before.0],
    )
}

/// When a session was last noted as used.
pub fn find_seen(tx: &mut Tx<'_>, session_sha256: &[u8]) -> Result<Option<Timestamp>> {
    tx.find(
        "select seen_at from sessions where session_sha256 = $1",
        &[&session_sha256],
        |row| Ok(Timestamp(row.get(0)?)),
    )
}

/// The sessions of a user, the one used last first.
pub fn list(tx: &mut Tx<'_>, customer: Guid, user: Guid) -> Result<Vec<Session>> {
    tx.list(
        "select guid, user_agent, created_at, seen_at, expires_at from sessions \
         where customer_guid = $1 and user_guid = $2 order by seen_at desc, guid",
        &[&customer, &user],
        |row| {
            Ok(Session {
                guid: row.get(0)?,
                user_agent: row.get(1)?,
                created_at: Timestamp(row.get(2)?),
                seen_at: Timestamp(row.get(3)?),
                expires_at: Timestamp(row.get(4)?),
            })
        },
    )
}

/// Ends one session of a user.
pub fn delete(tx: &mut Tx<'_>, customer: Guid, user: Guid, guid: Guid) -> Result<u64> {
    tx.execute(
        "delete from sessions where customer_guid = $1 and user_guid = $2 and guid = $3",
        &[&customer, &user, &guid],
    )
}

/// Ends every session of a user, one excepted where it is named.
pub fn delete_of_user(tx: &mut Tx<'_>, customer: Guid, user: Guid, except: Option<Guid>) -> Result<u64> {
    tx.execute(
        "delete from sessions where customer_guid = $1 and user_guid = $2 and guid <> $3",
        &[&customer, &user, &except.unwrap_or_default()],
    )
}

/// Forgets up to `most` sessions that ended before `now` or were not used since `used_since`.
pub fn delete_ended(tx: &mut Tx<'_>, now: Timestamp, used_since: Timestamp, most: i64) -> Result<u64> {
    tx.execute(
        "delete from sessions where guid in \
         (select guid from sessions where expires_at <= $1 or seen_at <= $2 limit $3)",
        &[&now.0, &used_since.0, &most],
    )
}
