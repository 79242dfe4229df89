//! The search of the inventory: every customer finds every company, but those that only their own customer can see.

use std::collections::{BTreeSet, HashMap};

use liaison_db::Tx;
use liaison_domain::companies::domains_of;
use liaison_domain::{Guid, emails, limits, search};
use liaison_store as store;
use liaison_store::companies::{Found, Sought};

use crate::{Call, Result};

/// What is searched for, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words of the name, the short name or a domain.
    pub name: Option<String>,
    /// Domains or addresses, of which one has to do; or the beginning of a domain.
    pub domains: Option<Vec<String>>,
    /// Exactly these companies; name and domain make no difference then.
    pub guids: Option<Vec<Guid>>,
    /// Names of industries in lower case.
    pub industry_names: Option<Vec<String>>,
    /// Slugs of industries.
    pub industries: Option<Vec<String>>,
    /// Only companies that the customer follows, or only others.
    pub in_portfolio: Option<bool>,
    /// Only the customer's own company and those it calls subsidiaries.
    pub subsidiaries: bool,
}

/// A part of what was found.
#[derive(Clone, Debug)]
pub struct Hits {
    /// Those whose words begin with what was typed, word by word, each by name.
    pub companies: Vec<Hit>,
    /// How many there are, exactly up to [`limits::SEARCH_COUNT`]; beyond it, one more than is known.
    pub count: i64,
}

/// A company that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What everybody sees.
    pub found: Found,
    /// The subscription of the customer that asks, where it follows the company; what lies inside is none where none is set.
    pub followed: Option<Option<String>>,
    /// How many customers follow it, where that was asked for.
    pub followers: i64,
}

/// Finds companies: `limit` of them after the first `offset`. `followers` says whether they are counted.
pub fn search(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    query: &Query,
    ((limit, offset), followers): ((i64, i64), bool),
) -> Result<Hits> {
    let customer = call.actor.customer_guid;
    let sought = sought(query);
    // One row more says whether there is another page.
    let mut found = store::companies::search(tx, customer, &sought, (limit + 1, offset))?;
    let more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let seen = offset + found.len() as i64;
    let count = match more {
        false if offset == 0 || !found.is_empty() => seen,
        false => store::companies::count_search(tx, customer, &sought, limits::SEARCH_COUNT)?,
        true => store::companies::count_search(tx, customer, &sought, limits::SEARCH_COUNT)?.max(seen + 1),
    };
    let guids: Vec<Guid> = found.iter().map(|company| company.guid).collect();
    let entries = store::portfolio::list_by_companies(tx, customer, &guids)?;
    let mut entries: HashMap<Guid, Option<String>> = entries
        .into_iter()
        .map(|entry| (entry.company_guid, entry.subscription_type))
        .collect();
    let mut counts = match followers {
        true => store::portfolio::list_followers(tx, &guids)?,
        false => HashMap::new(),
    };
    let companies = found.into_iter().map(|found| Hit {
        followed: entries.remove(&found.guid),
        followers: counts.remove(&found.guid).unwrap_or_default(),
        found,
    });
    Ok(Hits {
        companies: companies.collect(),
        count,
    })
}

fn sought(query: &Query) -> Sought {
    let mut sought = Sought {
        terms: None,
        domains: None,
        guids: query.guids.clone(),
        industry_names: query.industry_names.clone(),
        industries: query.industries.clone(),
        in_portfolio: query.in_portfolio,
        subsidiaries: query.subsidiaries,
    };
    if sought.guids.is_some() {
        return sought;
    }
    let mut terms = BTreeSet::new();
    if let Some(name) = &query.name {
        terms.extend(search::terms(name));
    }
    let mut domains = Vec::new();
    let hosts: Vec<String> = query.domains.iter().flatten().map(|domain| host(domain)).collect();
    for host in &hosts {
        domains.extend(domains_of(&format!("nobody@{host}")));
    }
    if !domains.is_empty() {
        sought.domains = Some(domains);
    } else {
        // What is no whole domain may be the beginning of one.
        terms.extend(hosts.iter().flat_map(|host| search::terms(host)));
    }
    if query.name.is_some() || (query.domains.is_some() && sought.domains.is_none()) {
        sought.terms = Some(terms.into_iter().take(limits::SEARCH_TERMS).collect());
    }
    sought
}

/// The host of what somebody copied from a browser, as an A-label where it is a name.
fn host(text: &str) -> String {
    let rest = text.trim().split_once("://").map_or(text.trim(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    emails::to_a_label(host).unwrap_or_else(|| host.to_owned())
}
