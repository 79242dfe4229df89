//! The thread of a request: its messages, and the figures of it that stand on the request itself.

use liaison_db::{Query, Row, Tx};
use liaison_domain::access_requests::Status;
use liaison_domain::{Guid, Timestamp};

use crate::Result;
use crate::access_requests::{Side, push_side, status_now};

/// What writing in a thread needs to know of its request.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Thread {
    pub request: Guid,
    /// The customer that sent the request.
    pub customer: Guid,
    /// The status at the moment of reading.
    pub status: Status,
    pub requester_guid: Guid,
    pub requester_company: String,
    pub requestee_user_guid: Option<Guid>,
    pub requestee_company: String,
    pub findings: i64,
    /// Counts up with every change; 0 while nobody wrote.
    pub revision: i64,
    pub last_message_at: Option<Timestamp>,
}

/// The thread of a request of this side.
pub fn find_thread(tx: &mut Tx<'_>, side: &Side, request: Guid, now: Timestamp) -> Result<Option<Thread>> {
    let mut query = Query::new(concat!(
        "select r.guid, r.customer_guid, ",
        status_now!(),
        ", r.requester_guid, r.requester_company_name, r.requestee_user_guid, r.requestee_company_name, \
         r.observations_count, r.thread_revision, r.last_message_at from access_requests r \
         left join users ru on ru.guid = r.requestee_user_guid \
         left join customers rc on rc.guid = r.requestee_customer_guid where true"
    ));
    query.given(now.0);
    push_side(&mut query, side);
    query.push(" and r.guid = ").bind(request);
    tx.find_query(&query, |row| {
        let status: String = row.get(2)?;
        Ok(Thread {
            request: row.get(0)?,
            customer: row.get(1)?,
            status: Status::parse(&status).unwrap_or(Status::Inactive),
            requester_guid: row.get(3)?,
            requester_company: row.get(4)?,
            requestee_user_guid: row.get(5)?,
            requestee_company: row.get(6)?,
            findings: row.get(7)?,
            revision: row.get(8)?,
            last_message_at: row.get::<Option<i64>>(9)?.map(Timestamp),
        })
    })
}

/// A message as it is read.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Message {
    pub guid: Guid,
    /// The author's customer.
    pub customer_guid: Guid,
    /// Its place in the thread, counting up with holes.
    pub number: i64,
    /// A user, or the customer where a company token wrote.
    pub author_guid: Guid,
    pub author_name: String,
    /// The author's company.
    pub author_company: String,
    /// `client` or `vendor`.
    pub side: String,
    /// Empty once it was deleted.
    pub body: String,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    pub revision: i64,
}

const SELECT: &str = "select m.guid, m.customer_guid, m.number, m.author_guid, m.author_name, \
                      coalesce(mo.name, mc.name), m.side, m.body, m.created_at, m.edited_at, m.deleted_at, \
                      m.revision from messages m \
                      join access_requests r on r.guid = m.request_guid \
                      join customers mc on mc.guid = m.customer_guid \
                      left join companies mo on mo.guid = mc.my_company_guid where true";

/// Messages of a request of this side after a place in the thread, in its order.
pub fn list(tx: &mut Tx<'_>, side: &Side, request: Guid, (after, limit): (i64, i64)) -> Result<Vec<Message>> {
    let mut query = of_request(side, request);
    query.push(" and m.number > ").bind(after);
    query.push(" order by m.number limit ").bind(limit);
    tx.list_query(&query, read)
}

/// The newest messages of a request of this side before a place in the thread, in its order.
pub fn list_before(tx: &mut Tx<'_>, side: &Side, request: Guid, (before, limit): (i64, i64)) -> Result<Vec<Message>> {
    let mut query = of_request(side, request);
    query.push(" and m.number < ").bind(before);
    query.push(" order by m.number desc limit ").bind(limit);
    let mut found = tx.list_query(&query, read)?;
    found.reverse();
    Ok(found)
}

