//! Notifications: what a user is told inside the application, and what they have read of it. Only a user has any; a
//! company token has none.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp, limits};
use liaison_store as store;
pub use liaison_store::notifications::Notification;
use liaison_store::notifications::{New, Owner};

use crate::{Actor, Call, Env, Error, Result, outgoing};

/// Something to tell a user.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'t> {
    /// The customer of the user.
    pub customer: Guid,
    /// The user.
    pub user: Guid,
    /// The request it is about.
    pub request: Guid,
    /// What happened, e.g. `request.accepted`.
    pub kind: &'t str,
    /// One line, plain text.
    pub subject: &'t str,
    /// More of it, plain text, may be empty.
    pub body: &'t str,
}

/// Tells a user something. Does nothing where there is no such active user, as with a company token. Of each user's
/// notifications 500 are kept.
pub fn tell(tx: &mut Tx<'_>, now: Timestamp, telling: &Telling<'_>) -> Result<()> {
    let owner = Owner {
        customer: telling.customer,
        user: telling.user,
    };
    let Some(newest) = store::notifications::find_newest_number(tx, owner)? else {
        return Ok(());
    };
    let new = New {
        number: newest + 1,
        request: Some(telling.request),
        kind: telling.kind,
        subject: telling.subject,
        body: telling.body,
        at: now,
    };
    store::notifications::insert(tx, owner, &new)?;
    // Below this number nobody has too many, and nothing needs to be counted.
    if new.number > limits::NOTIFICATIONS {
        let (total, _) = store::notifications::count(tx, owner)?;
        if total > limits::NOTIFICATIONS {
            store::notifications::delete_oldest(tx, owner, total - limits::NOTIFICATIONS)?;
        }
    }
    Ok(())
}

/// A page of the caller's notifications, with the numbers of all of them.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// Newest first.
    pub notifications: Vec<Notification>,
    /// How many there are.
    pub total: i64,
    /// How many of them are unread.
    pub unread: i64,
}

/// The caller's notifications: `limit` of them after the newest `offset`.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>, (limit, offset): (i64, i64)) -> Result<Listed> {
    let Some(owner) = owner(call.actor) else {
        return Ok(Listed::default());
    };
    let (total, unread) = store::notifications::count(tx, owner)?;
    Ok(Listed {
        notifications: store::notifications::list(tx, owner, (limit, offset))?,
        total,
        unread,
    })
}

/// How many notifications the caller has not read.
pub fn count_unread(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<i64> {
    owner(call.actor).map_or(Ok(0), |owner| Ok(store::notifications::count_unread(tx, owner)?))
}

/// One of the caller's notifications.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, number: i64) -> Result<Notification> {
    let owner = owner(call.actor).ok_or(Error::NotFound)?;
    store::notifications::find(tx, owner, number)?.ok_or(Error::NotFound)
}

/// Marks one of the caller's notifications as unread or read, and gives it. `None` changes nothing.
pub fn mark(tx: &mut Tx<'_>, call: &Call<'_>, number: i64, unread: Option<bool>) -> Result<Notification> {
    let owner = owner(call.actor).ok_or(Error::NotFound)?;
    if let Some(unread) = unread {
        store::notifications::update_unread(tx, owner, number, unread)?;
    }
    store::notifications::find(tx, owner, number)?.ok_or(Error::NotFound)
}

/// Marks all of the caller's notifications as read.
pub fn mark_all(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<()> {
    if let Some(owner) = owner(call.actor) {
        store::notifications::mark_read(tx, owner)?;
    }
    Ok(())
}

/// The page of the request that a notification is about, in the caller's outbox or inbox; none where it is about none.
pub fn page(env: &Env, notification: &Notification) -> Option<String> {
    path(notification).map(|path| outgoing::page(env, &path))
}

/// The same page as a path of this server.
pub fn path(notification: &Notification) -> Option<String> {
    let place = if notification.is_sent { "requests" } else { "inbox" };
    let request = notification.request?;
    Some(format!("/{place}/{request}"))
}

fn owner(actor: &Actor) -> Option<Owner> {
    let user = actor.user.as_ref()?;
    Some(Owner {
        customer: actor.customer_guid,
        user: user.guid,
    })
}
