//! Access groups: how a customer sorts its users. Administrators keep them. A group notes companies; what its users
//! may see does not depend on that.

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, drafts, ids, limits};
use liaison_store as store;
pub use liaison_store::user_groups::{Counted, UserGroup};

use crate::company_actions::known_companies;
use crate::{Call, Error, Result, new_guid};

/// Why the default group cannot note companies.
pub const DEFAULT_HAS_ALL: &str = "the default group has all companies and no list of its own";

/// Users of a group that are told.
const USERS: i64 = 1000;

/// A user of a group.
#[derive(Clone, Debug)]
pub struct Member {
    /// Their guid.
    pub guid: Guid,
    /// Their address.
    pub email: String,
    /// Their name.
    pub formal_name: String,
}

/// A group as somebody wants it; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// 1 to 255 characters.
    pub name: Option<String>,
    /// `true` makes it the default in place of the one that was; the default cannot be switched off.
    pub is_default: Option<bool>,
    /// Counted as it is sent.
    pub allow_bundled_companies: Option<bool>,
    /// Counted as it is sent.
    pub can_set_tier_scope: Option<bool>,
}

/// The groups of the caller's customer by name. The default group stands for all companies: its count is that of the
/// portfolio.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Vec<Counted>> {
    let customer = call.actor.customer_guid;
    let mut groups = store::user_groups::list_counted(tx, customer)?;
    if groups.iter().any(|counted| counted.group.is_default) {
        let all = store::portfolio::count_all(tx, customer)?;
        for counted in groups.iter_mut().filter(|counted| counted.group.is_default) {
            counted.company_count = all;
        }
    }
    Ok(groups)
}

/// One group.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Counted> {
    let customer = call.actor.customer_guid;
    let found = store::user_groups::find_counted(tx, customer, guid.ok_or(Error::NotFound)?)?;
    let mut counted = found.ok_or(Error::NotFound)?;
    if counted.group.is_default {
        counted.company_count = store::portfolio::count_all(tx, customer)?;
    }
    Ok(counted)
}

/// The users of a group, by name, 1000 at most.
pub fn list_users(tx: &mut Tx<'_>, call: &Call<'_>, group: Guid) -> Result<Vec<Member>> {
    let users = store::user_groups::list_users(tx, call.actor.customer_guid, group, USERS)?;
    let users = users.into_iter().map(|(guid, email, formal_name)| Member {
        guid,
        email,
        formal_name,
    });
    Ok(users.collect())
}

/// Makes a group.
pub fn create(tx: &mut Tx<'_>, call: &Call<'_>, change: &Change) -> Result<Counted> {
    call.actor.require_account_admin()?;
    let known = store::user_groups::list(tx, call.actor.customer_guid)?;
    if known.len() as i64 >= limits::GROUPS {
        return Err(Refusal::field("name", format!("{} groups are the most", limits::GROUPS)).into());
    }
    let group = UserGroup {
        guid: new_guid(call.now, call.env.entropy.as_ref()),
        name: String::new(),
        is_default: false,
        allow_bundled_companies: false,
        can_set_tier_scope: false,
    };
    store_changed(tx, call, group, change)
}

/// Changes a group.
pub fn update(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, change: &Change) -> Result<Counted> {
    call.actor.require_account_admin()?;
    let group = find(tx, call, guid)?.group;
    store_changed(tx, call, group, change)
}

