//! What administrators decide about users, the same in the browser and through the API: invited by a mail with a link
//! to set a password, given a role, switched off and on, removed.

use liaison_db::Tx;
use liaison_domain::people::{LandingPage, Role, UserStatus, split_name};
use liaison_domain::{Guid, Refusal, Timestamp, drafts, emails, limits};
use liaison_mail::Welcome;
use liaison_store as store;
use liaison_store::users::User;

use super::{NewUser, Place, make};
use crate::outgoing::{self, Letter};
use crate::password_links::{self, Purpose};
use crate::{Call, Error, Result, new_guid};

/// Somebody to be invited.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Address, unique in the customer.
    pub email: String,
    /// Full name.
    pub formal_name: String,
    /// How to address them; none: the first word of the full name.
    pub friendly_name: Option<String>,
    /// What they may do.
    pub role: Role,
    /// The group they are in.
    pub group: Group,
    /// Whether they are told of incoming requests.
    pub is_collaboration_contact: bool,
    /// Whether others may ask them for more companies.
    pub is_available_for_contact: bool,
    /// Where they want to begin.
    pub landing_page: LandingPage,
}

/// The group of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The one that new users land in, if there is such a group.
    Default,
    /// None.
    None,
    /// This one of the customer.
    Given(Guid),
}

/// What is to be changed about a user; none leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Full name.
    pub formal_name: Option<String>,
    /// How to address them.
    pub friendly_name: Option<String>,
    /// The address they have already; another one is refused.
    pub email: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// The group they are in.
    pub group: Option<Group>,
    /// Whether they are told of incoming requests.
    pub is_collaboration_contact: Option<bool>,
    /// Whether others may ask them for more companies.
    pub is_available_for_contact: Option<bool>,
    /// Where they want to begin.
    pub landing_page: Option<LandingPage>,
}

/// Makes a user who comes in by setting a password, and mails them the link for it. An address that belonged to
/// somebody who was switched off is theirs again: it is the same user, who begins anew.
pub fn invite(tx: &mut Tx<'_>, call: &Call<'_>, invitation: &Invitation) -> Result<Guid> {
    call.actor.require_account_admin()?;
    let customer = call.actor.customer_guid;
    let group = group(tx, customer, invitation.group)?;
    refuse_too_many(tx, call)?;
    let new = NewUser {
        email: invitation.email.trim().to_owned(),
        formal_name: one_line(&invitation.formal_name),
        friendly_name: invitation.friendly_name.as_deref().map(one_line),
        role: invitation.role,
        is_collaboration_contact: invitation.is_collaboration_contact,
        password_hash: None,
    };
    let place = Place {
        customer,
        group,
        status: UserStatus::Created,
    };
    let earlier = store::users::find_by_email(tx, customer, &emails::key(&new.email))?;
    let user = match earlier.filter(is_off) {
        Some(earlier) => {
            let invited = store::users::find_invited(tx, customer, earlier.guid)?;
            refuse_too_soon(call, invited)?;
            end_access(tx, call, &earlier)?;
            renew(tx, call, (&place, &new), earlier.guid)?
        }
        None => make(tx, (call.now, call.env.entropy.as_ref()), &place, &new)?,
    };
    let wishes = (
        Some(invitation.is_available_for_contact),
        Some(invitation.landing_page.slug()),
    );
    store::users::update_wishes(tx, customer, user.guid, wishes)?;
    store::users::update_invited(tx, customer, user.guid, call.now)?;
    welcome(tx, call, &user)?;
    Ok(user.guid)
}

/// Changes a user of the caller's customer. The last active administrator stays one.
pub fn update(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, change: &Change) -> Result<()> {
    let found = find(tx, call, guid)?;
    let customer = call.actor.customer_guid;
    if let Some(email) = &change.email
        && emails::key(email.trim()) != emails::key(&found.email)
    {
        let rule = "cannot be changed: make a new user for another address";
        return Err(Refusal::field("email", rule).into());
    }
    if change.role.is_some_and(|role| role != Role::Admin) {
        refuse_last_admin(tx, customer, &found, "role")?;
    }
    let formal_name = name(change.formal_name.as_deref(), "formal_name", &found.formal_name)?;
    let friendly_name = name(change.friendly_name.as_deref(), "friendly_name", &found.friendly_name)?;
    let (first_name, last_name) = split_name(&formal_name);
    let user = User {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        friendly_name,
        role: change.role.map_or(found.role, |role| role.slug().to_owned()),
        group_guid: match change.group {
            Some(wanted) => group(tx, customer, wanted)?,
            None => found.group_guid,
        },
        is_collaboration_contact: change
            .is_collaboration_contact
            .unwrap_or(found.is_collaboration_contact),
        formal_name: formal_name.clone(),
        ..found
    };
    store::users::upsert(tx, customer, &user, call.now)?;
    let wishes = (
        change.is_available_for_contact,
        change.landing_page.map(LandingPage::slug),
    );
    store::users::update_wishes(tx, customer, guid, wishes)?;
    Ok(())
}

/// Switches a user off: their sessions, tokens and links work no longer, at once. Nobody switches themselves off, and
/// the last active administrator stays.
pub fn switch_off(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let found = find(tx, call, guid)?;
    if call.actor.guid() == guid {
        return Err(Refusal::field("switch", "is not possible for your own account").into());
    }
    let customer = call.actor.customer_guid;
    refuse_last_admin(tx, customer, &found, "switch")?;
    store::users::update_status(tx, customer, guid, UserStatus::Deactivated.slug())?;
    store::sessions::delete_of_user(tx, customer, guid, None)?;
    store::password_links::delete_of_user(tx, customer, guid)?;
    outgoing::outdate(tx, call.now, (customer, &[&found.email]))
}

