//! Contacts: whom the caller's customer knows at a company. Those who may invite keep them.

use liaison_db::Tx;
use liaison_domain::people::split_name;
use liaison_domain::{Guid, Refusal, drafts, emails, limits};
use liaison_store as store;
use liaison_store::contacts::Contact;

use crate::{Call, Error, Result, findings, new_guid};

/// Contacts that a customer may have at one company.
pub const CONTACTS: usize = 100;

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

/// Stores a contact at a company of the portfolio: a new one, or in place of `contact`.
pub fn save(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (company, contact): (Option<Guid>, Option<Option<Guid>>),
    typed: &Typed,
) -> Result<()> {
    call.actor.require_inviter()?;
    let (company, customer) = (company.ok_or(Error::NotFound)?, call.actor.customer_guid);
    findings::require_followed(tx, call, company)?;
    let known = store::contacts::list_of_company(tx, customer, company)?;
    let guid = match contact {
        None => new_guid(call.now, call.env.entropy.as_ref()),
        Some(guid) => {
            let is_known = known.iter().any(|contact| Some(contact.guid) == guid);
            guid.filter(|_| is_known).ok_or(Error::NotFound)?
        }
    };
    let checked = check(typed)?;
    let is_twin = |other: &Contact| other.guid != guid && emails::key(&other.email) == emails::key(&checked.email);
    if known.iter().any(is_twin) {
        return Err(Refusal::field("email", "belongs to another contact of this company already").into());
    }
    if contact.is_none() && known.len() >= CONTACTS {
        return Err(Refusal::field("email", format!("cannot be added: {CONTACTS} contacts are the most")).into());
    }
    let stored = Contact {
        guid,
        company_guid: company,
        friendly_name: checked.friendly_name,
        formal_name: checked.formal_name,
        email: checked.email,
        phone_number: Some(checked.phone_number).filter(|phone| !phone.is_empty()),
    };
    store::contacts::upsert(tx, customer, &stored, call.now)?;
    Ok(())
}

/// Deletes a contact. Requests that were sent to it stay.
pub fn delete(tx: &mut Tx<'_>, call: &Call<'_>, (company, contact): (Option<Guid>, Option<Guid>)) -> Result<()> {
    call.actor.require_inviter()?;
    let key = company.zip(contact).ok_or(Error::NotFound)?;
    match store::contacts::delete(tx, call.actor.customer_guid, key)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

fn check(typed: &Typed) -> Result<Typed> {
    let formal_name = typed.formal_name.trim();
    if formal_name.is_empty() {
        return Err(Refusal::field("formal_name", "is required").into());
    }
    drafts::check_length("formal_name", formal_name, limits::NAME_CHARS)?;
    let friendly_name = match typed.friendly_name.trim() {
        "" => split_name(formal_name).0,
        typed => typed,
    };
    drafts::check_length("friendly_name", friendly_name, limits::NAME_CHARS)?;
    let email = typed.email.trim();
    if !emails::is_valid(email) {
        return Err(Refusal::field("email", "is not an e-mail address").into());
    }
    let phone_number = typed.phone_number.trim();
    drafts::check_length("phone_number", phone_number, limits::PHONE_CHARS)?;
    Ok(Typed {
        formal_name: formal_name.to_owned(),
        friendly_name: friendly_name.to_owned(),
        email: email.to_owned(),
        phone_number: phone_number.to_owned(),
    })
}
