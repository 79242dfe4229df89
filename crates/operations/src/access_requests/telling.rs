//! What people are told inside the application when a request arrives, is accepted, is closed or was asked for.

use liaison_db::Tx;
use liaison_domain::access_requests::Reason;
use liaison_domain::{Guid, Timestamp};
use liaison_store as store;
use liaison_store::access_requests::AccessRequest;

use super::accepted::Accepted;
use crate::notifications::{Telling, tell};
use crate::{Call, Result};

/// Tells the invited company's collaboration contacts and the requestee, where they are users, of a request.
pub(super) fn arrived(tx: &mut Tx<'_>, call: &Call<'_>, accepted: &Accepted) -> Result<()> {
    let recipient = accepted.recipient.as_ref();
    let mut owners =
        store::notifications::list_contacts(tx, accepted.company_guid, recipient.map(|known| known.customer))?;
    if let Some(known) = recipient
        && owners.iter().all(|owner| owner.user != known.user.guid)
    {
        owners.push(store::notifications::Owner {
            customer: known.customer,
            user: known.user.guid,
        });
    }
    let subject = format!(
        "{} of {} sent a request",
        call.actor.formal_name(),
        call.actor.company_name()
    );
    let body = format!(
        "To {} of {}. Reason: {}.",
        accepted.draft.requestee_formal_name,
        accepted.company.name,
        Reason::name(accepted.checked.reason)
    );
    for owner in owners {
        let telling = Telling {
            customer: owner.customer,
            user: owner.user,
            request: accepted.guid,
            kind: "request.received",
            subject: &subject,
            body: &body,
        };
        tell(tx, call.now, &telling)?;
    }
    Ok(())
}

/// Tells the requester that a request was accepted just now.
pub(super) fn accepted(tx: &mut Tx<'_>, now: Timestamp, guid: Guid) -> Result<()> {
    let Some(facts) = store::access_requests::find_any(tx, guid, now, Facts::of)? else {
        return Ok(());
    };
    let subject = format!("{} of {} accepted your request", facts.requestee, facts.company);
    let telling = Telling {
        customer: facts.customer,
        user: facts.requester_guid,
        request: guid,
        kind: "request.accepted",
        subject: &subject,
        body: "The collaboration is open: both sides can write now.",
    };
    tell(tx, now, &telling)
}

/// Tells the requestee, where they are a user, that the caller closed a request.
pub(super) fn resolved(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let Some(facts) = store::access_requests::find_any(tx, guid, call.now, Facts::of)? else {
        return Ok(());
    };
    let Some((customer, user)) = facts.recipient else {
        return Ok(());
    };
    let subject = format!(
        "{} of {} closed a request",
        call.actor.formal_name(),
        call.actor.company_name()
    );
    let telling = Telling {
        customer,
        user,
        request: guid,
        kind: "request.resolved",
        subject: &subject,
        body: "Nothing more is expected of you.",
    };
    tell(tx, call.now, &telling)
}

/// What the sentences above are made of.
struct Facts {
    customer: Guid,
    requester_guid: Guid,
    requestee: String,
    company: String,
    recipient: Option<(Guid, Guid)>,
}

impl Facts {
    fn of(request: &AccessRequest<'_>) -> Facts {
        Facts {
            customer: request.customer_guid,
            requester_guid: request.requester_guid,
            requestee: request.requestee_formal_name.to_owned(),
            company: request.requestee_company_name.to_owned(),
            recipient: request.requestee_customer_guid.zip(request.requestee_user_guid),
        }
    }
}
