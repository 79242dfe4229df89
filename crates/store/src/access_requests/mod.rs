//! Access requests: one row as it is read, and finding one. Lists, counts and writes are in the files beside.

mod asked;
mod counts;
mod delivery;
mod edit;
mod inbox_summary;
mod list;
mod overview;
mod received;
mod sought;
mod write;

pub use asked::{
    Admission, Waiting, count_asked, count_by_access_link, find_asked, list_asked, update_access_link, update_admitted,
};
pub use counts::{CompanyCount, StatusCount, count_sent, count_unread};
pub use delivery::{update_delivery, update_delivery_begun};
pub use edit::{
    Requestee, Trial, update_notes, update_opened, update_relinked, update_requestee, update_trial, update_unopened,
};
pub use inbox_summary::{Requester, count_inbox, find_latest_requester};
pub(crate) use list::push_side;
pub use list::{Filter, Page, Side, each, mark_read};
pub use overview::{Cohort, count_cohorts, count_covered, count_days_to_accept};
pub use received::{Received, count_received, each_received, list_senders};
pub use sought::{Delivery, Order, Part, Sought, each_sought};
pub use write::{
    Acceptance, New, Renewal, Resolution, expire_pending, expire_trials, insert, reject, update_accepted, update_read,
    update_renewed, update_resolved,
};

use liaison_db::{Query, Row, Tx};
use liaison_domain::access_requests::Status;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// One access request, borrowed from the row it was read from. JSON fields hold the JSON that the API answers.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns and of the API")]
pub struct AccessRequest<'r> {
    pub guid: Guid,
    pub customer_guid: Guid,
    pub requester_guid: Guid,
    pub requester_email: &'r str,
    pub requester_first_name: &'r str,
    pub requester_last_name: &'r str,
    pub requester_friendly_name: &'r str,
    pub requester_formal_name: &'r str,
    pub requester_company_guid: Option<Guid>,
    pub requester_company_name: &'r str,
    pub requester_customer_name: &'r str,
    pub requestee_customer_guid: Option<Guid>,
    pub requestee_user_guid: Option<Guid>,
    pub requestee_first_name: &'r str,
    pub requestee_last_name: &'r str,
    pub requestee_friendly_name: &'r str,
    pub requestee_formal_name: &'r str,
    pub requestee_email: &'r str,
    pub requestee_phone: &'r str,
    pub requestee_company_guid: Guid,
    pub requestee_company_name: &'r str,
    pub requestee_tos_date: Option<&'r str>,
    pub requestee_last_login: Option<&'r str>,
    pub message: &'r str,
    pub notes: Option<&'r str>,
    pub ccs: Option<&'r str>,
    pub reason: &'r str,
    pub hubspot_status: &'r str,
    /// The status at the moment of reading, not the stored one.
    pub status: Status,
    pub is_read: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub email_sent_at: Timestamp,
    pub expires_at: Timestamp,
    pub trial_duration: i64,
    pub accepted_at: Option<Timestamp>,
    pub trial_ends_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub resolved_by_guid: Option<Guid>,
    pub resolved_by_name: Option<&'r str>,
    pub context_date: Option<&'r str>,
    pub context_rating: Option<i64>,
    pub risk_vectors_json: &'r str,
    pub observations_count: i64,
    pub observations_json: &'r str,
    pub third_parties_json: &'r str,
    /// The invited company's customer has a collaboration contact.
    pub has_preferred_contact: bool,
    /// The invited company has a customer whose access is open.
    pub portal_is_active: bool,
    /// The access link that the person came through, where they asked by themselves.
    pub access_link_guid: Option<Guid>,
    /// Where the newest mail to the requestee stands: `queued`, `sent`, `failed`, `kept` or `copied`.
    pub delivery: &'r str,
    /// When a relay first took a mail to the requestee.
    pub delivered_at: Option<Timestamp>,
    /// When the recipient first opened the request in a browser.
    pub opened_at: Option<Timestamp>,
    /// When the recipient's side first wrote.
    pub answered_at: Option<Timestamp>,
    pub messages_count: i64,
    pub last_message_at: Option<Timestamp>,
    /// `client` or `vendor`, once somebody wrote.
    pub last_message_side: Option<&'r str>,
    /// Counts up with every change of the thread.
    pub thread_revision: i64,
}

/// The status at the moment `$1`: `Status::at` in SQL. Needs the joins of `select_access_requests`.
macro_rules! status_now {
    () => {
        "case when r.status = 'Pending' and r.expires_at <= $1 then 'Never' \
         when r.status = 'Active' and (r.trial_ends_at <= $1 or ru.status <> 'Activated' or not rc.is_active) \
         then 'Inactive' else r.status end"
    };
}
pub(crate) use status_now;

