//! Putting companies into a folder or a tier and taking them out: what was asked for, and what came of each.

use std::collections::HashSet;

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, ids, limits};
use liaison_store as store;

use crate::{Call, Result};

/// What is to happen. Texts that are no guids are companies that nobody knows.
#[derive(Clone, Debug, Default)]
pub struct Actions {
    /// Companies to put in.
    pub add: Vec<String>,
    /// Companies to take out.
    pub remove: Vec<String>,
}

/// What happened.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Companies that were put in.
    pub added: Vec<Guid>,
    /// Companies that were taken out.
    pub removed: Vec<Guid>,
    /// Companies that are not in the portfolio, or were in there already.
    pub not_added: Vec<String>,
    /// Companies that were not in there.
    pub not_removed: Vec<String>,
    /// Everything that is in there now.
    pub companies: Vec<Guid>,
}

impl Actions {
    /// Refuses more than one call may change. `wrapper` is the path of the two lists, with its dot.
    pub(crate) fn check(&self, wrapper: &str) -> Result<()> {
        let most = limits::COMPANIES_PER_CALL;
        for (name, list) in [("add_companies", &self.add), ("remove_companies", &self.remove)] {
            if list.len() > most {
                return Err(Refusal::field(format!("{wrapper}{name}"), format!("at most {most} companies")).into());
            }
        }
        Ok(())
    }

    /// Those to be put in that can be, and the others: only companies of the portfolio that `contained` does not have.
    pub(crate) fn addable(
        &self,
        tx: &mut Tx<'_>,
        call: &Call<'_>,
        contained: impl Fn(&mut Tx<'_>, &[Guid]) -> Result<Vec<Guid>>,
    ) -> Result<(Vec<Guid>, Vec<String>)> {
        let wanted = guids(&self.add);
        let known = store::portfolio::list_known(tx, call.actor.customer_guid, &wanted)?;
        let known: HashSet<Guid> = known.into_iter().collect();
        let contained: HashSet<Guid> = contained(tx, &wanted)?.into_iter().collect();
        Ok(split(&self.add, |guid| {
            known.contains(&guid) && !contained.contains(&guid)
        }))
    }

    /// Those to be taken out that are in there, and the others.
    pub(crate) fn removable(
        &self,
        tx: &mut Tx<'_>,
        contained: impl Fn(&mut Tx<'_>, &[Guid]) -> Result<Vec<Guid>>,
    ) -> Result<(Vec<Guid>, Vec<String>)> {
        let contained: HashSet<Guid> = contained(tx, &guids(&self.remove))?.into_iter().collect();
        Ok(split(&self.remove, |guid| contained.contains(&guid)))
    }
}

/// Companies that all have to be in the portfolio; `field` is the path of the list.
pub(crate) fn known_companies(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (field, texts): (&str, &[String]),
) -> Result<Vec<Guid>> {
    if texts.len() > limits::COMPANIES_PER_CALL {
        let most = limits::COMPANIES_PER_CALL;
        return Err(Refusal::field(field, format!("at most {most} companies")).into());
    }
    let guids: Vec<Guid> = texts
        .iter()
        .map(|text| ids::parse_guid(text).unwrap_or_default())
        .collect();
    let known = store::portfolio::list_known(tx, call.actor.customer_guid, &guids)?;
    let known: HashSet<Guid> = known.into_iter().collect();
    match guids.iter().position(|guid| !known.contains(guid)) {
        Some(place) => Err(Refusal::field(format!("{field}[{place}]"), "is no company of your portfolio").into()),
        None => Ok(guids),
    }
}

/// The companies of one holder, from those of all holders, which come by holder.
pub(crate) fn companies_of(contents: &[(Guid, Guid)], holder: Guid) -> Vec<Guid> {
    let start = contents.partition_point(|(known, _)| *known < holder);
    let own = contents[start..].iter().take_while(|(known, _)| *known == holder);
    own.map(|(_, company)| *company).collect()
}

fn guids(texts: &[String]) -> Vec<Guid> {
    let mut guids: Vec<Guid> = texts.iter().filter_map(|text| ids::parse_guid(text)).collect();
    guids.sort_unstable();
    guids.dedup();
    guids
}

/// Each text once: as a guid where it is one that may be, as it came where not.
fn split(texts: &[String], may: impl Fn(Guid) -> bool) -> (Vec<Guid>, Vec<String>) {
    let (mut yes, mut no, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for text in texts {
        let guid = ids::parse_guid(text);
        let key = guid.map_or_else(|| text.clone(), |guid| guid.to_string());
        if !seen.insert(key) {
            continue;
        }
        match guid.filter(|guid| may(*guid)) {
            Some(guid) => yes.push(guid),
            None => no.push(text.clone()),
        }
    }
    (yes, no)
}
