//! Portfolios: the companies that a customer follows.

use liaison_db::{Query, Row, Tx};
use liaison_domain::access_requests::Status;
use liaison_domain::{Guid, Timestamp};

use crate::access_requests::status_now;
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

/// A company of a portfolio as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The company.
    pub company_guid: Guid,
    /// Its name.
    pub name: String,
    /// Its first domain.
    pub primary_domain: String,
    /// Its type slug.
    pub kind: String,
    /// The name of its tier.
    pub tier: Option<String>,
}

/// Which companies of a portfolio. A `None` filters nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the name, the short name or a domain.
    pub search: Option<String>,
    /// In this tier.
    pub tier: Option<Guid>,
    /// In this folder.
    pub folder: Option<Guid>,
    /// Only companies to which the customer has no request.
    pub uninvited: bool,
}

/// The order of a portfolio's list; ties by name, then by guid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// From A to Z.
    #[default]
    Name,
    /// From Z to A.
    NameReversed,
    /// The lowest rating first; companies without one come last.
    LowestRating,
    /// The highest rating first.
    HighestRating,
    /// The tier that matters most first; companies without one come last.
    Tier,
    /// The newest request first; companies without one come last.
    NewestRequest,
    /// The companies that were not written to for the longest time first, those never invited before them.
    OldestRequest,
}

/// The newest request of a customer to a company.
#[derive(Clone, Debug)]
pub struct LastRequest {
    /// The company.
    pub company_guid: Guid,
    /// The request.
    pub guid: Guid,
    /// Its status at the moment of reading.
    pub status: Status,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Who was invited.
    pub requestee: String,
}

macro_rules! newest_rating {
    () => {
        "(select cr.rating from company_ratings cr where cr.company_guid = co.guid order by cr.rating_date desc limit 1)"
    };
}

/// `$1` is the customer.
macro_rules! newest_request {
    () => {
        "(select max(r.created_at) from access_requests r where r.requestee_company_guid = co.guid \
         and r.customer_guid = $1)"
    };
}

/// The companies of a portfolio that a filter leaves: `limit` of them after the first `offset`.
pub fn list(
    tx: &mut Tx<'_>,
    customer: Guid,
    (filter, order): (&Filter, Order),
    (limit, offset): (i64, i64),
) -> Result<Vec<Followed>> {
    let mut query = Query::new(
        "select co.guid, co.name, co.primary_domain, co.type, t.name from portfolio p \
         join companies co on co.guid = p.company_guid \
         left join tiers t on t.customer_guid = p.customer_guid and t.guid = p.tier_guid where p.customer_guid = $1",
    );
    query.given(customer);
    push_filter(&mut query, filter);
    query.push(match order {
        Order::Name => " order by lower(co.name), co.guid limit ",
        Order::NameReversed => " order by lower(co.name) desc, co.guid limit ",
        Order::LowestRating => concat!(
            " order by coalesce(",
            newest_rating!(),
            ", 1000), lower(co.name), co.guid limit "
        ),
        Order::HighestRating => {
            concat!(
                " order by coalesce(",
                newest_rating!(),
                ", 0) desc, lower(co.name), co.guid limit "
            )
        }
        Order::Tier => " order by coalesce(t.rank, 1000000), lower(co.name), co.guid limit ",
        Order::NewestRequest => {
            concat!(
                " order by coalesce(",
                newest_request!(),
                ", 0) desc, lower(co.name), co.guid limit "
            )
        }
        Order::OldestRequest => {
            concat!(
                " order by coalesce(",
                newest_request!(),
                ", 0), lower(co.name), co.guid limit "
            )
        }
    });
    query.bind(limit).push(" offset ").bind(offset);
    tx.list_query(&query, |row| {
        Ok(Followed {
            company_guid: row.get(0)?,
            name: row.get(1)?,
            primary_domain: row.get(2)?,
            kind: row.get(3)?,
            tier: row.get(4)?,
        })
    })
}

