//! Tiers: how a customer sorts its portfolio by how much a company matters.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_store as store;

use crate::{Call, Result};

/// A tier and the companies in it.
#[derive(Clone, Debug)]
pub struct Tier {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// 1 matters most.
    pub rank: i64,
    /// The companies, by guid.
    pub companies: Vec<Guid>,
}

/// The tiers of the caller's customer, by rank.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Vec<Tier>> {
    let customer = call.actor.customer_guid;
    let tiers = store::tiers::list(tx, customer)?.into_iter();
    tiers
        .map(|tier| {
            Ok(Tier {
                companies: store::tiers::list_companies(tx, customer, tier.guid)?,
                guid: tier.guid,
                name: tier.name,
                rank: tier.rank,
            })
        })
        .collect()
}
