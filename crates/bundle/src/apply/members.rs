//! The companies of a folder or a group, which may be so many that one transaction is not enough.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_store as store;

use super::writer::{ROWS, Writer};
use crate::ImportError;

/// Takes out and puts in what differs between two sorted lists.
pub(super) fn write(
    writer: &mut Writer<'_>,
    (old, new): (&[Guid], &[Guid]),
    take_out: impl Fn(&mut Tx<'_>, &[Guid]) -> store::Result<u64> + Clone + Send + 'static,
    put_in: impl Fn(&mut Tx<'_>, &[Guid]) -> store::Result<u64> + Clone + Send + 'static,
) -> Result<(), ImportError> {
    for block in without(old, new).chunks(ROWS) {
        let (block, take_out) = (block.to_vec(), take_out.clone());
        writer.transaction(move |tx| take_out(tx, &block))?;
    }
    for block in without(new, old).chunks(ROWS) {
        let (block, put_in) = (block.to_vec(), put_in.clone());
        writer.transaction(move |tx| put_in(tx, &block))?;
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
