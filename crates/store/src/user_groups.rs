//! Access control groups of users.

use liaison_db::Tx;
use liaison_domain::Guid;

use crate::{Result, bulk};

/// A group of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserGroup {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// Whether new users land in it.
    pub is_default: bool,
}

/// The groups of a customer, by name.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<UserGroup>> {
    tx.list(
        "select guid, name, is_default from user_groups where customer_guid = $1 order by name, guid",
        &[&customer],
        |row| {
            Ok(UserGroup {
                guid: row.get(0)?,
                name: row.get(1)?,
                is_default: row.get(2)?,
            })
        },
    )
}

/// One group.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<UserGroup>> {
    tx.find(
        "select guid, name, is_default from user_groups where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        |row| {
            Ok(UserGroup {
                guid: row.get(0)?,
                name: row.get(1)?,
                is_default: row.get(2)?,
            })
        },
    )
}

/// Those of some groups that the customer has.
pub fn list_by_guids(tx: &mut Tx<'_>, customer: Guid, guids: &[Guid]) -> Result<Vec<UserGroup>> {
    let head = "select guid, name, is_default from user_groups where customer_guid = ";
    bulk::list_of_customer(tx, (head, customer, " and guid in "), guids, |row| {
        Ok(UserGroup {
            guid: row.get(0)?,
            name: row.get(1)?,
            is_default: row.get(2)?,
        })
    })
}

/// The customers of some groups, whoever's they are: guids are unique on the server.
pub fn list_owners(tx: &mut Tx<'_>, guids: &[Guid]) -> Result<Vec<(Guid, Guid)>> {
    bulk::list_in(
        tx,
        "select guid, customer_guid from user_groups where guid in ",
        guids,
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Stores a group, new or changed. Gives 0 where the guid is another customer's.
pub fn upsert(tx: &mut Tx<'_>, customer: Guid, group: &UserGroup) -> Result<u64> {
    tx.execute(
        "insert into user_groups (guid, customer_guid, name, is_default) values ($1, $2, $3, $4) \
         on conflict (guid) do update set name = excluded.name, is_default = excluded.is_default \
         where user_groups.customer_guid = excluded.customer_guid",
        &[&group.guid, &customer, &group.name, &group.is_default],
    )
}
