//! PostgreSQL: what its errors mean.
//! Not here: the session with its statements, and repeating a closure.

mod connection;
mod retry;
mod session;

use postgres::error::{DbError, SqlState};

pub(crate) use connection::{Purpose, Target, read};
pub(crate) use retry::{Envelope, run_worker};
pub(crate) use session::Session;

use crate::Error;
use crate::tx::{Class, Doom};
use crate::url::with_sources;

/// `server_version_num` of the oldest server accepted, and its name.
pub(crate) const NEEDED: (i64, &str) = (140_000, "14");

/// What a driver error means and what to do about it; `sql` is shown when the statement is at fault.
pub(crate) fn doom(error: &postgres::Error, sql: &str) -> Doom {
    let Some(db) = error.as_db_error() else {
        // The driver refuses a value before anything is sent; everything else without a code is the connection.
        let from_io = std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        if error.is_closed() || from_io {
            return Doom {
                class: Class::Lost,
                error: Error::Unavailable(with_sources(error)),
            };
        }
        return Doom {
            class: Class::Final,
            error: Error::Other(format!("{} in: {sql}", with_sources(error))),
        };
    };
    Doom {
        class: class(db),
        error: explain(db, sql),
    }
}

fn class(db: &DbError) -> Class {
    let code = db.code();
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
        return Class::Conflict;
    }
    if *code == SqlState::INVALID_SQL_STATEMENT_NAME
        || (*code == SqlState::FEATURE_NOT_SUPPORTED && db.message().contains("cached plan"))
    {
        return Class::Stale;
    }
    let gone = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ];
    // Class 08 is every kind of broken connection.
    if gone.contains(code) || code.code().starts_with("08") {
        Class::Lost
    } else {
        Class::Final
    }
}

fn explain(db: &DbError, sql: &str) -> Error {
    let code = db.code();
    let said = db.message();
    match code.code() {
        "23505" => Error::UniqueViolation {
            constraint: violated(db),
        },
        "23503" => Error::ForeignKey,
        _ if code.code().starts_with("23") => Error::Constraint(said.to_owned()),
        "53100" => Error::Full,
        "25006" => Error::ReadOnly,
        "57014" | "55P03" => Error::Timeout,
        "40001" | "40P01" => {
            Error::Unavailable("too many transactions changed the same rows at the same time; try again".into())
        }
        _ if class(db) == Class::Lost || code.code().starts_with("53") => Error::Unavailable(said.to_owned()),
        _ if code.code().starts_with("28") || code.code() == "3D000" => {
            Error::Setup(format!("{said}; check user, password and name in the database URL"))
        }
        other => Error::Other(format!("{said} (SQLSTATE {other}) in: {sql}")),
    }
}

/// `table.column, table.column` as SQLite writes it, taken from `(column, column)=(…)`, whose second part is left out.
fn violated(db: &DbError) -> String {
    let name = db.constraint().unwrap_or_default();
    let columns = db
        .detail()
        .and_then(|detail| detail.split_once(")=("))
        .and_then(|(start, _)| start.split_once('('));
    match (db.table(), columns) {
        (Some(table), Some((_, columns))) if !columns.contains(['(', ':']) => columns
            .split(", ")
            .map(|column| format!("{table}.{column}"))
            .collect::<Vec<_>>()
            .join(", "),
        _ => name.to_owned(),
    }
}
