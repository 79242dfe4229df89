//! What is noted about users for their administrators: when they were invited, and what they are asked for.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// Notes that an administrator invited a user.
pub fn update_invited(tx: &mut Tx<'_>, customer: Guid, guid: Guid, now: Timestamp) -> Result<u64> {
    tx.execute(
        "update users set invited_at = $3 where customer_guid = $1 and guid = $2",
        &[&customer, &guid, &now.0],
    )
}

/// When an administrator last invited a user.
pub fn find_invited(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Timestamp>> {
    let found = tx.find(
        "select invited_at from users where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        |row| row.get::<Option<i64>>(0),
    )?;
    Ok(found.flatten().map(Timestamp))
}

/// When users of a customer were invited after `since`: the last `most` times, newest first.
pub fn list_invited(tx: &mut Tx<'_>, customer: Guid, (since, most): (Timestamp, i64)) -> Result<Vec<Timestamp>> {
    tx.list(
        "select invited_at from users where customer_guid = $1 and invited_at > $2 order by invited_at desc limit $3",
        &[&customer, &since.0, &most],
        |row| Ok(Timestamp(row.get(0)?)),
    )
}

/// Sets what is only kept for whoever asks: whether others may ask the user for more companies, and where the user
/// wants to begin. None leaves it as it is.
pub fn update_wishes(
    tx: &mut Tx<'_>,
    customer: Guid,
    guid: Guid,
    (is_available, landing_page): (Option<bool>, Option<&str>),
) -> Result<u64> {
    tx.execute(
        "update users set is_available_for_contact = coalesce($3, is_available_for_contact), \
         landing_page = coalesce($4, landing_page) where customer_guid = $1 and guid = $2",
        &[&customer, &guid, &is_available, &landing_page],
    )
}

/// Where a user wants to begin.
pub fn find_landing_page(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<String>> {
    tx.find(
        "select landing_page from users where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        |row| row.get(0),
    )
}