/// How many companies of a portfolio a filter leaves.
pub fn count(tx: &mut Tx<'_>, customer: Guid, filter: &Filter) -> Result<i64> {
    // Only a search looks at the companies themselves.
    let mut query = Query::new(match filter.search {
        None => "select count(*) from portfolio p where p.customer_guid = $1",
        Some(_) => {
            "select count(*) from portfolio p join companies co on co.guid = p.company_guid where p.customer_guid = $1"
        }
    });
    query.given(customer);
    push_filter(&mut query, filter);
    Ok(tx.find_query(&query, |row| row.get(0))?.unwrap_or_default())
}

/// `$1` is the customer.
fn push_filter(query: &mut Query, filter: &Filter) {
    if let Some(tier) = filter.tier {
        query.push(" and p.tier_guid = ").bind(tier);
    }
    if let Some(folder) = filter.folder {
        query
            .push(" and exists (select 1 from folder_companies fc where fc.company_guid = p.company_guid")
            .push(" and fc.customer_guid = $1 and fc.folder_guid = ")
            .bind(folder)
            .push(")");
    }
    if filter.uninvited {
        query.push(
            " and not exists (select 1 from access_requests r where r.requestee_company_guid = p.company_guid \
             and r.customer_guid = $1)",
        );
    }
    if let Some(search) = &filter.search {
        let part = format!("%{}%", escaped(search));
        query.push(" and (lower(co.name) like lower(").bind(part.clone());
        query
            .push(") escape '!' or lower(co.shortname) like lower(")
            .bind(part.clone());
        query
            .push(") escape '!' or exists (select 1 from company_domains d where d.company_guid = co.guid and d.domain like lower(")
            .bind(part);
        query.push(") escape '!'))");
    }
}

/// `text` as a piece of a `like` pattern whose escape character is `!`.
fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// The folders of a customer, by name: guid and name.
pub fn list_folders(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<(Guid, String)>> {
    tx.list(
        "select guid, name from folders where customer_guid = $1 order by lower(name), guid",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The names of the folders that some companies are in, with the companies, by name.
pub fn list_folder_names(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<Vec<(Guid, String)>> {
    let head = "select fc.company_guid, f.name from folders f join folder_companies fc on fc.folder_guid = f.guid \
                where f.customer_guid = ";
    let mut names: Vec<(Guid, String)> =
        bulk::list_of_customer(tx, (head, customer, " and fc.company_guid in "), companies, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    names.sort_unstable_by(|one, other| one.1.cmp(&other.1));
    Ok(names)
}

/// The customer's newest request to each of some companies.
pub fn list_last_requests(
    tx: &mut Tx<'_>,
    customer: Guid,
    companies: &[Guid],
    now: Timestamp,
) -> Result<Vec<LastRequest>> {
    let mut found = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new(concat!(
            "select r.requestee_company_guid, r.guid, ",
            status_now!(),
            ", r.created_at, r.requestee_formal_name from access_requests r \
             left join users ru on ru.guid = r.requestee_user_guid \
             left join customers rc on rc.guid = r.requestee_customer_guid \
             where r.customer_guid = $2 and r.guid in (select (select a.guid from access_requests a \
             where a.requestee_company_guid = co.guid and a.customer_guid = $2 \
             order by a.created_at desc, a.guid desc limit 1) from companies co where co.guid in ",
        ));
        query.given(now.0).given(customer).bind_list(block.iter().copied());
        query.push(")");
        found.append(&mut tx.list_query(&query, |row| {
            Ok(LastRequest {
                company_guid: row.get(0)?,
                guid: row.get(1)?,
                status: Status::parse(row.str(2)?).unwrap_or(Status::Inactive),
                created_at: Timestamp(row.get(3)?),
                requestee: row.get(4)?,
            })
        })?);
    }
    Ok(found)
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