/// Messages of a request of this side that were written, edited or deleted after a revision, in that order.
pub fn list_changed(tx: &mut Tx<'_>, side: &Side, request: Guid, (after, limit): (i64, i64)) -> Result<Vec<Message>> {
    let mut query = of_request(side, request);
    query.push(" and m.revision > ").bind(after);
    query.push(" order by m.revision limit ").bind(limit);
    tx.list_query(&query, read)
}

/// One message of a request of this side.
pub fn find(tx: &mut Tx<'_>, side: &Side, request: Guid, guid: Guid) -> Result<Option<Message>> {
    let mut query = of_request(side, request);
    query.push(" and m.guid = ").bind(guid);
    tx.find_query(&query, read)
}

fn of_request(side: &Side, request: Guid) -> Query {
    let mut query = Query::new(SELECT);
    query.push(" and m.request_guid = ").bind(request);
    push_side(&mut query, side);
    query
}

/// Counts the thread's revision up and gives the new one. Two writers of a thread wait for each other here, so that
/// revisions become visible in their order.
pub fn advance(tx: &mut Tx<'_>, side: &Side, request: Guid, now: Timestamp) -> Result<i64> {
    let mut query = Query::new(
        "update access_requests as r set thread_revision = r.thread_revision + 1, updated_at = $1 where r.guid = $2",
    );
    query.given(now.0).given(request);
    push_side(&mut query, side);
    query.push(" returning thread_revision");
    tx.find_query(&query, |row| row.get(0))?.ok_or(liaison_db::Error::NoRow)
}

/// A message to be inserted.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct New<'n> {
    pub guid: Guid,
    pub request: Guid,
    pub author: Guid,
    pub author_name: &'n str,
    /// `client` or `vendor`.
    pub side: &'n str,
    pub body: &'n str,
    pub at: Timestamp,
    /// The revision from [`advance`]; it is also the message's place.
    pub revision: i64,
}

/// Stores a message of somebody of `customer`.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, new: &New<'_>) -> Result<()> {
    tx.execute(
        "insert into messages (guid, request_guid, customer_guid, number, author_guid, author_name, side, body, \
         created_at, revision) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $4)",
        &[
            &new.guid,
            &new.request,
            &customer,
            &new.revision,
            &new.author,
            &new.author_name,
            &new.side,
            &new.body,
            &new.at.0,
        ],
    )?;
    Ok(())
}

/// Counts a new message on its request. The time of the last message always grows, so that "seen until then" is exact.
pub fn update_counted(tx: &mut Tx<'_>, side: &Side, new: &New<'_>) -> Result<u64> {
    let mut query = Query::new(
        "update access_requests as r set messages_count = r.messages_count + 1, \
         last_message_at = case when r.last_message_at >= $1 then r.last_message_at + 1 else $1 end, \
         last_message_side = $2, \
         answered_at = case when $2 = 'vendor' then coalesce(r.answered_at, $1) else r.answered_at end \
         where r.guid = $3",
    );
    query.given(new.at.0).given(new.side.to_owned()).given(new.request);
    push_side(&mut query, side);
    tx.execute_query(&query)
}

/// Changes the text of a message of `customer`.
pub fn update_body(
    tx: &mut Tx<'_>,
    customer: Guid,
    guid: Guid,
    (body, at, revision): (&str, Timestamp, i64),
) -> Result<u64> {
    tx.execute(
        "update messages set body = $3, edited_at = $4, revision = $5 \
         where customer_guid = $1 and guid = $2 and deleted_at is null",
        &[&customer, &guid, &body, &at.0, &revision],
    )
}

/// Drops the text of a message of `customer`; its place in the thread stays.
pub fn update_deleted(tx: &mut Tx<'_>, customer: Guid, guid: Guid, (at, revision): (Timestamp, i64)) -> Result<u64> {
    tx.execute(
        "update messages set body = '', deleted_at = $3, revision = $4 \
         where customer_guid = $1 and guid = $2 and deleted_at is null",
        &[&customer, &guid, &at.0, &revision],
    )
}

