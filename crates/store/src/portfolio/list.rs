//! Pages of a portfolio: first which companies, by what stands in the portfolio itself, then their rows.

use liaison_db::{Query, Row, Tx};
use liaison_domain::Guid;

use super::{Filter, count_all};
use crate::{Result, bulk};

/// By what a portfolio is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the keys of a query")]
pub enum Key {
    Name,
    Rating,
    IndustryName,
    LifeCycleName,
    RelationshipName,
    SubscriptionTypeName,
    /// The rank of the tier.
    Tier,
    /// When the customer last sent a request to the company.
    Request,
}

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest.
    Ascending,
    /// The largest.
    Descending,
}

/// The order of a list; ties by name, then by guid. Companies without a value come last, except that those never
/// written to come before those of the oldest request.
pub type Order<'o> = &'o [(Key, Direction)];

/// A company of a portfolio as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Listed {
    pub company_guid: Guid,
    pub custom_id: Option<String>,
    pub added_date: String,
    pub subscription_type: Option<String>,
    pub relationship: Option<String>,
    pub life_cycle: Option<String>,
    pub tier_guid: Option<Guid>,
    pub tier_name: Option<String>,
    pub tier_rank: Option<i64>,
    pub name: String,
    pub shortname: String,
    pub primary_domain: String,
    pub kind: String,
    pub ipv4_count: Option<i64>,
    pub industry_name: Option<String>,
    pub industry_slug: Option<String>,
    pub sub_industry_name: Option<String>,
    pub sub_industry_slug: Option<String>,
    pub rating: Option<i64>,
    pub rating_date: Option<String>,
}

macro_rules! of_company {
    ($column:literal) => {
        concat!(
            "(select ",
            $column,
            " from companies co where co.guid = p.company_guid)"
        )
    };
}

macro_rules! last {
    ($value:expr) => {
        [
            concat!($value, " is null, ", $value),
            concat!($value, " is null, ", $value, " desc"),
        ]
    };
}

macro_rules! newest_request {
    () => {
        "(select max(r.created_at) from access_requests r where r.requestee_company_guid = p.company_guid \
         and r.customer_guid = $1)"
    };
}

impl Key {
    /// Ascending and descending. The first two are indexes.
    fn sql(self, direction: Direction) -> &'static str {
        let both = match self {
            Key::Name => ["p.name_key", "p.name_key desc"],
            Key::Rating => ["coalesce(p.rating, 1000)", "coalesce(p.rating, 0) desc"],
            Key::IndustryName => last!(of_company!("lower(co.industry_name)")),
            Key::LifeCycleName => last!("lower(p.life_cycle)"),
            Key::RelationshipName => last!("lower(p.relationship)"),
            Key::SubscriptionTypeName => last!("lower(p.subscription_type)"),
            Key::Tier => {
                last!("(select t.rank from tiers t where t.customer_guid = p.customer_guid and t.guid = p.tier_guid)")
            }
            Key::Request => [
                concat!("coalesce(", newest_request!(), ", 0)"),
                concat!("coalesce(", newest_request!(), ", 0) desc"),
            ],
        };
        both[usize::from(direction == Direction::Descending)]
    }
}

/// The companies that a filter leaves: `limit` of them after the first `offset`.
pub fn list(
    tx: &mut Tx<'_>,
    customer: Guid,
    (filter, order): (&Filter, Order<'_>),
    (limit, offset): (i64, i64),
) -> Result<Vec<Listed>> {
    let mut query = Query::new("select p.company_guid from portfolio p where p.customer_guid = $1");
    query.given(customer);
    let narrow = filter.narrow(tx)?;
    narrow.push(&mut query);
    push_order(&mut query, (order, narrow.is_narrow()));
    query.push(" limit ");
    query.bind(limit).push(" offset ").bind(offset);
    let companies: Vec<Guid> = tx.list_query(&query, |row| row.get(0))?;
    list_rows(tx, customer, &companies)
}

/// `is_narrow`: few rows are sorted, so the order must not lead the planner of SQLite to an index that has all of them.
pub(super) fn push_order(query: &mut Query, (order, is_narrow): (Order<'_>, bool)) {
    query.push(" order by ");
    if is_narrow && order.is_empty() {
        query.push("coalesce(p.name_key, p.name_key), ");
    }
    for (key, direction) in order {
        query.push(match (key, direction) {
            (Key::Name, Direction::Ascending) if is_narrow => "coalesce(p.name_key, p.name_key)",
            (Key::Name, Direction::Descending) if is_narrow => "coalesce(p.name_key, p.name_key) desc",
            (Key::Rating, Direction::Ascending) if is_narrow => "coalesce(p.rating, 1000) + 0",
            (Key::Rating, Direction::Descending) if is_narrow => "coalesce(p.rating, 0) + 0 desc",
            _ => key.sql(*direction),
        });
        query.push(", ");
    }
    query.push(match order.iter().find(|(key, _)| *key == Key::Name) {
        None => "p.name_key, p.company_guid",
        // The index read from its end.
        Some((_, Direction::Descending)) => "p.company_guid desc",
        Some(_) => "p.company_guid",
    });
}

/// The rows of some companies, in the order of the companies; those that are not in the portfolio are left out.
pub fn list_rows(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<Vec<Listed>> {
    let head = "select p.company_guid, p.custom_id, p.added_date, p.subscription_type, p.relationship, p.life_cycle, \
                p.tier_guid, t.name, t.rank, co.name, co.shortname, co.primary_domain, co.type, co.ipv4_count, \
                co.industry_name, co.industry_slug, co.sub_industry_name, co.sub_industry_slug, co.current_rating, \
                co.rating_date from portfolio p join companies co on co.guid = p.company_guid \
                left join tiers t on t.customer_guid = p.customer_guid and t.guid = p.tier_guid \
                where p.customer_guid = ";
    let mut rows = bulk::list_of_customer(tx, (head, customer, " and p.company_guid in "), companies, read)?;
    let places: std::collections::HashMap<Guid, usize> = companies.iter().copied().zip(0..).collect();
    rows.sort_unstable_by_key(|row| places.get(&row.company_guid).copied());
    Ok(rows)
}

/// How many companies of a portfolio a filter leaves.
pub fn count(tx: &mut Tx<'_>, customer: Guid, filter: &Filter) -> Result<i64> {
    if filter.is_all() {
        return count_all(tx, customer);
    }
    let mut query = Query::new("select count(*) from portfolio p where p.customer_guid = $1");
    query.given(customer);
    filter.narrow(tx)?.push_to_count(&mut query);
    Ok(tx.find_query(&query, |row| row.get(0))?.unwrap_or_default())
}

fn read(row: &Row<'_>) -> Result<Listed> {
    Ok(Listed {
        company_guid: row.get(0)?,
        custom_id: row.get(1)?,
        added_date: row.get(2)?,
        subscription_type: row.get(3)?,
        relationship: row.get(4)?,
        life_cycle: row.get(5)?,
        tier_guid: row.get(6)?,
        tier_name: row.get(7)?,
        tier_rank: row.get(8)?,
        name: row.get(9)?,
        shortname: row.get(10)?,
        primary_domain: row.get(11)?,
        kind: row.get(12)?,
        ipv4_count: row.get(13)?,
        industry_name: row.get(14)?,
        industry_slug: row.get(15)?,
        sub_industry_name: row.get(16)?,
        sub_industry_slug: row.get(17)?,
        rating: row.get(18)?,
        rating_date: row.get(19)?,
    })
}
