//! Copying a customer from another server of the compatible API: into which customer, and its requests. The directory
//! (companies, findings, users and so on) goes through the bundle.
//!
//! The other server is not trusted: it cannot reach another customer of this one, whatever guids it names.

mod requests;
mod told;

use liaison_db::Tx;
use liaison_domain::companies::CustomerType;
use liaison_domain::{Guid, Timestamp, limits};
use liaison_store as store;
use liaison_store::customers::Customer;

pub use self::requests::{Direction, Outcome, copy_requests};
pub use self::told::Told;
use crate::{Error, Result};
use liaison_domain::Refusal;

/// One copy: from where, and into which customer.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The address of the other server, without its prefix.
    pub source: String,
    /// The customer there.
    pub theirs: Guid,
    /// The customer here.
    pub ours: Guid,
    /// The company that the customer here is.
    pub my_company: Option<Guid>,
    /// The moment of the copy.
    pub now: Timestamp,
}

/// What the other server says of its customer.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// Its own company.
    pub my_company: Option<Guid>,
}

/// Where a copy goes, and what was decided about it.
#[derive(Clone, Debug)]
pub struct Target {
    /// The customer here; as it is stored, or as it will be made.
    pub customer: Customer,
    /// Whether it is here already.
    pub exists: bool,
    /// The company it was said to be is another customer's here, so it becomes none.
    pub company_refused: bool,
}

/// Finds the customer into which a copy goes. Without a name it is the one with the guid of the other server, where that is
/// free or was copied from the same server: no server may choose an account of this one.
pub fn target(tx: &mut Tx<'_>, source: &str, named: Option<Guid>, account: &Account) -> Result<Target> {
    let guid = named.unwrap_or(account.guid);
    let stored = store::customers::find(tx, guid)?;
    let is_sender = store::copies::is_sender_only(tx, guid)?;
    let wanted = account.my_company;
    let is_refused = match wanted {
        Some(company) => store::copies::is_anothers_company(tx, guid, company)?,
        None => false,
    };
    let my_company = wanted.filter(|_| !is_refused);
    if let Some(mut customer) = stored.filter(|_| !is_sender) {
        let known = store::copies::find_source(tx, guid)?;
        if named.is_none() && known.as_deref() != Some(source) {
            let rule =
                format!("is here already, and was not copied from {source}; say --customer {guid} to copy into it");
            return Err(Refusal::field("customer", rule).into());
        }
        if known.as_deref() == Some(source) && customer.my_company_guid.is_none() {
            // An earlier copy of some parts alone did not bring it.
            customer.my_company_guid = my_company;
        }
        return Ok(Target {
            customer,
            exists: true,
            company_refused: false,
        });
    }
    if guid != account.guid {
        let rule = format!("{guid} is not here; without --customer the one that is copied is made");
        return Err(Refusal::field("customer", rule).into());
    }
    Ok(Target {
        customer: Customer {
            guid,
            name: account.name.clone(),
            kind: CustomerType::Live.slug().to_owned(),
            my_company_guid: my_company,
            is_active: true,
            trial_duration: limits::DEFAULT_TRIAL_DAYS,
            access_ends_at: None,
        },
        exists: false,
        company_refused: is_refused,
    })
}

/// A customer that only stood here as the sender of requests is about to become one: it must not stay switched off.
pub fn adopt(tx: &mut Tx<'_>, target: &Target, now: Timestamp) -> Result<()> {
    let guid = target.customer.guid;
    if target.exists || store::copies::delete_sender(tx, guid)? == 0 {
        return Ok(());
    }
    let mut customer = target.customer.clone();
    // Its company may not be here yet.
    customer.my_company_guid = match customer.my_company_guid {
        Some(company) if store::companies::exists(tx, company)? => Some(company),
        _ => None,
    };
    Ok(store::customers::upsert(tx, &customer, now)?)
}

/// Remembers where a customer came from.
pub fn remember(tx: &mut Tx<'_>, copy: &Copy) -> Result<()> {
    if store::customers::find(tx, copy.ours)?.is_none() {
        return Err(Error::NotFound);
    }
    store::copies::insert_source(tx, copy.ours, (&copy.source, copy.now))?;
    Ok(())
}

/// Those of some companies that are here.
pub fn known_companies(tx: &mut Tx<'_>, guids: &[Guid]) -> Result<Vec<Guid>> {
    Ok(store::companies::list_known(tx, guids)?)
}
