//! Tiers: how much a company matters to a customer.

use liaison_db::{Query, Row, Tx};
use liaison_domain::Guid;

use crate::{Result, bulk};

/// A tier as its customer sees it, without its companies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// What it is for, may be empty.
    pub description: String,
    /// The smaller, the more it matters.
    pub rank: i64,
    /// Whether somebody wants mails about it.
    pub email_enabled: bool,
}

/// The tiers of a customer, the one that matters most first.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<Tier>> {
    tx.list(
        "select guid, name, description, rank, email_enabled from tiers where customer_guid = $1 order by rank, guid",
        &[&customer],
        read,
    )
}

/// One tier.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Tier>> {
    tx.find(
        "select guid, name, description, rank, email_enabled from tiers where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        read,
    )
}

/// Those of some tiers that the customer has.
pub fn list_by_guids(tx: &mut Tx<'_>, customer: Guid, guids: &[Guid]) -> Result<Vec<Tier>> {
    let head = "select guid, name, description, rank, email_enabled from tiers where customer_guid = ";
    bulk::list_of_customer(tx, (head, customer, " and guid in "), guids, read)
}

fn read(row: &Row<'_>) -> Result<Tier> {
    Ok(Tier {
        guid: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        rank: row.get(3)?,
        email_enabled: row.get(4)?,
    })
}

/// The companies of a tier, by guid.
pub fn list_companies(tx: &mut Tx<'_>, customer: Guid, tier: Guid) -> Result<Vec<Guid>> {
    tx.list(
        "select company_guid from portfolio where customer_guid = $1 and tier_guid = $2 order by company_guid",
        &[&customer, &tier],
        |row| row.get(0),
    )
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
        "insert into tiers (guid, customer_guid, name, description, rank, email_enabled) values ($1, $2, $3, $4, $5, $6) \
         on conflict (guid) do update set name = excluded.name, description = excluded.description, \
         rank = excluded.rank, email_enabled = excluded.email_enabled \
         where tiers.customer_guid = excluded.customer_guid",
        &[
            &tier.guid,
            &customer,
            &tier.name,
            &tier.description,
            &tier.rank,
            &tier.email_enabled,
        ],
    )
}

/// What is in which tier of a customer: tier and company, by both.
pub fn list_contents(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<(Guid, Guid)>> {
    tx.list(
        "select tier_guid, company_guid from portfolio where customer_guid = $1 and tier_guid is not null \
         order by tier_guid, company_guid",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Deletes a tier. It has to be empty.
pub fn delete(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<u64> {
    tx.execute(
        "delete from tiers where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
    )
}

/// Puts companies of the portfolio into a tier, or into none.
pub fn assign(tx: &mut Tx<'_>, customer: Guid, tier: Option<Guid>, companies: &[Guid]) -> Result<u64> {
    bulk::prefer_indexes(tx)?;
    let mut changed = 0;
    for block in bulk::blocks(companies) {
        let mut query = Query::new("update portfolio set tier_guid = ");
        query.bind(tier).push(" where customer_guid = ").bind(customer);
        query.push(" and company_guid in ").bind_list(block.iter().copied());
        changed += tx.execute_query(&query)?;
    }
    Ok(changed)
}

/// Takes every company out of a tier.
pub fn clear(tx: &mut Tx<'_>, customer: Guid, tier: Guid) -> Result<u64> {
    tx.execute(
        "update portfolio set tier_guid = null where customer_guid = $1 and tier_guid = $2",
        &[&customer, &tier],
    )
}

/// Those of some companies that are in a tier.
pub fn list_contained(tx: &mut Tx<'_>, customer: Guid, tier: Guid, companies: &[Guid]) -> Result<Vec<Guid>> {
    bulk::prefer_indexes(tx)?;
    let mut found = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new("select company_guid from portfolio where customer_guid = ");
        query.bind(customer).push(" and tier_guid = ").bind(tier);
        query.push(" and company_guid in ").bind_list(block.iter().copied());
        found.append(&mut tx.list_query(&query, |row| row.get(0))?);
    }
    Ok(found)
}

/// The companies of a customer that have a tier and a rating, by guid: company, tier, rating.
pub fn list_rated(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<(Guid, Guid, i64)>> {
    tx.list(
        "select company_guid, tier_guid, rating from portfolio where customer_guid = $1 and tier_guid is not null \
         and rating is not null order by company_guid",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}
