//! Copying a link: a new one for somebody whom the mail does not reach, to be brought another way.

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, Timestamp, limits};
use liaison_store as store;

use super::{mailing, outbox, renewal};
use crate::{Call, Error, Result, record};

/// What opens a request, to be shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedLink {
    /// Address on this server.
    pub link: String,
    /// Six digits that do the same on the code page.
    pub code: String,
    /// When both end.
    pub expires_at: Timestamp,
}

/// Makes a new link for a waiting request, without a mail. The old link and the mails with it end.
pub fn copy_link(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<CopiedLink> {
    call.actor.require_inviter()?;
    let status = outbox::sent(tx, call, guid, &|request| request.status)?;
    if !status.awaits_recipient() {
        return Err(Refusal::NotResendable(status.slug()).into());
    }
    let customer = call.actor.customer_guid;
    refuse_too_many(tx, call, (customer, guid))?;
    renewal::retire_link(tx, call.now, guid)?;
    let opener = mailing::make_opener(tx, (call.now, call.env), guid, true)?;
    if store::access_requests::update_relinked(tx, customer, guid, (call.now, opener.expires_at))? == 0 {
        return Err(Error::NotFound);
    }
    record(tx, call, guid, "request.link_copied")?;
    Ok(CopiedLink {
        link: opener.link,
        code: opener.code,
        expires_at: opener.expires_at,
    })
}

fn refuse_too_many(tx: &mut Tx<'_>, call: &Call<'_>, (customer, guid): (Guid, Guid)) -> Result<()> {
    let most = limits::LINKS_PER_DAY;
    let since = call.now.plus_days(-1);
    let copied = store::activation_links::list_done(tx, customer, guid, (&["request.link_copied"], since))?;
    // The next one is possible when the oldest of the last `most` is a day old.
    let Some(oldest) = copied.len().checked_sub(most).and_then(|index| copied.get(index)) else {
        return Ok(());
    };
    let millis = oldest.plus_days(1).0 - call.now.0;
    Err(Refusal::LinkTooOften {
        most,
        seconds: (millis + 999) / 1000,
    }
    .into())
}
