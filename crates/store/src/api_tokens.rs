//! API tokens, known by their digest only.

use liaison_db::{Query, Row, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::{Result, bulk};

/// Everything a token stands for, read in one statement at each call.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Identity {
    pub token_guid: Guid,
    pub revoked_at: Option<i64>,
    pub description: String,
    pub customer_guid: Guid,
    pub customer_name: String,
    pub customer_type: String,
    pub customer_is_active: bool,
    pub access_ends_at: Option<i64>,
    pub trial_duration: i64,
    pub my_company_guid: Option<Guid>,
    pub my_company_name: Option<String>,
    pub user: Option<TokenUser>,
}

/// The user of a user token.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct TokenUser {
    pub guid: Guid,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub friendly_name: String,
    pub formal_name: String,
    pub role: String,
    pub status: String,
    pub is_unproven: bool,
}

/// The identity behind a token's digest.
pub fn find_identity(tx: &mut Tx<'_>, token_sha256: &[u8]) -> Result<Option<Identity>> {
    tx.find(
        "select t.guid, t.revoked_at, t.description, c.guid, c.name, c.type, c.is_active, c.access_ends_at, \
         c.trial_duration, c.my_company_guid, co.name, u.guid, u.email, u.first_name, u.last_name, u.friendly_name, \
         u.formal_name, u.role, u.status, u.is_unproven \
         from api_tokens t join customers c on c.guid = t.customer_guid \
         left join companies co on co.guid = c.my_company_guid \
         left join users u on u.guid = t.user_guid and u.customer_guid = t.customer_guid \
         where t.token_sha256 = $1",
        &[&token_sha256],
        |row| {
            let user: Option<Guid> = row.get(11)?;
            let user = match user {
                None => None,
                Some(guid) => Some(TokenUser {
                    guid,
                    email: row.get(12)?,
                    first_name: row.get(13)?,
                    last_name: row.get(14)?,
                    friendly_name: row.get(15)?,
                    formal_name: row.get(16)?,
                    role: row.get(17)?,
                    status: row.get(18)?,
                    is_unproven: row.get(19)?,
                }),
            };
            Ok(Identity {
                token_guid: row.get(0)?,
                revoked_at: row.get(1)?,
                description: row.get(2)?,
                customer_guid: row.get(3)?,
                customer_name: row.get(4)?,
                customer_type: row.get(5)?,
                customer_is_active: row.get(6)?,
                access_ends_at: row.get(7)?,
                trial_duration: row.get(8)?,
                my_company_guid: row.get(9)?,
                my_company_name: row.get(10)?,
                user,
            })
        },
    )
}

/// A token as an operator sees it.
#[derive(Clone, Debug)]
pub struct ApiToken {
    /// Its guid.
    pub guid: Guid,
    /// What it is for.
    pub description: String,
    /// The last four characters.
    pub last_four: String,
    /// The user, none for a company token.
    pub user_guid: Option<Guid>,
    /// The user's address.
    pub user_email: Option<String>,
    /// Who made it; none where the operator did.
    pub made_by_name: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// A token to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct New<'n> {
    /// Its guid.
    pub guid: Guid,
    /// The user, none for a company token.
    pub user: Option<Guid>,
    /// What it is for.
    pub description: &'n str,
    /// SHA-256 of the token.
    pub token_sha256: &'n [u8],
    /// The last four characters.
    pub last_four: &'n str,
    /// Who makes it; none where the operator does.
    pub made_by_name: Option<&'n str>,
    /// When it is made.
    pub created_at: Timestamp,
}

/// Stores a new token.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, new: &New<'_>) -> Result<()> {
    tx.execute(
        "insert into api_tokens (guid, customer_guid, user_guid, description, token_sha256, last_four, created_at, \
         made_by_name) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &new.guid,
            &customer,
            &new.user,
            &new.description,
            &new.token_sha256,
            &new.last_four,
            &new.created_at.0,
            &new.made_by_name,
        ],
    )?;
    Ok(())
}

