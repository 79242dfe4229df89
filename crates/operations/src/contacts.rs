//! Contacts: whom the caller's customer knows at a company. Those who may invite keep them.

use std::collections::HashMap;

use liaison_db::Tx;
use liaison_domain::people::split_name;
use liaison_domain::{Guid, Refusal, Timestamp, companies, drafts, emails, limits};
use liaison_store as store;
pub use liaison_store::contacts::{Contact, Filter, Kept};

use crate::{Call, Error, Result, findings, new_guid};

/// Contacts that a customer may have at one company.
pub const CONTACTS: usize = 100;
/// What a contact can be to whoever keeps it.
pub const RELATION_TYPES: [&str; 2] = ["Primary", "Backup"];
/// The systems that contacts come from, beside this one.
pub const SOURCES: [&str; 1] = ["Service Now"];

/// A contact as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Full name, 1 to 255 characters.
    pub formal_name: String,
    /// How to address them; empty: the first word of the full name.
    pub friendly_name: String,
    /// Any address.
    pub email: String,
    /// Up to 64 characters, may be empty.
    pub phone_number: String,
}

/// A contact as it is to be; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// A company of the portfolio; anything that is no guid is an unknown one.
    pub company: Option<Option<Guid>>,
    /// Full name, 1 to 255 characters.
    pub formal_name: Option<String>,
    /// How to address them; empty: the first word of the full name.
    pub friendly_name: Option<String>,
    /// Any address.
    pub email: Option<String>,
    /// Up to 64 characters, may be empty.
    pub phone_number: Option<String>,
    /// How people call them here.
    pub nickname: Option<Option<String>>,
    /// Their id in the system they come from.
    pub platform_id: Option<Option<String>>,
    /// Whether one still deals with them.
    pub relation_active: Option<Option<bool>>,
    /// One of [`RELATION_TYPES`].
    pub relation_type: Option<Option<String>>,
    /// What they do.
    pub role: Option<Option<String>>,
    /// One of [`SOURCES`].
    pub source: Option<Option<String>>,
    /// A user of the customer; anything that is no guid is an unknown one.
    pub user: Option<Option<Option<Guid>>>,
}

/// Whether the address has to belong to the company, as that of an invitation has to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// It has to.
    OfCompany,
    /// It may be any.
    Any,
}

/// A page of contacts.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Newest first.
    pub contacts: Vec<Kept>,
    /// How many the filter leaves in all.
    pub count: i64,
}

/// The contacts of the caller's customer that a filter leaves: `limit` of them after the first `offset`.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>, filter: &Filter, page: (i64, i64)) -> Result<Listed> {
    let customer = call.actor.customer_guid;
    Ok(Listed {
        contacts: store::contacts::list_kept(tx, customer, filter, page)?,
        count: store::contacts::count_kept(tx, customer, filter)?,
    })
}

/// Contacts that come after one in the list, newest first.
pub fn list_after(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    filter: &Filter,
    place: (Option<(Timestamp, Guid)>, i64),
) -> Result<Vec<Kept>> {
    let customer = call.actor.customer_guid;
    Ok(store::contacts::list_kept_after(tx, customer, filter, place)?)
}

/// One contact.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Kept> {
    let guid = guid.ok_or(Error::NotFound)?;
    store::contacts::find_kept(tx, call.actor.customer_guid, guid)?.ok_or(Error::NotFound)
}

/// Stores a new contact.
pub fn create(tx: &mut Tx<'_>, call: &Call<'_>, change: &Change, address: Address) -> Result<Kept> {
    call.actor.require_account_inviter()?;
    let new = Kept {
        contact: Contact {
            guid: new_guid(call.now, call.env.entropy.as_ref()),
            ..Contact::default()
        },
        creator_email: editor(call),
        created_at: call.now,
        ..Kept::default()
    };
    store_changed(tx, call, (new, true), (change, address))
}

/// Changes a contact.
pub fn update(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    guid: Option<Guid>,
    (change, address): (&Change, Address),
) -> Result<Kept> {
    call.actor.require_account_inviter()?;
    let known = find(tx, call, guid)?;
    store_changed(tx, call, (known, false), (change, address))
}

/// Stores many contacts, all or none: those whose guid is given are changed, the others are changed where the company
/// has one with that address, and made where it has not.
pub fn save_all(tx: &mut Tx<'_>, call: &Call<'_>, wishes: &[(Option<Option<Guid>>, Change)]) -> Result<Vec<Kept>> {
    call.actor.require_account_inviter()?;
    if wishes.len() > limits::BULK_CHANGES {
        let most = limits::BULK_CHANGES;
        return Err(Refusal::field("body", format!("at most {most} contacts in one call")).into());
    }
    let wishes = wishes.iter().enumerate();
    let saved =
        wishes.map(|(index, (guid, change))| save_one(tx, call, *guid, change).map_err(|error| error.at(index)));
    saved.collect()
}

