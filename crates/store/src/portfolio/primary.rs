//! Companies that stand for others, and who follows a company at all.

use std::collections::HashMap;

use liaison_db::{Query, Tx};
use liaison_domain::Guid;

use crate::{Result, bulk};

/// The company that stands for another in a customer's eyes: guid and name.
pub fn find_primary(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Option<(Guid, String)>> {
    tx.find(
        "select co.guid, co.name from portfolio p join companies co on co.guid = p.primary_company_guid \
         where p.customer_guid = $1 and p.company_guid = $2",
        &[&customer, &company],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Whether a company stands for another in a customer's eyes.
pub fn is_primary(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<bool> {
    let found = tx.find(
        "select 1 from portfolio where customer_guid = $1 and primary_company_guid = $2 limit 1",
        &[&customer, &company],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Sets the company that stands for another, or takes it away.
pub fn update_primary(tx: &mut Tx<'_>, customer: Guid, company: Guid, primary: Option<Guid>) -> Result<u64> {
    tx.execute(
        "update portfolio set primary_company_guid = $3 where customer_guid = $1 and company_guid = $2",
        &[&customer, &company, &primary],
    )
}

/// How many customers follow a company.
pub fn count_followers(tx: &mut Tx<'_>, company: Guid) -> Result<i64> {
    tx.one(
        "select count(*) from portfolio where company_guid = $1",
        &[&company],
        |row| row.get(0),
    )
}

/// How many customers follow each of some companies; those that nobody follows are left out.
pub fn list_followers(tx: &mut Tx<'_>, companies: &[Guid]) -> Result<HashMap<Guid, i64>> {
    let mut counts = HashMap::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new("select company_guid, count(*) from portfolio where company_guid in ");
        query.bind_list(block.iter().copied()).push(" group by company_guid");
        let counted: Vec<(Guid, i64)> = tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?)))?;
        counts.extend(counted);
    }
    Ok(counts)
}
