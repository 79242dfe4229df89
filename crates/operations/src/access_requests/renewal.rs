//! A new invitation for a request that nobody accepted: back to waiting, with a new link to the same person.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp, limits};
use liaison_store as store;
use liaison_store::access_requests::{AccessRequest, Renewal};

use super::mailing::Addressee;
use crate::{Call, Error, Result};

/// Puts a request of the caller back to waiting, and stops the mails that carry its old link.
pub(super) fn renew(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    renew_of(tx, call.now, (call.actor.customer_guid, guid))
}

/// As [`renew`], for a request of the sender `customer`, whoever asks for it.
pub(super) fn renew_of(tx: &mut Tx<'_>, now: Timestamp, (customer, guid): (Guid, Guid)) -> Result<()> {
    let renewal = Renewal {
        sent_at: now,
        expires_at: now.plus_days(limits::INVITATION_DAYS),
    };
    if store::access_requests::update_renewed(tx, customer, guid, renewal)? == 0 {
        return Err(Error::NotFound);
    }
    retire_link(tx, now, guid)
}

/// Stops the mails that carry a request's link, which is about to be replaced, and remembers what it led to.
pub(super) fn retire_link(tx: &mut Tx<'_>, now: Timestamp, guid: Guid) -> Result<()> {
    store::mails::update_superseded(tx, guid, now)?;
    store::activation_links::insert_old(tx, guid)?;
    Ok(())
}

/// The person a stored request is for, as its mail needs them.
pub(super) fn addressee(request: &AccessRequest<'_>) -> Addressee {
    Addressee {
        customer: request.customer_guid,
        request: request.guid,
        requester_email: request.requester_email.to_owned(),
        requester_name: request.requester_formal_name.to_owned(),
        requester_company: request.requester_company_name.to_owned(),
        name: request.requestee_formal_name.to_owned(),
        friendly_name: request.requestee_friendly_name.to_owned(),
        email: request.requestee_email.to_owned(),
        company: request.requestee_company_name.to_owned(),
        trial_days: request.trial_duration,
        findings: usize::try_from(request.observations_count).unwrap_or_default(),
        asked: request.access_link_guid.is_some(),
    }
}
