//! Sending the link again: a new one, in place of the old one, for a request that nobody accepted yet.

use liaison_db::Tx;
use liaison_domain::access_requests::Status;
use liaison_domain::{Guid, Refusal, Timestamp};

use super::{View, mailing, outbox, renewal};
use crate::{Call, Result, record};

/// Sends a waiting request again, if its last mail is old enough.
pub fn resend<T>(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, view: View<'_, T>) -> Result<T> {
    call.actor.require_inviter()?;
    let (status, last_mail) = outbox::sent(tx, call, guid, &|request| (request.status, request.email_sent_at))?;
    check_resend(call, (status, last_mail))?;
    let to = outbox::sent(tx, call, guid, &renewal::addressee)?;
    renewal::renew(tx, call, guid)?;
    mailing::send_link(tx, (call.now, call.env), &to)?;
    record(tx, call, guid, "request.resent")?;
    outbox::sent(tx, call, guid, view)
}

/// Refuses sending a request again whose status does not ask for it, or whose last mail is too young.
pub fn check_resend(call: &Call<'_>, (status, last_mail): (Status, Timestamp)) -> std::result::Result<(), Refusal> {
    if !status.awaits_recipient() {
        return Err(Refusal::NotResendable(status.slug()));
    }
    let possible_at = last_mail + call.env.resend_cool_down;
    if possible_at > call.now {
        let millis = possible_at.0 - call.now.0;
        return Err(Refusal::ResendTooSoon {
            seconds: (millis + 999) / 1000,
        });
    }
    Ok(())
}
