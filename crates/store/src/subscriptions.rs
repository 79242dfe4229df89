//! Subscriptions: the entries of a portfolio, by the way in which their companies are followed. They are written as
//! entries, see `portfolio`.

use liaison_db::{Row, Tx};
use liaison_domain::Guid;

use crate::Result;

/// A company that is followed.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The company.
    pub company_guid: Guid,
    /// Its name.
    pub name: String,
    /// Since when, `YYYY-MM-DD`.
    pub start_date: String,
    /// The slug of how; none where nobody said.
    pub kind: Option<String>,
}

/// Visits the subscriptions of a customer, the newest first.
pub fn each<E: From<liaison_db::Error>>(
    tx: &mut Tx<'_>,
    customer: Guid,
    mut visit: impl FnMut(Subscription) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    tx.each(
        "select p.company_guid, co.name, p.added_date, p.subscription_type from portfolio p \
         join companies co on co.guid = p.company_guid where p.customer_guid = $1 \
         order by p.added_date desc, p.company_guid",
        &[&customer],
        |row| visit(read(row)?),
    )
}

/// One subscription.
pub fn find(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Option<Subscription>> {
    tx.find(
        "select p.company_guid, co.name, p.added_date, p.subscription_type from portfolio p \
         join companies co on co.guid = p.company_guid where p.customer_guid = $1 and p.company_guid = $2",
        &[&customer, &company],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Subscription> {
    Ok(Subscription {
        company_guid: row.get(0)?,
        name: row.get(1)?,
        start_date: row.get(2)?,
        kind: row.get(3)?,
    })
}
