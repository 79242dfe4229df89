//! The tokens of a customer, as its administrators manage them.

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal};
use liaison_store as store;
pub use liaison_store::api_tokens::ApiToken;

use super::ROWS;
pub use crate::tokens::Made;
use crate::tokens::{self, Owner};
use crate::{Call, Error, Result};

/// Revoked tokens that are shown.
const REVOKED: i64 = 20;

/// The tokens of a customer.
#[derive(Clone, Debug)]
pub struct Listed {
    /// A page of those that work, the customer's own before its users'.
    pub working: Vec<ApiToken>,
    /// How many work.
    pub total: i64,
    /// Those that were revoked last, 20 at most.
    pub revoked: Vec<ApiToken>,
}

/// The tokens of the caller's customer; those that work after `offset`, [`ROWS`] of them.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>, offset: i64) -> Result<Listed> {
    call.actor.require_account_admin()?;
    let customer = call.actor.customer_guid;
    Ok(Listed {
        working: store::api_tokens::list_working(tx, customer, (ROWS, offset))?,
        total: store::api_tokens::count_working(tx, customer)?,
        revoked: store::api_tokens::list_revoked(tx, customer, REVOKED)?,
    })
}

/// Makes a token for the customer itself.
pub fn create(tx: &mut Tx<'_>, call: &Call<'_>, description: &str) -> Result<Made> {
    call.actor.require_account_admin()?;
    let description = description.trim();
    if description.is_empty() {
        return Err(Refusal::field("description", "is required").into());
    }
    let owner = Owner {
        customer: call.actor.customer_guid,
        user: None,
        made_by_name: Some(call.actor.formal_name()),
    };
    tokens::make(tx, (call.now, call.env.entropy.as_ref()), &owner, description)
}

/// Revokes one of the customer's tokens at once. Revoking it again is harmless.
pub fn revoke(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    call.actor.require_account_admin()?;
    let customer = call.actor.customer_guid;
    store::api_tokens::find(tx, customer, guid)?.ok_or(Error::NotFound)?;
    store::api_tokens::update_revoked(tx, customer, guid, call.now)?;
    Ok(())
}
