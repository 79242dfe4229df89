//! The recipient's side: reading received requests and marking them as read. Notes never leave through here: the
//! view of the answer leaves them out, and `Side` decides which rows there are at all.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_store as store;
use liaison_store::access_requests::{AccessRequest, Filter, Page};

use super::View;
use crate::{Call, Error, Result};

/// Requests that one transaction marks as read at most.
const STEP: i64 = 500;

/// Hands each received request of a page to `visit`.
pub fn each_received(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    filter: &Filter,
    page: Page,
    visit: impl FnMut(&AccessRequest<'_>) -> Result<()>,
) -> Result<()> {
    store::access_requests::each(tx, &call.actor.inbox(), (filter, page), call.now, visit)
}

/// One received request.
pub fn received<T>(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, view: View<'_, T>) -> Result<T> {
    store::access_requests::find(tx, &call.actor.inbox(), guid, call.now, view)?.ok_or(Error::NotFound)
}

/// Changes what a recipient may change: whether the request counts as read. `None` changes nothing.
pub fn update_received<T>(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    guid: Guid,
    read: Option<bool>,
    view: View<'_, T>,
) -> Result<T> {
    let before = received(tx, call, guid, &|request| request.is_read)?;
    if let Some(read) = read.filter(|read| *read != before) {
        store::access_requests::update_read(tx, &call.actor.inbox(), guid, (read, call.now))?;
    }
    received(tx, call, guid, view)
}

/// Marks up to 500 requests of the inbox as read, so that other writers get their turn. Gives whether there may be
/// more.
pub fn mark_read(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<bool> {
    let marked = store::access_requests::mark_read(tx, &call.actor.inbox(), call.now, STEP)?;
    Ok(marked >= STEP.unsigned_abs())
}
