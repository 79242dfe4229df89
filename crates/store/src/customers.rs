//! Customers: the accounts of this server.

use liaison_db::{Row, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::{Result, bulk};

/// A customer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns and of the bundle")]
pub struct Customer {
    pub guid: Guid,
    pub name: String,
    pub kind: String,
    pub my_company_guid: Option<Guid>,
    pub is_active: bool,
    pub trial_duration: i64,
    /// When access ends; none for accounts without a trial clock.
    pub access_ends_at: Option<Timestamp>,
}

/// One customer.
pub fn find(tx: &mut Tx<'_>, guid: Guid) -> Result<Option<Customer>> {
    tx.find(
        "select guid, name, type, my_company_guid, is_active, trial_duration, access_ends_at from customers \
         where guid = $1",
        &[&guid],
        read,
    )
}

/// Every customer, by name.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Customer>> {
    tx.list(
        "select guid, name, type, my_company_guid, is_active, trial_duration, access_ends_at from customers \
         order by name, guid",
        &[],
        read,
    )
}

/// The `Vendor Access` customer of a company, switched on or off: the oldest where there are several.
pub fn find_vendor_access(tx: &mut Tx<'_>, company: Guid) -> Result<Option<Customer>> {
    tx.find(
        "select guid, name, type, my_company_guid, is_active, trial_duration, access_ends_at from customers \
         where my_company_guid = $1 and type = 'Vendor Access' order by created_at, guid limit 1",
        &[&company],
        read,
    )
}

/// Those of some customers that exist.
pub fn list_by_guids(tx: &mut Tx<'_>, guids: &[Guid]) -> Result<Vec<Customer>> {
    bulk::list_in(
        tx,
        "select guid, name, type, my_company_guid, is_active, trial_duration, access_ends_at from customers \
         where guid in ",
        guids,
        read,
    )
}

/// Stores a customer, new or changed.
pub fn upsert(tx: &mut Tx<'_>, customer: &Customer, now: Timestamp) -> Result<()> {
    tx.execute(
        "insert into customers (guid, name, type, my_company_guid, is_active, trial_duration, access_ends_at, \
         created_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (guid) do update set name = excluded.name, \
         type = excluded.type, my_company_guid = excluded.my_company_guid, is_active = excluded.is_active, \
         trial_duration = excluded.trial_duration, access_ends_at = excluded.access_ends_at, modified_at = $8",
        &[
            &customer.guid,
            &customer.name,
            &customer.kind,
            &customer.my_company_guid,
            &customer.is_active,
            &customer.trial_duration,
            &customer.access_ends_at.map(|at| at.0),
            &now.0,
        ],
    )?;
    Ok(())
}

/// Sets the trial that new requests of a customer get, in days.
pub fn update_trial_duration(tx: &mut Tx<'_>, customer: Guid, days: i64, now: Timestamp) -> Result<u64> {
    tx.execute(
        "update customers set trial_duration = $2, modified_at = $3 where guid = $1",
        &[&customer, &days, &now.0],
    )
}

/// Moves the end of a customer's access later, never earlier; customers without an end keep none.
pub fn update_access_extended(tx: &mut Tx<'_>, customer: Guid, until: Timestamp) -> Result<u64> {
    tx.execute(
        "update customers set access_ends_at = $2 where guid = $1 and access_ends_at < $2",
        &[&customer, &until.0],
    )
}

/// Switches a customer on or off.
pub fn update_active(tx: &mut Tx<'_>, customer: Guid, is_active: bool) -> Result<u64> {
    tx.execute(
        "update customers set is_active = $2 where guid = $1",
        &[&customer, &is_active],
    )
}

/// When a customer was made, and when its names or settings were changed last.
pub fn find_times(tx: &mut Tx<'_>, guid: Guid) -> Result<Option<(Timestamp, Timestamp)>> {
    tx.find(
        "select created_at, coalesce(modified_at, created_at) from customers where guid = $1",
        &[&guid],
        |row| Ok((Timestamp(row.get(0)?), Timestamp(row.get(1)?))),
    )
}

fn read(row: &Row<'_>) -> Result<Customer> {
    Ok(Customer {
        guid: row.get(0)?,
        name: row.get(1)?,
        kind: row.get(2)?,
        my_company_guid: row.get(3)?,
        is_active: row.get(4)?,
        trial_duration: row.get(5)?,
        access_ends_at: row.get::<Option<i64>>(6)?.map(Timestamp),
    })
}
