//! The users of a customer as its people see each other. In an account that exists only because its people were
//! invited, nobody sees anybody else: they may have nothing to do with each other.

use liaison_db::Tx;
use liaison_domain::people::{Role, UserStatus};
use liaison_domain::{Guid, limits};
use liaison_store as store;
pub use liaison_store::users::directory::{Entry, Filter, Key};

use crate::{Call, Error, Result};

/// A page of the users of the caller's customer, and how many there are in all.
pub fn list(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    filter: Filter,
    (keys, part): (&[(Key, bool)], (i64, i64)),
) -> Result<(Vec<Entry>, i64)> {
    let filter = visible(call, filter);
    let customer = call.actor.customer_guid;
    let users = store::users::directory::list(tx, customer, &filter, (keys, part))?;
    Ok((users, store::users::directory::count(tx, customer, &filter)?))
}

/// A user, or a company token, of the caller's customer.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<Entry> {
    for company_tokens in [false, true] {
        let wanted = Filter {
            company_tokens,
            guids: Some(vec![guid]),
            ..Filter::default()
        };
        let customer = call.actor.customer_guid;
        let found = store::users::directory::list(tx, customer, &visible(call, wanted), (&[], (1, 0)))?;
        if let Some(entry) = found.into_iter().next() {
            return Ok(entry);
        }
    }
    Err(Error::NotFound)
}

/// The caller: a user, or the company token.
pub fn current(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Entry> {
    find(tx, call, call.actor.guid())
}

/// Whether the caller may know more of users than their names and addresses.
pub fn may_see_details(call: &Call<'_>) -> bool {
    call.actor.role >= Role::GroupAdmin
}

/// Whether the people of the caller's customer can see a company: their own, and those of their portfolio.
pub fn sees_company(tx: &mut Tx<'_>, call: &Call<'_>, company: Guid) -> Result<bool> {
    let is_own = call.actor.my_company.as_ref().is_some_and(|own| own.guid == company);
    Ok(is_own || store::portfolio::find(tx, call.actor.customer_guid, company)?.is_some())
}

/// How many users a customer has.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// Those who came in and were not switched off.
    pub active: i64,
    /// The others.
    pub inactive: i64,
}

/// How many users the caller's customer has.
pub fn count(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Numbers> {
    let customer = call.actor.customer_guid;
    let mut count = |statuses: &[UserStatus]| {
        let wanted = Filter {
            statuses: Some(statuses.iter().map(|status| status.slug().to_owned()).collect()),
            ..Filter::default()
        };
        store::users::directory::count(tx, customer, &visible(call, wanted))
    };
    Ok(Numbers {
        active: count(&[UserStatus::Activated])?,
        inactive: count(&[UserStatus::Created, UserStatus::Deactivated])?,
    })
}

/// Users of the caller's customer as older clients list them: all at once, by address, up to 10 000. Only active ones,
/// unless all are wanted.
pub fn list_all(tx: &mut Tx<'_>, call: &Call<'_>, all: bool) -> Result<Vec<Entry>> {
    let customer = call.actor.customer_guid;
    let active = Filter {
        statuses: (!all).then(|| vec![UserStatus::Activated.slug().to_owned()]),
        ..Filter::default()
    };
    let whole = (&[(Key::Email, false)][..], (limits::USERS_AT_ONCE, 0));
    let mut users = store::users::directory::list(tx, customer, &visible(call, active), whole)?;
    if all {
        let tokens = Filter {
            company_tokens: true,
            ..Filter::default()
        };
        users.append(&mut store::users::directory::list(
            tx,
            customer,
            &visible(call, tokens),
            whole,
        )?);
    }
    Ok(users)
}

fn visible(call: &Call<'_>, filter: Filter) -> Filter {
    Filter {
        only: call.actor.is_guest.then(|| call.actor.guid()),
        ..filter
    }
}
