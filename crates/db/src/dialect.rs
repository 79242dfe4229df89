//! The only place where the two engines need different SQL.
//! Not here: anything both understand, and the migrations that differ.

use crate::{Engine, Error, Tx};

/// Tries to take the lock named by `key` until the transaction ends; false when another transaction has it.
///
/// SQLite answers true at once: it has a single writer, which is the lock. Use it inside `write`.
pub fn try_lock_key(tx: &mut Tx<'_>, key: i64) -> Result<bool, Error> {
    match tx.engine() {
        Engine::Sqlite => Ok(true),
        Engine::Postgres => tx.one("select pg_try_advisory_xact_lock($1)", &[&key], |row| row.get(0)),
    }
}

/// Ends a `select` that claims rows: rows claimed by another transaction are left out instead of waited for.
#[must_use]
pub const fn skip_locked(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " for update skip locked",
    }
}

/// Whether the current schema has a table of this name.
pub fn table_exists(tx: &mut Tx<'_>, name: &str) -> Result<bool, Error> {
    let sql = match tx.engine() {
        Engine::Sqlite => "select 1 from sqlite_master where type = 'table' and name = $1",
        Engine::Postgres => "select 1 where to_regclass($1) is not null",
    };
    Ok(tx.find(sql, &[&name], |_| Ok(()))?.is_some())
}
