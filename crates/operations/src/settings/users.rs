//! The users of a customer, as its administrators manage them: invited by a mail with a link to set a password, given
//! a role, switched off and on.

use liaison_db::Tx;
use liaison_domain::people::{Role, UserStatus};
use liaison_domain::{Guid, Refusal};
use liaison_mail::Welcome;
use liaison_store as store;
pub use liaison_store::user_groups::UserGroup;
use liaison_store::users::Search;
pub use liaison_store::users::User;

use super::{ROWS, require};
use crate::outgoing::{self, Letter};
use crate::password_links::{self, Purpose};
use crate::users::{self, NewUser, Place};
use crate::{Call, Error, Result, new_guid};

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
    require(call.actor)?;
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
    require(call.actor)?;
    let customer = call.actor.customer_guid;
    Ok(Found {
        user: store::users::find(tx, customer, guid)?.ok_or(Error::NotFound)?,
        groups: store::user_groups::list(tx, customer)?,
        is_caller: call.actor.guid() == guid,
    })
}

/// Makes a user who comes in by setting a password, and mails them the link for it.
pub fn invite(tx: &mut Tx<'_>, call: &Call<'_>, invitation: &Invitation) -> Result<()> {
    require(call.actor)?;
    let (role, group) = check(tx, call, &invitation.rights)?;
    let new = NewUser {
        email: invitation.email.trim().to_owned(),
        formal_name: invitation.formal_name.split_whitespace().collect::<Vec<_>>().join(" "),
        friendly_name: None,
        role,
        is_collaboration_contact: invitation.rights.is_collaboration_contact,
        password_hash: None,
    };
    let place = Place {
        customer: call.actor.customer_guid,
        group,
        status: UserStatus::Created,
    };
    let user = users::make(tx, (call.now, call.env.entropy.as_ref()), &place, &new)?;
    welcome(tx, call, &user)
}

/// Sets what a user may do. The last active administrator stays one.
pub fn update(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, rights: &Rights) -> Result<()> {
    let found = find(tx, call, guid)?;
    let customer = call.actor.customer_guid;
    let (role, group) = check(tx, call, rights)?;
    let admin = Role::Admin.slug();
    let steps_down = found.user.role == admin && role != Role::Admin;
    if steps_down
        && found.user.status == UserStatus::Activated.slug()
        && store::users::count_others_of_role(tx, customer, (guid, admin))? == 0
    {
        let rule = "has to stay: there is no other active administrator";
        return Err(Refusal::field("role", rule).into());
    }
    let user = User {
        role: role.slug().to_owned(),
        group_guid: group,
        is_collaboration_contact: rights.is_collaboration_contact,
        ..found.user
    };
    store::users::upsert(tx, customer, &user, call.now)?;
    Ok(())
}

/// Switches a user off: their sessions, tokens and links work no longer, at once. Nobody switches themselves off, so
/// that an administrator remains.
pub fn switch_off(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let found = find(tx, call, guid)?;
    if found.is_caller {
        return Err(Refusal::field("switch", "is not possible for your own account").into());
    }
    let customer = call.actor.customer_guid;
    store::users::update_status(tx, customer, guid, UserStatus::Deactivated.slug())?;
    store::sessions::delete_of_user(tx, customer, guid, None)?;
    store::password_links::delete_of_user(tx, customer, guid)?;
    outgoing::outdate(tx, call.now, (customer, &[&found.user.email]))
}

/// Switches a user on again. One who can neither sign in nor call waits for a password, like one just invited.
pub fn switch_on(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let found = find(tx, call, guid)?;
    if found.user.status != UserStatus::Deactivated.slug() {
        return Ok(());
    }
    let customer = call.actor.customer_guid;
    let was_in = found.user.password_hash.is_some() || !store::api_tokens::list_of_user(tx, customer, guid)?.is_empty();
    let status = if was_in {
        UserStatus::Activated
    } else {
        UserStatus::Created
    };
    store::users::update_status(tx, customer, guid, status.slug())?;
    Ok(())
}

/// Mails a new link to somebody who has no password yet.
pub fn welcome_again(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let user = find(tx, call, guid)?.user;
    if !waits_for_password(&user) {
        return Err(Refusal::field("welcome", "is for people who have no password yet").into());
    }
    welcome(tx, call, &user)
}

/// Whether a user has no password and may set one.
pub fn waits_for_password(user: &User) -> bool {
    user.password_hash.is_none() && user.status != UserStatus::Deactivated.slug()
}

fn check(tx: &mut Tx<'_>, call: &Call<'_>, rights: &Rights) -> Result<(Role, Option<Guid>)> {
    let role = Role::parse(&rights.role).ok_or_else(|| Refusal::field("role", "is none of the four"))?;
    if let Some(group) = rights.group
        && store::user_groups::find(tx, call.actor.customer_guid, group)?.is_none()
    {
        return Err(Refusal::field("group", "is not a group of this account").into());
    }
    Ok((role, rights.group))
}

fn welcome(tx: &mut Tx<'_>, call: &Call<'_>, user: &User) -> Result<()> {
    let (now, env, customer) = (call.now, call.env, call.actor.customer_guid);
    outgoing::outdate(tx, now, (customer, &[&user.email]))?;
    let (link, expires_at) = password_links::make(tx, (now, env), (customer, user.guid), Purpose::Welcome)?;
    let guid = new_guid(now, env.entropy.as_ref());
    let composed = liaison_mail::welcome(
        &env.identity,
        &outgoing::stamp(guid, now),
        &Welcome {
            name: &user.formal_name,
            email: &user.email,
            customer_name: &call.actor.customer_name,
            inviter_name: call.actor.formal_name(),
            inviter_company: call.actor.company_name(),
            link: &link,
            expires_on: &expires_at.for_people(),
            delegated: None,
        },
    )?;
    let letter = Letter {
        customer,
        request: None,
        kind: "welcome",
    };
    outgoing::queue(tx, (now, env), &letter, (guid, &composed, &[user.email.as_str()]))
}
