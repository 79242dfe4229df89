//! The inbox as its page shows it: searched, narrowed and in pages.

use liaison_db::{Query, Tx};
use liaison_domain::access_requests::Reason;
use liaison_domain::{Guid, Timestamp};

use super::list::push_side;
use super::{AccessRequest, Side, select_access_requests, status_now};
use crate::{Result, like};

/// Which received requests.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// Resolved ones, or all the others; none for both.
    pub resolved: Option<bool>,
    /// Sent for this reason.
    pub reason: Option<Reason>,
    /// Sent by this customer.
    pub sender: Option<Guid>,
    /// Only those nobody opened, or whose thread has something that this user has not seen.
    pub unread_by: Option<Guid>,
    /// Parts of names, addresses or companies of either side.
    pub search: Option<String>,
    /// By the last message and not by the day of sending.
    pub by_activity: bool,
}

/// Hands each request of a part (rows to pass over, rows at most) of an inbox to `visit` while its row is open.
pub fn each_received<E: From<liaison_db::Error>>(
    tx: &mut Tx<'_>,
    side: &Side,
    (filter, (offset, limit)): (&Received, (i64, i64)),
    now: Timestamp,
    mut visit: impl FnMut(&AccessRequest<'_>) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut query = Query::new(concat!(select_access_requests!(), "where true "));
    query.given(now.0);
    push_side(&mut query, side);
    push_received(&mut query, filter);
    query.push(if filter.by_activity {
        " order by coalesce(r.last_message_at, r.created_at) desc, r.guid desc limit "
    } else {
        " order by r.created_at desc, r.guid desc limit "
    });
    query.bind(limit).push(" offset ").bind(offset);
    tx.each_query(&query, |row| visit(&AccessRequest::read(row)?))
}

/// How many of them are open and how many resolved, whatever the filter says of that.
pub fn count_received(tx: &mut Tx<'_>, side: &Side, filter: &Received) -> Result<(i64, i64)> {
    let mut query = Query::new(
        "select cast(coalesce(sum(case when r.status = 'Resolved' then 0 else 1 end), 0) as bigint), \
         cast(coalesce(sum(case when r.status = 'Resolved' then 1 else 0 end), 0) as bigint) \
         from access_requests r where true ",
    );
    push_side(&mut query, side);
    let filter = Received {
        resolved: None,
        ..filter.clone()
    };
    push_received(&mut query, &filter);
    let counts = tx.find_query(&query, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counts.unwrap_or_default())
}

/// The customers who sent something to an inbox, by the name of their company.
pub fn list_senders(tx: &mut Tx<'_>, side: &Side, most: i64) -> Result<Vec<(Guid, String)>> {
    let mut query = Query::new(
        "select c.guid, coalesce(mo.name, c.name) as name from customers c \
         left join companies mo on mo.guid = c.my_company_guid \
         where c.guid in (select r.customer_guid from access_requests r where true",
    );
    push_side(&mut query, side);
    query.push(") order by name, c.guid limit ").bind(most);
    tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What is searched: one text of everything by which people know a request.
const SEARCHED: &str = "r.requester_formal_name || ' ' || r.requester_email || ' ' || r.requester_company_name || ' ' \
                        || r.requestee_formal_name || ' ' || r.requestee_email || ' ' || r.requestee_company_name";

fn push_received(query: &mut Query, filter: &Received) {
    match filter.resolved {
        Some(true) => query.push(" and r.status = 'Resolved'"),
        Some(false) => query.push(" and r.status <> 'Resolved'"),
        None => query,
    };
    if let Some(reason) = filter.reason {
        query.push(" and r.reason = ").bind(reason.slug());
    }
    if let Some(sender) = filter.sender {
        query.push(" and r.customer_guid = ").bind(sender);
    }
    if let Some(user) = filter.unread_by {
        query
            .push(
                " and (not r.is_read or (r.last_message_side = 'client' and r.last_message_at > \
                 coalesce((select t.seen_at from thread_reads t where t.request_guid = r.guid and t.user_guid = ",
            )
            .bind(user)
            .push("), 0)))");
    }
    if let Some(search) = &filter.search {
        push_search(query, search);
    }
}

/// Narrows a statement on requests `r` to those in which a text occurs.
pub(super) fn push_search(query: &mut Query, search: &str) {
    // SQLite folds the case of ASCII alone: what was typed is tried as it is, too.
    query
        .push(" and (lower(")
        .push(SEARCHED)
        .push(") like ")
        .bind(like::part(&search.to_lowercase()))
        .push(" escape '!' or (")
        .push(SEARCHED)
        .push(") like ")
        .bind(like::part(search))
        .push(" escape '!')");
}