/// Takes a deleted message out of its request's figures: what came last is the last that is left.
pub fn update_uncounted(tx: &mut Tx<'_>, side: &Side, request: Guid) -> Result<u64> {
    let mut query = Query::new(
        "update access_requests as r set messages_count = r.messages_count - 1, \
         last_message_at = (select m.created_at from messages m where m.request_guid = r.guid \
         and m.deleted_at is null order by m.number desc limit 1), \
         last_message_side = (select m.side from messages m where m.request_guid = r.guid \
         and m.deleted_at is null order by m.number desc limit 1) where r.guid = $1",
    );
    query.given(request);
    push_side(&mut query, side);
    tx.execute_query(&query)
}

/// Somebody who takes part in a thread.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Participant {
    pub customer_guid: Guid,
    pub user_guid: Guid,
    pub email: String,
    pub formal_name: String,
    pub mails_on_messages: bool,
}

/// The active users of one side of a thread that was found already, who hear of a message: the one the request was sent by or to, and all who wrote.
pub fn list_participants(
    tx: &mut Tx<'_>,
    thread: &Thread,
    side: &str,
    first: Option<Guid>,
    now: Timestamp,
) -> Result<Vec<Participant>> {
    tx.list(
        "select u.customer_guid, u.guid, u.email, u.formal_name, u.mails_on_messages from users u \
         join customers c on c.guid = u.customer_guid \
         where (u.guid = $1 or u.guid in \
         (select m.author_guid from messages m where m.request_guid = $2 and m.side = $3)) \
         and u.status = 'Activated' and c.is_active and (c.access_ends_at is null or c.access_ends_at > $4) \
         order by u.email_key, u.guid",
        &[&first, &thread.request, &side, &now.0],
        participant,
    )
}

/// The active administrators of a customer, as those who hear of a message that has no other reader.
pub fn list_administrators(tx: &mut Tx<'_>, customer: Guid, most: i64) -> Result<Vec<Participant>> {
    tx.list(
        "select u.customer_guid, u.guid, u.email, u.formal_name, u.mails_on_messages from users u \
         where u.customer_guid = $1 and u.status = 'Activated' and u.role = 'customer_admin' \
         order by u.email_key, u.guid limit $2",
        &[&customer, &most],
        participant,
    )
}

/// Whether a mail of `customer` about this thread still waits to be sent to an address.
pub fn has_waiting_mail(tx: &mut Tx<'_>, customer: Guid, (request, recipient): (Guid, &str)) -> Result<bool> {
    let waiting = tx.find(
        "select 1 from mail_messages m join mail_deliveries d on d.message_guid = m.guid \
         where m.customer_guid = $1 and m.request_guid = $2 and m.kind = 'message' and d.recipient = $3 \
         and d.state in ('queued', 'kept')",
        &[&customer, &request, &recipient],
        |_| Ok(()),
    )?;
    Ok(waiting.is_some())
}

fn participant(row: &Row<'_>) -> Result<Participant> {
    Ok(Participant {
        customer_guid: row.get(0)?,
        user_guid: row.get(1)?,
        email: row.get(2)?,
        formal_name: row.get(3)?,
        mails_on_messages: row.get(4)?,
    })
}

fn read(row: &Row<'_>) -> Result<Message> {
    Ok(Message {
        guid: row.get(0)?,
        customer_guid: row.get(1)?,
        number: row.get(2)?,
        author_guid: row.get(3)?,
        author_name: row.get(4)?,
        author_company: row.get(5)?,
        side: row.get(6)?,
        body: row.get(7)?,
        created_at: Timestamp(row.get(8)?),
        edited_at: row.get::<Option<i64>>(9)?.map(Timestamp),
        deleted_at: row.get::<Option<i64>>(10)?.map(Timestamp),
        revision: row.get(11)?,
    })
}
