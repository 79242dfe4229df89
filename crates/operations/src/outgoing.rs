//! Putting a finished mail into the outbox, in the transaction of what it tells about. The worker sends it later.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp, limits};
use liaison_mail::{Composed, Stamp};
use liaison_store as store;

use crate::{Env, Result, new_guid};

/// What the outbox knows of a mail beside its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter<'l> {
    /// Whose outbox it is.
    pub(crate) customer: Guid,
    /// The request it belongs to, if it belongs to one.
    pub(crate) request: Option<Guid>,
    /// `introduction`, `activation`, `notice`, `message`, `password_reset`, `welcome`, `link_used` or `test`.
    pub(crate) kind: &'l str,
}

/// Queues a mail for each of the recipients; without a relay it is kept to be read. An introduction or activation to
/// the requestee is noted on the request.
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    (now, env): (Timestamp, &Env),
    letter: &Letter<'_>,
    (guid, composed, recipients): (Guid, &Composed, &[&str]),
) -> Result<()> {
    if letter.kind == "password_reset" {
        outdate(tx, now, (letter.customer, recipients))?;
    }
    let message = store::mails::New {
        guid,
        request: letter.request,
        kind: letter.kind,
        subject: &composed.subject,
        bytes: &composed.bytes,
        created_at: now,
    };
    store::mails::insert_message(tx, letter.customer, &message)?;
    let state = if env.has_relay { "queued" } else { "kept" };
    for recipient in recipients {
        let delivery = store::mails::NewDelivery {
            guid: new_guid(now, env.entropy.as_ref()),
            message: guid,
            recipient,
            state,
            due_at: now,
        };
        store::mails::insert_delivery(tx, &delivery)?;
    }
    if let (Some(request), "introduction" | "activation") = (letter.request, letter.kind) {
        // The requestee's own is a mail of its own: those to several people are copies.
        if let [recipient] = recipients {
            store::access_requests::update_delivery_begun(tx, letter.customer, request, (recipient, state))?;
        }
    }
    Ok(())
}

/// Stops the mails whose links to set a password have ended: they were used, replaced or taken away.
pub(crate) fn outdate(tx: &mut Tx<'_>, now: Timestamp, (customer, recipients): (Guid, &[&str])) -> Result<()> {
    for recipient in recipients {
        for (kind, since) in [
            ("password_reset", now - limits::RESET_LINK),
            ("welcome", now.plus_days(-limits::WELCOME_DAYS)),
        ] {
            let outdated = store::mails::Outdated { kind, recipient, since };
            store::mails::update_outdated(tx, customer, &outdated, now)?;
        }
    }
    Ok(())
}

/// What makes a mail distinct; the guid is that of its message in the outbox.
pub(crate) fn stamp(guid: Guid, now: Timestamp) -> Stamp {
    Stamp {
        guid: guid.to_string(),
        unix_ms: now.0,
    }
}

/// The public address of one of this server's pages; `path` begins with a slash.
pub(crate) fn page(env: &Env, path: &str) -> String {
    env.identity.page(path.trim_start_matches('/'))
}