/// The columns of [`AccessRequest`], in its order. `$1` is the moment of reading.
macro_rules! select_access_requests {
    () => {
        concat!(
            "select r.guid, r.customer_guid, r.requester_guid, r.requester_email, r.requester_first_name, \
         r.requester_last_name, r.requester_friendly_name, r.requester_formal_name, r.requester_company_guid, \
         r.requester_company_name, r.requester_customer_name, r.requestee_customer_guid, r.requestee_user_guid, \
         r.requestee_first_name, r.requestee_last_name, r.requestee_friendly_name, r.requestee_formal_name, \
         r.requestee_email, r.requestee_phone, r.requestee_company_guid, r.requestee_company_name, \
         r.requestee_tos_date, ru.last_login, r.message, r.notes, r.ccs, r.reason, r.hubspot_status, \
         ",
            status_now!(),
            ", \
         r.is_read, r.created_at, r.updated_at, r.email_sent_at, r.expires_at, r.trial_duration, r.accepted_at, \
         r.trial_ends_at, r.resolved_at, r.resolved_by_guid, r.resolved_by_name, r.context_date, r.context_rating, \
         r.risk_vectors_json, r.observations_count, r.observations_json, r.third_parties_json, \
         exists (select 1 from customers pc join users pu on pu.customer_guid = pc.guid \
                 where pc.my_company_guid = r.requestee_company_guid and pc.is_active \
                 and pu.is_collaboration_contact and pu.status = 'Activated'), \
         exists (select 1 from customers pc where pc.my_company_guid = r.requestee_company_guid and pc.is_active \
                 and (pc.access_ends_at is null or pc.access_ends_at > $1)), \
         r.access_link_guid, r.delivery, r.delivered_at, r.opened_at, r.answered_at, r.messages_count, \
         r.last_message_at, r.last_message_side, r.thread_revision \
         from access_requests r \
         left join users ru on ru.guid = r.requestee_user_guid \
         left join customers rc on rc.guid = r.requestee_customer_guid "
        )
    };
}
pub(crate) use select_access_requests;

impl<'r> AccessRequest<'r> {
    fn read(row: &'r Row<'_>) -> Result<AccessRequest<'r>> {
        let stored = row.str(28)?;
        Ok(AccessRequest {
            guid: row.get(0)?,
            customer_guid: row.get(1)?,
            requester_guid: row.get(2)?,
            requester_email: row.str(3)?,
            requester_first_name: row.str(4)?,
            requester_last_name: row.str(5)?,
            requester_friendly_name: row.str(6)?,
            requester_formal_name: row.str(7)?,
            requester_company_guid: row.get(8)?,
            requester_company_name: row.str(9)?,
            requester_customer_name: row.str(10)?,
            requestee_customer_guid: row.get(11)?,
            requestee_user_guid: row.get(12)?,
            requestee_first_name: row.str(13)?,
            requestee_last_name: row.str(14)?,
            requestee_friendly_name: row.str(15)?,
            requestee_formal_name: row.str(16)?,
            requestee_email: row.str(17)?,
            requestee_phone: row.str(18)?,
            requestee_company_guid: row.get(19)?,
            requestee_company_name: row.str(20)?,
            requestee_tos_date: row.opt_str(21)?,
            requestee_last_login: row.opt_str(22)?,
            message: row.str(23)?,
            notes: row.opt_str(24)?,
            ccs: row.opt_str(25)?,
            reason: row.str(26)?,
            hubspot_status: row.str(27)?,
            status: Status::parse(stored).unwrap_or(Status::Inactive),
            is_read: row.get(29)?,
            created_at: Timestamp(row.get(30)?),
            updated_at: Timestamp(row.get(31)?),
            email_sent_at: Timestamp(row.get(32)?),
            expires_at: Timestamp(row.get(33)?),
            trial_duration: row.get(34)?,
            accepted_at: moment(row, 35)?,
            trial_ends_at: moment(row, 36)?,
            resolved_at: moment(row, 37)?,
            resolved_by_guid: row.get(38)?,
            resolved_by_name: row.opt_str(39)?,
            context_date: row.opt_str(40)?,
            context_rating: row.get(41)?,
            risk_vectors_json: row.str(42)?,
            observations_count: row.get(43)?,
            observations_json: row.str(44)?,
            third_parties_json: row.str(45)?,
            has_preferred_contact: row.get(46)?,
            portal_is_active: row.get(47)?,
            access_link_guid: row.get(48)?,
            delivery: row.str(49)?,
            delivered_at: moment(row, 50)?,
            opened_at: moment(row, 51)?,
            answered_at: moment(row, 52)?,
            messages_count: row.get(53)?,
            last_message_at: moment(row, 54)?,
            last_message_side: row.opt_str(55)?,
            thread_revision: row.get(56)?,
        })
    }
}

fn moment(row: &Row<'_>, index: usize) -> Result<Option<Timestamp>> {
    Ok(row.get::<Option<i64>>(index)?.map(Timestamp))
}

/// One request of one side, handed to `view` while its row is open.
pub fn find<T>(
    tx: &mut Tx<'_>,
    side: &Side,
    guid: Guid,
    now: Timestamp,
    view: impl FnOnce(&AccessRequest<'_>) -> T,
) -> Result<Option<T>> {
    let mut query = Query::new(concat!(select_access_requests!(), "where true "));
    query.given(now.0);
    list::push_side(&mut query, side);
    query.push(" and r.guid = ").bind(guid);
    tx.find_query(&query, |row| Ok(view(&AccessRequest::read(row)?)))
}

/// One request whoever it belongs to: for the holder of its activation link, and for the operator.
pub fn find_any<T>(
    tx: &mut Tx<'_>,
    guid: Guid,
    now: Timestamp,
    view: impl FnOnce(&AccessRequest<'_>) -> T,
) -> Result<Option<T>> {
    tx.find(
        concat!(select_access_requests!(), "where r.guid = $2"),
        &[&now.0, &guid],
        |row| Ok(view(&AccessRequest::read(row)?)),
    )
}
