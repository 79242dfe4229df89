//! Writing access requests: sending, accepting, resending, resolving, and the two clocks.

use liaison_db::{Query, Tx};
use liaison_domain::{Guid, Timestamp};

use super::{Side, list::push_side};
use crate::Result;

/// A request to be inserted. Names and context are those of now.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct New<'n> {
    pub guid: Guid,
    pub customer_guid: Guid,
    pub requester_guid: Guid,
    pub requester_email: &'n str,
    pub requester_first_name: &'n str,
    pub requester_last_name: &'n str,
    pub requester_friendly_name: &'n str,
    pub requester_formal_name: &'n str,
    pub requester_company_guid: Option<Guid>,
    pub requester_company_name: &'n str,
    pub requester_customer_name: &'n str,
    pub requestee_customer_guid: Option<Guid>,
    pub requestee_user_guid: Option<Guid>,
    pub requestee_first_name: &'n str,
    pub requestee_last_name: &'n str,
    pub requestee_friendly_name: &'n str,
    pub requestee_formal_name: &'n str,
    pub requestee_email: &'n str,
    pub requestee_phone: &'n str,
    pub requestee_company_guid: Guid,
    pub requestee_company_name: &'n str,
    pub requestee_tos_date: Option<&'n str>,
    pub message: &'n str,
    pub notes: Option<&'n str>,
    pub ccs: Option<&'n str>,
    pub reason: &'n str,
    pub hubspot_status: &'n str,
    pub status: &'n str,
    pub is_read: bool,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub trial_duration: i64,
    pub accepted_at: Option<Timestamp>,
    pub trial_ends_at: Option<Timestamp>,
    pub context_date: Option<&'n str>,
    pub context_rating: Option<i64>,
    pub risk_vectors_mask: i64,
    pub risk_vectors_json: &'n str,
    pub observations_count: i64,
    pub observations_json: &'n str,
    pub third_parties_json: &'n str,
}

/// Stores a new request.
pub fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<()> {
    tx.execute(
        "insert into access_requests (guid, customer_guid, requester_guid, requester_email, requester_first_name, \
         requester_last_name, requester_friendly_name, requester_formal_name, requester_company_guid, \
         requester_company_name, requester_customer_name, requestee_customer_guid, requestee_user_guid, \
         requestee_first_name, requestee_last_name, requestee_friendly_name, requestee_formal_name, requestee_email, \
         requestee_phone, requestee_company_guid, requestee_company_name, requestee_tos_date, message, notes, ccs, \
         reason, hubspot_status, status, is_read, created_at, updated_at, email_sent_at, expires_at, trial_duration, \
         accepted_at, trial_ends_at, context_date, context_rating, risk_vectors_mask, risk_vectors_json, \
         observations_count, observations_json, third_parties_json) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
         $23, $24, $25, $26, $27, $28, $29, $30, $30, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41)",
        &[
            &new.guid,
            &new.customer_guid,
            &new.requester_guid,
            &new.requester_email,
            &new.requester_first_name,
            &new.requester_last_name,
            &new.requester_friendly_name,
            &new.requester_formal_name,
            &new.requester_company_guid,
            &new.requester_company_name,
            &new.requester_customer_name,
            &new.requestee_customer_guid,
            &new.requestee_user_guid,
            &new.requestee_first_name,
            &new.requestee_last_name,
            &new.requestee_friendly_name,
            &new.requestee_formal_name,
            &new.requestee_email,
            &new.requestee_phone,
            &new.requestee_company_guid,
            &new.requestee_company_name,
            &new.requestee_tos_date,
            &new.message,
            &new.notes,
            &new.ccs,
            &new.reason,
            &new.hubspot_status,
            &new.status,
            &new.is_read,
            &new.created_at.0,
            &new.expires_at.0,
            &new.trial_duration,
            &new.accepted_at.map(|at| at.0),
            &new.trial_ends_at.map(|at| at.0),
            &new.context_date,
            &new.context_rating,
            &new.risk_vectors_mask,
            &new.risk_vectors_json,
            &new.observations_count,
            &new.observations_json,
            &new.third_parties_json,
        ],
    )?;
    Ok(())
}

/// Who closed a request, and when.
#[derive(Clone, Debug)]
pub struct Resolution<'n> {
    /// The user (or company token).
    pub by_guid: Guid,
    /// Their formal name.
    pub by_name: &'n str,
    /// When.
    pub at: Timestamp,
}

