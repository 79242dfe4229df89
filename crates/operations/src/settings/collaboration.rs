//! Which users are told of incoming requests, and how long a trial is where a request does not say.

use liaison_db::Tx;
use liaison_domain::people::UserStatus;
use liaison_domain::{Guid, Refusal, emails};
use liaison_store as store;
use liaison_store::users::{Search, User};

use crate::access_requests::{Config, config};
use crate::{Call, Error, Result};

/// Users that are proposed as further contacts.
const PROPOSED: i64 = 100;

/// What applies to the collaboration of a customer.
#[derive(Clone, Debug)]
pub struct Collaboration {
    /// The users who are told of incoming requests, and whether they want mails about them.
    pub contacts: Vec<(User, bool)>,
    /// Others who could be, 100 at most.
    pub proposed: Vec<User>,
    /// Both durations.
    pub config: Config,
}

/// What applies to the caller's customer.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Collaboration> {
    call.actor.require_account_admin()?;
    let customer = call.actor.customer_guid;
    let wanted = Search {
        limit: PROPOSED,
        ..Search::default()
    };
    let (mut proposed, _) = store::users::search(tx, customer, &wanted)?;
    proposed.retain(|user| !user.is_collaboration_contact && user.status != UserStatus::Deactivated.slug());
    Ok(Collaboration {
        contacts: store::users::list_told(tx, customer)?,
        proposed,
        config: config(call),
    })
}

/// Has the user of an address told of incoming requests.
pub fn add_contact(tx: &mut Tx<'_>, call: &Call<'_>, email: &str) -> Result<()> {
    call.actor.require_account_admin()?;
    let customer = call.actor.customer_guid;
    let found = store::users::find_by_email(tx, customer, &emails::key(email.trim()))?;
    let found = found.filter(|user| user.status != UserStatus::Deactivated.slug());
    let user = found.ok_or_else(|| Refusal::field("email", "belongs to no user of this account who is switched on"))?;
    store::users::update_collaboration_contact(tx, customer, user.guid, true)?;
    Ok(())
}

/// Has a user told of incoming requests no longer.
pub fn remove_contact(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    call.actor.require_account_admin()?;
    match store::users::update_collaboration_contact(tx, call.actor.customer_guid, guid, false)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
