//! Requests that were handed to a colleague, who takes over by coming in.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// A hand-over to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct New {
    /// Its guid.
    pub guid: Guid,
    /// The request.
    pub request: Guid,
    /// Who hands it over: a user, or a company token.
    pub from: Guid,
    /// The colleague, a user of the customer.
    pub to: Guid,
    /// When.
    pub at: Timestamp,
}

/// Stores a hand-over within a recipient's customer.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, new: &New) -> Result<()> {
    tx.execute(
        "insert into delegations (guid, request_guid, customer_guid, from_guid, to_guid, created_at) \
         values ($1, $2, $3, $4, $5, $6)",
        &[&new.guid, &new.request, &customer, &new.from, &new.to, &new.at.0],
    )?;
    Ok(())
}

/// Forgets the hand-overs of a request that nobody took: a newer one counts in their place.
pub fn delete_waiting(tx: &mut Tx<'_>, request: Guid) -> Result<u64> {
    tx.execute(
        "delete from delegations where request_guid = $1 and taken_at is null",
        &[&request],
    )
}

/// The requests that were handed to a user and not taken yet, oldest first.
pub fn list_waiting(tx: &mut Tx<'_>, customer: Guid, user: Guid) -> Result<Vec<Guid>> {
    tx.list(
        "select request_guid from delegations where customer_guid = $1 and to_guid = $2 and taken_at is null \
         order by created_at, guid",
        &[&customer, &user],
        |row| row.get(0),
    )
}

/// Notes that a user took what was handed to them.
pub fn update_taken(tx: &mut Tx<'_>, customer: Guid, user: Guid, now: Timestamp) -> Result<u64> {
    tx.execute(
        "update delegations set taken_at = $3 where customer_guid = $1 and to_guid = $2 and taken_at is null",
        &[&customer, &user, &now.0],
    )
}
