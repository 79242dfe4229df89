//! Statements about many rows at once, so that PostgreSQL is not one round trip for each row.
//!
//! Rows are taken in blocks whose lengths are powers of two: a statement then comes in few texts, and both engines
//! keep prepared statements by their text.

use liaison_db::{Engine, Param, Query, Row, Tx};
use liaison_domain::Guid;

use crate::Result;

/// Most rows of one statement.
const BLOCK: usize = 64;

/// Cuts rows into blocks.
pub(crate) fn blocks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = rows.len().min(BLOCK).checked_ilog2().map(|power| 1 << power)?;
        let (block, rest) = rows.split_at(length);
        rows = rest;
        Some(block)
    })
}

/// Has the planner of PostgreSQL look up many keys in an index, until the transaction ends. Left alone it plans while
/// a table is almost empty, prefers to read all of it, and keeps to that plan while an import makes the table large.
pub(crate) fn prefer_indexes(tx: &mut Tx<'_>) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.execute("set local enable_seqscan = off", &[]).map(drop),
    }
}

/// Tells the planner of PostgreSQL how much an import has brought. Until then it plans for tables of which it knows
/// nothing, and the database's own housekeeping comes by once a minute at best.
pub fn refresh_statistics(tx: &mut Tx<'_>) -> Result<()> {
    let sql = "analyze companies, company_domains, company_words, company_ratings, findings, portfolio, contacts, \
               folder_companies, group_companies, users";
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.execute(sql, &[]).map(drop),
    }
}

/// The rows that `head` (`select … where guid in `) finds for some guids.
pub(crate) fn list_in<T>(
    tx: &mut Tx<'_>,
    head: &'static str,
    guids: &[Guid],
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    prefer_indexes(tx)?;
    let mut found = Vec::new();
    for block in blocks(guids) {
        let mut query = Query::new(head);
        query.bind_list(block.iter().copied());
        found.append(&mut tx.list_query(&query, &mut read)?);
    }
    Ok(found)
}

/// The same for one customer's rows: `head` ends with `customer_guid = `, `key` is ` and guid in ` or the like.
pub(crate) fn list_of_customer<T>(
    tx: &mut Tx<'_>,
    (head, customer, key): (&'static str, Guid, &'static str),
    guids: &[Guid],
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    prefer_indexes(tx)?;
    let mut found = Vec::new();
    for block in blocks(guids) {
        let mut query = Query::new(head);
        query.bind(customer).push(key).bind_list(block.iter().copied());
        found.append(&mut tx.list_query(&query, &mut read)?);
    }
    Ok(found)
}

/// The values of one row on their way into a statement.
pub(crate) struct Values<'q> {
    query: &'q mut Query,
    opening: &'static str,
}

impl Values<'_> {
    /// The next value of the row.
    pub(crate) fn add(&mut self, value: impl Param + Send + Sync + 'static) -> &mut Self {
        self.query.push(self.opening).bind(value);
        self.opening = ", ";
        self
    }
}

/// Deletes rows of some guids: `head` ends before the customer, `key` before the guids. Gives the rows deleted.
pub(crate) fn delete_of_customer(
    tx: &mut Tx<'_>,
    (head, customer, key): (&'static str, Guid, &'static str),
    guids: &[Guid],
) -> Result<u64> {
    prefer_indexes(tx)?;
    let mut deleted = 0;
    for block in blocks(guids) {
        let mut query = Query::new(head);
        query.bind(customer).push(key).bind_list(block.iter().copied());
        deleted += tx.execute_query(&query)?;
    }
    Ok(deleted)
}

/// The same inside of one holder, as a folder is: `key` ends before it.
pub(crate) fn delete_of_holder(
    tx: &mut Tx<'_>,
    (head, customer): (&'static str, Guid),
    (key, holder): (&'static str, Guid),
    companies: &[Guid],
) -> Result<u64> {
    prefer_indexes(tx)?;
    let mut deleted = 0;
    for block in blocks(companies) {
        let mut query = Query::new(head);
        query.bind(customer).push(key).bind(holder);
        query.push(" and company_guid in ").bind_list(block.iter().copied());
        deleted += tx.execute_query(&query)?;
    }
    Ok(deleted)
}

/// Inserts rows: `head` ends with `values `, `tail` says what happens on conflict. Gives the rows written.
pub(crate) fn insert<T>(
    tx: &mut Tx<'_>,
    (head, tail): (&'static str, &'static str),
    rows: &[T],
    bind: impl Fn(&mut Values<'_>, &T),
) -> Result<u64> {
    let mut written = 0;
    for block in blocks(rows) {
        let mut query = Query::new(head);
        for (place, row) in block.iter().enumerate() {
            let opening = if place == 0 { "(" } else { "), (" };
            bind(
                &mut Values {
                    query: &mut query,
                    opening,
                },
                row,
            );
        }
        query.push(tail);
        written += tx.execute_query(&query)?;
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_are_powers_of_two_and_cover_everything() {
        let lengths = |rows: &[u8]| blocks(rows).map(<[u8]>::len).collect::<Vec<_>>();
        assert_eq!(lengths(&[0; 143]), [64, 64, 8, 4, 2, 1]);
        assert!(lengths(&[]).is_empty());
        let rows: Vec<u8> = (0..100).collect();
        assert_eq!(blocks(&rows).flatten().copied().collect::<Vec<_>>(), rows);
    }
}