/// Removes a user: switched off, without password and tokens. The row stays, since requests, messages and events name
/// it.
pub fn remove(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    switch_off(tx, call, guid)?;
    let removed = find(tx, call, guid)?;
    end_access(tx, call, &removed)
}

/// Switches a user on again. One who can neither sign in nor call waits for a password, like one just invited.
pub fn switch_on(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let found = find(tx, call, guid)?;
    if !is_off(&found) {
        return Ok(());
    }
    let customer = call.actor.customer_guid;
    let was_in = found.password_hash.is_some() || !store::api_tokens::list_of_user(tx, customer, guid)?.is_empty();
    let status = if was_in {
        UserStatus::Activated
    } else {
        UserStatus::Created
    };
    store::users::update_status(tx, customer, guid, status.slug())?;
    Ok(())
}

/// Mails the link to somebody who never came in again.
pub fn activate_again(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let user = find(tx, call, guid)?;
    match UserStatus::parse(&user.status) {
        Some(UserStatus::Created) if waits_for_password(&user) => welcome_again(tx, call, guid),
        Some(UserStatus::Deactivated) => Err(Refusal::NotWelcome("switched off").into()),
        _ => Err(Refusal::NotWelcome("activated").into()),
    }
}

/// Mails a new link to somebody who has no password yet, some minutes after the last one.
pub fn welcome_again(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let user = find(tx, call, guid)?;
    let newest = store::password_links::find_newest(tx, call.actor.customer_guid, guid)?;
    refuse_too_soon(call, newest)?;
    welcome(tx, call, &user)
}

/// Whether a user has no password and may set one.
pub fn waits_for_password(user: &User) -> bool {
    user.password_hash.is_none() && !is_off(user)
}

fn is_off(user: &User) -> bool {
    user.status == UserStatus::Deactivated.slug()
}

/// A user of the caller's customer, for its administrators.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<User> {
    call.actor.require_account_admin()?;
    store::users::find(tx, call.actor.customer_guid, guid)?.ok_or(Error::NotFound)
}

/// The earlier user of an address as a new one: what they may do and are called is what is said now.
fn renew(tx: &mut Tx<'_>, call: &Call<'_>, (place, new): (&Place, &NewUser), guid: Guid) -> Result<User> {
    let user = super::user(place, new, guid)?;
    store::users::upsert(tx, place.customer, &user, call.now)?;
    Ok(user)
}

/// Ends what lets a user in once they are switched on again.
fn end_access(tx: &mut Tx<'_>, call: &Call<'_>, user: &User) -> Result<()> {
    let customer = call.actor.customer_guid;
    store::users::delete_password(tx, customer, user.guid)?;
    store::api_tokens::update_revoked_of_user(tx, customer, user.guid, call.now)?;
    Ok(())
}

fn refuse_last_admin(tx: &mut Tx<'_>, customer: Guid, user: &User, field: &str) -> Result<()> {
    let admin = Role::Admin.slug();
    let is_active_admin = user.role == admin && user.status == UserStatus::Activated.slug();
    if is_active_admin && store::users::count_others_of_role(tx, customer, (user.guid, admin))? == 0 {
        let rule = match field {
            "role" => "has to stay: there is no other active administrator",
            _ => "is not possible: there is no other active administrator",
        };
        return Err(Refusal::field(field, rule).into());
    }
    Ok(())
}

fn refuse_too_many(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<()> {
    let most = limits::NEW_USERS;
    let since = call.now.plus_days(-limits::NEW_USERS_DAYS);
    let wanted = (since, i64::try_from(most).unwrap_or(i64::MAX));
    let invited = store::users::list_invited(tx, call.actor.customer_guid, wanted)?;
    // The next one is possible when the oldest of the last `most` is out of sight.
    let Some(oldest) = invited.get(most - 1) else {
        return Ok(());
    };
    let millis = oldest.plus_days(limits::NEW_USERS_DAYS).0 - call.now.0;
    Err(Refusal::TooManyNewUsers {
        most,
        seconds: seconds(millis),
    }
    .into())
}

fn refuse_too_soon(call: &Call<'_>, newest: Option<Timestamp>) -> Result<()> {
    let again = newest.map(|newest| newest + call.env.resend_cool_down);
    match again.filter(|again| *again > call.now) {
        Some(again) => Err(Refusal::ResendTooSoon {
            seconds: seconds(again.0 - call.now.0),
        }
        .into()),
        None => Ok(()),
    }
}

fn seconds(millis: i64) -> i64 {
    (millis + 999) / 1000
}

fn group(tx: &mut Tx<'_>, customer: Guid, wanted: Group) -> Result<Option<Guid>> {
    match wanted {
        Group::None => Ok(None),
        Group::Default => {
            let groups = store::user_groups::list(tx, customer)?.into_iter();
            Ok(groups.filter(|group| group.is_default).map(|group| group.guid).next())
        }
        Group::Given(guid) => match store::user_groups::find(tx, customer, guid)? {
            Some(group) => Ok(Some(group.guid)),
            None => Err(Refusal::field("group", "is not a group of this account").into()),
        },
    }
}

fn name(given: Option<&str>, field: &'static str, stored: &str) -> Result<String> {
    let Some(given) = given else {
        return Ok(stored.to_owned());
    };
    let name = one_line(given);
    if name.is_empty() {
        return Err(Refusal::field(field, "must not be empty").into());
    }
    drafts::check_length(field, &name, limits::NAME_CHARS)?;
    Ok(name)
}

/// A name as it is stored: on one line, with single spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
