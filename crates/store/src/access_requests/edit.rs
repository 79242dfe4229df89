//! Changes of a request that leave its history as it is: notes, trial, link, recipient, and that it was opened.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// Sets the sender's private notes.
pub fn update_notes(
    tx: &mut Tx<'_>,
    customer: Guid,
    guid: Guid,
    (notes, now): (Option<&str>, Timestamp),
) -> Result<u64> {
    tx.execute(
        "update access_requests set notes = $3, updated_at = $4 where customer_guid = $1 and guid = $2",
        &[&customer, &guid, &notes, &now.0],
    )
}

/// A longer trial.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// Its days.
    pub days: i64,
    /// When it ends; none while nobody accepted.
    pub ends_at: Option<Timestamp>,
    /// When it was made longer.
    pub at: Timestamp,
}

/// Sets the trial of a request; one that ran out is active again.
pub fn update_trial(tx: &mut Tx<'_>, customer: Guid, guid: Guid, trial: Trial) -> Result<u64> {
    tx.execute(
        "update access_requests set trial_duration = $3, trial_ends_at = $4, updated_at = $5, \
         status = case when status = 'Inactive' and cast($4 as bigint) > $5 then 'Active' else status end \
         where customer_guid = $1 and guid = $2 and status in ('Pending', 'Never', 'Active', 'Inactive')",
        &[
            &customer,
            &guid,
            &trial.days,
            &trial.ends_at.map(|at| at.0),
            &trial.at.0,
        ],
    )
}

/// Puts a request back to `Pending` with a new end of its invitation, without a new mail: its link was copied.
pub fn update_relinked(
    tx: &mut Tx<'_>,
    customer: Guid,
    guid: Guid,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<u64> {
    tx.execute(
        "update access_requests set status = 'Pending', delivery = 'copied', updated_at = $3, expires_at = $4 \
         where customer_guid = $1 and guid = $2 and status in ('Pending', 'Never')",
        &[&customer, &guid, &now.0, &expires_at.0],
    )
}

/// The person a request is for from now on.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Requestee<'n> {
    /// Their account and their user; none while they have not come in.
    pub account: Option<(Guid, Guid)>,
    pub formal_name: &'n str,
    pub friendly_name: &'n str,
    pub first_name: &'n str,
    pub last_name: &'n str,
    pub email: &'n str,
    pub phone: &'n str,
    pub tos_date: Option<&'n str>,
    pub at: Timestamp,
}

/// Gives a request of the sender `customer` another recipient. Whoever has not come in has opened nothing either.
pub fn update_requestee(tx: &mut Tx<'_>, customer: Guid, guid: Guid, person: &Requestee<'_>) -> Result<u64> {
    tx.execute(
        "update access_requests set requestee_customer_guid = $3, requestee_user_guid = $4, \
         requestee_formal_name = $5, requestee_friendly_name = $6, requestee_first_name = $7, \
         requestee_last_name = $8, requestee_email = $9, requestee_phone = $10, requestee_tos_date = $11, \
         updated_at = $12 where customer_guid = $1 and guid = $2",
        &[
            &customer,
            &guid,
            &person.account.map(|(account, _)| account),
            &person.account.map(|(_, user)| user),
            &person.formal_name,
            &person.friendly_name,
            &person.first_name,
            &person.last_name,
            &person.email,
            &person.phone,
            &person.tos_date,
            &person.at.0,
        ],
    )
}

/// Forgets that a mail of a request came and was opened: it was somebody else's.
pub fn update_unopened(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<u64> {
    tx.execute(
        "update access_requests set opened_at = null, delivered_at = null where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
    )
}

/// Notes that the recipient opened a request, the first time. Gives 0 where that was noted already.
pub fn update_opened(tx: &mut Tx<'_>, customer: Guid, guid: Guid, now: Timestamp) -> Result<u64> {
    tx.execute(
        "update access_requests set opened_at = $3, updated_at = $3 \
         where customer_guid = $1 and guid = $2 and opened_at is null",
        &[&customer, &guid, &now.0],
    )
}