macro_rules! select_tokens {
    ($tail:literal) => {
        concat!(
            "select t.guid, t.description, t.last_four, t.user_guid, u.email, t.made_by_name, t.created_at, \
             t.revoked_at from api_tokens t left join users u on u.guid = t.user_guid ",
            $tail
        )
    };
}

/// The tokens of a customer, newest first.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<ApiToken>> {
    tx.list(
        select_tokens!("where t.customer_guid = $1 order by t.created_at desc, t.guid desc"),
        &[&customer],
        read,
    )
}

/// A page of the tokens of a customer that work, those of the whole customer before those of its users: `limit` rows
/// after `offset`.
pub fn list_working(tx: &mut Tx<'_>, customer: Guid, (limit, offset): (i64, i64)) -> Result<Vec<ApiToken>> {
    tx.list(
        select_tokens!(
            "where t.customer_guid = $1 and t.revoked_at is null \
             order by coalesce(u.email_key, ''), t.created_at desc, t.guid desc limit $2 offset $3"
        ),
        &[&customer, &limit, &offset],
        read,
    )
}

/// How many tokens of a customer work.
pub fn count_working(tx: &mut Tx<'_>, customer: Guid) -> Result<i64> {
    tx.one(
        "select count(*) from api_tokens where customer_guid = $1 and revoked_at is null",
        &[&customer],
        |row| row.get(0),
    )
}

/// The tokens of a customer that were revoked last, at most `most`.
pub fn list_revoked(tx: &mut Tx<'_>, customer: Guid, most: i64) -> Result<Vec<ApiToken>> {
    tx.list(
        select_tokens!(
            "where t.customer_guid = $1 and t.revoked_at is not null order by t.revoked_at desc, t.guid desc limit $2"
        ),
        &[&customer, &most],
        read,
    )
}

/// The tokens of one user that work, newest first.
pub fn list_of_user(tx: &mut Tx<'_>, customer: Guid, user: Guid) -> Result<Vec<ApiToken>> {
    tx.list(
        select_tokens!(
            "where t.customer_guid = $1 and t.user_guid = $2 and t.revoked_at is null \
             order by t.created_at desc, t.guid desc"
        ),
        &[&customer, &user],
        read,
    )
}

