//! The sender's side: reading sent requests and changing their status.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_domain::Refusal;
use liaison_domain::access_requests::{Change, Status};
use liaison_store as store;
use liaison_store::access_requests::{AccessRequest, Filter, Page, Resolution};

use super::{View, approve, telling};
use crate::{Call, Error, Result, record};

/// Hands each sent request of a page to `visit`.
pub fn each_sent(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    filter: &Filter,
    page: Page,
    visit: impl FnMut(&AccessRequest<'_>) -> Result<()>,
) -> Result<()> {
    store::access_requests::each(tx, &call.actor.outbox(), (filter, page), call.now, visit)
}

/// One sent request.
pub fn sent<T>(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, view: View<'_, T>) -> Result<T> {
    store::access_requests::find(tx, &call.actor.outbox(), guid, call.now, view)?.ok_or(Error::NotFound)
}

/// A change of one request's status.
#[derive(Clone, Copy, Debug)]
pub struct ChangeWish {
    /// The request; none where the text was no guid.
    pub guid: Option<Guid>,
    /// What is asked for.
    pub change: Change,
}

/// Changes the status of one sent request.
pub fn change_status<T>(tx: &mut Tx<'_>, call: &Call<'_>, wish: ChangeWish, view: View<'_, T>) -> Result<T> {
    call.actor.require_inviter()?;
    let guid = wish.guid.ok_or(Error::NotFound)?;
    change_one(tx, call, guid, wish.change)?;
    sent(tx, call, guid, view)
}

/// What became of each wish of a bulk call, by its place.
#[derive(Clone, Copy, Debug)]
pub enum BulkOutcome {
    /// The request has this status now.
    Modified(Status),
    /// The request is unknown, or its status does not allow the change.
    NotModified,
}

/// Changes the status of many sent requests; what cannot be changed is reported and stops nothing.
pub fn bulk_change(tx: &mut Tx<'_>, call: &Call<'_>, wishes: &[ChangeWish]) -> Result<Vec<BulkOutcome>> {
    call.actor.require_inviter()?;
    let mut outcomes = Vec::with_capacity(wishes.len());
    for wish in wishes {
        let Some(guid) = wish.guid else {
            outcomes.push(BulkOutcome::NotModified);
            continue;
        };
        outcomes.push(match change_one(tx, call, guid, wish.change) {
            Ok(status) => BulkOutcome::Modified(status),
            // An approval can be refused for its person, too: their account may be switched off.
            Err(Error::NotFound | Error::Refused(Refusal::StatusConflict | Refusal::Field { .. })) => {
                BulkOutcome::NotModified
            }
            Err(other) => return Err(other),
        });
    }
    Ok(outcomes)
}

fn change_one(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, change: Change) -> Result<Status> {
    let status = sent(tx, call, guid, &|request| request.status)?;
    let after = status.after(change).ok_or(Refusal::StatusConflict)?;
    if after == status {
        return Ok(status);
    }
    let customer = call.actor.customer_guid;
    match change {
        Change::Resolve => {
            let by = Resolution {
                by_guid: call.actor.guid(),
                by_name: call.actor.formal_name(),
                at: call.now,
            };
            store::access_requests::update_resolved(tx, customer, guid, &by)?;
            // A link that still waits in the outbox would lead nowhere.
            store::mails::update_superseded(tx, guid, call.now)?;
            record(tx, call, guid, "request.resolved")?;
            telling::resolved(tx, call, guid)?;
        }
        Change::Reject => {
            store::access_requests::reject(tx, customer, guid, call.now)?;
            record(tx, call, guid, "request.rejected")?;
        }
        Change::Approve => {
            return approve::approve(tx, call, guid);
        }
    }
    Ok(after)
}
