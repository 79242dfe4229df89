//! A portfolio as a whole: which companies it has, their ratings and grades, and what occurs in it.

use liaison_db::{Query, Tx};
use liaison_domain::Guid;

use super::{Filter, Order};
use crate::Result;

/// Findings that are looked at for what occurs in them.
const FINDINGS: i64 = 200_000;

/// Every company that a filter leaves, in its order.
pub fn list_sorted(tx: &mut Tx<'_>, customer: Guid, (filter, order): (&Filter, Order<'_>)) -> Result<Vec<Guid>> {
    let mut query = Query::new("select p.company_guid from portfolio p where p.customer_guid = $1");
    query.given(customer);
    let narrow = filter.narrow(tx)?;
    narrow.push(&mut query);
    super::list::push_order(&mut query, (order, narrow.is_narrow()));
    tx.list_query(&query, |row| row.get(0))
}

/// The ratings of the companies that a filter leaves: the newest, or those of a day (`YYYY-MM-DD`) or the newest before it.
/// Companies without one are left out.
pub fn list_ratings(tx: &mut Tx<'_>, customer: Guid, filter: &Filter, day: Option<&str>) -> Result<Vec<i64>> {
    let mut query = match day {
        None => Query::new("select p.rating from portfolio p where p.customer_guid = $1"),
        Some(_) => Query::new(
            "select (select cr.rating from company_ratings cr where cr.company_guid = p.company_guid \
             and cr.rating_date <= $2 order by cr.rating_date desc limit 1) from portfolio p where p.customer_guid = $1",
        ),
    };
    query.given(customer);
    if let Some(day) = day {
        query.given(day.to_owned());
    }
    filter.push(&mut query);
    let ratings: Vec<Option<i64>> = tx.list_query(&query, |row| row.get(0))?;
    Ok(ratings.into_iter().flatten().collect())
}

/// Visits the grades of the companies that a filter leaves, as JSON: of the newest rating, or of a day.
pub fn each_grades(
    tx: &mut Tx<'_>,
    customer: Guid,
    (filter, day): (&Filter, Option<&str>),
    mut visit: impl FnMut(&str) -> Result<()>,
) -> Result<()> {
    let mut query = Query::new(
        "select cr.risk_vectors from portfolio p join companies co on co.guid = p.company_guid \
         join company_ratings cr on cr.company_guid = co.guid and cr.rating_date = ",
    );
    query.given(customer);
    match day {
        None => query.push("co.rating_date"),
        Some(day) => query
            .push("(select max(d.rating_date) from company_ratings d where d.company_guid = co.guid and d.rating_date <= ")
            .bind(day.to_owned())
            .push(")"),
    };
    query.push(" where p.customer_guid = $1");
    filter.push(&mut query);
    tx.each_query(&query, |row| visit(row.str(0)?))
}

/// What occurs in the companies that a filter leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// The names of their industries.
    Industry,
    /// Their types.
    Kind,
    /// The slugs of their subscriptions.
    SubscriptionType,
}

/// The values that occur, each once, sorted.
pub fn list_values(tx: &mut Tx<'_>, customer: Guid, (filter, value): (&Filter, Value)) -> Result<Vec<String>> {
    let mut query = Query::new(match value {
        Value::Industry => {
            "select distinct co.industry_name from portfolio p join companies co on co.guid = p.company_guid \
             where co.industry_name is not null and p.customer_guid = $1"
        }
        Value::Kind => {
            "select distinct co.type from portfolio p join companies co on co.guid = p.company_guid \
             where p.customer_guid = $1"
        }
        Value::SubscriptionType => {
            "select distinct p.subscription_type from portfolio p where p.subscription_type is not null \
             and p.customer_guid = $1"
        }
    });
    query.given(customer);
    filter.push(&mut query);
    let mut values: Vec<String> = tx.list_query(&query, |row| row.get(0))?;
    values.sort_unstable();
    Ok(values)
}

/// Visits risk vector and details (JSON) of findings that may name a port, a vulnerability or an infection.
pub fn each_details(
    tx: &mut Tx<'_>,
    customer: Guid,
    filter: &Filter,
    mut visit: impl FnMut(&str, &str) -> Result<()>,
) -> Result<()> {
    let mut query = Query::new(
        "select f.risk_vector, f.details from portfolio p join findings f on f.company_guid = p.company_guid \
         where p.customer_guid = $1 and (f.risk_vector = 'open_ports' or f.details like '%vulnerabilit%' \
         or f.details like '%infection%')",
    );
    query.given(customer);
    filter.push(&mut query);
    query.push(" limit ").bind(FINDINGS);
    tx.each_query(&query, |row| visit(row.str(0)?, row.str(1)?))
}
