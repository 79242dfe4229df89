//! Asking for a new link with one that no longer works. The answer is the same in every case; the new link goes to the
//! address that was invited and nowhere else.

use liaison_db::Tx;
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp, limits};
use liaison_store as store;

use super::{mailing, renewal};
use crate::{App, Env, Result, digest, new_guid};

/// Mails a new link to the recipient of the request that a link once led to, where it still waits for them and the last
/// mail is old enough. Gives nothing away.
pub fn ask_again(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), token: &str) -> Result<()> {
    let Some(guid) = store::activation_links::find_request(tx, &digest(token.as_bytes()))? else {
        return Ok(());
    };
    let facts = store::access_requests::find_any(tx, guid, now, |request| {
        let may_come = request.status.awaits_recipient() && request.email_sent_at + env.resend_cool_down <= now;
        may_come.then(|| renewal::addressee(request))
    })?;
    let Some(to) = facts.flatten() else {
        return Ok(());
    };
    let lately = (&["request.asked_again"][..], now.plus_days(-1));
    if store::activation_links::list_done(tx, to.customer, guid, lately)?.len() >= limits::ASKED_AGAIN_PER_DAY {
        return Ok(());
    }
    renewal::renew_of(tx, now, (to.customer, guid))?;
    mailing::send_link(tx, (now, env), &to)?;
    record_asking(tx, (now, env), (to.customer, guid), &to.name)
}

fn record_asking(
    tx: &mut Tx<'_>,
    (now, env): (Timestamp, &Env),
    (customer, request): (Guid, Guid),
    name: &str,
) -> Result<()> {
    let event = store::events::New {
        guid: new_guid(now, env.entropy.as_ref()),
        request,
        kind: "request.asked_again",
        actor: None,
        actor_name: Some(name),
        side: Some(Side::Vendor.slug()),
        detail: None,
        at: now,
    };
    store::events::insert(tx, customer, &event)?;
    Ok(())
}

impl App {
    /// Asks for a new link in place of one that no longer works. Nothing tells what came of it.
    pub async fn ask_again(&self, token: String) -> Result<()> {
        let (now, env) = (self.now(), self.env.clone());
        self.db.write(move |tx| ask_again(tx, (now, &env), &token)).await?;
        (self.mail_bell)();
        Ok(())
    }
}
