//! Tiers: how much a company matters to a customer.

use liaison_db::Tx;
use liaison_domain::Guid;

use crate::{Result, bulk};

/// A tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// 1 matters most.
    pub rank: i64,
}

/// The tiers of a customer, by rank.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<Tier>> {
    tx.list(
        "select guid, name, rank from tiers where customer_guid = $1 order by rank, guid",
        &[&customer],
        |row| {
            Ok(Tier {
                guid: row.get(0)?,
                name: row.get(1)?,
                rank: row.get(2)?,
            })
        },
    )
}

/// One tier.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Tier>> {
    tx.find(
        "select guid, name, rank from tiers where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        |row| {
            Ok(Tier {
                guid: row.get(0)?,
                name: row.get(1)?,
                rank: row.get(2)?,
            })
        },
    )
}

/// The companies of a tier, by guid.
pub fn list_companies(tx: &mut Tx<'_>, customer: Guid, tier: Guid) -> Result<Vec<Guid>> {
    tx.list(
        "select company_guid from portfolio where customer_guid = $1 and tier_guid = $2 order by company_guid",
        &[&customer, &tier],
        |row| row.get(0),
    )
}

/// Those of some tiers that the customer has.
pub fn list_by_guids(tx: &mut Tx<'_>, customer: Guid, guids: &[Guid]) -> Result<Vec<Tier>> {
    let head = "select guid, name, rank from tiers where customer_guid = ";
    bulk::list_of_customer(tx, (head, customer, " and guid in "), guids, |row| {
        Ok(Tier {
            guid: row.get(0)?,
            name: row.get(1)?,
            rank: row.get(2)?,
        })
    })
}

/// The customers of some tiers, whoever's they are: guids are unique on the server.
pub fn list_owners(tx: &mut Tx<'_>, guids: &[Guid]) -> Result<Vec<(Guid, Guid)>> {
    bulk::list_in(
        tx,
        "select guid, customer_guid from tiers where guid in ",
        guids,
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Stores a tier, new or changed. Gives 0 where the guid is another customer's.
pub fn upsert(tx: &mut Tx<'_>, customer: Guid, tier: &Tier) -> Result<u64> {
    tx.execute(
        "insert into tiers (guid, customer_guid, name, rank) values ($1, $2, $3, $4) on conflict (guid) do update \
         set name = excluded.name, rank = excluded.rank where tiers.customer_guid = excluded.customer_guid",
        &[&tier.guid, &customer, &tier.name, &tier.rank],
    )
}