fn save_one(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Option<Guid>>, change: &Change) -> Result<Kept> {
    let customer = call.actor.customer_guid;
    let known = match guid {
        Some(guid) => {
            let known = match guid {
                Some(guid) => store::contacts::find_kept(tx, customer, guid)?,
                None => None,
            };
            Some(known.ok_or_else(|| Refusal::field("guid", "is no contact of yours"))?)
        }
        None => match (change.company.flatten(), &change.email) {
            (Some(company), Some(email)) => {
                let known = store::contacts::list_kept_of_company(tx, customer, company)?;
                let key = emails::key(email.trim());
                known.into_iter().find(|kept| emails::key(&kept.contact.email) == key)
            }
            _ => None,
        },
    };
    match known {
        Some(known) => store_changed(tx, call, (known, false), (change, Address::Any)),
        None => create(tx, call, change, Address::Any),
    }
}

/// Deletes a contact and gives what it was. Requests that were sent to it stay.
pub fn take_away(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Kept> {
    call.actor.require_account_inviter()?;
    let known = find(tx, call, guid)?;
    store::contacts::delete(
        tx,
        call.actor.customer_guid,
        (known.contact.company_guid, known.contact.guid),
    )?;
    Ok(known)
}

/// Stores a contact at a company of the portfolio: a new one, or in place of `contact`.
pub fn save(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (company, contact): (Option<Guid>, Option<Option<Guid>>),
    typed: &Typed,
) -> Result<()> {
    call.actor.require_account_inviter()?;
    let company = company.ok_or(Error::NotFound)?;
    findings::require_followed(tx, call, company)?;
    let change = Change {
        company: Some(Some(company)),
        formal_name: Some(typed.formal_name.clone()),
        friendly_name: Some(typed.friendly_name.clone()),
        email: Some(typed.email.clone()),
        phone_number: Some(typed.phone_number.clone()),
        ..Change::default()
    };
    match contact {
        None => create(tx, call, &change, Address::Any)?,
        Some(guid) => {
            let known = find(tx, call, guid)?;
            if known.contact.company_guid != company {
                return Err(Error::NotFound);
            }
            update(tx, call, guid, (&change, Address::Any))?
        }
    };
    Ok(())
}

/// Deletes a contact. Requests that were sent to it stay.
pub fn delete(tx: &mut Tx<'_>, call: &Call<'_>, (company, contact): (Option<Guid>, Option<Guid>)) -> Result<()> {
    call.actor.require_account_inviter()?;
    let key = company.zip(contact).ok_or(Error::NotFound)?;
    match store::contacts::delete(tx, call.actor.customer_guid, key)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// The caller's address, none for a company token.
fn editor(call: &Call<'_>) -> Option<String> {
    call.actor.user.as_ref().map(|user| user.email.clone())
}

fn store_changed(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (mut kept, is_new): (Kept, bool),
    (change, address): (&Change, Address),
) -> Result<Kept> {
    let (customer, contact) = (call.actor.customer_guid, &mut kept.contact);
    let moved_from = contact.company_guid;
    if is_new || change.company.is_some() {
        contact.company_guid = change.company.flatten().unwrap_or_default();
    }
    apply_person(contact, change)?;
    let company = store::companies::find_in_portfolio(tx, customer, contact.company_guid)?;
    // A contact that stays where it is may be changed after its company left the portfolio.
    let company = match company {
        None if is_new || contact.company_guid != moved_from => return Err(Refusal::NoEntity.into()),
        company => company,
    };
    if let Some(company) = company.filter(|_| address == Address::OfCompany) {
        let domains = company.domains.iter().map(String::as_str);
        if !companies::is_related(&contact.email, domains) {
            return Err(Refusal::UnrelatedEmailDomain.into());
        }
    }
    check_beside(tx, customer, contact, is_new || contact.company_guid != moved_from)?;
    apply_relation(contact, change)?;
    apply_user(tx, customer, contact, change)?;
    kept.editor_email = editor(call);
    kept.edited_at = call.now;
    store::contacts::save(tx, customer, &kept)?;
    Ok(kept)
}

/// No two contacts of a company have one address, and there are not too many of them.
fn check_beside(tx: &mut Tx<'_>, customer: Guid, contact: &Contact, comes: bool) -> Result<()> {
    let known = store::contacts::list_of_company(tx, customer, contact.company_guid)?;
    let key = emails::key(&contact.email);
    if known
        .iter()
        .any(|other| other.guid != contact.guid && emails::key(&other.email) == key)
    {
        return Err(Refusal::field("email", "belongs to another contact of this company already").into());
    }
    if comes && known.len() >= CONTACTS {
        return Err(Refusal::field("email", format!("cannot be added: {CONTACTS} contacts are the most")).into());
    }
    Ok(())
}

fn apply_person(contact: &mut Contact, change: &Change) -> Result<()> {
    let trimmed = |text: &Option<String>, known: &str| text.as_deref().unwrap_or(known).trim().to_owned();
    contact.formal_name = trimmed(&change.formal_name, &contact.formal_name);
    contact.friendly_name = trimmed(&change.friendly_name, &contact.friendly_name);
    contact.email = trimmed(&change.email, &contact.email);
    let phone = trimmed(
        &change.phone_number,
        contact.phone_number.as_deref().unwrap_or_default(),
    );
    if contact.formal_name.is_empty() {
        return Err(Refusal::field("formal_name", "is required").into());
    }
    drafts::check_length("formal_name", &contact.formal_name, limits::NAME_CHARS)?;
    if contact.friendly_name.is_empty() {
        split_name(&contact.formal_name)
            .0
            .clone_into(&mut contact.friendly_name);
    }
    drafts::check_length("friendly_name", &contact.friendly_name, limits::NAME_CHARS)?;
    if !emails::is_valid(&contact.email) {
        return Err(Refusal::field("email", "is not an e-mail address").into());
    }
    drafts::check_length("phone_number", &phone, limits::PHONE_CHARS)?;
    contact.phone_number = Some(phone).filter(|phone| !phone.is_empty());
    Ok(())
}

fn apply_relation(contact: &mut Contact, change: &Change) -> Result<()> {
    for (name, wanted, place, words) in [
        ("nickname", &change.nickname, &mut contact.nickname, &[][..]),
        ("platform_id", &change.platform_id, &mut contact.platform_id, &[]),
        ("role", &change.role, &mut contact.role, &[]),
        (
            "relation_type",
            &change.relation_type,
            &mut contact.relation_type,
            &RELATION_TYPES,
        ),
        ("source", &change.source, &mut contact.source, &SOURCES),
    ] {
        let Some(wanted) = wanted else { continue };
        let text = wanted.as_deref().map(str::trim).filter(|text| !text.is_empty());
        drafts::check_length(name, text.unwrap_or_default(), limits::NAME_CHARS)?;
        if text.is_some_and(|text| !words.is_empty() && !words.contains(&text)) {
            return Err(Refusal::field(name, format!("must be one of {}, or null", words.join(", "))).into());
        }
        *place = text.map(str::to_owned);
    }
    if let Some(active) = change.relation_active {
        contact.relation_active = active;
    }
    Ok(())
}

fn apply_user(tx: &mut Tx<'_>, customer: Guid, contact: &mut Contact, change: &Change) -> Result<()> {
    match change.user {
        None => {}
        Some(None) => contact.user_guid = None,
        Some(Some(user)) => {
            let known = match user {
                Some(user) => store::users::list_by_guids(tx, customer, &[user])?,
                None => Vec::new(),
            };
            let known = known
                .first()
                .ok_or_else(|| Refusal::field("user_guid", "is no user of yours"))?;
            contact.user_guid = Some(known.guid);
        }
    }
    Ok(())
}

/// Whom the customer knows at one company.
#[derive(Clone, Debug)]
pub struct Known {
    /// The company.
    pub company_guid: Guid,
    /// Its first domain.
    pub primary_domain: String,
    /// Addresses, the oldest contact first.
    pub emails: Vec<String>,
}

/// Whom the caller's customer knows at some companies of its portfolio, in their order.
pub fn list_of_companies(tx: &mut Tx<'_>, call: &Call<'_>, companies: &[Guid]) -> Result<Vec<Known>> {
    let customer = call.actor.customer_guid;
    let followed = store::portfolio::list_known(tx, customer, companies)?;
    let mut addresses: HashMap<Guid, Vec<String>> = HashMap::new();
    for contact in store::contacts::list_of_companies(tx, customer, &followed)? {
        addresses.entry(contact.company_guid).or_default().push(contact.email);
    }
    let mut known = store::companies::list_by_guids(tx, &followed)?;
    known.sort_by_key(|company| companies.iter().position(|guid| *guid == company.guid));
    let known = known.into_iter().map(|company| Known {
        emails: addresses.remove(&company.guid).unwrap_or_default(),
        company_guid: company.guid,
        primary_domain: company.primary_domain,
    });
    Ok(known.collect())
}
