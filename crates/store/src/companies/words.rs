//! The words by which companies are found.

use std::collections::BTreeSet;

use liaison_db::{Query, Tx};
use liaison_domain::{Guid, search};

use super::Company;
use crate::{Result, bulk};

/// The word, the name as lists are sorted by it, the company.
type Entry = (Vec<u8>, Vec<u8>, Guid);

/// Stores exactly the words that some companies, whole, are found by.
pub(super) fn replace(tx: &mut Tx<'_>, companies: &[Company]) -> Result<()> {
    for block in bulk::blocks(companies) {
        let mut query = Query::new("delete from company_words where company_guid in ");
        query.bind_list(block.iter().map(|company| company.guid));
        tx.execute_query(&query)?;
    }
    let entries: Vec<Entry> = companies.iter().flat_map(entries).collect();
    let head = "insert into company_words (word, name_key, company_guid) values ";
    bulk::insert(tx, (head, ")"), &entries, |values, (word, name_key, company)| {
        values.add(word.clone()).add(name_key.clone()).add(*company);
    })?;
    Ok(())
}

fn entries(company: &Company) -> Vec<Entry> {
    let domains: BTreeSet<&str> = company.domains.iter().map(String::as_str).collect();
    let words = search::words([company.name.as_str(), &company.shortname], domains);
    let name_key = search::name_key(&company.name);
    let entry = |word: String| (word.into_bytes(), name_key.clone(), company.guid);
    words.into_iter().map(entry).collect()
}
