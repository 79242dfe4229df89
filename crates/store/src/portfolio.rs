//! Portfolios: the companies that a customer follows.

use liaison_db::{Row, Tx};
use liaison_domain::Guid;

use crate::{Result, bulk};

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
    Ok(())
}

/// Stores an entry, new or changed.
pub fn upsert(tx: &mut Tx<'_>, customer: Guid, entry: &Entry) -> Result<()> {
    upsert_all(tx, customer, std::slice::from_ref(entry))
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
