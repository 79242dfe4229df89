//! What a request remembers of its mail: how the newest introduction or activation to the requestee fares. It is
//! always derived from the outbox, in the transaction that changes the outbox.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// Notes how the newest mail to the requestee begins, where `recipient` is the requestee. By key alone: an invitation
/// that looked through deliveries would collide with its neighbours on PostgreSQL.
pub fn update_delivery_begun(
    tx: &mut Tx<'_>,
    customer: Guid,
    request: Guid,
    (recipient, state): (&str, &str),
) -> Result<u64> {
    tx.execute(
        "update access_requests set delivery = $4 \
         where customer_guid = $1 and guid = $2 and requestee_email = $3 and delivery <> $4",
        &[&customer, &request, &recipient, &state],
    )
}

/// Brings a request in step with its newest mail to the requestee that was not replaced. Whoever its customer is: the
/// worker and the operator look after all of the outbox.
pub fn update_delivery(tx: &mut Tx<'_>, request: Guid) -> Result<u64> {
    // Both are written at one moment; the activation is the later word.
    let newest = tx.find(
        "select d.state, d.ended_at from access_requests r join mail_messages m on m.request_guid = r.guid \
         join mail_deliveries d on d.message_guid = m.guid \
         where r.guid = $1 and m.kind in ('activation', 'introduction') and d.recipient = r.requestee_email \
         and d.state <> 'replaced' order by m.created_at desc, m.kind, m.guid desc limit 1",
        &[&request],
        |row| Ok((row.get::<String>(0)?, row.get::<Option<i64>>(1)?.map(Timestamp))),
    )?;
    let Some((state, ended_at)) = newest else {
        return Ok(0);
    };
    let delivered_at = ended_at.filter(|_| state == "sent").map(|at| at.0);
    tx.execute(
        "update access_requests set delivery = $2, delivered_at = coalesce(delivered_at, $3) \
         where guid = $1 and delivery <> $2",
        &[&request, &state, &delivered_at],
    )
}
