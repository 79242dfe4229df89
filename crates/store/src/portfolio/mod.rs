//! Portfolios: the companies that a customer follows.

mod beside;
mod filter;
mod list;
mod numbers;
mod primary;

use liaison_db::{Query, Row, Tx};
use liaison_domain::Guid;

use crate::{Result, bulk};

pub use beside::{LastRequest, list_folders, list_last_requests};
pub(crate) use filter::after;
pub use filter::{Bounds, Choice, Filter, Grades};
pub use list::{Direction, Key, Listed, Order, count, list, list_rows};
pub use numbers::{Value, each_details, each_grades, list_ratings, list_sorted, list_values};
pub use primary::{count_followers, find_primary, is_primary, list_followers, update_primary};

/// One company of a portfolio.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns and of the bundle")]
pub struct Entry {
    pub company_guid: Guid,
    pub tier_guid: Option<Guid>,
    pub custom_id: Option<String>,
    pub added_date: String,
    pub subscription_type: Option<String>,
    pub relationship: Option<String>,
    pub life_cycle: Option<String>,
}

/// One entry.
pub fn find(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Option<Entry>> {
    tx.find(
        "select company_guid, tier_guid, custom_id, added_date, subscription_type, relationship, life_cycle \
         from portfolio where customer_guid = $1 and company_guid = $2",
        &[&customer, &company],
        read,
    )
}

/// Entries after a company, by its guid.
pub fn list_after(tx: &mut Tx<'_>, customer: Guid, after: Option<Guid>, limit: i64) -> Result<Vec<Entry>> {
    tx.list(
        "select company_guid, tier_guid, custom_id, added_date, subscription_type, relationship, life_cycle \
         from portfolio where customer_guid = $1 and company_guid > $2 order by company_guid limit $3",
        &[&customer, &after.unwrap_or_default(), &limit],
        read,
    )
}

/// How many companies of a portfolio can be invited.
pub fn count_invitable(tx: &mut Tx<'_>, customer: Guid) -> Result<i64> {
    tx.one(
        "select count(*) from portfolio p join companies co on co.guid = p.company_guid \
         where p.customer_guid = $1 and co.type = 'CURATED'",
        &[&customer],
        |row| row.get(0),
    )
}

/// Those entries of the customer that some companies have.
pub fn list_by_companies(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<Vec<Entry>> {
    let head = "select company_guid, tier_guid, custom_id, added_date, subscription_type, relationship, life_cycle \
                from portfolio where customer_guid = ";
    bulk::list_of_customer(tx, (head, customer, " and company_guid in "), companies, read)
}

/// Stores entries, new or changed.
pub fn upsert_all(tx: &mut Tx<'_>, customer: Guid, entries: &[Entry]) -> Result<()> {
    let companies: Vec<Guid> = entries.iter().map(|entry| entry.company_guid).collect();
    let known = list_known(tx, customer, &companies)?.len() as i64;
    let sql = (
        "insert into portfolio (customer_guid, company_guid, tier_guid, custom_id, added_date, subscription_type, \
         relationship, life_cycle) values ",
        ") on conflict (customer_guid, company_guid) do update set tier_guid = excluded.tier_guid, \
         custom_id = excluded.custom_id, added_date = excluded.added_date, \
         subscription_type = excluded.subscription_type, relationship = excluded.relationship, \
         life_cycle = excluded.life_cycle",
    );
    bulk::insert(tx, sql, entries, |values, entry| {
        values
            .add(customer)
            .add(entry.company_guid)
            .add(entry.tier_guid)
            .add(entry.custom_id.clone());
        values
            .add(entry.added_date.clone())
            .add(entry.subscription_type.clone());
        values.add(entry.relationship.clone()).add(entry.life_cycle.clone());
    })?;
    copy_keys(tx, Some(customer), &companies)?;
    add_to_count(tx, customer, entries.len() as i64 - known)
}

/// Stores an entry, new or changed.
pub fn upsert(tx: &mut Tx<'_>, customer: Guid, entry: &Entry) -> Result<()> {
    upsert_all(tx, customer, std::slice::from_ref(entry))
}

/// Takes companies out of a portfolio; what else the customer knows of them stays. Gives how many were in it.
pub fn delete_all(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<u64> {
    let head = "delete from portfolio where customer_guid = ";
    let deleted = bulk::delete_of_customer(tx, (head, customer, " and company_guid in "), companies)?;
    add_to_count(tx, customer, -i64::try_from(deleted).unwrap_or(i64::MAX))?;
    Ok(deleted)
}

/// How many companies a customer follows.
pub fn count_all(tx: &mut Tx<'_>, customer: Guid) -> Result<i64> {
    let kept = tx.find(
        "select companies from portfolio_counts where customer_guid = $1",
        &[&customer],
        |row| row.get(0),
    )?;
    Ok(kept.unwrap_or_default())
}

/// The companies that a customer follows, by guid.
pub fn list_guids(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<Guid>> {
    tx.list(
        "select company_guid from portfolio where customer_guid = $1 order by company_guid",
        &[&customer],
        |row| row.get(0),
    )
}

/// Those of some companies that a customer follows.
pub fn list_known(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<Vec<Guid>> {
    let head = "select company_guid from portfolio where customer_guid = ";
    bulk::list_of_customer(tx, (head, customer, " and company_guid in "), companies, |row| {
        row.get(0)
    })
}

fn add_to_count(tx: &mut Tx<'_>, customer: Guid, companies: i64) -> Result<()> {
    if companies != 0 {
        tx.execute(
            "insert into portfolio_counts (customer_guid, companies) values ($1, $2) on conflict (customer_guid) \
             do update set companies = portfolio_counts.companies + excluded.companies",
            &[&customer, &companies],
        )?;
    }
    Ok(())
}

/// Brings what portfolios are sorted by in step with some companies: in one portfolio, or in all.
pub(crate) fn copy_keys(tx: &mut Tx<'_>, customer: Option<Guid>, companies: &[Guid]) -> Result<()> {
    bulk::prefer_indexes(tx)?;
    for block in bulk::blocks(companies) {
        let mut query = Query::new(
            "update portfolio set (name_key, rating) = (select co.name_key, co.current_rating from companies co \
             where co.guid = portfolio.company_guid) where company_guid in ",
        );
        query.bind_list(block.iter().copied());
        if let Some(customer) = customer {
            query.push(" and customer_guid = ").bind(customer);
        }
        tx.execute_query(&query)?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        company_guid: row.get(0)?,
        tier_guid: row.get(1)?,
        custom_id: row.get(2)?,
        added_date: row.get(3)?,
        subscription_type: row.get(4)?,
        relationship: row.get(5)?,
        life_cycle: row.get(6)?,
    })
}
