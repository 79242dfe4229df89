//! Users of customers.

pub mod directory;
mod invitations;

use liaison_db::{Query, Row, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::{Result, bulk, like};
pub use invitations::{find_invited, find_landing_page, list_invited, update_invited, update_wishes};

/// A user, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns and of the bundle")]
pub struct User {
    pub guid: Guid,
    pub email: String,
    pub friendly_name: String,
    pub formal_name: String,
    pub first_name: String,
    pub last_name: String,
    pub phone_number: Option<String>,
    pub role: String,
    pub group_guid: Option<Guid>,
    pub status: String,
    pub tos_date: Option<String>,
    pub last_login: Option<String>,
    pub is_collaboration_contact: bool,
    pub password_hash: Option<String>,
}

macro_rules! select_users {
    ($tail:literal) => {
        concat!(
            "select u.guid, u.email, u.friendly_name, u.formal_name, u.first_name, u.last_name, u.phone_number, \
             u.role, u.group_guid, u.status, u.tos_date, u.last_login, u.is_collaboration_contact, u.password_hash, \
             u.customer_guid from users u ",
            $tail
        )
    };
}

/// One user.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<User>> {
    tx.find(
        select_users!("where u.customer_guid = $1 and u.guid = $2"),
        &[&customer, &guid],
        read,
    )
}

/// The user of an address, as compared (`emails::key`).
pub fn find_by_email(tx: &mut Tx<'_>, customer: Guid, email_key: &str) -> Result<Option<User>> {
    tx.find(
        select_users!("where u.customer_guid = $1 and u.email_key = $2"),
        &[&customer, &email_key],
        read,
    )
}

/// The users of a customer, by address.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<User>> {
    tx.list(
        select_users!("where u.customer_guid = $1 order by u.email_key"),
        &[&customer],
        read,
    )
}

/// An active user with this address in an active customer of the company, and that customer's guid and type.
/// A full account comes before a guest's. Whoever came in by a copied link is found only for the `sender` who copied it.
pub fn find_at_company(
    tx: &mut Tx<'_>,
    (company, sender): (Guid, Guid),
    email_key: &str,
    now: Timestamp,
) -> Result<Option<(User, Guid, String)>> {
    tx.find(
        "select u.guid, u.email, u.friendly_name, u.formal_name, u.first_name, u.last_name, u.phone_number, u.role, \
         u.group_guid, u.status, u.tos_date, u.last_login, u.is_collaboration_contact, u.password_hash, \
         u.customer_guid, c.type from users u join customers c on c.guid = u.customer_guid \
         where u.email_key = $2 and u.status = 'Activated' and c.my_company_guid = $1 and c.is_active \
         and (c.access_ends_at is null or c.access_ends_at > $3) and (not u.is_unproven or exists \
         (select 1 from access_requests r where r.customer_guid = $4 and r.requestee_user_guid = u.guid)) \
         order by c.type, u.guid limit 1",
        &[&company, &email_key, &now.0, &sender],
        |row| Ok((read(row)?, row.get(14)?, row.get(15)?)),
    )
}

/// The users whom an address and a password can sign in, with their customers' names: the one seen last first.
pub fn list_sign_ins(tx: &mut Tx<'_>, email_key: &str, most: i64) -> Result<Vec<(User, Guid, String)>> {
    tx.list(
        "select u.guid, u.email, u.friendly_name, u.formal_name, u.first_name, u.last_name, u.phone_number, u.role, \
         u.group_guid, u.status, u.tos_date, u.last_login, u.is_collaboration_contact, u.password_hash, \
         u.customer_guid, c.name from users u join customers c on c.guid = u.customer_guid \
         where u.email_key = $1 and u.status = 'Activated' and c.is_active and u.password_hash is not null \
         order by coalesce(u.last_login, '') desc, u.guid limit $2",
        &[&email_key, &most],
        |row| Ok((read(row)?, row.get(14)?, row.get(15)?)),
    )
}

/// Notes a user's last sign-in.
pub fn update_last_login(tx: &mut Tx<'_>, customer: Guid, guid: Guid, now: Timestamp) -> Result<u64> {
    tx.execute(
        "update users set last_login = $3, last_login_at = $4 where customer_guid = $1 and guid = $2",
        &[&customer, &guid, &now.date(), &now.0],
    )
}

