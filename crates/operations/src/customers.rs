//! Customers, as the operator of the server manages them.

use liaison_db::Tx;
use liaison_domain::companies::CustomerType;
use liaison_domain::{Entropy, Guid, Refusal, Timestamp, drafts, limits};
use liaison_store as store;
pub use liaison_store::customers::Customer;

use crate::{Error, Result, new_guid};

/// A customer to be made.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// Its name.
    pub name: String,
    /// The company it is, from the inventory.
    pub my_company: Option<Guid>,
    /// Days of trial that its requests get by default.
    pub trial_duration: i64,
}

/// Every customer, by name.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Customer>> {
    Ok(store::customers::list(tx)?)
}

/// One customer.
pub fn get(tx: &mut Tx<'_>, guid: Guid) -> Result<Customer> {
    store::customers::find(tx, guid)?.ok_or(Error::NotFound)
}

/// When a customer was made, and when its name or settings were changed last.
pub fn times(tx: &mut Tx<'_>, guid: Guid) -> Result<(Timestamp, Timestamp)> {
    store::customers::find_times(tx, guid)?.ok_or(Error::NotFound)
}

/// Makes a full account.
pub fn create(tx: &mut Tx<'_>, (now, entropy): (Timestamp, &dyn Entropy), new: &NewCustomer) -> Result<Customer> {
    let name = new.name.trim();
    if name.is_empty() {
        return Err(Refusal::field("name", "is required").into());
    }
    drafts::check_length("name", name, limits::NAME_CHARS)?;
    let trial_duration = drafts::check_trial_days(new.trial_duration)?;
    if let Some(company) = new.my_company
        && !store::companies::exists(tx, company)?
    {
        return Err(Refusal::field("my_company", "is not a company of the inventory").into());
    }
    let customer = Customer {
        guid: new_guid(now, entropy),
        name: name.to_owned(),
        kind: CustomerType::Live.slug().to_owned(),
        my_company_guid: new.my_company,
        is_active: true,
        trial_duration,
        access_ends_at: None,
    };
    store::customers::upsert(tx, &customer, now)?;
    Ok(customer)
}

/// Switches a customer on or off; off refuses all its tokens at the next call.
pub fn set_active(tx: &mut Tx<'_>, guid: Guid, is_active: bool) -> Result<Customer> {
    store::customers::update_active(tx, guid, is_active)?;
    get(tx, guid)
}
