//! Folders: how a customer sorts its portfolio. Everybody of the customer sees all of them; those who may invite keep
//! them.

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, drafts, limits};
use liaison_store as store;
pub use liaison_store::folders::{Kept, Owner};

use crate::company_actions::{Actions, Outcome, companies_of};
use crate::{Call, Error, Result, new_guid};

/// A folder and the companies in it.
#[derive(Clone, Debug)]
pub struct Folder {
    /// What is said of it.
    pub kept: Kept,
    /// The companies, by guid; empty where nobody asked for them.
    pub companies: Vec<Guid>,
}

/// A folder as somebody wants it; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// 1 to 255 characters.
    pub name: Option<String>,
    /// Up to 1000 characters.
    pub description: Option<String>,
    /// 1 to 3650 days, or none.
    pub content_expiry_days: Option<Option<i64>>,
}

/// The folders of the caller's customer in their order, with their companies where those are wanted.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>, with_companies: bool) -> Result<Vec<Folder>> {
    let customer = call.actor.customer_guid;
    let kept = store::folders::list_kept(tx, customer)?;
    let contents = match with_companies {
        true => store::folders::list_contents(tx, customer)?,
        false => Vec::new(),
    };
    let folders = kept.into_iter().map(|kept| Folder {
        companies: companies_of(&contents, kept.guid),
        kept,
    });
    Ok(folders.collect())
}

/// One folder.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Folder> {
    let customer = call.actor.customer_guid;
    let kept = find_kept(tx, call, guid)?;
    Ok(Folder {
        companies: store::folders::list_companies(tx, customer, kept.guid)?,
        kept,
    })
}

/// One folder without its companies.
pub fn find_kept(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Kept> {
    let guid = guid.ok_or(Error::NotFound)?;
    store::folders::find_kept(tx, call.actor.customer_guid, guid)?.ok_or(Error::NotFound)
}

/// Makes a folder. It comes after the others.
pub fn create(tx: &mut Tx<'_>, call: &Call<'_>, change: &Change) -> Result<Folder> {
    call.actor.require_account_inviter()?;
    let customer = call.actor.customer_guid;
    let (count, last) = store::folders::count(tx, customer)?;
    if count >= limits::FOLDERS {
        return Err(Refusal::field("name", format!("{} folders are the most", limits::FOLDERS)).into());
    }
    let mut kept = Kept {
        guid: new_guid(call.now, call.env.entropy.as_ref()),
        name: String::new(),
        description: String::new(),
        content_expiry_days: None,
        position: last + 1,
        owner: call.actor.user.as_ref().map(|user| Owner {
            guid: user.guid,
            email: user.email.clone(),
            formal_name: user.formal_name.clone(),
        }),
        companies_count: 0,
    };
    apply(&mut kept, change)?;
    store::folders::insert(tx, customer, &kept)?;
    Ok(Folder {
        kept,
        companies: Vec::new(),
    })
}

/// Changes a folder.
pub fn update(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, change: &Change) -> Result<Folder> {
    call.actor.require_account_inviter()?;
    let customer = call.actor.customer_guid;
    let mut folder = find(tx, call, guid)?;
    let before = folder.kept.content_expiry_days;
    apply(&mut folder.kept, change)?;
    store::folders::update(tx, customer, &folder.kept)?;
    let days = folder.kept.content_expiry_days;
    if days != before {
        store::folders::update_expiry(tx, customer, folder.kept.guid, (days, call.now))?;
    }
    Ok(folder)
}

/// Deletes a folder. Its companies stay in the portfolio.
pub fn delete(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<()> {
    call.actor.require_account_inviter()?;
    match store::folders::delete(tx, call.actor.customer_guid, guid.ok_or(Error::NotFound)?)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Puts companies of the portfolio into a folder and takes others out.
pub fn change_companies(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, actions: &Actions) -> Result<Outcome> {
    call.actor.require_account_inviter()?;
    let (folder, customer) = (find_kept(tx, call, guid)?, call.actor.customer_guid);
    actions.check("")?;
    let contained =
        |tx: &mut Tx<'_>, companies: &[Guid]| Ok(store::folders::list_contained(tx, customer, folder.guid, companies)?);
    let (removed, not_removed) = actions.removable(tx, contained)?;
    store::folders::delete_companies(tx, customer, folder.guid, &removed)?;
    let (added, not_added) = actions.addable(tx, call, contained)?;
    put_in(tx, call, &folder, &added)?;
    Ok(Outcome {
        added,
        removed,
        not_added,
        not_removed,
        companies: store::folders::list_companies(tx, customer, folder.guid)?,
    })
}

/// Puts companies into a folder for as long as it keeps them.
pub(crate) fn put_in(tx: &mut Tx<'_>, call: &Call<'_>, folder: &Kept, companies: &[Guid]) -> Result<()> {
    let (customer, days) = (call.actor.customer_guid, folder.content_expiry_days);
    store::folders::add_companies(tx, customer, (folder.guid, companies), (days, call.now))?;
    Ok(())
}

fn apply(kept: &mut Kept, change: &Change) -> Result<()> {
    if let Some(name) = &change.name {
        name.trim().clone_into(&mut kept.name);
    }
    if kept.name.is_empty() {
        return Err(Refusal::field("name", "is required").into());
    }
    drafts::check_length("name", &kept.name, limits::NAME_CHARS)?;
    if let Some(description) = &change.description {
        drafts::check_length("description", description, limits::DESCRIPTION_CHARS)?;
        kept.description.clone_from(description);
    }
    if let Some(days) = change.content_expiry_days {
        if days.is_some_and(|days| !limits::EXPIRY_DAYS.contains(&days)) {
            return Err(Refusal::field("content_expiry_days", "must be 1 to 3650 days, or null").into());
        }
        kept.content_expiry_days = days;
    }
    Ok(())
}
