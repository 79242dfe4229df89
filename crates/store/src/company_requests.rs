//! Company requests: companies that a customer asks the operator to add. Whether one was added is seen from the
//! inventory: it has the domain then.

use liaison_db::{Query, Row, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::{Result, like};

/// A request, with the company that has its domain.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct CompanyRequest {
    pub guid: Guid,
    /// Lower-case A-labels.
    pub domain: String,
    pub subscription_type: Option<String>,
    pub requester_guid: Guid,
    pub requester_name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub company: Option<Fulfilled>,
}

/// The company that a request came to.
#[derive(Clone, Debug)]
pub struct Fulfilled {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// Its type slug.
    pub kind: String,
    /// Whether the customer follows it.
    pub in_portfolio: bool,
}

/// Which requests. A `None` filters nothing.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Filter {
    /// Part of the domain or of the requester's name.
    pub search: Option<String>,
    pub domains: Option<Vec<String>>,
    /// Whether the company is there.
    pub fulfilled: Option<bool>,
    pub company: Option<Guid>,
    pub requester_names: Option<Vec<String>>,
    pub requesters: Option<Vec<Guid>>,
    pub not_requesters: Option<Vec<Guid>>,
    pub created_from: Option<Timestamp>,
    pub created_until: Option<Timestamp>,
    pub updated_from: Option<Timestamp>,
    pub updated_until: Option<Timestamp>,
}

/// What requests are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub enum Key {
    CreatedTime,
    UpdatedTime,
    Domain,
    Requester,
}

/// The company of a domain: the first by guid that anybody may see, or that the customer follows. `$1` is the customer.
macro_rules! company_of {
    () => {
        " left join companies co on co.guid = (select d.company_guid from company_domains d \
         join companies c on c.guid = d.company_guid where d.domain = r.domain \
         and (c.type <> 'PRIVATE' or exists (select 1 from portfolio o where o.customer_guid = $1 \
         and o.company_guid = c.guid)) order by d.company_guid limit 1) where r.customer_guid = $1"
    };
}

const SELECT: &str = concat!(
    "select r.guid, r.domain, r.subscription_type, r.requester_guid, r.requester_name, r.created_at, r.updated_at, \
     co.guid, co.name, co.type, exists (select 1 from portfolio p where p.customer_guid = r.customer_guid \
     and p.company_guid = co.guid) from company_requests r",
    company_of!()
);

/// The requests that a filter leaves, in an order: `limit` of them after the first `offset`.
pub fn list(
    tx: &mut Tx<'_>,
    customer: Guid,
    (filter, keys): (&Filter, &[(Key, bool)]),
    (limit, offset): (i64, i64),
) -> Result<Vec<CompanyRequest>> {
    let mut query = Query::new(SELECT);
    query.given(customer);
    push_filter(&mut query, filter);
    query.push(" order by ");
    for (key, descending) in keys {
        query.push(match key {
            Key::CreatedTime => "r.created_at",
            Key::UpdatedTime => "r.updated_at",
            Key::Domain => "r.domain",
            Key::Requester => "r.requester_name",
        });
        query.push(if *descending { " desc, " } else { ", " });
    }
    query.push("r.created_at desc, r.guid desc limit ").bind(limit);
    query.push(" offset ").bind(offset);
    tx.list_query(&query, read)
}

/// How many requests a filter leaves.
pub fn count(tx: &mut Tx<'_>, customer: Guid, filter: &Filter) -> Result<i64> {
    let mut query = Query::new(concat!("select count(*) from company_requests r", company_of!()));
    query.given(customer);
    push_filter(&mut query, filter);
    Ok(tx.find_query(&query, |row| row.get(0))?.unwrap_or_default())
}

