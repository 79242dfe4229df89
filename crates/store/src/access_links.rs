//! Access links: what an administrator publishes so that people can ask to be invited. The guid is the link.

use liaison_db::{Row, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// A link, whole.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct AccessLink {
    pub guid: Guid,
    pub name: String,
    pub description: String,
    pub scope: Option<String>,
    pub is_active: bool,
    pub created_at: Timestamp,
    pub created_by: Author,
    pub updated_at: Timestamp,
    pub updated_by: Author,
}

/// Who made or changed a link.
#[derive(Clone, Debug)]
pub struct Author {
    /// The user, or the company token.
    pub guid: Guid,
    /// Their name at that time.
    pub formal_name: String,
    /// Their address today; none where there is no such user.
    pub email: Option<String>,
}

macro_rules! select_links {
    ($tail:literal) => {
        concat!(
            "select l.guid, l.name, l.description, l.scope, l.is_active, l.created_at, l.created_by_guid, \
             l.created_by_name, cu.email, l.updated_at, l.updated_by_guid, l.updated_by_name, uu.email \
             from access_links l \
             left join users cu on cu.customer_guid = l.customer_guid and cu.guid = l.created_by_guid \
             left join users uu on uu.customer_guid = l.customer_guid and uu.guid = l.updated_by_guid ",
            $tail
        )
    };
}

/// A page of a customer's links, oldest first: `limit` rows after `offset`.
pub fn list(tx: &mut Tx<'_>, customer: Guid, (limit, offset): (i64, i64)) -> Result<Vec<AccessLink>> {
    tx.list(
        select_links!("where l.customer_guid = $1 order by l.created_at, l.guid limit $2 offset $3"),
        &[&customer, &limit, &offset],
        read,
    )
}

/// How many links a customer has.
pub fn count(tx: &mut Tx<'_>, customer: Guid) -> Result<i64> {
    tx.one(
        "select count(*) from access_links where customer_guid = $1",
        &[&customer],
        |row| row.get(0),
    )
}

/// One link.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<AccessLink>> {
    tx.find(
        select_links!("where l.customer_guid = $1 and l.guid = $2"),
        &[&customer, &guid],
        read,
    )
}

/// A link that is switched on, of a customer that is, with that customer: for whoever holds the link.
pub fn find_open(tx: &mut Tx<'_>, guid: Guid, now: Timestamp) -> Result<Option<(AccessLink, Guid)>> {
    let owner = tx.find(
        "select l.customer_guid from access_links l join customers c on c.guid = l.customer_guid \
         where l.guid = $1 and l.is_active and c.is_active and (c.access_ends_at is null or c.access_ends_at > $2)",
        &[&guid, &now.0],
        |row| row.get::<Guid>(0),
    )?;
    let Some(customer) = owner else { return Ok(None) };
    Ok(find(tx, customer, guid)?.map(|link| (link, customer)))
}

/// Stores a new link.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, link: &AccessLink) -> Result<()> {
    tx.execute(
        "insert into access_links (guid, customer_guid, name, description, scope, is_active, created_at, \
         created_by_guid, created_by_name, updated_at, updated_by_guid, updated_by_name) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            &link.guid,
            &customer,
            &link.name,
            &link.description,
            &link.scope,
            &link.is_active,
            &link.created_at.0,
            &link.created_by.guid,
            &link.created_by.formal_name,
            &link.updated_at.0,
            &link.updated_by.guid,
            &link.updated_by.formal_name,
        ],
    )?;
    Ok(())
}

/// Stores what can change of a link: name, description, whether it is switched on, and who changed it when.
pub fn update(tx: &mut Tx<'_>, customer: Guid, link: &AccessLink) -> Result<u64> {
    tx.execute(
        "update access_links set name = $3, description = $4, is_active = $5, updated_at = $6, updated_by_guid = $7, \
         updated_by_name = $8 where customer_guid = $1 and guid = $2",
        &[
            &customer,
            &link.guid,
            &link.name,
            &link.description,
            &link.is_active,
            &link.updated_at.0,
            &link.updated_by.guid,
            &link.updated_by.formal_name,
        ],
    )
}

/// Deletes a link. The requests that came through it stay.
pub fn delete(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<u64> {
    tx.execute(
        "delete from access_links where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
    )
}

/// Somebody who decides about those who ask.
#[derive(Clone, Debug)]
pub struct Reviewer {
    /// The user.
    pub guid: Guid,
    /// Full name.
    pub formal_name: String,
    /// Address.
    pub email: String,
    /// Whether they want a mail when something happens to a request.
    pub mails_on_requests: bool,
}

/// The active administrators of a customer, by address; `most` at most.
pub fn list_reviewers(tx: &mut Tx<'_>, customer: Guid, most: i64) -> Result<Vec<Reviewer>> {
    tx.list(
        "select guid, formal_name, email, mails_on_requests from users where customer_guid = $1 \
         and role = 'customer_admin' and status = 'Activated' order by email_key limit $2",
        &[&customer, &most],
        |row| {
            Ok(Reviewer {
                guid: row.get(0)?,
                formal_name: row.get(1)?,
                email: row.get(2)?,
                mails_on_requests: row.get(3)?,
            })
        },
    )
}

fn read(row: &Row<'_>) -> Result<AccessLink> {
    Ok(AccessLink {
        guid: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        scope: row.get(3)?,
        is_active: row.get(4)?,
        created_at: Timestamp(row.get(5)?),
        created_by: Author {
            guid: row.get(6)?,
            formal_name: row.get(7)?,
            email: row.get(8)?,
        },
        updated_at: Timestamp(row.get(9)?),
        updated_by: Author {
            guid: row.get(10)?,
            formal_name: row.get(11)?,
            email: row.get(12)?,
        },
    })
}
