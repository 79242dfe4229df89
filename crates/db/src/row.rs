//! One row of an answer, read by position.
//! Not here: running the statement it came from.

use rusqlite::types::ValueRef;

use crate::Error;
use crate::value::{Column, Value};

/// One row, borrowed while it is visited.
pub struct Row<'r>(Source<'r>);

#[derive(Clone, Copy)]
enum Source<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r postgres::Row),
}

impl<'r> Row<'r> {
    pub(crate) const fn sqlite(row: &'r rusqlite::Row<'r>) -> Self {
        Self(Source::Sqlite(row))
    }

    pub(crate) const fn postgres(row: &'r postgres::Row) -> Self {
        Self(Source::Postgres(row))
    }

    /// The column at `index`, counted from 0. [`Error::Column`] when it has another type or is not there.
    pub fn get<T: Column>(&self, index: usize) -> Result<T, Error> {
        T::from_value(self.value(index)?).map_err(|reason| Error::Column { index, reason })
    }

    /// Text without a copy.
    pub fn str(&self, index: usize) -> Result<&'r str, Error> {
        self.opt_str(index)?.ok_or_else(|| Error::Column {
            index,
            reason: "text was asked for, null was found".into(),
        })
    }

    /// Text or null, without a copy.
    pub fn opt_str(&self, index: usize) -> Result<Option<&'r str>, Error> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(Error::Column {
                index,
                reason: format!("text was asked for, {} was found", other.kind()),
            }),
        }
    }

    /// Whatever the column holds, without a copy. On SQLite a boolean is an integer and a uuid is bytes.
    pub fn value(&self, index: usize) -> Result<Value<'r>, Error> {
        match self.0 {
            Source::Sqlite(row) => {
                let found = row.get_ref(index).map_err(|_| Error::Column {
                    index,
                    reason: "the answer has fewer columns".into(),
                })?;
                Ok(match found {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => Value::Int(number),
                    ValueRef::Real(number) => Value::Float(number),
                    ValueRef::Blob(bytes) => Value::Bytes(bytes),
                    ValueRef::Text(bytes) => Value::Text(std::str::from_utf8(bytes).map_err(|_| Error::Column {
                        index,
                        reason: "the text is not UTF-8".into(),
                    })?),
                })
            }
            Source::Postgres(row) if index >= row.len() => Err(Error::Column {
                index,
                reason: "the answer has fewer columns".into(),
            }),
            Source::Postgres(row) => row.try_get(index).map_err(|error| Error::Column {
                index,
                reason: crate::url::with_sources(&error),
            }),
        }
    }
}
