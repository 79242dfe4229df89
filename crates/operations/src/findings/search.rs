//! A page of the findings of one company, for programs: every filter there is, and the whole finding.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_store as store;
use liaison_store::findings::{Finding, Order, Search};

use super::masked;
use super::words::Words;
use crate::companies::require_readable;
use crate::{Call, Error, Result};

/// Which findings, in which order.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// What is filtered by columns.
    pub search: Search,
    /// What is filtered by words.
    pub words: Words,
    /// The order; without keys, the newest first.
    pub order: Order,
}

/// A page of findings.
#[derive(Clone, Debug)]
pub struct Found {
    /// All that fit.
    pub count: i64,
    /// Those of the page. IP addresses are hidden, unless the company is the caller's own.
    pub findings: Vec<Finding>,
    /// The company they are attributed to: guid and name.
    pub company: (Guid, String),
}

/// Findings of a company that the caller follows or is: `limit` of them after the first `offset`.
pub fn search(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (company, wanted): (Option<Guid>, &Wanted),
    page: (i64, i64),
) -> Result<Found> {
    let readable = require_readable(tx, call, company)?;
    let (company, is_hidden) = (readable.guid, !readable.is_own);
    let name = store::companies::find(tx, company)?.ok_or(Error::NotFound)?.name;
    let attributed = wanted
        .words
        .companies
        .as_ref()
        .is_none_or(|guids| guids.contains(&company));
    let (count, ids) = match attributed {
        false => (0, Vec::new()),
        true if wanted.words.look_at_rows() => look_at_rows(tx, company, (wanted, is_hidden), page)?,
        true => {
            let count = store::findings::count(tx, company, &wanted.search)?;
            let narrowed = (&wanted.search, &wanted.order);
            (count, store::findings::list_ids(tx, company, narrowed, page)?)
        }
    };
    let mut findings = store::findings::list_by_ids(tx, company, &ids)?;
    findings.sort_by_cached_key(|finding| ids.iter().position(|id| *id == finding.rolledup_observation_id));
    if is_hidden {
        findings = findings.into_iter().map(masked::finding).collect();
    }
    Ok(Found {
        count,
        findings,
        company: (company, name),
    })
}

/// How many findings have the words, and the ids of those on the page.
fn look_at_rows(
    tx: &mut Tx<'_>,
    company: Guid,
    (wanted, is_hidden): (&Wanted, bool),
    (limit, offset): (i64, i64),
) -> Result<(i64, Vec<String>)> {
    let (mut count, mut ids) = (0, Vec::new());
    store::findings::each_candidate(tx, company, (&wanted.search, &wanted.order), |candidate| {
        if wanted.words.fit(&candidate, is_hidden) {
            if (offset..offset.saturating_add(limit)).contains(&count) {
                ids.push(candidate.id.to_owned());
            }
            count += 1;
        }
        Ok::<_, Error>(())
    })?;
    Ok((count, ids))
}
