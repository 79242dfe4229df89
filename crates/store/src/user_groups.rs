//! Access control groups of users.

use liaison_db::{Row, Tx};
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
    /// Kept as it was sent.
    pub allow_bundled_companies: bool,
    /// Kept as it was sent.
    pub can_set_tier_scope: bool,
}

/// The groups of a customer, by name.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<UserGroup>> {
    tx.list(
        "select guid, name, is_default, allow_bundled_companies, can_set_tier_scope from user_groups \
         where customer_guid = $1 order by name, guid",
        &[&customer],
        read,
    )
}

/// One group.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<UserGroup>> {
    tx.find(
        "select guid, name, is_default, allow_bundled_companies, can_set_tier_scope from user_groups \
         where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<UserGroup> {
    Ok(UserGroup {
        guid: row.get(0)?,
        name: row.get(1)?,
        is_default: row.get(2)?,
        allow_bundled_companies: row.get(3)?,
        can_set_tier_scope: row.get(4)?,
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
        "insert into user_groups (guid, customer_guid, name, is_default, allow_bundled_companies, can_set_tier_scope) \
         values ($1, $2, $3, $4, $5, $6) on conflict (guid) do update set name = excluded.name, \
         is_default = excluded.is_default, allow_bundled_companies = excluded.allow_bundled_companies, \
         can_set_tier_scope = excluded.can_set_tier_scope \
         where user_groups.customer_guid = excluded.customer_guid",
        &[
            &group.guid,
            &customer,
            &group.name,
            &group.is_default,
            &group.allow_bundled_companies,
            &group.can_set_tier_scope,
        ],
    )
}

/// A group with how much is in it.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The group.
    pub group: UserGroup,
    /// How many users are in it.
    pub user_count: i64,
    /// How many companies are in its own list.
    pub company_count: i64,
}

macro_rules! select_counted {
    ($tail:literal) => {
        concat!(
            "select g.guid, g.name, g.is_default, g.allow_bundled_companies, g.can_set_tier_scope, \
             (select count(*) from users u where u.group_guid = g.guid and u.status <> 'Deactivated'), \
             (select count(*) from group_companies gc where gc.group_guid = g.guid) from user_groups g \
             where g.customer_guid = $1",
            $tail
        )
    };
}

/// The groups of a customer with how much is in them, by name.
pub fn list_counted(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<Counted>> {
    tx.list(select_counted!(" order by g.name, g.guid"), &[&customer], read_counted)
}

/// One group with how much is in it.
pub fn find_counted(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Counted>> {
    tx.find(select_counted!(" and g.guid = $2"), &[&customer, &guid], read_counted)
}

fn read_counted(row: &Row<'_>) -> Result<Counted> {
    Ok(Counted {
        group: read(row)?,
        user_count: row.get(5)?,
        company_count: row.get(6)?,
    })
}

/// Leaves one default group.
pub fn update_only_default(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<()> {
    tx.execute(
        "update user_groups set is_default = false where customer_guid = $1 and guid <> $2 and is_default",
        &[&customer, &guid],
    )?;
    Ok(())
}

/// Deletes a group that nobody is in.
pub fn delete(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<u64> {
    tx.execute(
        "delete from user_groups where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
    )
}

/// The users of a group, by name: guid, address and name; `most` of them.
pub fn list_users(tx: &mut Tx<'_>, customer: Guid, group: Guid, most: i64) -> Result<Vec<(Guid, String, String)>> {
    tx.list(
        "select guid, email, formal_name from users where customer_guid = $1 and group_guid = $2 \
         and status <> 'Deactivated' order by formal_name, guid limit $3",
        &[&customer, &group, &most],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// The companies in a group's own list, by guid.
pub fn list_companies(tx: &mut Tx<'_>, customer: Guid, group: Guid) -> Result<Vec<Guid>> {
    tx.list(
        "select company_guid from group_companies where customer_guid = $1 and group_guid = $2 order by company_guid",
        &[&customer, &group],
        |row| row.get(0),
    )
}

/// Puts companies into a group's own list.
pub fn add_companies(tx: &mut Tx<'_>, customer: Guid, group: Guid, companies: &[Guid]) -> Result<u64> {
    let sql = (
        "insert into group_companies (customer_guid, group_guid, company_guid) values ",
        ") on conflict do nothing",
    );
    bulk::insert(tx, sql, companies, |values, company| {
        values.add(customer).add(group).add(*company);
    })
}

/// Takes companies out of a group's own list.
pub fn delete_companies(tx: &mut Tx<'_>, customer: Guid, group: Guid, companies: &[Guid]) -> Result<u64> {
    let head = "delete from group_companies where customer_guid = ";
    bulk::delete_of_holder(tx, (head, customer), (" and group_guid = ", group), companies)
}

/// Empties a group's own list.
pub fn clear_companies(tx: &mut Tx<'_>, customer: Guid, group: Guid) -> Result<u64> {
    tx.execute(
        "delete from group_companies where customer_guid = $1 and group_guid = $2",
        &[&customer, &group],
    )
}

/// Takes companies out of the lists of all groups of a customer.
pub fn delete_companies_everywhere(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<u64> {
    let head = "delete from group_companies where customer_guid = ";
    bulk::delete_of_customer(tx, (head, customer, " and company_guid in "), companies)
}