/// One token of a customer, working or not.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<ApiToken>> {
    tx.find(
        select_tokens!("where t.customer_guid = $1 and t.guid = $2"),
        &[&customer, &guid],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<ApiToken> {
    Ok(ApiToken {
        guid: row.get(0)?,
        description: row.get(1)?,
        last_four: row.get(2)?,
        user_guid: row.get(3)?,
        user_email: row.get(4)?,
        made_by_name: row.get(5)?,
        created_at: Timestamp(row.get(6)?),
        revoked_at: row.get::<Option<i64>>(7)?.map(Timestamp),
    })
}

/// The guid of a token by its digest, whoever's it is: digests are unique on the server.
pub fn find_owner(tx: &mut Tx<'_>, token_sha256: &[u8]) -> Result<Option<(Guid, Guid)>> {
    tx.find(
        "select guid, customer_guid from api_tokens where token_sha256 = $1",
        &[&token_sha256],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// A token's digest, its customer, and its user, none for a company token.
pub type Owned = ([u8; 32], Guid, Option<Guid>);

/// Those of some digests that are tokens, whoever's they are.
pub fn list_owners(tx: &mut Tx<'_>, digests: &[[u8; 32]]) -> Result<Vec<Owned>> {
    bulk::prefer_indexes(tx)?;
    let mut found = Vec::new();
    for block in bulk::blocks(digests) {
        let mut query =
            Query::new("select token_sha256, customer_guid, user_guid from api_tokens where token_sha256 in ");
        query.bind_list(block.iter().copied());
        found.append(&mut tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?);
    }
    Ok(found)
}

/// The description of a customer's token.
pub fn find_description(tx: &mut Tx<'_>, customer: Guid, token_sha256: &[u8]) -> Result<Option<String>> {
    tx.find(
        "select description from api_tokens where customer_guid = $1 and token_sha256 = $2",
        &[&customer, &token_sha256],
        |row| row.get(0),
    )
}

/// Says anew what a token is for.
pub fn update_description(tx: &mut Tx<'_>, customer: Guid, token_sha256: &[u8], description: &str) -> Result<u64> {
    tx.execute(
        "update api_tokens set description = $3 where customer_guid = $1 and token_sha256 = $2",
        &[&customer, &token_sha256, &description],
    )
}

/// Whether a customer has a token that works, with this description, of this user or of none.
pub fn exists(tx: &mut Tx<'_>, customer: Guid, user: Option<Guid>, description: &str) -> Result<bool> {
    let found = match user {
        None => tx.find(
            "select 1 from api_tokens where customer_guid = $1 and description = $2 and user_guid is null \
             and revoked_at is null",
            &[&customer, &description],
            |_| Ok(()),
        )?,
        Some(user) => tx.find(
            "select 1 from api_tokens where customer_guid = $1 and description = $2 and user_guid = $3 \
             and revoked_at is null",
            &[&customer, &description, &user],
            |_| Ok(()),
        )?,
    };
    Ok(found.is_some())
}

/// Revokes one token. Gives 0 where it is unknown or already revoked.
pub fn update_revoked(tx: &mut Tx<'_>, customer: Guid, guid: Guid, now: Timestamp) -> Result<u64> {
    tx.execute(
        "update api_tokens set revoked_at = $3 where customer_guid = $1 and guid = $2 and revoked_at is null",
        &[&customer, &guid, &now.0],
    )
}

/// Revokes every token of one user.
pub fn update_revoked_of_user(tx: &mut Tx<'_>, customer: Guid, user: Guid, now: Timestamp) -> Result<u64> {
    tx.execute(
        "update api_tokens set revoked_at = $3 where customer_guid = $1 and user_guid = $2 and revoked_at is null",
        &[&customer, &user, &now.0],
    )
}

/// The customer of a token by the token's guid, for the operator's commands.
pub fn find_customer(tx: &mut Tx<'_>, guid: Guid) -> Result<Option<Guid>> {
    tx.find(
        "select customer_guid from api_tokens where guid = $1",
        &[&guid],
        |row| row.get(0),
    )
}

/// The tokens of the customer itself that work, newest first, each with the name of its group.
pub fn list_company(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<(ApiToken, Option<String>)>> {
    let tokens = tx.list(
        select_tokens!(
            "where t.customer_guid = $1 and t.user_guid is null and t.revoked_at is null \
             order by t.created_at desc, t.guid desc"
        ),
        &[&customer],
        read,
    )?;
    let groups: Vec<(Guid, String)> = tx.list(
        "select t.guid, g.name from api_tokens t join user_groups g on g.customer_guid = t.customer_guid \
         and g.guid = t.group_guid where t.customer_guid = $1 and t.user_guid is null and t.revoked_at is null",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let group = |token: Guid| {
        groups
            .iter()
            .find(|(guid, _)| *guid == token)
            .map(|(_, name)| name.clone())
    };
    let with_group = |token: ApiToken| {
        let group = group(token.guid);
        (token, group)
    };
    Ok(tokens.into_iter().map(with_group).collect())
}

/// Notes the group of a token.
pub fn update_group(tx: &mut Tx<'_>, customer: Guid, token: Guid, group: Guid) -> Result<()> {
    tx.execute(
        "update api_tokens set group_guid = $3 where customer_guid = $1 and guid = $2",
        &[&customer, &token, &group],
    )?;
    Ok(())
}

/// Forgets a group wherever a token has it.
pub fn clear_group(tx: &mut Tx<'_>, customer: Guid, group: Guid) -> Result<()> {
    tx.execute(
        "update api_tokens set group_guid = null where customer_guid = $1 and group_guid = $2",
        &[&customer, &group],
    )?;
    Ok(())
}
