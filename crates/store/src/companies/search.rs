//! The search of the inventory. A page is a range of an index wherever that is possible: words that begin alike stand
//! together, and the companies of a word stand by name.

use liaison_db::{Query, Row, Tx};
use liaison_domain::Guid;

use crate::Result;
use crate::portfolio::after;

/// What is searched for. A `None` narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Words, all of which begin a word of the company.
    pub terms: Option<Vec<String>>,
    /// Domains, one of which is the company's.
    pub domains: Option<Vec<String>>,
    /// These companies.
    pub guids: Option<Vec<Guid>>,
    /// Names of industries in lower case.
    pub industry_names: Option<Vec<String>>,
    /// Slugs of industries.
    pub industries: Option<Vec<String>>,
    /// Whether the customer follows it.
    pub in_portfolio: Option<bool>,
    /// Only the customer's own company and those it calls subsidiaries.
    pub subsidiaries: bool,
}

/// What everybody sees of a company.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Found {
    pub guid: Guid,
    pub name: String,
    pub kind: String,
    pub description: Option<String>,
    pub primary_domain: String,
    pub homepage: Option<String>,
    pub industry_name: Option<String>,
    pub industry_slug: Option<String>,
    pub people_count: Option<i64>,
}

/// Entries of the index that are counted to find the rarest of several words.
const WEIGHED: i64 = 1000;

/// What a customer finds: `limit` companies after the first `offset`. Words come in their order, and the companies of a
/// word by name; without words all come by name.
pub fn search(tx: &mut Tx<'_>, customer: Guid, sought: &Sought, (limit, offset): (i64, i64)) -> Result<Vec<Found>> {
    let rarest = rarest(tx, sought)?;
    let mut query = Query::new(
        "select co.guid, co.name, co.type, co.description, co.primary_domain, co.homepage, co.industry_name, \
         co.industry_slug, co.people_count",
    );
    push_found(&mut query, customer, (sought, rarest), true);
    query.push(match rarest {
        Some(_) => " order by w.word, w.name_key, w.company_guid limit ",
        None => " order by co.name_key, co.guid limit ",
    });
    query.bind(limit).push(" offset ").bind(offset);
    tx.list_query(&query, read)
}

/// How many a customer finds, counted up to `most`.
pub fn count_search(tx: &mut Tx<'_>, customer: Guid, sought: &Sought, most: i64) -> Result<i64> {
    let rarest = rarest(tx, sought)?;
    let mut query = Query::new("select count(*) from (select 1 as found");
    push_found(&mut query, customer, (sought, rarest), false);
    if rarest.is_some() {
        // In the order of the index, which says to both planners that a few of its entries will do.
        query.push(" order by w.word, w.name_key, w.company_guid");
    }
    query.push(" limit ").bind(most).push(") counted");
    Ok(tx.find_query(&query, |row| row.get(0))?.unwrap_or_default())
}

/// The term by which the fewest companies are found, with how many words there are of it, counted up to `most`.
pub(crate) fn rarest_term<'t>(tx: &mut Tx<'_>, terms: &'t [String], most: i64) -> Result<Option<(i64, &'t str)>> {
    let mut weighed: Vec<(i64, &str)> = Vec::new();
    for term in terms {
        let weight = tx.one(
            "select count(*) from (select 1 as found from company_words w where w.word >= $1 and w.word < $2 \
             order by w.word limit $3) counted",
            &[&term.as_bytes(), &after(term), &most],
            |row| row.get(0),
        )?;
        weighed.push((weight, term));
    }
    Ok(weighed.into_iter().min())
}

/// The companies that are found by all of some terms, of which one is the rarest.
pub(crate) fn list_by_terms(tx: &mut Tx<'_>, terms: &[String], rarest: &str) -> Result<Vec<Guid>> {
    let mut query = Query::new("select distinct w.company_guid from company_words w where w.word >= ");
    query.bind(rarest.to_owned().into_bytes()).push(" and w.word < ");
    query.bind(after(rarest));
    for term in terms.iter().filter(|term| *term != rarest) {
        query.push(" and exists (select 1 from company_words o where o.company_guid = w.company_guid and o.word >= ");
        query.bind(term.clone().into_bytes()).push(" and o.word < ");
        query.bind(after(term)).push(")");
    }
    tx.list_query(&query, |row| row.get(0))
}

