//! Folders, which may hold so many companies that one transaction is not enough.

use liaison_domain::Guid;
use liaison_store as store;
use liaison_store::folders::Folder;

use super::writer::{ROWS, Writer};
use crate::{ImportError, Kind};

/// Brings a folder to its name and exactly its companies.
pub(super) fn write(writer: &mut Writer<'_>, customer: Guid, folder: &Folder) -> Result<(), ImportError> {
    let guid = folder.guid;
    let stored = writer
        .db
        .read_blocking(move |tx| store::folders::find(tx, customer, guid))?;
    let report = writer.count(Kind::Folders);
    match &stored {
        None => report.added += 1,
        Some(stored) if stored == folder => {
            report.unchanged += 1;
            return Ok(());
        }
        Some(_) => report.changed += 1,
    }
    if writer.only_compares {
        return Ok(());
    }
    if stored.as_ref().is_none_or(|stored| stored.name != folder.name) {
        let name = folder.name.clone();
        writer.transaction(move |tx| store::folders::upsert_name(tx, customer, guid, &name))?;
    }
    let old = stored.map(|stored| stored.company_guids).unwrap_or_default();
    for block in without(&old, &folder.company_guids).chunks(ROWS) {
        let block = block.to_vec();
        writer.transaction(move |tx| store::folders::delete_companies(tx, customer, guid, &block))?;
    }
    for block in without(&folder.company_guids, &old).chunks(ROWS) {
        let block = block.to_vec();
        writer.transaction(move |tx| store::folders::insert_companies(tx, customer, guid, &block))?;
    }
    Ok(())
}

/// Those of some guids that are not among others, which are sorted.
fn without(guids: &[Guid], others: &[Guid]) -> Vec<Guid> {
    guids
        .iter()
        .filter(|guid| others.binary_search(guid).is_err())
        .copied()
        .collect()
}
