//! What happened to a request: one row for each event, never changed.

use liaison_db::{Query, Row, Tx};
use liaison_domain::{Guid, Timestamp, events};

use crate::Result;
use crate::access_requests::{Side, push_side};

/// One event.
#[derive(Clone, Copy, Debug)]
pub struct New<'n> {
    /// Its guid.
    pub guid: Guid,
    /// The request.
    pub request: Guid,
    /// What happened, e.g. `request.sent`.
    pub kind: &'n str,
    /// The user or company token who did it; none where time did.
    pub actor: Option<Guid>,
    /// Their name at that time.
    pub actor_name: Option<&'n str>,
    /// `client` or `vendor`; none where time did it.
    pub side: Option<&'n str>,
    /// What else there is to say, for people.
    pub detail: Option<&'n str>,
    /// When.
    pub at: Timestamp,
}

/// Stores an event of a request that `customer` sent.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, event: &New<'_>) -> Result<()> {
    tx.execute(
        "insert into events (guid, customer_guid, request_guid, kind, actor_guid, actor_name, side, detail, at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            &event.guid,
            &customer,
            &event.request,
            &event.kind,
            &event.actor,
            &event.actor_name,
            &event.side,
            &event.detail,
            &event.at.0,
        ],
    )?;
    Ok(())
}

/// An event as it is read.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Event {
    pub guid: Guid,
    pub request_guid: Guid,
    pub kind: String,
    pub side: Option<String>,
    pub actor_name: Option<String>,
    pub detail: Option<String>,
    pub at: Timestamp,
}

const SELECT: &str = "select e.guid, e.request_guid, e.kind, e.side, e.actor_name, e.detail, e.at from events e \
                      join access_requests r on r.guid = e.request_guid where true";

/// What happened to one request of a side, the newest `most`, oldest first. A recipient gets the shared kinds.
pub fn list(tx: &mut Tx<'_>, side: &Side, request: Guid, most: i64) -> Result<Vec<Event>> {
    let mut query = Query::new(SELECT);
    query.push(" and e.request_guid = ").bind(request);
    push_visible(&mut query, side);
    query.push(" order by e.at desc, e.guid desc limit ").bind(most);
    let mut events = tx.list_query(&query, read)?;
    events.reverse();
    Ok(events)
}

/// Which part of a customer's events.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Only those after this one.
    pub after: Option<(Timestamp, Guid)>,
    /// Only those before this moment.
    pub until: Timestamp,
    /// At most this many.
    pub limit: i64,
}

/// What happened to the requests of a side, oldest first. A recipient gets the shared kinds. Requests that `except`
/// sent are left out.
pub fn list_since(tx: &mut Tx<'_>, side: &Side, except: Option<Guid>, stretch: Stretch) -> Result<Vec<Event>> {
    let mut query = Query::new(SELECT);
    if let Side::Outbox { customer } = *side {
        // Said of the event, too: its index begins with the customer.
        query.push(" and e.customer_guid = ").bind(customer);
    }
    push_visible(&mut query, side);
    if let Some(customer) = except {
        query.push(" and e.customer_guid <> ").bind(customer);
    }
    if let Some((at, guid)) = stretch.after {
        query
            .push(" and (e.at, e.guid) > (")
            .bind(at.0)
            .push(", ")
            .bind(guid)
            .push(")");
    }
    query.push(" and e.at < ").bind(stretch.until.0);
    query.push(" order by e.at, e.guid limit ").bind(stretch.limit);
    tx.list_query(&query, read)
}

fn push_visible(query: &mut Query, side: &Side) {
    push_side(query, side);
    if !matches!(side, Side::Outbox { .. }) {
        query.push(" and e.kind in ").bind_list(events::SHARED);
    }
}

fn read(row: &Row<'_>) -> Result<Event> {
    Ok(Event {
        guid: row.get(0)?,
        request_guid: row.get(1)?,
        kind: row.get(2)?,
        side: row.get(3)?,
        actor_name: row.get(4)?,
        detail: row.get(5)?,
        at: Timestamp(row.get(6)?),
    })
}