/// Closes a sent request that is not closed yet.
pub fn update_resolved(tx: &mut Tx<'_>, customer: Guid, guid: Guid, by: &Resolution<'_>) -> Result<u64> {
    tx.execute(
        "update access_requests set status = 'Resolved', resolved_at = $3, updated_at = $3, resolved_by_guid = $4, \
         resolved_by_name = $5 where customer_guid = $1 and guid = $2 and status <> 'Resolved'",
        &[&customer, &guid, &by.at.0, &by.by_guid, &by.by_name],
    )
}

/// Turns down a request that somebody asked for.
pub fn reject(tx: &mut Tx<'_>, customer: Guid, guid: Guid, now: Timestamp) -> Result<u64> {
    tx.execute(
        "update access_requests set status = 'Rejected', updated_at = $3 \
         where customer_guid = $1 and guid = $2 and status = 'Requested'",
        &[&customer, &guid, &now.0],
    )
}

/// A new invitation for a request that nobody accepted.
#[derive(Clone, Copy, Debug)]
pub struct Renewal {
    /// When the new mail is written.
    pub sent_at: Timestamp,
    /// When its link ends.
    pub expires_at: Timestamp,
}

/// Puts a request back to `Pending` with a new end of its invitation.
pub fn update_renewed(tx: &mut Tx<'_>, customer: Guid, guid: Guid, renewal: Renewal) -> Result<u64> {
    tx.execute(
        "update access_requests set status = 'Pending', email_sent_at = $3, updated_at = $3, expires_at = $4 \
         where customer_guid = $1 and guid = $2 and status in ('Pending', 'Never', 'Requested')",
        &[&customer, &guid, &renewal.sent_at.0, &renewal.expires_at.0],
    )
}

/// Who accepted, under which account, and until when they have access.
#[derive(Clone, Debug)]
pub struct Acceptance<'n> {
    /// The account of the recipient.
    pub customer_guid: Guid,
    /// The recipient.
    pub user_guid: Guid,
    /// Their name as they wrote it.
    pub formal_name: &'n str,
    /// Its first word.
    pub first_name: &'n str,
    /// Its rest.
    pub last_name: &'n str,
    /// When.
    pub at: Timestamp,
    /// End of the trial, none without a trial clock.
    pub trial_ends_at: Option<Timestamp>,
}

/// Opens a pending request for the person who accepted it.
pub fn update_accepted(tx: &mut Tx<'_>, guid: Guid, by: &Acceptance<'_>) -> Result<u64> {
    tx.execute(
        "update access_requests set status = 'Active', requestee_customer_guid = $2, requestee_user_guid = $3, \
         requestee_formal_name = $4, requestee_first_name = $5, requestee_last_name = $6, requestee_tos_date = $7, \
         accepted_at = $8, updated_at = $8, trial_ends_at = $9, opened_at = coalesce(opened_at, $8), \
         delivered_at = coalesce(delivered_at, $8) \
         where guid = $1 and status = 'Pending' and expires_at > $8",
        &[
            &guid,
            &by.customer_guid,
            &by.user_guid,
            &by.formal_name,
            &by.first_name,
            &by.last_name,
            &by.at.date(),
            &by.at.0,
            &by.trial_ends_at.map(|at| at.0),
        ],
    )
}

/// Sets whether a received request counts as read.
pub fn update_read(tx: &mut Tx<'_>, side: &Side, guid: Guid, (read, now): (bool, Timestamp)) -> Result<u64> {
    let mut query = Query::new("update access_requests as r set updated_at = $1, is_read = $2 where r.guid = $3");
    query.given(now.0).given(read).given(guid);
    push_side(&mut query, side);
    tx.execute_query(&query)
}

/// Turns up to `most` invitations that ran out into `Never`. Gives their number.
pub fn expire_pending(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<u64> {
    tx.execute(
        "update access_requests set status = 'Never', updated_at = $1 where guid in \
         (select guid from access_requests where status = 'Pending' and expires_at <= $1 limit $2)",
        &[&now.0, &most],
    )
}

/// Turns up to `most` requests whose trial ran out into `Inactive`. Gives their number.
pub fn expire_trials(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<u64> {
    tx.execute(
        "update access_requests set status = 'Inactive', updated_at = $1 where guid in \
         (select guid from access_requests where status = 'Active' and trial_ends_at is not null \
         and trial_ends_at <= $1 limit $2)",
        &[&now.0, &most],
    )
}
