//! The transaction a closure works in: running statements on either engine.
//! Not here: beginning, committing and repeating it, which belongs to each engine's threads.

use crate::postgres::Session;
use crate::value::{Param, Value};
use crate::{Engine, Error, Query, Row};

/// An open transaction. Returning `Ok` from the closure commits it, `Err` rolls it back.
///
/// A statement that fails dooms the transaction on both engines: later statements fail with the same error, and a
/// closure that returns `Ok` nevertheless gets that error. Use `on conflict do nothing` where a conflict is expected.
pub struct Tx<'c> {
    connection: Connection<'c>,
    doom: Option<Doom>,
}

pub(crate) enum Connection<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut Session),
}

/// Why a transaction can no longer be committed.
#[derive(Debug, Clone)]
pub(crate) struct Doom {
    pub(crate) class: Class,
    pub(crate) error: Error,
}

/// What to do about a failed statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Two transactions collided: run the closure again.
    Conflict,
    /// The connection is gone: connect and run the closure again.
    Lost,
    /// The prepared statements are outdated: forget them and run the closure again.
    Stale,
    /// Repeating does not help.
    Final,
}

impl<'c> Tx<'c> {
    pub(crate) const fn new(connection: Connection<'c>) -> Self {
        Self { connection, doom: None }
    }

    pub(crate) fn into_doom(self) -> Option<Doom> {
        self.doom
    }

    pub(crate) fn forget_doom(&mut self) {
        self.doom = None;
    }

    /// The engine behind this transaction.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self.connection {
            Connection::Sqlite(_) => Engine::Sqlite,
            Connection::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; the number of rows it changed.
    pub fn execute(&mut self, sql: &'static str, params: &[&dyn Param]) -> Result<u64, Error> {
        self.run(sql, &values(params))
    }

    /// The first row, or `None`.
    pub fn find<T>(
        &mut self,
        sql: &'static str,
        params: &[&dyn Param],
        map: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.first(sql, &values(params), map)
    }

    /// The only row. [`Error::NoRow`] without one, [`Error::TooManyRows`] with several.
    pub fn one<T>(
        &mut self,
        sql: &'static str,
        params: &[&dyn Param],
        map: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut map = Some(map);
        let mut found = None;
        self.visit(sql, &values(params), false, &mut |row| match map.take() {
            Some(map) => {
                found = Some(map(row));
                true
            }
            None => {
                found = Some(Err(Error::TooManyRows));
                false
            }
        })?;
        found.unwrap_or(Err(Error::NoRow))
    }

    /// All rows, mapped.
    pub fn list<T>(
        &mut self,
        sql: &'static str,
        params: &[&dyn Param],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.collect(sql, &values(params), map)
    }

    /// Visits all rows one by one, without keeping them; stops at the first error.
    pub fn each<E: From<Error>>(
        &mut self,
        sql: &'static str,
        params: &[&dyn Param],
        visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.walk(sql, &values(params), visit)
    }

    /// [`Tx::execute`] for a composed statement.
    pub fn execute_query(&mut self, query: &Query) -> Result<u64, Error> {
        self.run(query.sql(), &query.values())
    }

    /// [`Tx::find`] for a composed statement.
    pub fn find_query<T>(
        &mut self,
        query: &Query,
        map: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.first(query.sql(), &query.values(), map)
    }

    /// [`Tx::list`] for a composed statement.
    pub fn list_query<T>(
        &mut self,
        query: &Query,
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.collect(query.sql(), &query.values(), map)
    }

    /// [`Tx::each`] for a composed statement.
    pub fn each_query<E: From<Error>>(
        &mut self,
        query: &Query,
        visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.walk(query.sql(), &query.values(), visit)
    }

    fn first<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut map = Some(map);
        let mut found = None;
        self.visit(sql, values, false, &mut |row| {
            found = map.take().map(|map| map(row));
            false
        })?;
        found.transpose()
    }

    fn collect<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut rows = Vec::new();
        let mut failure = None;
        self.visit(sql, values, false, &mut |row| match map(row) {
            Ok(mapped) => {
                rows.push(mapped);
                true
            }
            Err(error) => {
                failure = Some(error);
                false
            }
        })?;
        failure.map_or(Ok(rows), Err)
    }

    fn walk<E: From<Error>>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut failure = None;
        self.visit(sql, values, true, &mut |row| match visit(row) {
            Ok(()) => true,
            Err(error) => {
                failure = Some(error);
                false
            }
        })?;
        failure.map_or(Ok(()), Err)
    }

    fn run(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        self.guard(values)?;
        let outcome = match &mut self.connection {
            Connection::Sqlite(connection) => crate::sqlite::execute(connection, sql, values),
            Connection::Postgres(session) => session.execute(sql, values),
        };
        outcome.map_err(|doom| self.remember(doom))
    }

    /// `row` answers whether it wants another one; `stream` when the rows may be too many to hold at once.
    fn visit(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        stream: bool,
        row: &mut dyn FnMut(&Row<'_>) -> bool,
    ) -> Result<(), Error> {
        self.guard(values)?;
        let outcome = match &mut self.connection {
            Connection::Sqlite(connection) => crate::sqlite::visit(connection, sql, values, row),
            Connection::Postgres(session) if stream => session.stream(sql, values, row),
            Connection::Postgres(session) => session.visit(sql, values, row),
        };
        outcome.map_err(|doom| self.remember(doom))
    }

    fn guard(&self, values: &[Value<'_>]) -> Result<(), Error> {
        if let Some(doom) = &self.doom {
            return Err(doom.error.clone());
        }
        // PostgreSQL has no such text; SQLite would keep it and cut it off when it is read elsewhere.
        if values
            .iter()
            .any(|value| matches!(value, Value::Text(text) if text.contains('\0')))
        {
            return Err(Error::Parameters(
                "a text with a zero character cannot be stored; refuse it earlier".into(),
            ));
        }
        Ok(())
    }

    fn remember(&mut self, doom: Doom) -> Error {
        let error = doom.error.clone();
        self.doom = Some(doom);
        error
    }
}

fn values<'p>(params: &'p [&dyn Param]) -> Vec<Value<'p>> {
    params.iter().map(|param| param.value()).collect()
}
