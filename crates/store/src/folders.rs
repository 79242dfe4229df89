//! Folders: how a customer sorts its portfolio.

use liaison_db::{Query, Row, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::{Result, bulk};

/// A folder as a bundle has it: without its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// What it is for, may be empty.
    pub description: String,
    /// Days after which companies leave it; none: never.
    pub content_expiry_days: Option<i64>,
    /// Its place among the folders.
    pub position: i64,
    /// The companies, by guid.
    pub company_guids: Vec<Guid>,
}

/// The folders of a customer, by name.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<Folder>> {
    let mut folders = tx.list(
        "select guid, name, description, content_expiry_days, position from folders where customer_guid = $1 \
         order by name, guid",
        &[&customer],
        read,
    )?;
    for folder in &mut folders {
        folder.company_guids = list_companies(tx, customer, folder.guid)?;
    }
    Ok(folders)
}

/// One folder.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Folder>> {
    let mut folder = tx.find(
        "select guid, name, description, content_expiry_days, position from folders \
         where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        read,
    )?;
    if let Some(folder) = &mut folder {
        folder.company_guids = list_companies(tx, customer, guid)?;
    }
    Ok(folder)
}

fn read(row: &Row<'_>) -> Result<Folder> {
    Ok(Folder {
        guid: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        content_expiry_days: row.get(3)?,
        position: row.get(4)?,
        company_guids: Vec::new(),
    })
}

