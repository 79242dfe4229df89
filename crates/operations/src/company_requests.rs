//! Company requests: a customer asks the operator to add a company to the inventory. It is fulfilled as soon as a
//! company has the domain, by whatever import.

use liaison_db::Tx;
use liaison_domain::portfolio::SUBSCRIPTION_TYPES;
use liaison_domain::{Guid, Refusal, emails, limits};
use liaison_store as store;
pub use liaison_store::company_requests::{CompanyRequest, Filter, Fulfilled, Key};

use crate::{Call, Error, Result, new_guid};

/// A page of requests.
#[derive(Clone, Debug)]
pub struct Listed {
    /// In the order asked for.
    pub requests: Vec<CompanyRequest>,
    /// How many the filter leaves in all.
    pub count: i64,
}

/// What came of asking.
#[derive(Clone, Debug)]
pub enum Asked {
    /// The operator sees it.
    Made(CompanyRequest),
    /// The customer asked for this domain before.
    Known(CompanyRequest),
    /// A company with this domain is there.
    There(Fulfilled),
}

/// The requests of the caller's customer, newest first unless `keys` say otherwise: each may be turned around.
pub fn list(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (filter, keys): (&Filter, &[(Key, bool)]),
    page: (i64, i64),
) -> Result<Listed> {
    let customer = call.actor.customer_guid;
    Ok(Listed {
        requests: store::company_requests::list(tx, customer, (filter, keys), page)?,
        count: store::company_requests::count(tx, customer, filter)?,
    })
}

/// One request.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<CompanyRequest> {
    let guid = guid.ok_or(Error::NotFound)?;
    store::company_requests::find(tx, call.actor.customer_guid, guid)?.ok_or(Error::NotFound)
}

/// Asks for the company that has a domain. Accounts that exist because their people were invited ask for nothing.
pub fn ask(tx: &mut Tx<'_>, call: &Call<'_>, domain: &str, subscription_type: Option<&str>) -> Result<Asked> {
    call.actor.require_account_inviter()?;
    let customer = call.actor.customer_guid;
    let domain = emails::to_a_label(domain.trim()).ok_or_else(|| Refusal::field("domain", "is no domain name"))?;
    let subscription_type = subscription_type.map(str::trim).filter(|slug| !slug.is_empty());
    if subscription_type.is_some_and(|slug| !SUBSCRIPTION_TYPES.iter().any(|known| known.slug == slug)) {
        return Err(Refusal::field("subscription_type", "is no known subscription type").into());
    }
    if let Some(known) = store::company_requests::find_company(tx, customer, &domain)? {
        return Ok(Asked::There(known));
    }
    if let Some(known) = store::company_requests::find_by_domain(tx, customer, &domain)? {
        return Ok(Asked::Known(known));
    }
    let open = Filter {
        fulfilled: Some(false),
        ..Filter::default()
    };
    if store::company_requests::count(tx, customer, &open)? >= limits::COMPANY_REQUESTS {
        let most = limits::COMPANY_REQUESTS;
        return Err(Refusal::field("domain", format!("{most} open requests are the most")).into());
    }
    let request = CompanyRequest {
        guid: new_guid(call.now, call.env.entropy.as_ref()),
        domain,
        subscription_type: subscription_type.map(str::to_owned),
        requester_guid: call.actor.guid(),
        requester_name: call.actor.formal_name().to_owned(),
        created_at: call.now,
        updated_at: call.now,
        company: None,
    };
    store::company_requests::insert(tx, customer, &request)?;
    Ok(Asked::Made(request))
}

/// Takes a request back.
pub fn cancel(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<()> {
    call.actor.require_inviter()?;
    match store::company_requests::delete(tx, call.actor.customer_guid, guid.ok_or(Error::NotFound)?)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
