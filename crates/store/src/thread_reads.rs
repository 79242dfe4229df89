//! Up to when a user has seen a thread, and what that leaves unread.

use liaison_db::{Query, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::access_requests::{Side, push_side};
use crate::{Result, bulk};

/// Notes that a user of `customer` has seen a thread up to a moment. An earlier one changes nothing.
pub fn upsert(tx: &mut Tx<'_>, customer: Guid, (user, request): (Guid, Guid), seen_at: Timestamp) -> Result<u64> {
    tx.execute(
        "insert into thread_reads (customer_guid, user_guid, request_guid, seen_at) values ($1, $2, $3, $4) \
         on conflict (user_guid, request_guid) do update set seen_at = excluded.seen_at \
         where thread_reads.seen_at < excluded.seen_at",
        &[&customer, &user, &request, &seen_at.0],
    )
}

/// Which of these requests of a side have a message of the other side that the user has not seen.
pub fn list_unread(tx: &mut Tx<'_>, side: &Side, user: Guid, requests: &[Guid]) -> Result<Vec<Guid>> {
    let mut unread = Vec::new();
    for block in bulk::blocks(requests) {
        let mut query = unread_requests("select r.guid from access_requests r", side, user);
        query.push(" and r.guid in ").bind_list(block.iter().copied());
        unread.append(&mut tx.list_query(&query, |row| row.get(0))?);
    }
    Ok(unread)
}

/// How many requests of a side have a message of the other side that the user has not seen.
pub fn count_unread(tx: &mut Tx<'_>, side: &Side, user: Guid) -> Result<i64> {
    let query = unread_requests("select count(*) from access_requests r", side, user);
    Ok(tx.find_query(&query, |row| row.get(0))?.unwrap_or_default())
}

fn unread_requests(select: &'static str, side: &Side, user: Guid) -> Query {
    let own = if matches!(side, Side::Outbox { .. }) {
        "client"
    } else {
        "vendor"
    };
    let mut query = Query::new(select);
    query
        .push(" left join thread_reads t on t.request_guid = r.guid and t.user_guid = ")
        .bind(user)
        .push(" where r.last_message_at > coalesce(t.seen_at, 0) and r.last_message_side <> ")
        .bind(own);
    push_side(&mut query, side);
    query
}
