//! The tokens of a customer, as its administrators manage them.

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, ids};
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

/// A token of the customer itself, with the name of its group.
#[derive(Clone, Debug)]
pub struct CompanyToken {
    /// The token.
    pub token: ApiToken,
    /// The name of its group.
    pub group: Option<String>,
}

/// The tokens of the caller's customer itself that work, newest first.
pub fn list_company(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Vec<CompanyToken>> {
    call.actor.require_account_admin()?;
    let listed = store::api_tokens::list_company(tx, call.actor.customer_guid)?;
    let listed = listed.into_iter().map(|(token, group)| CompanyToken { token, group });
    Ok(listed.collect())
}

/// One of them.
pub fn find_company(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<Option<CompanyToken>> {
    let mut listed = list_company(tx, call)?.into_iter();
    Ok(listed.find(|listed| listed.token.guid == guid))
}

/// Makes a token for the customer itself and notes its group, which is named by guid or by name.
pub fn create_in(tx: &mut Tx<'_>, call: &Call<'_>, description: &str, group: Option<&str>) -> Result<Made> {
    call.actor.require_account_admin()?;
    let customer = call.actor.customer_guid;
    let group = match group.map(str::trim).filter(|group| !group.is_empty()) {
        None => None,
        Some(named) => {
            let guid = ids::parse_guid(named);
            let groups = store::user_groups::list(tx, customer)?.into_iter();
            let mut found = groups.filter(|group| Some(group.guid) == guid || group.name == named);
            let group = found
                .next()
                .ok_or_else(|| Refusal::field("group", "is no group of yours"))?;
            Some(group.guid)
        }
    };
    let made = create(tx, call, description)?;
    if let Some(group) = group {
        store::api_tokens::update_group(tx, customer, made.guid, group)?;
    }
    Ok(made)
}

/// Revokes one of the customer's tokens at once. Revoking it again is harmless.
pub fn revoke(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    call.actor.require_account_admin()?;
    let customer = call.actor.customer_guid;
    store::api_tokens::find(tx, customer, guid)?.ok_or(Error::NotFound)?;
    store::api_tokens::update_revoked(tx, customer, guid, call.now)?;
    Ok(())
}