fn store_changed(tx: &mut Tx<'_>, call: &Call<'_>, mut group: UserGroup, change: &Change) -> Result<Counted> {
    let customer = call.actor.customer_guid;
    if let Some(name) = &change.name {
        name.trim().clone_into(&mut group.name);
    }
    if group.name.is_empty() {
        return Err(Refusal::field("name", "is required").into());
    }
    drafts::check_length("name", &group.name, limits::NAME_CHARS)?;
    if change.is_default == Some(false) && group.is_default {
        return Err(Refusal::field("is_default", "is true until another group is made the default").into());
    }
    let becomes_default = change.is_default == Some(true) && !group.is_default;
    group.is_default |= becomes_default;
    let keep = |wanted: Option<bool>, known: bool| wanted.unwrap_or(known);
    group.allow_bundled_companies = keep(change.allow_bundled_companies, group.allow_bundled_companies);
    group.can_set_tier_scope = keep(change.can_set_tier_scope, group.can_set_tier_scope);
    store::user_groups::upsert(tx, customer, &group)?;
    if becomes_default {
        store::user_groups::update_only_default(tx, customer, group.guid)?;
        store::user_groups::clear_companies(tx, customer, group.guid)?;
    }
    find(tx, call, Some(group.guid))
}

/// Deletes a group that is not the default and that nobody is in.
pub fn delete(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<()> {
    call.actor.require_account_admin()?;
    let (counted, customer) = (find(tx, call, guid)?, call.actor.customer_guid);
    let group = counted.group;
    if group.is_default {
        return Err(Refusal::GroupIsDefault.into());
    }
    if counted.user_count > 0 {
        return Err(Refusal::GroupInUse(counted.user_count).into());
    }
    store::api_tokens::clear_group(tx, customer, group.guid)?;
    // Those who are left in it are deactivated.
    store::users::clear_group(tx, customer, group.guid)?;
    store::user_groups::delete(tx, customer, group.guid)?;
    Ok(())
}

/// The companies that a group notes, all of the portfolio for the default one.
pub fn list_companies(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Vec<Guid>> {
    let (group, customer) = (find(tx, call, guid)?.group, call.actor.customer_guid);
    match group.is_default {
        true => Ok(store::portfolio::list_guids(tx, customer)?),
        false => Ok(store::user_groups::list_companies(tx, customer, group.guid)?),
    }
}

/// Puts companies of the portfolio into the lists of some groups. Gives those groups.
pub fn add_companies(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    companies: &[String],
    groups: &[String],
) -> Result<Vec<Counted>> {
    call.actor.require_account_admin()?;
    let companies = known_companies(tx, call, ("companies", companies))?;
    if groups.len() as i64 > limits::GROUPS {
        return Err(Refusal::field("groups", format!("at most {} groups", limits::GROUPS)).into());
    }
    // One call is one transaction, and others wait for it.
    if companies.len().saturating_mul(groups.len()) > limits::GROUP_COMPANIES_PER_CALL {
        let rule = format!(
            "at most {} companies in all groups together",
            limits::GROUP_COMPANIES_PER_CALL
        );
        return Err(Refusal::field("groups", rule).into());
    }
    let mut changed = Vec::new();
    for (place, text) in groups.iter().enumerate() {
        let field = format!("groups[{place}]");
        let found = match ids::parse_guid(text) {
            Some(guid) => store::user_groups::find(tx, call.actor.customer_guid, guid)?,
            None => None,
        };
        let group = found.ok_or_else(|| Refusal::field(field.as_str(), "is no group of yours"))?;
        refuse_default(&group, &field)?;
        store::user_groups::add_companies(tx, call.actor.customer_guid, group.guid, &companies)?;
        changed.push(group.guid);
    }
    changed.into_iter().map(|guid| find(tx, call, Some(guid))).collect()
}

/// Has a group note exactly some companies of the portfolio.
pub fn set_companies(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, companies: &[String]) -> Result<Vec<Guid>> {
    call.actor.require_account_admin()?;
    let (group, customer) = (find(tx, call, guid)?.group, call.actor.customer_guid);
    refuse_default(&group, "body")?;
    let companies = known_companies(tx, call, ("body", companies))?;
    store::user_groups::clear_companies(tx, customer, group.guid)?;
    store::user_groups::add_companies(tx, customer, group.guid, &companies)?;
    Ok(store::user_groups::list_companies(tx, customer, group.guid)?)
}

fn refuse_default(group: &UserGroup, field: &str) -> Result<()> {
    if group.is_default {
        return Err(Refusal::field(field, DEFAULT_HAS_ALL).into());
    }
    Ok(())
}
