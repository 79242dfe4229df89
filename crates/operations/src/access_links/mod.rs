//! Access links: a customer's administrators make them, and whoever has one can ask that customer to be invited.

mod ask;

pub use ask::{Ask, Asked, ask};
pub use liaison_store::access_links::{AccessLink, Author};
pub use liaison_store::access_requests::Waiting;

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, Timestamp, drafts, ids, limits};
use liaison_store as store;

use crate::{App, Call, Env, Error, Result, outgoing};

/// A link as an administrator wants it.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// 1 to 255 characters.
    pub name: String,
    /// Up to 255 characters.
    pub description: String,
    /// Whether people can use it.
    pub is_active: bool,
    /// A word of the administrator's own, up to 255 characters.
    pub scope: Option<String>,
}

/// What is to be different; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct LinkChange {
    /// 1 to 255 characters.
    pub name: Option<String>,
    /// Up to 255 characters.
    pub description: Option<String>,
    /// Whether people can use it.
    pub is_active: Option<bool>,
}

/// A page of links.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Oldest first.
    pub links: Vec<AccessLink>,
    /// How many there are in all.
    pub count: i64,
}

/// The links of the caller's customer: `limit` of them after the first `offset`.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>, (limit, offset): (i64, i64)) -> Result<Listed> {
    let customer = call.actor.customer_guid;
    Ok(Listed {
        links: store::access_links::list(tx, customer, (limit, offset))?,
        count: store::access_links::count(tx, customer)?,
    })
}

/// Everything about access links that an administrator looks at.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The links, oldest first.
    pub links: Vec<Counted>,
    /// Who waits to be let in, the longest first; up to 100.
    pub waiting: Vec<Waiting>,
    /// How many wait in all.
    pub waiting_count: i64,
}

/// A link and what came of it.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The link.
    pub link: AccessLink,
    /// Where it leads.
    pub url: String,
    /// How many people asked through it.
    pub asked: i64,
    /// How many of them came in.
    pub accepted: i64,
}

/// The links with who came through them, and who waits. Administrators only.
pub fn overview(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Overview> {
    call.actor.require_admin()?;
    let customer = call.actor.customer_guid;
    let counts = store::access_requests::count_by_access_link(tx, customer)?;
    let links = store::access_links::list(tx, customer, (limits::PAGE_ROWS, 0))?;
    let links = links.into_iter().map(|link| {
        let counted = counts.iter().find(|(guid, ..)| *guid == link.guid);
        Counted {
            url: url(call.env, link.guid),
            asked: counted.map_or(0, |(_, asked, _)| *asked),
            accepted: counted.map_or(0, |(.., accepted)| *accepted),
            link,
        }
    });
    Ok(Overview {
        links: links.collect(),
        waiting: store::access_requests::list_asked(tx, customer, 100)?,
        waiting_count: store::access_requests::count_asked(tx, customer)?,
    })
}

/// One link of the caller's customer.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<AccessLink> {
    let guid = guid.ok_or(Error::NotFound)?;
    store::access_links::find(tx, call.actor.customer_guid, guid)?.ok_or(Error::NotFound)
}

/// Makes a link. Administrators only.
pub fn create(tx: &mut Tx<'_>, call: &Call<'_>, new: &NewLink) -> Result<AccessLink> {
    call.actor.require_admin()?;
    let scope = new.scope.as_deref().map(str::trim).filter(|scope| !scope.is_empty());
    drafts::check_length("scope", scope.unwrap_or_default(), limits::NAME_CHARS)?;
    let link = AccessLink {
        guid: ids::random_guid(call.env.entropy.as_ref()),
        name: checked_name(&new.name)?,
        description: checked_description(&new.description)?,
        scope: scope.map(str::to_owned),
        is_active: new.is_active,
        created_at: call.now,
        created_by: author(call),
        updated_at: call.now,
        updated_by: author(call),
    };
    store::access_links::insert(tx, call.actor.customer_guid, &link)?;
    Ok(link)
}

/// Changes a link. Administrators only.
pub fn update(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, change: &LinkChange) -> Result<AccessLink> {
    call.actor.require_admin()?;
    let customer = call.actor.customer_guid;
    let found = store::access_links::find(tx, customer, guid.ok_or(Error::NotFound)?)?;
    let mut link = found.ok_or(Error::NotFound)?;
    let mut changed = false;
    if let Some(name) = &change.name {
        let name = checked_name(name)?;
        changed |= name != link.name;
        link.name = name;
    }
    if let Some(description) = &change.description {
        let description = checked_description(description)?;
        changed |= description != link.description;
        link.description = description;
    }
    if let Some(is_active) = change.is_active {
        changed |= is_active != link.is_active;
        link.is_active = is_active;
    }
    if changed {
        link.updated_at = call.now;
        link.updated_by = author(call);
        store::access_links::update(tx, customer, &link)?;
    }
    Ok(link)
}

/// Deletes a link; what people asked for through it stays. Administrators only.
pub fn delete(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<()> {
    call.actor.require_admin()?;
    match store::access_links::delete(tx, call.actor.customer_guid, guid.ok_or(Error::NotFound)?)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// The address that people open.
pub fn url(env: &Env, guid: Guid) -> String {
    outgoing::page(env, &format!("/join?token={guid}"))
}

/// What anybody may know of a link who has it, while it is switched on.
#[derive(Clone, Debug)]
pub struct OpenLink {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// What it is for, may be empty.
    pub description: String,
    /// The administrator's own word.
    pub scope: Option<String>,
    /// The company behind it, or the customer where it has none.
    pub company_name: String,
}

/// The link of a token; none where it is unknown, deleted or switched off, which are not told apart.
pub fn look_up(tx: &mut Tx<'_>, token: &str, now: Timestamp) -> Result<Option<OpenLink>> {
    let Some(guid) = ids::parse_guid(token.trim()) else {
        return Ok(None);
    };
    let Some((link, customer)) = store::access_links::find_open(tx, guid, now)? else {
        return Ok(None);
    };
    let customer = store::customers::find(tx, customer)?.ok_or(Error::NotFound)?;
    let company = match customer.my_company_guid {
        Some(company) => store::companies::find(tx, company)?,
        None => None,
    };
    Ok(Some(OpenLink {
        guid,
        name: link.name,
        description: link.description,
        scope: link.scope,
        company_name: company.map_or(customer.name, |company| company.name),
    }))
}

fn author(call: &Call<'_>) -> Author {
    Author {
        guid: call.actor.guid(),
        formal_name: call.actor.formal_name().to_owned(),
        email: call.actor.user.as_ref().map(|user| user.email.clone()),
    }
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Refusal::field("name", "is required").into());
    }
    drafts::check_length("name", name, limits::NAME_CHARS)?;
    Ok(name.to_owned())
}

fn checked_description(description: &str) -> Result<String> {
    let description = description.trim();
    drafts::check_length("description", description, limits::NAME_CHARS)?;
    Ok(description.to_owned())
}

impl App {
    /// The link of a token, outside of any account.
    pub async fn look_up_access_link(&self, token: String) -> Result<Option<OpenLink>> {
        let now = self.now();
        self.db.read(move |tx| look_up(tx, &token, now)).await
    }

    /// Asks to be invited, outside of any account.
    pub async fn ask(&self, wish: Ask) -> Result<Asked> {
        let (now, env) = (self.now(), self.env.clone());
        let asked = self.db.write(move |tx| ask(tx, &env, now, &wish)).await?;
        (self.mail_bell)();
        Ok(asked)
    }
}
