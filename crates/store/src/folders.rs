//! Folders: how a customer sorts its portfolio.

use liaison_db::{Query, Tx};
use liaison_domain::Guid;

use crate::{Result, bulk};

/// A folder and the companies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// The companies, by guid.
    pub company_guids: Vec<Guid>,
}

/// The folders of a customer, by name.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<Folder>> {
    let mut folders: Vec<Folder> = tx.list(
        "select guid, name from folders where customer_guid = $1 order by name, guid",
        &[&customer],
        |row| {
            Ok(Folder {
                guid: row.get(0)?,
                name: row.get(1)?,
                company_guids: Vec::new(),
            })
        },
    )?;
    for folder in &mut folders {
        folder.company_guids = list_companies(tx, customer, folder.guid)?;
    }
    Ok(folders)
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
    let read = |row: &liaison_db::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let mut found: Vec<(Guid, String)> = bulk::list_of_customer(tx, (head, customer, key), companies, read)?;
    found.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(found)
}

/// One folder.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Folder>> {
    let name = tx.find(
        "select name from folders where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        |row| row.get(0),
    )?;
    let Some(name) = name else { return Ok(None) };
    Ok(Some(Folder {
        guid,
        name,
        company_guids: list_companies(tx, customer, guid)?,
    }))
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

/// Stores a folder, new or changed, with exactly its companies. Gives 0 where the guid is another customer's.
pub fn upsert(tx: &mut Tx<'_>, customer: Guid, folder: &Folder) -> Result<u64> {
    let stored = upsert_name(tx, customer, folder.guid, &folder.name)?;
    if stored == 0 || list_companies(tx, customer, folder.guid)? == folder.company_guids {
        return Ok(stored);
    }
    tx.execute(
        "delete from folder_companies where customer_guid = $1 and folder_guid = $2",
        &[&customer, &folder.guid],
    )?;
    insert_companies(tx, customer, folder.guid, &folder.company_guids)?;
    Ok(stored)
}

/// Stores a folder's name and leaves its companies alone. Gives 0 where the guid is another customer's.
pub fn upsert_name(tx: &mut Tx<'_>, customer: Guid, guid: Guid, name: &str) -> Result<u64> {
    tx.execute(
        "insert into folders (guid, customer_guid, name) values ($1, $2, $3) on conflict (guid) do update \
         set name = excluded.name where folders.customer_guid = excluded.customer_guid",
        &[&guid, &customer, &name],
    )
}

/// Puts companies into a folder.
pub fn insert_companies(tx: &mut Tx<'_>, customer: Guid, folder: Guid, companies: &[Guid]) -> Result<u64> {
    let sql = (
        "insert into folder_companies (customer_guid, folder_guid, company_guid) values ",
        ") on conflict do nothing",
    );
    bulk::insert(tx, sql, companies, |values, company| {
        values.add(customer).add(folder).add(*company);
    })
}

/// Takes companies out of a folder.
pub fn delete_companies(tx: &mut Tx<'_>, customer: Guid, folder: Guid, companies: &[Guid]) -> Result<u64> {
    bulk::prefer_indexes(tx)?;
    let mut deleted = 0;
    for block in bulk::blocks(companies) {
        let mut query = Query::new("delete from folder_companies where customer_guid = ");
        query.bind(customer).push(" and folder_guid = ").bind(folder);
        query.push(" and company_guid in ").bind_list(block.iter().copied());
        deleted += tx.execute_query(&query)?;
    }
    Ok(deleted)
}

fn list_companies(tx: &mut Tx<'_>, customer: Guid, folder: Guid) -> Result<Vec<Guid>> {
    tx.list(
        "select company_guid from folder_companies where customer_guid = $1 and folder_guid = $2 order by company_guid",
        &[&customer, &folder],
        |row| row.get(0),
    )
}
