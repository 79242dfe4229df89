//! Lists of access requests: whose, which, and in which pages. Newest first, ties by guid.

use liaison_db::{Query, Tx};
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::{Guid, Timestamp};

use super::{AccessRequest, select_access_requests, status_now};
use crate::Result;

/// Whose requests: the tenant filter of every statement on them.
#[derive(Clone, Copy, Debug)]
pub enum Side {
    /// Sent by this customer.
    Outbox {
        /// The sender.
        customer: Guid,
    },
    /// Received by this customer: all that came to its company.
    Inbox {
        /// The company of the customer.
        company: Guid,
    },
    /// Received by a `Vendor Access` customer: only what its own people accepted.
    GuestInbox {
        /// The company of the customer.
        company: Guid,
        /// The customer.
        customer: Guid,
        /// The only one of its people whose requests these are; none for those of all.
        only: Option<Guid>,
    },
    /// Received by nobody: the customer has no company.
    Nothing,
}

/// Which requests. A `None` filters nothing; an empty list matches nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Invited company.
    pub company: Option<Guid>,
    /// Carries at least one of these risk vectors (bits of `risk_vectors::mask`).
    pub risk_vectors: Option<i64>,
    /// Not sent by this user.
    pub exclude_requester: Option<Guid>,
    /// Sent by this user.
    pub requester: Option<Guid>,
    /// The invited company is in this folder of the sender's customer.
    pub folder: Option<Guid>,
    /// The invited company is in this tier of the sender's customer.
    pub tier: Option<Guid>,
    /// The sender belongs to one of these groups.
    pub groups: Option<Vec<Guid>>,
    /// Sent for one of these reasons.
    pub reasons: Option<Vec<Reason>>,
    /// In one of these states now.
    pub statuses: Option<Vec<Status>>,
    /// Sent at this moment or later.
    pub created_from: Option<Timestamp>,
    /// Sent before this moment.
    pub created_until: Option<Timestamp>,
    /// Changed at this moment or later.
    pub updated_since: Option<Timestamp>,
}

/// Which part of a list.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Only what comes after this row, given by its time and guid.
    pub after: Option<(Timestamp, Guid)>,
    /// Rows to pass over.
    pub offset: i64,
    /// Rows at most.
    pub limit: i64,
}

/// Hands each request of a page to `visit` while its row is open.
pub fn each<E: From<liaison_db::Error>>(
    tx: &mut Tx<'_>,
    side: &Side,
    (filter, page): (&Filter, Page),
    now: Timestamp,
    mut visit: impl FnMut(&AccessRequest<'_>) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut query = Query::new(concat!(select_access_requests!(), "where true "));
    query.given(now.0);
    push_side(&mut query, side);
    push_filter(&mut query, side, filter);
    if let Some((at, guid)) = page.after {
        query
            .push(" and (r.created_at, r.guid) < (")
            .bind(at.0)
            .push(", ")
            .bind(guid)
            .push(")");
    }
    query
        .push(" order by r.created_at desc, r.guid desc limit ")
        .bind(page.limit);
    if page.offset > 0 {
        query.push(" offset ").bind(page.offset);
    }
    tx.each_query(&query, |row| visit(&AccessRequest::read(row)?))
}

/// Marks up to `most` requests of an inbox as read. Gives the number that were not.
pub fn mark_read(tx: &mut Tx<'_>, side: &Side, now: Timestamp, most: i64) -> Result<u64> {
    let mut query = Query::new(
        "update access_requests set is_read = true, updated_at = $1 where guid in \
         (select r.guid from access_requests r where not r.is_read",
    );
    query.given(now.0);
    push_side(&mut query, side);
    query.push(" limit ").bind(most).push(")");
    tx.execute_query(&query)
}

pub(crate) fn push_side(query: &mut Query, side: &Side) {
    match *side {
        Side::Outbox { customer } => query.push(" and r.customer_guid = ").bind(customer),
        Side::Inbox { company } => query.push(" and r.requestee_company_guid = ").bind(company),
        Side::GuestInbox {
            company,
            customer,
            only,
        } => {
            query.push(" and r.requestee_company_guid = ").bind(company);
            query.push(" and r.requestee_customer_guid = ").bind(customer);
            match only {
                Some(user) => query.push(" and r.requestee_user_guid = ").bind(user),
                None => query,
            }
        }
        Side::Nothing => query.push(" and false"),
    };
    // What a recipient may not see yet: a wish to be invited is between the sender and the person who asked. One that
    // was closed without being approved never had a mail.
    if !matches!(side, Side::Outbox { .. }) {
        query.push(
            " and r.status not in ('Requested', 'Rejected') and not (r.status = 'Resolved' \
             and r.reason = 'self_requested' and r.accepted_at is null and r.email_sent_at = r.created_at)",
        );
    }
}

pub(super) fn push_filter(query: &mut Query, side: &Side, filter: &Filter) {
    push_equalities(query, filter);
    push_sets(query, filter);
    let Side::Outbox { customer } = *side else { return };
    if let Some(folder) = filter.folder {
        query
            .push(" and exists (select 1 from folder_companies fc where fc.company_guid = r.requestee_company_guid")
            .push(" and fc.customer_guid = ")
            .bind(customer)
            .push(" and fc.folder_guid = ")
            .bind(folder)
            .push(")");
    }
    if let Some(tier) = filter.tier {
        query
            .push(" and exists (select 1 from portfolio pt where pt.company_guid = r.requestee_company_guid")
            .push(" and pt.customer_guid = ")
            .bind(customer)
            .push(" and pt.tier_guid = ")
            .bind(tier)
            .push(")");
    }
}

fn push_equalities(query: &mut Query, filter: &Filter) {
    if let Some(company) = filter.company {
        query.push(" and r.requestee_company_guid = ").bind(company);
    }
    if let Some(user) = filter.requester {
        query.push(" and r.requester_guid = ").bind(user);
    }
    if let Some(user) = filter.exclude_requester {
        query.push(" and r.requester_guid <> ").bind(user);
    }
    if let Some(mask) = filter.risk_vectors {
        query.push(" and (r.risk_vectors_mask & ").bind(mask).push(") <> 0");
    }
    if let Some(from) = filter.created_from {
        query.push(" and r.created_at >= ").bind(from.0);
    }
    if let Some(until) = filter.created_until {
        query.push(" and r.created_at < ").bind(until.0);
    }
    if let Some(since) = filter.updated_since {
        query.push(" and r.updated_at >= ").bind(since.0);
    }
}

fn push_sets(query: &mut Query, filter: &Filter) {
    if let Some(groups) = &filter.groups {
        push_in(
            query,
            " and exists (select 1 from users gu where gu.guid = r.requester_guid and gu.group_guid",
            groups.iter().copied(),
        );
        query.push(")");
    }
    if let Some(reasons) = &filter.reasons {
        push_in(query, " and r.reason", reasons.iter().map(|reason| reason.slug()));
    }
    if let Some(statuses) = &filter.statuses {
        push_in(
            query,
            concat!(" and ", status_now!()),
            statuses.iter().map(|status| status.slug()),
        );
    }
}

fn push_in<V: liaison_db::Param + Send + Sync + 'static>(
    query: &mut Query,
    column: &'static str,
    values: impl Iterator<Item = V>,
) {
    query.push(column).push(" in ").bind_list(values);
}
