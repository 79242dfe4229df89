//! Deliveries as the customer sees whose mails they are; the operator's view of all of them is in `mails`. Notices go to
//! the other side's collaboration contacts, whose names and addresses the sender does not learn: they are left out.

use liaison_db::{Query, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::mails::{Delivery, Filter, read, select_deliveries};
use crate::{Result, like};

/// Deliveries of a customer's mails, newest first.
pub fn list_of_customer(tx: &mut Tx<'_>, customer: Guid, filter: &Filter) -> Result<Vec<Delivery>> {
    let mut query = Query::new(concat!(
        select_deliveries!(),
        "where m.kind <> 'notice' and m.customer_guid = "
    ));
    query.bind(customer);
    narrow(&mut query, filter);
    tx.list_query(&query, read)
}

/// Adds what a filter asks for, and its order.
pub(crate) fn narrow(query: &mut Query, filter: &Filter) {
    if let Some(state) = &filter.state {
        query.push(" and d.state = ").bind(state.clone());
    }
    if let Some(request) = filter.request {
        query.push(" and m.request_guid = ").bind(request);
    }
    if let Some(recipient) = &filter.recipient {
        query
            .push(" and lower(d.recipient) like ")
            .bind(like::part(recipient))
            .push(" escape '!'");
    }
    if let Some((at, guid)) = filter.after {
        query
            .push(" and (m.created_at, d.guid) < (")
            .bind(at.0)
            .push(", ")
            .bind(guid)
            .push(")");
    }
    query
        // Of one request there are few: the sum keeps SQLite from reading all of a customer's in the order of their time.
        .push(if filter.request.is_some() {
            " order by m.created_at + 0 desc, d.guid desc limit "
        } else {
            " order by m.created_at desc, d.guid desc limit "
        })
        .bind(filter.limit);
}

/// One delivery of a customer's mails.
pub fn find_of_customer(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Delivery>> {
    tx.find(
        concat!(
            select_deliveries!(),
            "where m.customer_guid = $1 and d.guid = $2 and m.kind <> 'notice'"
        ),
        &[&customer, &guid],
        read,
    )
}

/// How many deliveries of a customer failed since `since`. `written_since` has to be earlier by the time a mail is
/// tried: only mails written since then are looked at.
pub fn count_failed(tx: &mut Tx<'_>, customer: Guid, since: Timestamp, written_since: Timestamp) -> Result<i64> {
    tx.one(
        "with failed as materialized (select message_guid from mail_deliveries \
         where state = 'failed' and ended_at >= $2) select count(*) from failed \
         join mail_messages m on m.guid = failed.message_guid \
         where m.customer_guid = $1 and m.created_at >= $3 and m.kind <> 'notice'",
        &[&customer, &since.0, &written_since.0],
        |row| row.get(0),
    )
}

/// What the relay last said of the newest mail that invites a person to a request, where it failed.
pub fn find_words_of_customer(
    tx: &mut Tx<'_>,
    customer: Guid,
    (request, recipient): (Guid, &str),
) -> Result<Option<String>> {
    let words: Option<Option<String>> = tx.find(
        "select d.reply from mail_deliveries d join mail_messages m on m.guid = d.message_guid \
         where m.customer_guid = $1 and m.request_guid = $2 and m.kind in ('activation', 'introduction') \
         and d.recipient = $3 and d.state = 'failed' order by m.created_at + 0 desc, m.guid desc limit 1",
        &[&customer, &request, &recipient],
        |row| row.get(0),
    )?;
    Ok(words.flatten())
}
