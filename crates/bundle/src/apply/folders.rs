//! Folders with their companies.

use liaison_domain::Guid;
use liaison_store as store;
use liaison_store::folders::Folder;

use super::members;
use super::writer::Writer;
use crate::{ImportError, Kind};

/// Brings a folder to what the file says of it and to exactly its companies.
pub(super) fn write(writer: &mut Writer<'_>, customer: Guid, folder: &Folder) -> Result<(), ImportError> {
    let guid = folder.guid;
    let stored = writer
        .db
        .read_blocking(move |tx| store::folders::find(tx, customer, guid))?;
    if !writer.note(Kind::Folders, stored.as_ref(), folder) {
        return Ok(());
    }
    let now = writer.env.now;
    let (mut head, days) = (folder.clone(), folder.content_expiry_days);
    let new = std::mem::take(&mut head.company_guids);
    let before = stored.as_ref().map(|stored| stored.content_expiry_days);
    writer.transaction(move |tx| {
        store::folders::upsert(tx, customer, &head)?;
        if before.is_some_and(|before| before != days) {
            store::folders::update_expiry(tx, customer, guid, (days, now))?;
        }
        Ok(())
    })?;
    let old = stored.map(|stored| stored.company_guids).unwrap_or_default();
    members::write(
        writer,
        (&old, &new),
        move |tx, companies| store::folders::delete_companies(tx, customer, guid, companies),
        move |tx, companies| store::folders::add_companies(tx, customer, (guid, companies), (days, now)),
    )
}
