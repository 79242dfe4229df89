//! The outbox as its page shows it: a part of the sent requests, what can be filtered by, and sending many again.

use std::collections::HashMap;

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal};
use liaison_store as store;
use liaison_store::access_requests::AccessRequest;
pub use liaison_store::access_requests::{Delivery, Order, Part, Sought};

use super::resend;
use crate::{Call, Error, Result};

/// Hands each sent request of a part to `visit`.
pub fn each_of_outbox(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    part: (&Sought, Part),
    visit: impl FnMut(&AccessRequest<'_>) -> Result<()>,
) -> Result<()> {
    store::access_requests::each_sought(tx, call.actor.customer_guid, part, call.now, visit)
}

/// What an outbox can be filtered by: guids with names.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Folders, by name.
    pub folders: Vec<(Guid, String)>,
    /// Tiers, the one that matters most first.
    pub tiers: Vec<(Guid, String)>,
    /// Groups of users, by name.
    pub groups: Vec<(Guid, String)>,
    /// Users who may send requests, by name.
    pub requesters: Vec<(Guid, String)>,
    /// The company that is filtered by, where the caller may know it.
    pub company: Option<String>,
}

/// What the caller's outbox can be filtered by, and the name of the company that it is.
pub fn outbox_choices(tx: &mut Tx<'_>, call: &Call<'_>, company: Option<Guid>) -> Result<Choices> {
    let customer = call.actor.customer_guid;
    let users = store::users::list(tx, customer)?;
    let senders = users.into_iter().filter(|user| {
        let role = liaison_domain::people::Role::parse(&user.role);
        role.is_some_and(liaison_domain::people::Role::may_invite)
    });
    let mut requesters: Vec<_> = senders.map(|user| (user.guid, user.formal_name)).collect();
    requesters.sort_by_key(|(_, name)| name.to_lowercase());
    let tiers = store::tiers::list(tx, customer)?.into_iter();
    let groups = store::user_groups::list(tx, customer)?.into_iter();
    let company = match company {
        Some(guid) => store::companies::find_in_portfolio(tx, customer, guid)?,
        None => None,
    };
    Ok(Choices {
        folders: store::folders::list_names(tx, customer)?,
        tiers: tiers.map(|tier| (tier.guid, tier.name)).collect(),
        groups: groups.map(|group| (group.guid, group.name)).collect(),
        requesters,
        company: company.map(|company| company.name),
    })
}

/// Where the caller's customer sorts a company.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The tier's name.
    pub tier: Option<String>,
    /// The folders' names.
    pub folders: Vec<String>,
}

/// Where the caller's customer sorts some companies.
pub fn places(tx: &mut Tx<'_>, call: &Call<'_>, companies: &[Guid]) -> Result<HashMap<Guid, Place>> {
    let customer = call.actor.customer_guid;
    let mut places: HashMap<Guid, Place> = HashMap::new();
    let tiers = store::tiers::list(tx, customer)?;
    for entry in store::portfolio::list_by_companies(tx, customer, companies)? {
        let tier = tiers.iter().find(|tier| Some(tier.guid) == entry.tier_guid);
        places.entry(entry.company_guid).or_default().tier = tier.map(|tier| tier.name.clone());
    }
    for (company, folder) in store::folders::list_names_by_companies(tx, customer, companies)? {
        places.entry(company).or_default().folders.push(folder);
    }
    Ok(places)
}

/// Sends many requests again; what cannot be sent is reported, by its place, and stops nothing.
pub fn bulk_resend(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    guids: &[Guid],
) -> Result<Vec<std::result::Result<(), Option<Refusal>>>> {
    call.actor.require_inviter()?;
    let one = |guid: &Guid| match resend::resend(tx, call, *guid, &|_| ()) {
        Ok(()) => Ok(Ok(())),
        Err(Error::Refused(refusal)) => Ok(Err(Some(refusal))),
        Err(Error::NotFound) => Ok(Err(None)),
        Err(other) => Err(other),
    };
    guids.iter().map(one).collect()
}
