//! Tiers: how a customer sorts its portfolio by how much a company matters. A company is in one tier at most.

use std::collections::HashMap;

use liaison_db::Tx;
use liaison_domain::action_plans::{self, Plan};
use liaison_domain::{Guid, Refusal, drafts, limits};
use liaison_store as store;
pub use liaison_store::tiers::Tier as Kept;

use crate::company_actions::{Actions, Outcome, companies_of, known_companies};
use crate::{Call, Error, Result, new_guid};

/// Ranks from 0, which matters most.
const RANKS: std::ops::Range<i64> = 0..1_000_000;

/// A tier and the companies in it.
#[derive(Clone, Debug)]
pub struct Tier {
    /// What is said of it.
    pub kept: Kept,
    /// The companies, by guid.
    pub companies: Vec<Guid>,
}

/// A tier as somebody wants it; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// 1 to 255 characters.
    pub name: Option<String>,
    /// Up to 1000 characters.
    pub description: Option<String>,
    /// 0 to 999 999; a new tier comes last where it is not said.
    pub rank: Option<i64>,
    /// Whether somebody wants mails about it.
    pub email_enabled: Option<bool>,
    /// Exactly the companies that are to be in it.
    pub companies: Option<Vec<String>>,
}

/// The tiers of the caller's customer, the one that matters most first.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Vec<Tier>> {
    let customer = call.actor.customer_guid;
    let kept = store::tiers::list(tx, customer)?;
    let contents = store::tiers::list_contents(tx, customer)?;
    let tiers = kept.into_iter().map(|kept| Tier {
        companies: companies_of(&contents, kept.guid),
        kept,
    });
    Ok(tiers.collect())
}

/// One tier.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Tier> {
    let customer = call.actor.customer_guid;
    let kept = find_kept(tx, call, guid)?;
    Ok(Tier {
        companies: store::tiers::list_companies(tx, customer, kept.guid)?,
        kept,
    })
}

/// One tier without its companies.
pub fn find_kept(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Kept> {
    let guid = guid.ok_or(Error::NotFound)?;
    store::tiers::find(tx, call.actor.customer_guid, guid)?.ok_or(Error::NotFound)
}

/// Which companies to escalate, which to review, which to monitor: those that have a tier and a rating.
pub fn action_plan(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<HashMap<&'static str, Vec<Guid>>> {
    let customer = call.actor.customer_guid;
    let tiers = store::tiers::list(tx, customer)?;
    let mut ranks: Vec<i64> = tiers.iter().map(|tier| tier.rank).collect();
    ranks.dedup();
    let place = |rank: i64| ranks.partition_point(|known| *known < rank);
    let places: HashMap<Guid, usize> = tiers.iter().map(|tier| (tier.guid, place(tier.rank))).collect();
    let mut plans: HashMap<&str, Vec<Guid>> = Plan::ALL.map(|plan| (plan.slug(), Vec::new())).into();
    for (company, tier, rating) in store::tiers::list_rated(tx, customer)? {
        if let Some(place) = places.get(&tier) {
            let plan = action_plans::plan(*place, rating);
            plans.entry(plan.slug()).or_default().push(company);
        }
    }
    Ok(plans)
}

/// Makes a tier.
pub fn create(tx: &mut Tx<'_>, call: &Call<'_>, change: &Change) -> Result<Tier> {
    call.actor.require_account_inviter()?;
    let known = store::tiers::list(tx, call.actor.customer_guid)?;
    if known.len() as i64 >= limits::TIERS {
        return Err(Refusal::field("name", format!("{} tiers are the most", limits::TIERS)).into());
    }
    let kept = Kept {
        guid: new_guid(call.now, call.env.entropy.as_ref()),
        name: String::new(),
        description: String::new(),
        rank: known
            .last()
            .map_or(1, |last| last.rank.saturating_add(1).min(RANKS.end - 1)),
        email_enabled: false,
    };
    store_changed(tx, call, kept, change)
}

/// Changes a tier.
pub fn update(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, change: &Change) -> Result<Tier> {
    call.actor.require_account_inviter()?;
    let kept = find_kept(tx, call, guid)?;
    store_changed(tx, call, kept, change)
}

/// Puts a tier in place of another: what is left out is as in a new one, except its rank and its companies.
pub fn replace(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, change: &Change) -> Result<Tier> {
    call.actor.require_account_inviter()?;
    let kept = Kept {
        name: String::new(),
        description: String::new(),
        email_enabled: false,
        ..find_kept(tx, call, guid)?
    };
    store_changed(tx, call, kept, change)
}

/// Deletes a tier. Its companies stay in the portfolio, in no tier.
pub fn delete(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<()> {
    call.actor.require_account_inviter()?;
    let (tier, customer) = (find_kept(tx, call, guid)?, call.actor.customer_guid);
    store::tiers::clear(tx, customer, tier.guid)?;
    store::tiers::delete(tx, customer, tier.guid)?;
    Ok(())
}

/// Puts companies of the portfolio into a tier, out of the one they are in, and takes others out.
pub fn change_companies(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, actions: &Actions) -> Result<Outcome> {
    call.actor.require_account_inviter()?;
    let (tier, customer) = (find_kept(tx, call, guid)?, call.actor.customer_guid);
    actions.check("company_actions.")?;
    let contained =
        |tx: &mut Tx<'_>, companies: &[Guid]| Ok(store::tiers::list_contained(tx, customer, tier.guid, companies)?);
    let (removed, not_removed) = actions.removable(tx, contained)?;
    store::tiers::assign(tx, customer, None, &removed)?;
    let (added, not_added) = actions.addable(tx, call, contained)?;
    store::tiers::assign(tx, customer, Some(tier.guid), &added)?;
    Ok(Outcome {
        added,
        removed,
        not_added,
        not_removed,
        companies: store::tiers::list_companies(tx, customer, tier.guid)?,
    })
}

fn store_changed(tx: &mut Tx<'_>, call: &Call<'_>, mut kept: Kept, change: &Change) -> Result<Tier> {
    let customer = call.actor.customer_guid;
    if let Some(name) = &change.name {
        name.trim().clone_into(&mut kept.name);
    }
    if kept.name.is_empty() {
        return Err(Refusal::field("name", "is required").into());
    }
    drafts::check_length("name", &kept.name, limits::NAME_CHARS)?;
    if let Some(description) = &change.description {
        drafts::check_length("description", description, limits::DESCRIPTION_CHARS)?;
        kept.description.clone_from(description);
    }
    kept.rank = change.rank.unwrap_or(kept.rank);
    if change.rank.is_some_and(|rank| !RANKS.contains(&rank)) {
        return Err(Refusal::field("rank", "must be a whole number from 0 to 999999").into());
    }
    kept.email_enabled = change.email_enabled.unwrap_or(kept.email_enabled);
    store::tiers::upsert(tx, customer, &kept)?;
    if let Some(companies) = &change.companies {
        let companies = known_companies(tx, call, ("companies", companies))?;
        store::tiers::clear(tx, customer, kept.guid)?;
        store::tiers::assign(tx, customer, Some(kept.guid), &companies)?;
    }
    Ok(Tier {
        companies: store::tiers::list_companies(tx, customer, kept.guid)?,
        kept,
    })
}
