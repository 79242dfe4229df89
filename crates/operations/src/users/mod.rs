//! Users: as the operator of the server manages them here, as a customer's own people do in the modules.

pub mod directory;
pub mod manage;

use liaison_db::Tx;
use liaison_domain::people::{Role, UserStatus, split_name};
use liaison_domain::{Entropy, Guid, Refusal, Timestamp, drafts, emails, limits};
use liaison_store as store;
pub use liaison_store::users::User;

use crate::{Error, Result, new_guid};

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Address, unique in the customer.
    pub email: String,
    /// Full name.
    pub formal_name: String,
    /// How to address them; none: the first word of the full name.
    pub friendly_name: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether they are told of incoming requests.
    pub is_collaboration_contact: bool,
    /// Hash of their password, if they get one now.
    pub password_hash: Option<String>,
}

/// The users of a customer, by address.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<User>> {
    store::customers::find(tx, customer)?.ok_or(Error::NotFound)?;
    Ok(store::users::list(tx, customer)?)
}

/// Makes an active user.
pub fn create(tx: &mut Tx<'_>, at: (Timestamp, &dyn Entropy), customer: Guid, new: &NewUser) -> Result<User> {
    store::customers::find(tx, customer)?.ok_or(Error::NotFound)?;
    let place = Place {
        customer,
        group: None,
        status: UserStatus::Activated,
    };
    make(tx, at, &place, new)
}

/// Where a new user stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The customer, which exists.
    pub(crate) customer: Guid,
    /// A group of the customer, or none.
    pub(crate) group: Option<Guid>,
    /// Active, or waiting for a password.
    pub(crate) status: UserStatus,
}

/// Makes a user.
pub(crate) fn make(
    tx: &mut Tx<'_>,
    (now, entropy): (Timestamp, &dyn Entropy),
    place: &Place,
    new: &NewUser,
) -> Result<User> {
    let user = user(place, new, new_guid(now, entropy))?;
    if store::users::find_by_email(tx, place.customer, &emails::key(&new.email))?.is_some() {
        return Err(Refusal::field("email", "belongs to a user of this customer already").into());
    }
    store::users::upsert(tx, place.customer, &user, now)?;
    Ok(user)
}

/// A user as they begin, if their address and names may be so.
fn user(place: &Place, new: &NewUser, guid: Guid) -> Result<User> {
    if !emails::is_valid(&new.email) {
        return Err(Refusal::field("email", "is not an e-mail address").into());
    }
    let formal_name = new.formal_name.trim();
    if formal_name.is_empty() {
        return Err(Refusal::field("formal_name", "is required").into());
    }
    drafts::check_length("formal_name", formal_name, limits::NAME_CHARS)?;
    let (first_name, last_name) = split_name(formal_name);
    let friendly_name = new.friendly_name.as_deref().map(str::trim);
    let friendly_name = friendly_name.filter(|name| !name.is_empty()).unwrap_or(first_name);
    drafts::check_length("friendly_name", friendly_name, limits::NAME_CHARS)?;
    Ok(User {
        guid,
        email: new.email.clone(),
        friendly_name: friendly_name.to_owned(),
        formal_name: formal_name.to_owned(),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        phone_number: None,
        role: new.role.slug().to_owned(),
        group_guid: place.group,
        status: place.status.slug().to_owned(),
        tos_date: None,
        last_login: None,
        is_collaboration_contact: new.is_collaboration_contact,
        password_hash: new.password_hash.clone(),
    })
}

/// Switches a user on or off; off refuses their tokens at the next call.
pub fn set_active(tx: &mut Tx<'_>, customer: Guid, email: &str, is_active: bool) -> Result<User> {
    let mut user = store::users::find_by_email(tx, customer, &emails::key(email))?.ok_or(Error::NotFound)?;
    let status = if is_active {
        UserStatus::Activated
    } else {
        UserStatus::Deactivated
    };
    store::users::update_status(tx, customer, user.guid, status.slug())?;
    user.status = status.slug().to_owned();
    Ok(user)
}

/// Sets a user's password, whose hash was made before; their sessions end.
pub fn set_password(tx: &mut Tx<'_>, customer: Guid, email: &str, password_hash: &str) -> Result<()> {
    let user = store::users::find_by_email(tx, customer, &emails::key(email))?.ok_or(Error::NotFound)?;
    store::users::update_password(tx, customer, user.guid, password_hash)?;
    store::sessions::delete_of_user(tx, customer, user.guid, None)?;
    Ok(())
}
