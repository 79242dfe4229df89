//! Approving: letting somebody in who asked for it through an access link. Who has an account is in at once; anybody
//! else gets the link that an invitation would have brought.

use liaison_db::Tx;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::drafts::{Checked, Draft};
use liaison_domain::{Guid, Refusal};
use liaison_store as store;
use liaison_store::access_requests::{AccessRequest, Admission};
use liaison_store::companies::Invited;

use super::accepted::Accepted;
use super::{invite, mailing, outbox, renewal, telling};
use crate::{Call, Result, record};

/// Approves a request that waits for it. Gives the status that it has now.
pub(super) fn approve(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<Status> {
    let mut accepted = outbox::sent(tx, call, guid, &as_invitation)?;
    accepted.recipient = invite::find_recipient(tx, call, accepted.company_guid, &mut accepted.draft)?;
    if accepted.recipient.is_none() {
        invite::refuse_switched_off(tx, accepted.company_guid, &accepted.draft.requestee_email)?;
    }
    // From here on nothing is refused: a bulk call goes on after a refusal, and keeps what was written before it.
    record(tx, call, guid, "request.approved")?;
    let status = if accepted.recipient.is_some() {
        admit(tx, call, &accepted)?;
        Status::Active
    } else {
        let addressee = outbox::sent(tx, call, guid, &renewal::addressee)?;
        renewal::renew(tx, call, guid)?;
        mailing::send_link(tx, (call.now, call.env), &addressee)?;
        Status::Pending
    };
    mailing::notify_contacts(tx, call, &accepted)?;
    telling::arrived(tx, call, &accepted)?;
    Ok(status)
}

fn admit(tx: &mut Tx<'_>, call: &Call<'_>, accepted: &Accepted) -> Result<()> {
    let Some(recipient) = &accepted.recipient else {
        return Ok(());
    };
    let admission = Admission {
        customer_guid: recipient.customer,
        user_guid: recipient.user.guid,
        tos_date: recipient.user.tos_date.as_deref(),
        at: call.now,
        trial_ends_at: accepted.trial_ends_at(call.now),
    };
    if store::access_requests::update_admitted(tx, call.actor.customer_guid, accepted.guid, &admission)? == 0 {
        return Err(Refusal::StatusConflict.into());
    }
    invite::extend_guest_access(tx, call.now, accepted)?;
    mailing::introduce(tx, call, accepted)
}

/// The invitation that the person asked for. Its message is empty: what is stored are the person's own words.
fn as_invitation(request: &AccessRequest<'_>) -> Accepted {
    Accepted {
        guid: request.guid,
        draft: Draft {
            requestee_friendly_name: request.requestee_friendly_name.to_owned(),
            requestee_formal_name: request.requestee_formal_name.to_owned(),
            requestee_email: request.requestee_email.to_owned(),
            requestee_phone: request.requestee_phone.to_owned(),
            ..Draft::default()
        },
        checked: Checked {
            ccs: None,
            observations: Vec::new(),
            reason: Reason::SelfRequested,
            trial_days: None,
            risk_vectors: Vec::new(),
        },
        company_guid: request.requestee_company_guid,
        company: Invited {
            name: request.requestee_company_name.to_owned(),
            kind: String::new(),
            domains: Vec::new(),
        },
        findings: Vec::new(),
        recipient: None,
        trial_days: request.trial_duration,
    }
}
