//! Requests that people asked for through an access link: finding them again, and letting their people in.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// The request by which an address (`emails::key`) waits for an answer of the customer.
pub fn find_asked(tx: &mut Tx<'_>, customer: Guid, email_key: &str) -> Result<Option<Guid>> {
    tx.find(
        "select guid from access_requests where customer_guid = $1 and lower(requestee_email) = $2 \
         and status = 'Requested' limit 1",
        &[&customer, &email_key],
        |row| row.get(0),
    )
}

/// How many people wait for an answer of the customer.
pub fn count_asked(tx: &mut Tx<'_>, customer: Guid) -> Result<i64> {
    tx.one(
        "select count(*) from access_requests where customer_guid = $1 and status = 'Requested'",
        &[&customer],
        |row| row.get(0),
    )
}

/// Notes the access link through which a request came.
pub fn update_access_link(tx: &mut Tx<'_>, customer: Guid, guid: Guid, link: Guid) -> Result<u64> {
    tx.execute(
        "update access_requests set access_link_guid = $3 where customer_guid = $1 and guid = $2",
        &[&customer, &guid, &link],
    )
}

/// Who is let in at once, because they have an account already.
#[derive(Clone, Copy, Debug)]
pub struct Admission<'n> {
    /// The account of the recipient.
    pub customer_guid: Guid,
    /// The recipient.
    pub user_guid: Guid,
    /// The day they accepted the terms.
    pub tos_date: Option<&'n str>,
    /// When.
    pub at: Timestamp,
    /// End of the trial, none without a trial clock.
    pub trial_ends_at: Option<Timestamp>,
}

/// Opens a request that somebody asked for. Gives 0 where it does not wait for that.
pub fn update_admitted(tx: &mut Tx<'_>, customer: Guid, guid: Guid, by: &Admission<'_>) -> Result<u64> {
    tx.execute(
        "update access_requests set status = 'Active', hubspot_status = 'EXISTING', requestee_customer_guid = $3, \
         requestee_user_guid = $4, requestee_tos_date = $5, accepted_at = $6, updated_at = $6, email_sent_at = $6, \
         trial_ends_at = $7 where customer_guid = $1 and guid = $2 and status = 'Requested'",
        &[
            &customer,
            &guid,
            &by.customer_guid,
            &by.user_guid,
            &by.tos_date,
            &by.at.0,
            &by.trial_ends_at.map(|at| at.0),
        ],
    )
}

/// Somebody who waits to be let in.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Waiting {
    pub guid: Guid,
    pub formal_name: String,
    pub email: String,
    pub phone: String,
    pub company_guid: Guid,
    pub company_name: String,
    pub message: String,
    pub access_link_guid: Option<Guid>,
    pub created_at: Timestamp,
}

/// Up to `most` people who wait for an answer of the customer, the longest first.
pub fn list_asked(tx: &mut Tx<'_>, customer: Guid, most: i64) -> Result<Vec<Waiting>> {
    tx.list(
        "select guid, requestee_formal_name, requestee_email, requestee_phone, requestee_company_guid, \
         requestee_company_name, message, access_link_guid, created_at from access_requests \
         where customer_guid = $1 and status = 'Requested' order by created_at, guid limit $2",
        &[&customer, &most],
        |row| {
            Ok(Waiting {
                guid: row.get(0)?,
                formal_name: row.get(1)?,
                email: row.get(2)?,
                phone: row.get(3)?,
                company_guid: row.get(4)?,
                company_name: row.get(5)?,
                message: row.get(6)?,
                access_link_guid: row.get(7)?,
                created_at: Timestamp(row.get(8)?),
            })
        },
    )
}

/// For each access link of the customer: how many people came through it, and how many of them accepted.
pub fn count_by_access_link(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<(Guid, i64, i64)>> {
    tx.list(
        "select access_link_guid, count(*), count(accepted_at) from access_requests \
         where customer_guid = $1 and access_link_guid is not null group by access_link_guid",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}
