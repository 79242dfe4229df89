//! The users of a customer, as its administrators see them in the browser. The rules are in `users::manage`.

use liaison_db::Tx;
use liaison_domain::people::{LandingPage, Role};
use liaison_domain::{Guid, Refusal};
use liaison_store as store;
pub use liaison_store::user_groups::UserGroup;
use liaison_store::users::Search;
pub use liaison_store::users::User;

use super::ROWS;
use crate::users::manage::{self, Change, Group};
pub use crate::users::manage::{switch_off, switch_on, waits_for_password};
use crate::{Call, Error, Result};

/// A page of the users of a customer.
#[derive(Clone, Debug)]
pub struct Listed {
    /// By address.
    pub users: Vec<User>,
    /// How many the search finds.
    pub total: i64,
    /// The groups of the customer, by name.
    pub groups: Vec<UserGroup>,
}

/// Somebody to be invited.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Full name.
    pub formal_name: String,
    /// Address, unique in the customer.
    pub email: String,
    /// What they get.
    pub rights: Rights,
}

/// What an administrator decides about a user.
#[derive(Clone, Debug)]
pub struct Rights {
    /// Slug of a role.
    pub role: String,
    /// A group of the customer, or none.
    pub group: Option<Guid>,
    /// Whether they are told of incoming requests.
    pub is_collaboration_contact: bool,
}

/// One user, for the page where they are changed.
#[derive(Clone, Debug)]
pub struct Found {
    /// The user.
    pub user: User,
    /// The groups of the customer, by name.
    pub groups: Vec<UserGroup>,
    /// Whether it is the caller.
    pub is_caller: bool,
}

/// The users of the caller's customer whose name or address contains a text: [`ROWS`] after `offset`.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>, (text, offset): (&str, i64)) -> Result<Listed> {
    call.actor.require_account_admin()?;
    let customer = call.actor.customer_guid;
    let wanted = Search {
        text: text.trim().to_owned(),
        limit: ROWS,
        offset,
    };
    let (users, total) = store::users::search(tx, customer, &wanted)?;
    Ok(Listed {
        users,
        total,
        groups: store::user_groups::list(tx, customer)?,
    })
}

/// One user of the caller's customer.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<Found> {
    Ok(Found {
        user: manage::find(tx, call, guid)?,
        groups: store::user_groups::list(tx, call.actor.customer_guid)?,
        is_caller: call.actor.guid() == guid,
    })
}

/// Makes a user who comes in by setting a password, and mails them the link for it.
pub fn invite(tx: &mut Tx<'_>, call: &Call<'_>, invitation: &Invitation) -> Result<()> {
    call.actor.require_account_admin()?;
    let new = manage::Invitation {
        email: invitation.email.clone(),
        formal_name: invitation.formal_name.clone(),
        friendly_name: None,
        role: role(&invitation.rights)?,
        group: group(&invitation.rights),
        is_collaboration_contact: invitation.rights.is_collaboration_contact,
        is_available_for_contact: false,
        landing_page: LandingPage::Default,
    };
    manage::invite(tx, call, &new)?;
    Ok(())
}

/// Sets what a user may do.
pub fn update(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, rights: &Rights) -> Result<()> {
    call.actor.require_account_admin()?;
    let change = Change {
        role: Some(role(rights)?),
        group: Some(group(rights)),
        is_collaboration_contact: Some(rights.is_collaboration_contact),
        ..Change::default()
    };
    manage::update(tx, call, guid, &change)
}

/// Mails a new link to somebody who has no password yet.
pub fn welcome_again(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    if !waits_for_password(&manage::find(tx, call, guid)?) {
        return Err(Refusal::field("welcome", "is for people who have no password yet").into());
    }
    match manage::welcome_again(tx, call, guid) {
        Err(Error::Refused(Refusal::ResendTooSoon { seconds })) => {
            let rule = format!("was mailed a moment ago; a new one can be mailed in {seconds} seconds");
            Err(Refusal::field("welcome", rule).into())
        }
        other => other,
    }
}

fn role(rights: &Rights) -> Result<Role> {
    Ok(Role::parse(&rights.role).ok_or_else(|| Refusal::field("role", "is none of the four"))?)
}

fn group(rights: &Rights) -> Group {
    rights.group.map_or(Group::None, Group::Given)
}
