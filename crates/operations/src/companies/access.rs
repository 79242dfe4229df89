//! Which companies a caller may read. The names of the inventory are there for everybody, since one has to find a company
//! before one can follow it; what is known of a company is for those who follow it, and for the company itself.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_domain::companies::CompanyType;
use liaison_store as store;
use liaison_store::companies::Company;
use liaison_store::portfolio::Entry;

use crate::{Call, Error, Result};

/// A company that the caller may read.
#[derive(Clone, Debug)]
pub struct Readable {
    /// Its guid.
    pub guid: Guid,
    /// What the customer noted of it; none for an own company that is not followed.
    pub entry: Option<Entry>,
    /// Whether it is the caller's own.
    pub is_own: bool,
}

/// The company, where the caller may read it. One of the inventory that may only be found is forbidden; one that only its
/// own customer can see is not there.
pub fn require_readable(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Readable> {
    let guid = guid.ok_or(Error::NotFound)?;
    if let Some(readable) = find_readable(tx, call, guid)? {
        return Ok(readable);
    }
    let company = store::companies::find(tx, guid)?.filter(is_public);
    Err(company.map_or(Error::NotFound, |_| Error::Forbidden))
}

pub(super) fn find_readable(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<Option<Readable>> {
    let entry = store::portfolio::find(tx, call.actor.customer_guid, guid)?;
    // Whoever came in by a copied link may be anybody: they see what was sent to them and nothing else.
    let is_proven = !call.actor.user.as_ref().is_some_and(|user| user.is_unproven);
    let is_own = is_proven && call.actor.my_company.as_ref().is_some_and(|own| own.guid == guid);
    Ok((entry.is_some() || is_own).then_some(Readable { guid, entry, is_own }))
}

/// Whether everybody may find it.
pub(super) fn is_public(company: &Company) -> bool {
    CompanyType::parse(&company.kind).is_some_and(|kind| kind != CompanyType::Private)
}
