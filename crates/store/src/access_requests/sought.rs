//! The outbox as its page shows it: searched, narrowed, sorted and in parts.

use liaison_db::{Query, Tx};
use liaison_domain::{Guid, Timestamp};

use super::list::{push_filter, push_side};
use super::received::push_search;
use super::{AccessRequest, Filter, Side, select_access_requests, status_now};

/// Which sent requests.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// What the lists of the API filter by, too.
    pub filter: Filter,
    /// Parts of names, addresses or companies of either side.
    pub search: Option<String>,
    /// What became of the invitation.
    pub delivery: Option<Delivery>,
    /// Only those that need somebody of the sender, as this user sees it: a mail failed, nobody answered in time,
    /// somebody asks to be invited, or the vendor wrote something that the user has not seen.
    pub needing: Option<Guid>,
}

/// What became of an invitation.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// The newest mail is in this state: `queued`, `sent`, `failed`, `kept`, or `copied` for its link.
    State(String),
    /// Its recipient opened it.
    Opened,
    /// It was delivered and nobody opened it.
    Unopened,
}

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The day of sending.
    Sent,
    /// The company's name.
    Company,
    /// The recipient's name.
    Recipient,
    /// The status, from those that wait to those that are closed.
    Status,
    /// The last message, or the day of sending where nobody wrote.
    Activity,
    /// What runs out next: the trial, or the invitation.
    Expiry,
}

/// A part of a sorted list.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// By what.
    pub order: Order,
    /// The last first.
    pub descending: bool,
    /// Rows to pass over.
    pub offset: i64,
    /// Rows at most.
    pub limit: i64,
}

/// Where a request stands, as a number: its place in `Status::ALL`. Needs the joins of `select_access_requests`.
macro_rules! status_number {
    () => {
        concat!(
            "(case (",
            $crate::access_requests::status_now!(),
            ") when 'Pending' then 0 when 'Active' then 1 when 'Never' then 2 when 'Inactive' then 3 \
             when 'Resolved' then 4 when 'Requested' then 5 else 6 end)"
        )
    };
}
pub(super) use status_number;

/// Hands each request of a part of an outbox to `visit` while its row is open.
pub fn each_sought<E: From<liaison_db::Error>>(
    tx: &mut Tx<'_>,
    customer: Guid,
    (sought, part): (&Sought, Part),
    now: Timestamp,
    mut visit: impl FnMut(&AccessRequest<'_>) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    // Rows are wide: the guids are sorted first, and the rows of this part alone are read.
    let mut query = Query::new(concat!(
        select_access_requests!(),
        "where r.guid in (select r.guid from access_requests r left join users ru on ru.guid = r.requestee_user_guid \
         left join customers rc on rc.guid = r.requestee_customer_guid where true"
    ));
    query.given(now.0);
    push_side(&mut query, &Side::Outbox { customer });
    push_sought(&mut query, customer, sought);
    query.push(order(part));
    query.push(" limit ").bind(part.limit);
    query.push(" offset ").bind(part.offset).push(")").push(order(part));
    tx.each_query(&query, |row| visit(&AccessRequest::read(row)?))
}

fn order(part: Part) -> &'static str {
    match (part.order, part.descending) {
        (Order::Sent, true) => " order by r.created_at desc, r.guid desc",
        (Order::Sent, false) => " order by r.created_at, r.guid",
        (Order::Company, true) => " order by lower(r.requestee_company_name) desc, r.created_at desc, r.guid desc",
        (Order::Company, false) => " order by lower(r.requestee_company_name), r.created_at desc, r.guid desc",
        (Order::Recipient, true) => " order by lower(r.requestee_formal_name) desc, r.created_at desc, r.guid desc",
        (Order::Recipient, false) => " order by lower(r.requestee_formal_name), r.created_at desc, r.guid desc",
        (Order::Status, true) => concat!(" order by ", status_number!(), " desc, r.created_at desc, r.guid desc"),
        (Order::Status, false) => concat!(" order by ", status_number!(), ", r.created_at desc, r.guid desc"),
        (Order::Activity, true) => " order by coalesce(r.last_message_at, r.created_at) desc, r.guid desc",
        (Order::Activity, false) => " order by coalesce(r.last_message_at, r.created_at), r.guid",
        (Order::Expiry, true) => " order by coalesce(r.trial_ends_at, r.expires_at) desc, r.guid desc",
        (Order::Expiry, false) => " order by coalesce(r.trial_ends_at, r.expires_at), r.guid",
    }
}

/// What a request needs a person of the sender for, apart from messages.
macro_rules! stuck {
    () => {
        concat!(
            "(",
            $crate::access_requests::status_now!(),
            ") in ('Never', 'Requested') or (r.delivery = 'failed' and r.opened_at is null and r.answered_at is null \
             and r.status in ('Pending', 'Active'))"
        )
    };
}
pub(super) use stuck;

/// The start of the condition under which a vendor's message is news; the user and `), 0))` follow.
pub(super) const NEWS: &str = "(r.last_message_side = 'vendor' and r.status <> 'Resolved' and r.last_message_at > \
                               coalesce((select t.seen_at from thread_reads t where t.request_guid = r.guid \
                               and t.user_guid = ";

pub(super) fn push_sought(query: &mut Query, customer: Guid, sought: &Sought) {
    push_filter(query, &Side::Outbox { customer }, &sought.filter);
    if let Some(delivery) = &sought.delivery {
        match delivery {
            Delivery::State(state) => query.push(" and r.delivery = ").bind(state.clone()),
            Delivery::Opened => query.push(" and r.opened_at is not null"),
            Delivery::Unopened => query.push(" and r.delivery = 'sent' and r.opened_at is null"),
        };
    }
    if let Some(user) = sought.needing {
        query.push(concat!(" and (", stuck!(), " or ")).push(NEWS);
        query.bind(user).push("), 0)))");
    }
    if let Some(search) = &sought.search {
        push_search(query, search);
    }
}