/// The folders of a customer without their companies, by name.
pub fn list_names(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<(Guid, String)>> {
    tx.list(
        "select guid, name from folders where customer_guid = $1 order by name, guid",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// In which folders of a customer some companies are: company and folder's name, by name.
pub fn list_names_by_companies(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<Vec<(Guid, String)>> {
    let head = "select fc.company_guid, f.name from folders f join folder_companies fc on fc.folder_guid = f.guid \
                where f.customer_guid = ";
    let key = " and fc.company_guid in ";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let mut found: Vec<(Guid, String)> = bulk::list_of_customer(tx, (head, customer, key), companies, read)?;
    found.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(found)
}

/// The customers of some folders, whoever's they are: guids are unique on the server.
pub fn list_owners(tx: &mut Tx<'_>, guids: &[Guid]) -> Result<Vec<(Guid, Guid)>> {
    bulk::list_in(
        tx,
        "select guid, customer_guid from folders where guid in ",
        guids,
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Stores a folder, new or changed, and leaves its companies alone. Gives 0 where the guid is another customer's.
pub fn upsert(tx: &mut Tx<'_>, customer: Guid, folder: &Folder) -> Result<u64> {
    tx.execute(
        "insert into folders (guid, customer_guid, name, description, content_expiry_days, position) \
         values ($1, $2, $3, $4, $5, $6) on conflict (guid) do update set name = excluded.name, \
         description = excluded.description, content_expiry_days = excluded.content_expiry_days, \
         position = excluded.position where folders.customer_guid = excluded.customer_guid",
        &[
            &folder.guid,
            &customer,
            &folder.name,
            &folder.description,
            &folder.content_expiry_days,
            &folder.position,
        ],
    )
}

/// Takes companies out of a folder.
pub fn delete_companies(tx: &mut Tx<'_>, customer: Guid, folder: Guid, companies: &[Guid]) -> Result<u64> {
    let head = "delete from folder_companies where customer_guid = ";
    bulk::delete_of_holder(tx, (head, customer), (" and folder_guid = ", folder), companies)
}

/// The companies of a folder, by guid.
pub fn list_companies(tx: &mut Tx<'_>, customer: Guid, folder: Guid) -> Result<Vec<Guid>> {
    tx.list(
        "select company_guid from folder_companies where customer_guid = $1 and folder_guid = $2 order by company_guid",
        &[&customer, &folder],
        |row| row.get(0),
    )
}

/// A folder as its customer sees it, without its companies.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// What it is for, may be empty.
    pub description: String,
    /// Days after which companies leave it; none: never.
    pub content_expiry_days: Option<i64>,
    /// Its place among the folders.
    pub position: i64,
    /// Who made it; none where an import did, or where the user is gone.
    pub owner: Option<Owner>,
    /// How many companies are in it.
    pub companies_count: i64,
}

/// The user who made a folder.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Their guid.
    pub guid: Guid,
    /// Their address.
    pub email: String,
    /// Their name.
    pub formal_name: String,
}

macro_rules! select_kept {
    ($tail:literal) => {
        concat!(
            "select f.guid, f.name, f.description, f.content_expiry_days, f.position, u.guid, u.email, u.formal_name, \
             (select count(*) from folder_companies fc where fc.folder_guid = f.guid) from folders f \
             left join users u on u.customer_guid = f.customer_guid and u.guid = f.owner_guid where f.customer_guid = $1",
            $tail
        )
    };
}

/// The folders of a customer, in their order.
pub fn list_kept(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<Kept>> {
    tx.list(
        select_kept!(" order by f.position, f.name, f.guid"),
        &[&customer],
        read_kept,
    )
}

/// One folder.
pub fn find_kept(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Kept>> {
    tx.find(select_kept!(" and f.guid = $2"), &[&customer, &guid], read_kept)
}

fn read_kept(row: &Row<'_>) -> Result<Kept> {
    let owner = match row.get::<Option<Guid>>(5)? {
        None => None,
        Some(guid) => Some(Owner {
            guid,
            email: row.get(6)?,
            formal_name: row.get(7)?,
        }),
    };
    Ok(Kept {
        guid: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        content_expiry_days: row.get(3)?,
        position: row.get(4)?,
        owner,
        companies_count: row.get(8)?,
    })
}

/// What is in which folder of a customer: folder and company, by both.
pub fn list_contents(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<(Guid, Guid)>> {
    tx.list(
        "select folder_guid, company_guid from folder_companies where customer_guid = $1 \
         order by folder_guid, company_guid",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// How many folders a customer has, and the last place among them.
pub fn count(tx: &mut Tx<'_>, customer: Guid) -> Result<(i64, i64)> {
    tx.one(
        "select count(*), coalesce(max(position), 0) from folders where customer_guid = $1",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Stores a new folder.
pub fn insert(tx: &mut Tx<'_>, customer: Guid, folder: &Kept) -> Result<()> {
    let owner = folder.owner.as_ref().map(|owner| owner.guid);
    tx.execute(
        "insert into folders (guid, customer_guid, name, description, content_expiry_days, position, owner_guid) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            &folder.guid,
            &customer,
            &folder.name,
            &folder.description,
            &folder.content_expiry_days,
            &folder.position,
            &owner,
        ],
    )?;
    Ok(())
}

/// Stores the name, the description and the days of a folder.
pub fn update(tx: &mut Tx<'_>, customer: Guid, folder: &Kept) -> Result<()> {
    tx.execute(
        "update folders set name = $3, description = $4, content_expiry_days = $5 \
         where customer_guid = $1 and guid = $2",
        &[
            &customer,
            &folder.guid,
            &folder.name,
            &folder.description,
            &folder.content_expiry_days,
        ],
    )?;
    Ok(())
}

/// Says anew when the companies of a folder leave it: some days after they came, or never.
pub fn update_expiry(
    tx: &mut Tx<'_>,
    customer: Guid,
    folder: Guid,
    (days, now): (Option<i64>, Timestamp),
) -> Result<()> {
    let millis = days.map(|days| Timestamp(0).plus_days(days).0);
    // Nobody knows when companies came in that were there before that was noted: they begin today.
    tx.execute(
        "update folder_companies set expires_at = case when added_at = 0 then $4 else added_at end + $3 \
         where customer_guid = $1 and folder_guid = $2",
        &[&customer, &folder, &millis, &now.0],
    )?;
    Ok(())
}

/// Deletes a folder. The companies in it stay in the portfolio.
pub fn delete(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<u64> {
    tx.execute(
        "delete from folders where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
    )
}

/// Puts companies into a folder, for some days or for good.
pub fn add_companies(
    tx: &mut Tx<'_>,
    customer: Guid,
    (folder, companies): (Guid, &[Guid]),
    (days, now): (Option<i64>, Timestamp),
) -> Result<u64> {
    let until = days.map(|days| now.plus_days(days).0);
    let sql = (
        "insert into folder_companies (customer_guid, folder_guid, company_guid, added_at, expires_at) values ",
        ") on conflict do nothing",
    );
    bulk::insert(tx, sql, companies, |values, company| {
        values.add(customer).add(folder).add(*company).add(now.0).add(until);
    })
}

/// Those of some companies that are in a folder.
pub fn list_contained(tx: &mut Tx<'_>, customer: Guid, folder: Guid, companies: &[Guid]) -> Result<Vec<Guid>> {
    bulk::prefer_indexes(tx)?;
    let mut found = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new("select company_guid from folder_companies where customer_guid = ");
        query.bind(customer).push(" and folder_guid = ").bind(folder);
        query.push(" and company_guid in ").bind_list(block.iter().copied());
        found.append(&mut tx.list_query(&query, |row| row.get(0))?);
    }
    Ok(found)
}

/// Takes companies out of every folder of a customer.
pub fn delete_companies_everywhere(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<u64> {
    let head = "delete from folder_companies where customer_guid = ";
    bulk::delete_of_customer(tx, (head, customer, " and company_guid in "), companies)
}

/// Takes companies out of folders whose time there is over, `most` at once.
pub fn delete_expired(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<u64> {
    tx.execute(
        "delete from folder_companies where (folder_guid, company_guid) in (select folder_guid, company_guid \
         from folder_companies where expires_at is not null and expires_at <= $1 order by expires_at limit $2)",
        &[&now.0, &most],
    )
}

/// The folders that a company is in.
pub fn list_of_company(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Vec<Guid>> {
    tx.list(
        "select folder_guid from folder_companies where customer_guid = $1 and company_guid = $2 order by folder_guid",
        &[&customer, &company],
        |row| row.get(0),
    )
}