/// Takes away a user's password.
pub fn delete_password(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<u64> {
    tx.execute(
        "update users set password_hash = null where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
    )
}

/// Whether nobody has shown yet that a user's address is theirs.
pub fn is_unproven(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<bool> {
    let found = tx.find(
        "select is_unproven from users where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or_default())
}

/// Notes whether somebody has shown that a user's address is theirs. Gives 0 where that was known.
pub fn update_unproven(tx: &mut Tx<'_>, customer: Guid, guid: Guid, is_unproven: bool) -> Result<u64> {
    tx.execute(
        "update users set is_unproven = $3 where customer_guid = $1 and guid = $2 and is_unproven <> $3",
        &[&customer, &guid, &is_unproven],
    )
}

/// Sets a user's password, and with it that the account is in use.
pub fn update_password(tx: &mut Tx<'_>, customer: Guid, guid: Guid, password_hash: &str) -> Result<u64> {
    tx.execute(
        "update users set password_hash = $3, status = 'Activated' where customer_guid = $1 and guid = $2 \
         and status <> 'Deactivated'",
        &[&customer, &guid, &password_hash],
    )
}

/// Those users of a company's customers who are told of incoming requests and want mails about them.
pub fn list_collaboration_contacts(tx: &mut Tx<'_>, company: Guid) -> Result<Vec<User>> {
    tx.list(
        select_users!(
            "join customers c on c.guid = u.customer_guid where c.my_company_guid = $1 and c.is_active \
             and u.is_collaboration_contact and u.mails_on_requests and u.status = 'Activated' \
             order by u.email_key limit 50"
        ),
        &[&company],
        read,
    )
}

/// Those of some users that the customer has.
pub fn list_by_guids(tx: &mut Tx<'_>, customer: Guid, guids: &[Guid]) -> Result<Vec<User>> {
    let head = select_users!("where u.customer_guid = ");
    bulk::list_of_customer(tx, (head, customer, " and u.guid in "), guids, read)
}

/// The addresses of some that users of the customer have, as compared (`emails::key`), and those users.
pub fn list_by_emails(tx: &mut Tx<'_>, customer: Guid, email_keys: &[String]) -> Result<Vec<(String, Guid)>> {
    bulk::prefer_indexes(tx)?;
    let mut found = Vec::new();
    for block in bulk::blocks(email_keys) {
        let mut query = Query::new("select email_key, guid from users where customer_guid = ");
        query
            .bind(customer)
            .push(" and email_key in ")
            .bind_list(block.iter().cloned());
        found.append(&mut tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?)))?);
    }
    Ok(found)
}

