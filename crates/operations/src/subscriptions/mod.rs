//! Subscriptions: how companies of the inventory come into a portfolio and leave it again. Each company is judged by
//! itself, so that one that cannot be followed does not keep the others away.

mod bulk;

pub use bulk::{Addition, Done, Failure, Replacement, Wishes, change};

use std::collections::BTreeMap;

use liaison_db::Tx;
use liaison_domain::portfolio::SUBSCRIPTION_TYPES;
use liaison_domain::{Guid, Timestamp};
use liaison_store as store;
pub use liaison_store::subscriptions::Subscription;

use crate::{Call, Error, Result};

/// How a company is followed where nobody said: the first of the types.
pub const USUAL: &str = SUBSCRIPTION_TYPES[0].slug;

/// The subscriptions of a customer.
#[derive(Clone, Debug)]
pub struct Listed {
    /// By the slug of their type, with the types that nothing has.
    pub by_type: BTreeMap<String, Vec<Subscription>>,
    /// When the access of an account ends that exists because its people were invited.
    pub trial_end_date: Option<String>,
}

/// The subscriptions of the caller's customer, the newest of each type first.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Listed> {
    let customer = call.actor.customer_guid;
    let known = SUBSCRIPTION_TYPES
        .iter()
        .map(|known| (known.slug.to_owned(), Vec::new()));
    let mut by_type: BTreeMap<String, Vec<Subscription>> = known.collect();
    store::subscriptions::each(tx, customer, |subscription| {
        let kind = subscription.kind.as_deref().unwrap_or(USUAL);
        match by_type.get_mut(kind) {
            Some(companies) => companies.push(subscription),
            None => drop(by_type.insert(kind.to_owned(), vec![subscription])),
        }
        Ok::<(), Error>(())
    })?;
    let trial_end_date = match call.actor.is_guest {
        false => None,
        true => store::customers::find(tx, customer)?
            .and_then(|customer| customer.access_ends_at)
            .map(Timestamp::date),
    };
    Ok(Listed {
        by_type,
        trial_end_date,
    })
}

/// One subscription.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, company: Option<Guid>) -> Result<Subscription> {
    let company = company.ok_or(Error::NotFound)?;
    store::subscriptions::find(tx, call.actor.customer_guid, company)?.ok_or(Error::NotFound)
}
