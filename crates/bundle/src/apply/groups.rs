//! Groups with the companies that they note.

use liaison_domain::Guid;
use liaison_store as store;
use liaison_store::user_groups::UserGroup;

use super::members;
use super::writer::Writer;
use crate::{ImportError, Kind};

/// Brings a group to what the file says of it and to exactly its companies.
pub(super) fn write(
    writer: &mut Writer<'_>,
    customer: Guid,
    group: &UserGroup,
    companies: &[Guid],
) -> Result<(), ImportError> {
    let guid = group.guid;
    let stored = writer.db.read_blocking(move |tx| {
        let Some(stored) = store::user_groups::find(tx, customer, guid)? else {
            return Ok(None);
        };
        Ok::<_, liaison_db::Error>(Some((stored, store::user_groups::list_companies(tx, customer, guid)?)))
    })?;
    let wanted = (group.clone(), companies.to_vec());
    if !writer.note(Kind::Groups, stored.as_ref(), &wanted) {
        return Ok(());
    }
    let head = wanted.0;
    writer.transaction(move |tx| store::user_groups::upsert(tx, customer, &head))?;
    let old = stored.map(|(_, companies)| companies).unwrap_or_default();
    members::write(
        writer,
        (&old, companies),
        move |tx, companies| store::user_groups::delete_companies(tx, customer, guid, companies),
        move |tx, companies| store::user_groups::add_companies(tx, customer, guid, companies),
    )
}
