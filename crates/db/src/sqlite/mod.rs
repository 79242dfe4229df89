//! SQLite: running statements on a connection, and what its errors mean.
//! Not here: opening a connection, the threads that own one.

mod connection;
mod reader;
mod writer;

use std::borrow::Cow;

use rusqlite::{Connection, ErrorCode, Statement, ffi};

pub(crate) use connection::{Role, open, prepare_file};
pub(crate) use reader::run_reader;
pub(crate) use writer::run_writer;

use crate::tx::{Class, Doom};
use crate::value::Value;
use crate::{Error, Row};

/// The oldest SQLite without the bug that could lose pages when a write meets a checkpoint.
pub(crate) const NEEDED: (i32, &str) = (3_051_003, "3.51.3");

pub(crate) fn execute(connection: &Connection, sql: &str, values: &[Value<'_>]) -> Result<u64, Doom> {
    let sql = &*numbered(sql, values.len());
    let mut statement = connection.prepare_cached(sql).map_err(|error| doom(&error, sql))?;
    bind(&mut statement, sql, values)?;
    let changed = statement.raw_execute().map_err(|error| doom(&error, sql))?;
    Ok(changed as u64)
}

pub(crate) fn visit(
    connection: &Connection,
    sql: &str,
    values: &[Value<'_>],
    visit: &mut dyn FnMut(&Row<'_>) -> bool,
) -> Result<(), Doom> {
    let sql = &*numbered(sql, values.len());
    let mut statement = connection.prepare_cached(sql).map_err(|error| doom(&error, sql))?;
    bind(&mut statement, sql, values)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| doom(&error, sql))? {
        if !visit(&Row::sqlite(row)) {
            break;
        }
    }
    Ok(())
}

/// Values from which on a statement names its parameters `?n`: SQLite looks up a name like `$n` among all names before
/// it, which takes seconds for ten thousand of them.
const MANY: usize = 64;

fn numbered(sql: &str, values: usize) -> Cow<'_, str> {
    if values < MANY {
        return Cow::Borrowed(sql);
    }
    let mut pieces = sql.split('$');
    let mut numbered = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_number = piece.starts_with(|first: char| first.is_ascii_digit());
        numbered.push(if is_number { '?' } else { '$' });
        numbered.push_str(piece);
    }
    Cow::Owned(numbered)
}

/// Binds by name: SQLite numbers `$2` by its first appearance, not by the number it carries. `?2` is the second one.
fn bind(statement: &mut Statement<'_>, sql: &str, values: &[Value<'_>]) -> Result<(), Doom> {
    let count = statement.parameter_count();
    let wrong = |reason: String| final_doom(Error::Parameters(format!("{reason} in: {sql}")));
    if count != values.len() {
        return Err(wrong(format!(
            "the statement has {count} parameters, {} values were given",
            values.len()
        )));
    }
    if count >= MANY {
        for (index, value) in (1..).zip(values) {
            statement
                .raw_bind_parameter(index, value)
                .map_err(|error| doom(&error, sql))?;
        }
        return Ok(());
    }
    for index in 1..=count {
        let number = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$'))
            .and_then(|digits| digits.parse::<usize>().ok());
        let Some(number) = number else {
            return Err(wrong(
                "every parameter is written $1, $2, …; another form was found".into(),
            ));
        };
        let Some(value) = number.checked_sub(1).and_then(|at| values.get(at)) else {
            return Err(wrong(format!(
                "${number} has no value, {} values were given",
                values.len()
            )));
        };
        statement
            .raw_bind_parameter(index, value)
            .map_err(|error| doom(&error, sql))?;
    }
    Ok(())
}

fn final_doom(error: Error) -> Doom {
    Doom {
        class: Class::Final,
        error,
    }
}

fn doom(error: &rusqlite::Error, sql: &str) -> Doom {
    let busy = matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    );
    Doom {
        class: if busy { Class::Conflict } else { Class::Final },
        error: explain(error, sql),
    }
}

/// What a driver error means; `sql` is shown when the text of the statement is at fault.
pub(crate) fn explain(error: &rusqlite::Error, sql: &str) -> Error {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => by_code(*code, message.as_deref().unwrap_or_default()),
        rusqlite::Error::SqlInputError { error, msg, .. } if error.code != ErrorCode::Unknown => {
            by_code(*error, &format!("{msg} in: {sql}"))
        }
        rusqlite::Error::SqlInputError { msg, .. } => Error::Other(format!("{msg} in: {sql}")),
        rusqlite::Error::ExecuteReturnedResults => Error::Other(format!(
            "the statement returns rows, so use find, one or list for: {sql}"
        )),
        other => Error::Other(format!("{other} in: {sql}")),
    }
}

fn by_code(code: ffi::Error, message: &str) -> Error {
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            return Error::UniqueViolation {
                constraint: violated(message),
            };
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => return Error::ForeignKey,
        // The shared-memory file could not grow.
        ffi::SQLITE_IOERR_SHMSIZE => return Error::Full,
        _ => {}
    }
    match code.code {
        ErrorCode::ConstraintViolation => Error::Constraint(message.to_owned()),
        ErrorCode::DiskFull => Error::Full,
        ErrorCode::ReadOnly => Error::ReadOnly,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Unavailable(
            "another process is writing to the same file for too long; find it, or wait until it ends".into(),
        ),
        ErrorCode::SystemIoFailure => Error::Unavailable(format!(
            "reading or writing its file failed ({message}); check the disk and the system log"
        )),
        ErrorCode::CannotOpen => Error::Unavailable(format!(
            "its file cannot be opened ({message}); check that it exists and who may read and write it and its folder"
        )),
        ErrorCode::OutOfMemory => Error::Unavailable("there is no memory left".into()),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            Error::Other(format!("{message}; stop the server and restore the file from a backup"))
        }
        _ => Error::Other(message.to_owned()),
    }
}

/// `UNIQUE constraint failed: t.a, t.b` → `t.a, t.b`; `… failed: index 'name'` → `name`.
fn violated(message: &str) -> String {
    let what = message.rsplit_once("failed: ").map_or(message, |(_, what)| what);
    what.strip_prefix("index '")
        .and_then(|name| name.strip_suffix('\''))
        .unwrap_or(what)
        .to_owned()
}
