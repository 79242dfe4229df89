//! Opening a SQLite connection: the file, the settings, and the proof that each setting holds.
//! Not here: running anything on it.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{NEEDED, explain};
use crate::{Engine, Error};

/// How long SQLite waits for another process that writes to the same file.
const BUSY: Duration = Duration::from_secs(10);
/// Page cache of one connection in KiB, allocated only as pages are read.
const CACHE_KIB: i64 = 8 * 1024;
/// The log is cut back to this many bytes after a checkpoint.
const LOG_LIMIT: i64 = 64 * 1024 * 1024;
/// Pages of 4 KiB in the log before they are moved into the file: 16 MiB. Pages that change again and again, as the
/// ends of indexes do, are moved once for all of it.
const CHECKPOINT_PAGES: i64 = 4000;
const STATEMENTS: usize = 256;

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Refuses every statement that writes.
    Reader,
    /// The one writer of this process.
    Writer,
    /// Runs migrations: tables may be rebuilt, so foreign keys are checked afterwards instead.
    Migrator,
}

/// Creates the file, readable by its owner only, unless it is there.
pub(crate) fn prepare_file(path: &Path) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Error::Setup(format!(
            "the folder {} does not exist; create it, or correct the database URL",
            folder.display()
        )));
    }
    if path.is_dir() {
        return Err(Error::Setup(format!(
            "{} is a folder; the database URL must name a file",
            path.display()
        )));
    }
    // `create_new` never opens an existing file: closing it again would drop the locks SQLite holds on it.
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::Setup(format!(
            "the file {} cannot be created: {error}",
            path.display()
        ))),
    }
}

/// Opens a connection to an existing file and asserts every setting the durability of the product rests on.
pub(crate) fn open(path: &Path, role: Role) -> Result<Connection, Error> {
    if rusqlite::version_number() < NEEDED.0 {
        return Err(Error::TooOld {
            engine: Engine::Sqlite,
            found: rusqlite::version().to_owned(),
            needed: NEEDED.1,
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| at(path, explain(&error, "open")))?;
    settle(&connection, role).map_err(|error| at(path, error))?;
    Ok(connection)
}

fn at(path: &Path, error: Error) -> Error {
    match error {
        Error::Setup(_) => error,
        other => Error::Setup(format!("{}: {other}", path.display())),
    }
}

fn settle(connection: &Connection, role: Role) -> Result<(), Error> {
    connection
        .busy_timeout(BUSY)
        .map_err(|error| explain(&error, "busy_timeout"))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Plans do not depend on bound values, and a double-quoted word is never a string: both as on PostgreSQL.
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    ] {
        let held = connection
            .set_db_config(setting, on)
            .map_err(|error| explain(&error, "db_config"))?;
        if held != on {
            return Err(Error::Setup(format!("SQLite did not accept the setting {setting:?}")));
        }
    }
    let wal = text_pragma(connection, "journal_mode", "wal")?;
    if wal != "wal" {
        return Err(Error::Setup(format!(
            "SQLite keeps journal_mode={wal}; put the file on a local disk that supports shared memory"
        )));
    }
    let busy = i64::try_from(BUSY.as_millis()).expect("ten seconds fit");
    let keys = i64::from(role != Role::Migrator);
    for (pragma, wanted) in [
        ("synchronous", 2),
        ("foreign_keys", keys),
        ("busy_timeout", busy),
        ("cache_size", -CACHE_KIB),
        ("temp_store", 2),
        ("journal_size_limit", LOG_LIMIT),
        ("wal_autocheckpoint", CHECKPOINT_PAGES),
        ("query_only", i64::from(role == Role::Reader)),
    ] {
        assert_pragma(connection, pragma, wanted)?;
    }
    same_like(connection)
}

fn text_pragma(connection: &Connection, pragma: &str, wanted: &str) -> Result<String, Error> {
    connection
        .pragma_update_and_check(None, pragma, wanted, |row| row.get(0))
        .map_err(|error| explain(&error, pragma))
}

/// Sets a pragma and reads it back.
fn assert_pragma(connection: &Connection, pragma: &str, wanted: i64) -> Result<(), Error> {
    let failed = |error: rusqlite::Error| explain(&error, pragma);
    connection.pragma(None, pragma, wanted, |_| Ok(())).map_err(failed)?;
    let found: i64 = connection
        .pragma_query_value(None, pragma, |row| row.get(0))
        .map_err(failed)?;
    if found == wanted {
        return Ok(());
    }
    Err(Error::Setup(format!(
        "SQLite keeps {pragma}={found} where {wanted} is needed"
    )))
}

/// `like` tells small from capital letters, as it does on PostgreSQL.
fn same_like(connection: &Connection) -> Result<(), Error> {
    let failed = |error: rusqlite::Error| explain(&error, "like");
    connection
        .pragma(None, "case_sensitive_like", 1, |_| Ok(()))
        .map_err(failed)?;
    let same: bool = connection
        .query_row("select 'A' like 'a'", [], |row| row.get(0))
        .map_err(failed)?;
    if same {
        Err(Error::Setup("SQLite's like ignores case".into()))
    } else {
        Ok(())
    }
}