/// The customers of some users, whoever's they are: guids are unique on the server.
pub fn list_owners(tx: &mut Tx<'_>, guids: &[Guid]) -> Result<Vec<(Guid, Guid)>> {
    bulk::list_in(
        tx,
        "select guid, customer_guid from users where guid in ",
        guids,
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Takes everybody out of a group.
pub fn clear_group(tx: &mut Tx<'_>, customer: Guid, group: Guid) -> Result<()> {
    tx.execute(
        "update users set group_guid = null where customer_guid = $1 and group_guid = $2",
        &[&customer, &group],
    )?;
    Ok(())
}

/// Stores a user, new or changed. Gives 0 where the guid is another customer's.
pub fn upsert(tx: &mut Tx<'_>, customer: Guid, user: &User, now: Timestamp) -> Result<u64> {
    let email_key = liaison_domain::emails::key(&user.email);
    tx.execute(
        "insert into users (guid, customer_guid, email, email_key, friendly_name, formal_name, first_name, last_name, \
         phone_number, role, group_guid, status, tos_date, last_login, is_collaboration_contact, password_hash, \
         created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
         on conflict (guid) do update set email = excluded.email, email_key = excluded.email_key, \
         friendly_name = excluded.friendly_name, formal_name = excluded.formal_name, \
         first_name = excluded.first_name, last_name = excluded.last_name, phone_number = excluded.phone_number, \
         role = excluded.role, group_guid = excluded.group_guid, status = excluded.status, \
         tos_date = excluded.tos_date, last_login = excluded.last_login, \
         is_collaboration_contact = excluded.is_collaboration_contact, password_hash = excluded.password_hash \
         where users.customer_guid = excluded.customer_guid",
        &[
            &user.guid,
            &customer,
            &user.email,
            &email_key,
            &user.friendly_name,
            &user.formal_name,
            &user.first_name,
            &user.last_name,
            &user.phone_number,
            &user.role,
            &user.group_guid,
            &user.status,
            &user.tos_date,
            &user.last_login,
            &user.is_collaboration_contact,
            &user.password_hash,
            &now.0,
        ],
    )
}

/// What mails a user wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// About messages.
    pub on_messages: bool,
    /// About requests that came in.
    pub on_requests: bool,
}

/// What mails a user wants.
pub fn find_preferences(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Preferences>> {
    tx.find(
        "select mails_on_messages, mails_on_requests from users where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        |row| {
            Ok(Preferences {
                on_messages: row.get(0)?,
                on_requests: row.get(1)?,
            })
        },
    )
}

/// Sets what mails a user wants.
pub fn update_preferences(tx: &mut Tx<'_>, customer: Guid, guid: Guid, wanted: Preferences) -> Result<u64> {
    tx.execute(
        "update users set mails_on_messages = $3, mails_on_requests = $4 where customer_guid = $1 and guid = $2",
        &[&customer, &guid, &wanted.on_messages, &wanted.on_requests],
    )
}

/// Sets whether a user is told of incoming requests.
pub fn update_collaboration_contact(tx: &mut Tx<'_>, customer: Guid, guid: Guid, is_contact: bool) -> Result<u64> {
    tx.execute(
        "update users set is_collaboration_contact = $3 where customer_guid = $1 and guid = $2",
        &[&customer, &guid, &is_contact],
    )
}

/// Which users of a customer.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Whose name or address contains this, whatever its case; empty: all.
    pub text: String,
    /// At most this many.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

/// A page of a customer's users, by address, and how many there are in all.
pub fn search(tx: &mut Tx<'_>, customer: Guid, wanted: &Search) -> Result<(Vec<User>, i64)> {
    let mut count = Query::new("select count(*) from users u where u.customer_guid = ");
    let mut query = Query::new(select_users!("where u.customer_guid = "));
    for query in [&mut count, &mut query] {
        query.bind(customer);
        if !wanted.text.is_empty() {
            let part = like::part(&wanted.text.to_lowercase());
            query
                .push(" and (u.email_key like ")
                .bind(part.clone())
                .push(" escape '!' or lower(u.formal_name) like ")
                .bind(part)
                .push(" escape '!')");
        }
    }
    query
        .push(" order by u.email_key, u.guid limit ")
        .bind(wanted.limit)
        .push(" offset ")
        .bind(wanted.offset);
    let total = tx.list_query(&count, |row| row.get(0))?.pop().unwrap_or_default();
    Ok((tx.list_query(&query, read)?, total))
}

/// Those users of a customer who are told of incoming requests, and whether they want mails about them.
pub fn list_told(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<(User, bool)>> {
    tx.list(
        "select u.guid, u.email, u.friendly_name, u.formal_name, u.first_name, u.last_name, u.phone_number, u.role, \
         u.group_guid, u.status, u.tos_date, u.last_login, u.is_collaboration_contact, u.password_hash, \
         u.mails_on_requests from users u where u.customer_guid = $1 and u.is_collaboration_contact \
         order by u.email_key",
        &[&customer],
        |row| Ok((read(row)?, row.get(14)?)),
    )
}

/// How many active users of a customer, one excepted, have a role.
pub fn count_others_of_role(tx: &mut Tx<'_>, customer: Guid, (except, role): (Guid, &str)) -> Result<i64> {
    tx.one(
        "select count(*) from users where customer_guid = $1 and guid <> $2 and role = $3 and status = 'Activated'",
        &[&customer, &except, &role],
        |row| row.get(0),
    )
}

/// Sets whether a user gets mails about messages.
pub fn update_mails_on_messages(tx: &mut Tx<'_>, customer: Guid, guid: Guid, wanted: bool) -> Result<u64> {
    tx.execute(
        "update users set mails_on_messages = $3 where customer_guid = $1 and guid = $2",
        &[&customer, &guid, &wanted],
    )
}

/// Sets where a user's account stands.
pub fn update_status(tx: &mut Tx<'_>, customer: Guid, guid: Guid, status: &str) -> Result<u64> {
    tx.execute(
        "update users set status = $3 where customer_guid = $1 and guid = $2",
        &[&customer, &guid, &status],
    )
}

fn read(row: &Row<'_>) -> Result<User> {
    Ok(User {
        guid: row.get(0)?,
        email: row.get(1)?,
        friendly_name: row.get(2)?,
        formal_name: row.get(3)?,
        first_name: row.get(4)?,
        last_name: row.get(5)?,
        phone_number: row.get(6)?,
        role: row.get(7)?,
        group_guid: row.get(8)?,
        status: row.get(9)?,
        tos_date: row.get(10)?,
        last_login: row.get(11)?,
        is_collaboration_contact: row.get(12)?,
        password_hash: row.get(13)?,
    })
}