fn push_filter(query: &mut Query, filter: &Filter) {
    if let Some(search) = &filter.search {
        let part = like::part(search);
        query.push(" and (r.domain like lower(").bind(part.clone());
        query
            .push(") escape '!' or lower(r.requester_name) like lower(")
            .bind(part);
        query.push(") escape '!')");
    }
    if let Some(domains) = &filter.domains {
        query.push(" and r.domain in ").bind_list(domains.iter().cloned());
    }
    match filter.fulfilled {
        None => {}
        Some(true) => drop(query.push(" and co.guid is not null")),
        Some(false) => drop(query.push(" and co.guid is null")),
    }
    if let Some(company) = filter.company {
        query.push(" and co.guid = ").bind(company);
    }
    if let Some(names) = &filter.requester_names {
        query.push(" and r.requester_name in ").bind_list(names.iter().cloned());
    }
    if let Some(requesters) = &filter.requesters {
        query
            .push(" and r.requester_guid in ")
            .bind_list(requesters.iter().copied());
    }
    if let Some(others) = filter.not_requesters.as_ref().filter(|others| !others.is_empty()) {
        query
            .push(" and r.requester_guid not in ")
            .bind_list(others.iter().copied());
    }
    for (condition, at) in [
        (" and r.created_at >= ", filter.created_from),
        (" and r.created_at <= ", filter.created_until),
        (" and r.updated_at >= ", filter.updated_from),
        (" and r.updated_at <= ", filter.updated_until),
    ] {
        if let Some(at) = at {
            query.push(condition).bind(at.0);
        }
    }
}

/// One request.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<CompanyRequest>> {
    let mut query = Query::new(SELECT);
    query.given(customer).push(" and r.guid = ").bind(guid);
    tx.find_query(&query, read)
}

/// The request for a domain.
pub fn find_by_domain(tx: &mut Tx<'_>, customer: Guid, domain: &str) -> Result<Option<CompanyRequest>> {
    let mut query = Query::new(SELECT);
    query.given(customer).push(" and r.domain = ").bind(domain.to_owned());
    tx.find_query(&query, read)
}

/// The company that has a domain, if the customer may see it.
pub fn find_company(tx: &mut Tx<'_>, customer: Guid, domain: &str) -> Result<Option<Fulfilled>> {
    tx.find(
        "select c.guid, c.name, c.type, exists (select 1 from portfolio p where p.customer_guid = $1 \
         and p.company_guid = c.guid) from company_domains d join companies c on c.guid = d.company_guid \
         where d.domain = $2 and (c.type <> 'PRIVATE' or exists (select 1 from portfolio o \
         where o.customer_guid = $1 and o.company_guid = c.guid)) order by c.guid limit 1",
        &[&customer, &domain],
        |row| {
            Ok(Fulfilled {
                guid: row.get(0)?,
                name: row.get(1)?,
                kind: row.get(2)?,
                in_portfolio: row.get(3)?,
            })
        },
    )
}

/// Stores a new request.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, request: &CompanyRequest) -> Result<()> {
    tx.execute(
        "insert into company_requests (guid, customer_guid, domain, subscription_type, requester_guid, \
         requester_name, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &request.guid,
            &customer,
            &request.domain,
            &request.subscription_type,
            &request.requester_guid,
            &request.requester_name,
            &request.created_at.0,
            &request.updated_at.0,
        ],
    )?;
    Ok(())
}

/// Deletes a request.
pub fn delete(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<u64> {
    tx.execute(
        "delete from company_requests where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
    )
}

fn read(row: &Row<'_>) -> Result<CompanyRequest> {
    let company = match row.get::<Option<Guid>>(7)? {
        None => None,
        Some(guid) => Some(Fulfilled {
            guid,
            name: row.get(8)?,
            kind: row.get(9)?,
            in_portfolio: row.get(10)?,
        }),
    };
    Ok(CompanyRequest {
        guid: row.get(0)?,
        domain: row.get(1)?,
        subscription_type: row.get(2)?,
        requester_guid: row.get(3)?,
        requester_name: row.get(4)?,
        created_at: Timestamp(row.get(5)?),
        updated_at: Timestamp(row.get(6)?),
        company,
    })
}
