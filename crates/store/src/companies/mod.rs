//! Companies of the inventory and their domains. They belong to no customer.

mod search;
mod words;

use liaison_db::{Query, Tx};
use liaison_domain::{Guid, search::name_key};

use crate::{Result, bulk};

pub use search::{Found, Sought, count_search, search};
pub(crate) use search::{list_by_terms, rarest_term};

/// A company, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns and of the bundle")]
pub struct Company {
    pub guid: Guid,
    pub name: String,
    pub shortname: String,
    pub primary_domain: String,
    pub domains: Vec<String>,
    pub homepage: Option<String>,
    pub kind: String,
    pub industry_name: Option<String>,
    pub industry_slug: Option<String>,
    pub sub_industry_name: Option<String>,
    pub sub_industry_slug: Option<String>,
    pub description: Option<String>,
    pub people_count: Option<i64>,
    pub ipv4_count: Option<i64>,
}

/// What an invitation needs to know of a company.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Name.
    pub name: String,
    /// Type slug.
    pub kind: String,
    /// Domains, in their order.
    pub domains: Vec<String>,
}

/// A company in a customer's portfolio.
pub fn find_in_portfolio(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Option<Invited>> {
    let found = tx.find(
        "select co.name, co.type from portfolio p join companies co on co.guid = p.company_guid \
         where p.customer_guid = $1 and p.company_guid = $2",
        &[&customer, &company],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    let Some((name, kind)) = found else { return Ok(None) };
    Ok(Some(Invited {
        name,
        kind,
        domains: list_domains(tx, company)?,
    }))
}

/// The domains of a company, in their order.
pub fn list_domains(tx: &mut Tx<'_>, company: Guid) -> Result<Vec<String>> {
    tx.list(
        "select domain from company_domains where company_guid = $1 order by position",
        &[&company],
        |row| row.get(0),
    )
}

/// The companies that have one of some domains (lower-case A-labels), with the domain: guid, name, type, domain. By
/// guid.
pub fn list_by_domains(tx: &mut Tx<'_>, domains: &[String]) -> Result<Vec<(Guid, String, String, String)>> {
    let mut query = Query::new(
        "select co.guid, co.name, co.type, d.domain from company_domains d \
         join companies co on co.guid = d.company_guid where d.domain in ",
    );
    query
        .bind_list(domains.iter().cloned())
        .push(" order by co.guid, d.domain");
    tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
}

/// One company, whole.
pub fn find(tx: &mut Tx<'_>, guid: Guid) -> Result<Option<Company>> {
    let found = tx.find(
        "select guid, name, shortname, primary_domain, homepage, type, industry_name, industry_slug, \
         sub_industry_name, sub_industry_slug, description, people_count, ipv4_count from companies where guid = $1",
        &[&guid],
        read,
    )?;
    let Some(mut company) = found else { return Ok(None) };
    company.domains = list_domains(tx, guid)?;
    Ok(Some(company))
}

/// Companies after a guid, by guid, for walking through all of them. Domains are not filled in.
pub fn list_after(tx: &mut Tx<'_>, after: Option<Guid>, limit: i64) -> Result<Vec<Company>> {
    tx.list(
        "select guid, name, shortname, primary_domain, homepage, type, industry_name, industry_slug, \
         sub_industry_name, sub_industry_slug, description, people_count, ipv4_count from companies \
         where guid > $1 order by guid limit $2",
        &[&after.unwrap_or_default(), &limit],
        read,
    )
}

/// Whether a company exists.
pub fn exists(tx: &mut Tx<'_>, guid: Guid) -> Result<bool> {
    Ok(tx
        .find("select 1 from companies where guid = $1", &[&guid], |_| Ok(()))?
        .is_some())
}

/// Whether a company's customer has somebody who is told of incoming requests.
pub fn has_collaboration_contact(tx: &mut Tx<'_>, guid: Guid) -> Result<bool> {
    tx.one(
        "select exists (select 1 from customers c join users u on u.customer_guid = c.guid where c.my_company_guid = $1 \
         and c.is_active and u.is_collaboration_contact and u.status = 'Activated')",
        &[&guid],
        |row| row.get(0),
    )
}

/// Those of some companies that exist, with their domains.
pub fn list_by_guids(tx: &mut Tx<'_>, guids: &[Guid]) -> Result<Vec<Company>> {
    let mut companies = bulk::list_in(
        tx,
        "select guid, name, shortname, primary_domain, homepage, type, industry_name, industry_slug, \
         sub_industry_name, sub_industry_slug, description, people_count, ipv4_count from companies where guid in ",
        guids,
        read,
    )?;
    fill_in_domains(tx, &mut companies)?;
    Ok(companies)
}

/// Puts their domains, in their order, to some companies.
pub fn fill_in_domains(tx: &mut Tx<'_>, companies: &mut [Company]) -> Result<()> {
    let guids: Vec<Guid> = companies.iter().map(|company| company.guid).collect();
    let mut domains: Vec<(Guid, i64, String)> = bulk::list_in(
        tx,
        "select company_guid, position, domain from company_domains where company_guid in ",
        &guids,
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    domains.sort_unstable();
    for company in companies {
        let start = domains.partition_point(|(guid, ..)| *guid < company.guid);
        let own = domains[start..].iter().take_while(|(guid, ..)| *guid == company.guid);
        company.domains = own.map(|(.., domain)| domain.clone()).collect();
    }
    Ok(())
}

/// Those of some guids that are companies.
pub fn list_known(tx: &mut Tx<'_>, guids: &[Guid]) -> Result<Vec<Guid>> {
    bulk::list_in(tx, "select guid from companies where guid in ", guids, |row| row.get(0))
}

/// Stores companies, new or changed, with exactly their domains.
pub fn upsert_all(tx: &mut Tx<'_>, companies: &[Company]) -> Result<()> {
    bulk::insert(tx, UPSERT, companies, |values, company| {
        values.add(name_key(&company.name));
        values
            .add(company.guid)
            .add(company.name.clone())
            .add(company.shortname.clone());
        values
            .add(company.primary_domain.clone())
            .add(company.homepage.clone())
            .add(company.kind.clone());
        values
            .add(company.industry_name.clone())
            .add(company.industry_slug.clone());
        values
            .add(company.sub_industry_name.clone())
            .add(company.sub_industry_slug.clone());
        values
            .add(company.description.clone())
            .add(company.people_count)
            .add(company.ipv4_count);
    })?;
    let guids: Vec<Guid> = companies.iter().map(|company| company.guid).collect();
    bulk::prefer_indexes(tx)?;
    for block in bulk::blocks(&guids) {
        let mut query = Query::new("delete from company_domains where company_guid in ");
        query.bind_list(block.iter().copied());
        tx.execute_query(&query)?;
    }
    insert_domains(tx, companies)?;
    words::replace(tx, companies)?;
    crate::portfolio::copy_keys(tx, None, &guids)
}

/// Writes the words of companies that have none yet: of a database older than searching. Gives how many there were.
pub fn complete(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    let guids: Vec<Guid> = tx.list(
        "select guid from companies where name_key is null order by guid limit $1",
        &[&limit],
        |row| row.get(0),
    )?;
    let companies = list_by_guids(tx, &guids)?;
    upsert_all(tx, &companies)?;
    Ok(companies.len() as u64)
}

fn insert_domains(tx: &mut Tx<'_>, companies: &[Company]) -> Result<()> {
    let domains: Vec<(Guid, &String, i64)> = companies
        .iter()
        .flat_map(|company| {
            company
                .domains
                .iter()
                .zip(0..)
                .map(|(domain, position)| (company.guid, domain, position))
        })
        .collect();
    let head = "insert into company_domains (company_guid, domain, position) values ";
    bulk::insert(tx, (head, ")"), &domains, |values, (company, domain, position)| {
        values.add(*company).add((*domain).clone()).add(*position);
    })?;
    Ok(())
}

/// Stores a company, new or changed, with its domains.
pub fn upsert(tx: &mut Tx<'_>, company: &Company) -> Result<()> {
    upsert_all(tx, std::slice::from_ref(company))
}

const UPSERT: (&str, &str) = (
    "insert into companies (name_key, guid, name, shortname, primary_domain, homepage, type, industry_name, industry_slug, \
     sub_industry_name, sub_industry_slug, description, people_count, ipv4_count) values ",
    ") on conflict (guid) do update set \
     name_key = excluded.name_key, name = excluded.name, shortname = excluded.shortname, primary_domain = excluded.primary_domain, \
     homepage = excluded.homepage, type = excluded.type, industry_name = excluded.industry_name, \
     industry_slug = excluded.industry_slug, sub_industry_name = excluded.sub_industry_name, \
     sub_industry_slug = excluded.sub_industry_slug, description = excluded.description, \
     people_count = excluded.people_count, ipv4_count = excluded.ipv4_count",
);

fn read(row: &liaison_db::Row<'_>) -> Result<Company> {
    Ok(Company {
        guid: row.get(0)?,
        name: row.get(1)?,
        shortname: row.get(2)?,
        primary_domain: row.get(3)?,
        domains: Vec::new(),
        homepage: row.get(4)?,
        kind: row.get(5)?,
        industry_name: row.get(6)?,
        industry_slug: row.get(7)?,
        sub_industry_name: row.get(8)?,
        sub_industry_slug: row.get(9)?,
        description: row.get(10)?,
        people_count: row.get(11)?,
        ipv4_count: row.get(12)?,
    })
}
