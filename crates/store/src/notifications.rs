//! Notifications: what a user is told inside the application, numbered for each user.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// Whose notifications: the tenant filter of every statement on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The customer of the user.
    pub customer: Guid,
    /// The user.
    pub user: Guid,
}

/// A notification as it is read.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Counts up for each user, from 1.
    pub number: i64,
    /// The request it is about.
    pub request: Option<Guid>,
    /// Whether the user's own customer sent that request.
    pub is_sent: bool,
    /// What happened, e.g. `request.accepted`.
    pub kind: String,
    /// One line, plain text.
    pub subject: String,
    /// More of it, plain text, may be empty.
    pub body: String,
    /// When.
    pub at: Timestamp,
    /// Whether the user has not marked it as read.
    pub is_unread: bool,
}

/// A notification to be inserted.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct New<'n> {
    pub number: i64,
    pub request: Option<Guid>,
    pub kind: &'n str,
    pub subject: &'n str,
    pub body: &'n str,
    pub at: Timestamp,
}

/// The highest number that an active user has, 0 before the first; none where there is no such user.
pub fn find_newest_number(tx: &mut Tx<'_>, owner: Owner) -> Result<Option<i64>> {
    tx.find(
        "select (select coalesce(max(n.number), 0) from notifications n where n.user_guid = u.guid) from users u \
         where u.customer_guid = $1 and u.guid = $2 and u.status = 'Activated'",
        &[&owner.customer, &owner.user],
        |row| row.get(0),
    )
}

/// Stores a new notification, unread.
pub fn insert(tx: &mut Tx<'_>, owner: Owner, new: &New<'_>) -> Result<()> {
    tx.execute(
        "insert into notifications (customer_guid, user_guid, number, request_guid, kind, subject, body, at, \
         is_unread) values ($1, $2, $3, $4, $5, $6, $7, $8, true)",
        &[
            &owner.customer,
            &owner.user,
            &new.number,
            &new.request,
            &new.kind,
            &new.subject,
            &new.body,
            &new.at.0,
        ],
    )?;
    Ok(())
}

macro_rules! select_notifications {
    ($tail:literal) => {
        concat!(
            "select n.number, n.request_guid, coalesce(r.customer_guid = n.customer_guid, false), n.kind, n.subject, \
             n.body, n.at, n.is_unread from notifications n left join access_requests r on r.guid = n.request_guid \
             where n.customer_guid = $1 and n.user_guid = $2 ",
            $tail
        )
    };
}

/// A page of a user's notifications, newest first: `limit` rows after `offset`.
pub fn list(tx: &mut Tx<'_>, owner: Owner, (limit, offset): (i64, i64)) -> Result<Vec<Notification>> {
    tx.list(
        select_notifications!("order by n.number desc limit $3 offset $4"),
        &[&owner.customer, &owner.user, &limit, &offset],
        read,
    )
}

/// One notification.
pub fn find(tx: &mut Tx<'_>, owner: Owner, number: i64) -> Result<Option<Notification>> {
    tx.find(
        select_notifications!("and n.number = $3"),
        &[&owner.customer, &owner.user, &number],
        read,
    )
}

/// How many notifications a user has, and how many of them are unread.
pub fn count(tx: &mut Tx<'_>, owner: Owner) -> Result<(i64, i64)> {
    tx.one(
        "select count(*), count(case when is_unread then 1 end) from notifications \
         where customer_guid = $1 and user_guid = $2",
        &[&owner.customer, &owner.user],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// How many notifications of a user are unread.
pub fn count_unread(tx: &mut Tx<'_>, owner: Owner) -> Result<i64> {
    tx.one(
        "select count(*) from notifications where customer_guid = $1 and user_guid = $2 and is_unread",
        &[&owner.customer, &owner.user],
        |row| row.get(0),
    )
}

/// Marks one notification as unread or read. Gives 0 where there is none of this number.
pub fn update_unread(tx: &mut Tx<'_>, owner: Owner, number: i64, is_unread: bool) -> Result<u64> {
    tx.execute(
        "update notifications set is_unread = $4 where customer_guid = $1 and user_guid = $2 and number = $3",
        &[&owner.customer, &owner.user, &number, &is_unread],
    )
}

/// Marks all notifications of a user as read. Gives the number that were not.
pub fn mark_read(tx: &mut Tx<'_>, owner: Owner) -> Result<u64> {
    tx.execute(
        "update notifications set is_unread = false where customer_guid = $1 and user_guid = $2 and is_unread",
        &[&owner.customer, &owner.user],
    )
}

/// Deletes the `surplus` notifications of a user that are missed least: the oldest read ones, then the oldest.
pub fn delete_oldest(tx: &mut Tx<'_>, owner: Owner, surplus: i64) -> Result<u64> {
    tx.execute(
        "delete from notifications where customer_guid = $1 and user_guid = $2 and number in \
         (select n.number from notifications n where n.user_guid = $2 order by n.is_unread, n.number limit $3)",
        &[&owner.customer, &owner.user, &surplus],
    )
}

/// The collaboration contacts of a company's customers. Guests count only in the customer that received the request:
/// they do not see what came to others of their company.
pub fn list_contacts(tx: &mut Tx<'_>, company: Guid, recipient: Option<Guid>) -> Result<Vec<Owner>> {
    tx.list(
        "select u.customer_guid, u.guid from users u join customers c on c.guid = u.customer_guid \
         where c.my_company_guid = $1 and c.is_active and (c.type <> 'Vendor Access' or c.guid = $2) \
         and u.is_collaboration_contact and u.status = 'Activated' order by u.email_key, u.guid limit 50",
        &[&company, &recipient.unwrap_or_default()],
        |row| {
            Ok(Owner {
                customer: row.get(0)?,
                user: row.get(1)?,
            })
        },
    )
}

fn read(row: &liaison_db::Row<'_>) -> Result<Notification> {
    Ok(Notification {
        number: row.get(0)?,
        request: row.get(1)?,
        is_sent: row.get(2)?,
        kind: row.get(3)?,
        subject: row.get(4)?,
        body: row.get(5)?,
        at: Timestamp(row.get(6)?),
        is_unread: row.get(7)?,
    })
}