/// The term that a search goes along.
fn rarest<'s>(tx: &mut Tx<'_>, sought: &'s Sought) -> Result<Option<&'s str>> {
    match sought.terms.as_deref().unwrap_or_default() {
        [only] => Ok(Some(only)),
        terms => Ok(rarest_term(tx, terms, WEIGHED)?.map(|(_, term)| term)),
    }
}

/// From ` from ` on. `$1` is the customer. Where only words are sought, companies themselves are read for their rows alone.
fn push_found(query: &mut Query, customer: Guid, (sought, rarest): (&Sought, Option<&str>), has_rows: bool) {
    query.given(customer);
    let guid = match rarest {
        Some(term) => {
            let reads_companies = has_rows || sought.industry_names.is_some() || sought.industries.is_some();
            push_word(query, term, reads_companies);
            "w.company_guid"
        }
        None => {
            query.push(" from companies co where co.name_key is not null");
            "co.guid"
        }
    };
    for term in sought
        .terms
        .iter()
        .flatten()
        .filter(|term| Some(term.as_str()) != rarest)
    {
        query
            .push(" and exists (select 1 from company_words o where o.company_guid = ")
            .push(guid);
        query.push(" and o.word >= ").bind(term.clone().into_bytes());
        query.push(" and o.word < ").bind(after(term)).push(")");
    }
    if sought.terms.as_ref().is_some_and(Vec::is_empty) {
        query.push(" and 1 = 0");
    }
    query
        .push(" and not exists (select 1 from companies x where x.guid = ")
        .push(guid);
    query.push(
        " and x.type = 'PRIVATE' and x.guid is distinct from (select c.my_company_guid from customers c where c.guid = $1) \
         and not exists (select 1 from portfolio v where v.customer_guid = $1 and v.company_guid = x.guid))",
    );
    push_narrowed(query, sought, guid);
}

/// The companies of a word, each once: by the first of its words that begin so.
fn push_word(query: &mut Query, term: &str, reads_companies: bool) {
    let (low, high) = (term.to_owned().into_bytes(), after(term));
    query.push(match reads_companies {
        true => " from company_words w join companies co on co.guid = w.company_guid",
        false => " from company_words w",
    });
    query
        .push(" where w.word >= ")
        .bind(low.clone())
        .push(" and w.word < ")
        .bind(high);
    query.push(" and not exists (select 1 from company_words e where e.company_guid = w.company_guid and e.word >= ");
    query.bind(low).push(" and e.word < w.word)");
}

fn push_narrowed(query: &mut Query, sought: &Sought, guid: &'static str) {
    if let Some(guids) = &sought.guids {
        query
            .push(" and ")
            .push(guid)
            .push(" in ")
            .bind_list(guids.iter().copied());
    }
    if let Some(domains) = &sought.domains {
        query.push(" and ").push(guid);
        query.push(" in (select d.company_guid from company_domains d where d.domain in ");
        query.bind_list(domains.iter().cloned()).push(")");
    }
    if let Some(names) = &sought.industry_names {
        query
            .push(" and lower(co.industry_name) in ")
            .bind_list(names.iter().cloned());
    }
    if let Some(slugs) = &sought.industries {
        query.push(" and co.industry_slug in ").bind_list(slugs.iter().cloned());
    }
    if let Some(in_portfolio) = sought.in_portfolio {
        query.push(if in_portfolio { " and exists" } else { " and not exists" });
        query.push(" (select 1 from portfolio f where f.customer_guid = $1 and f.company_guid = ");
        query.push(guid).push(")");
    }
    if sought.subsidiaries {
        query.push(" and (").push(guid);
        query.push(
            " = (select c.my_company_guid from customers c where c.guid = $1) or exists (select 1 \
             from portfolio s where s.customer_guid = $1 and s.relationship = 'subsidiary' and s.company_guid = ",
        );
        query.push(guid).push("))");
    }
}

fn read(row: &Row<'_>) -> Result<Found> {
    Ok(Found {
        guid: row.get(0)?,
        name: row.get(1)?,
        kind: row.get(2)?,
        description: row.get(3)?,
        primary_domain: row.get(4)?,
        homepage: row.get(5)?,
        industry_name: row.get(6)?,
        industry_slug: row.get(7)?,
        people_count: row.get(8)?,
    })
}
