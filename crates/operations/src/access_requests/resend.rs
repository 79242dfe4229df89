//! Sending the link again: a new one, in place of the old one, for a request that nobody accepted yet.

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, limits};
use liaison_store as store;
use liaison_store::access_requests::{AccessRequest, Renewal};

use super::mailing::{self, Addressee};
use super::{View, outbox};
use crate::{Call, Error, Result, record};

/// Sends a waiting request again, if its last mail is old enough.
pub fn resend<T>(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, view: View<'_, T>) -> Result<T> {
    call.actor.require_inviter()?;
    let (status, last_mail) = outbox::sent(tx, call, guid, &|request| (request.status, request.email_sent_at))?;
    if !status.awaits_recipient() {
        return Err(Refusal::NotResendable(status.slug()).into());
    }
    let possible_at = last_mail + call.env.resend_cool_down;
    if possible_at > call.now {
        let millis = possible_at.0 - call.now.0;
        return Err(Refusal::ResendTooSoon {
            seconds: (millis + 999) / 1000,
        }
        .into());
    }
    let to = outbox::sent(tx, call, guid, &addressee)?;
    renew(tx, call, guid)?;
    mailing::send_link(tx, call, &to)?;
    record(tx, call, guid, "request.resent")?;
    outbox::sent(tx, call, guid, view)
}

/// Puts a request back to waiting, and stops the mails that carry its old link.
pub(super) fn renew(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let renewal = Renewal {
        sent_at: call.now,
        expires_at: call.now.plus_days(limits::INVITATION_DAYS),
    };
    if store::access_requests::update_renewed(tx, call.actor.customer_guid, guid, renewal)? == 0 {
        return Err(Error::NotFound);
    }
    store::mails::update_superseded(tx, guid, call.now)?;
    Ok(())
}

pub(super) fn addressee(request: &AccessRequest<'_>) -> Addressee {
    let company = if request.requester_company_name.is_empty() {
        request.requester_customer_name
    } else {
        request.requester_company_name
    };
    Addressee {
        request: request.guid,
        requester_email: request.requester_email.to_owned(),
        requester_name: request.requester_formal_name.to_owned(),
        requester_company: company.to_owned(),
        name: request.requestee_formal_name.to_owned(),
        friendly_name: request.requestee_friendly_name.to_owned(),
        email: request.requestee_email.to_owned(),
        company: request.requestee_company_name.to_owned(),
        trial_days: request.trial_duration,
        findings: usize::try_from(request.observations_count).unwrap_or_default(),
    }
}
