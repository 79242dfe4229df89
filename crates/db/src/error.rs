//! The one error type of this crate, and how the errors of both drivers become it.
//! Not here: what an error means to a caller of the product.

use std::path::PathBuf;

use crate::Engine;

/// What can go wrong between a closure and its database.
///
/// Every message says what to do about it. None contains a password, and none contains a bound value.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database URL cannot be understood.
    #[error("{0}")]
    BadUrl(String),
    /// The database cannot be reached, or an answer was lost. After a failed commit the outcome is unknown.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// Too many closures are waiting already; nothing was run.
    #[error("the database has too much waiting work; try again in a moment")]
    Overloaded,
    /// A unique index already has such a row.
    #[error("a row with the same value exists already ({constraint})")]
    UniqueViolation {
        /// `table.column, table.column` on both engines; the name of the index when it is on an expression.
        constraint: String,
    },
    /// A row refers to one that is not there, or is still referred to.
    #[error("the row refers to a missing row, or is still referred to; write the other row first or delete it first")]
    ForeignKey,
    /// A `not null` or `check` rule refused the row.
    #[error("the row breaks a rule of the table: {0}")]
    Constraint(String),
    /// A row was expected and none was found.
    #[error("the expected row does not exist")]
    NoRow,
    /// One row was expected and more were found.
    #[error("one row was expected and several were found; make the condition narrower")]
    TooManyRows,
    /// The disk of the database is full.
    #[error("the disk of the database is full; free some space, the server then goes on by itself")]
    Full,
    /// The database, or this transaction, does not allow writing.
    #[error("the database does not allow writing here; check the permissions of its folder and that `write` is used")]
    ReadOnly,
    /// A statement took longer than the server allows.
    #[error("the statement took too long and was stopped; narrow it, or raise statement_timeout in the database URL")]
    Timeout,
    /// The schema was migrated by a later version of the program.
    #[error("the database has schema version {found}, this program knows {known}; run a newer version of the program")]
    NewerSchema {
        /// Highest version applied to the database.
        found: i64,
        /// Highest version this program has.
        known: i64,
    },
    /// A migration that was applied earlier has a different text now.
    #[error(
        "migration {version} ({name}) was applied with a different text; run the version of the program that applied it, and never edit an applied migration"
    )]
    ChangedMigration {
        /// Its version.
        version: i64,
        /// Its name.
        name: String,
    },
    /// A migration failed; none of this run was kept.
    #[error("migration {name} failed and nothing was changed: {reason}")]
    Migration {
        /// Its name.
        name: &'static str,
        /// What the database said.
        reason: String,
    },
    /// Another process serves from the same database file.
    #[error("another server is using this database already (lock {}); stop it first, or use another database", path.display())]
    AlreadyServing {
        /// The lock file.
        path: PathBuf,
    },
    /// The engine is older than this program can trust.
    #[error("{engine} {found} is too old; {needed} or later is needed")]
    TooOld {
        /// Which engine.
        engine: Engine,
        /// Its version.
        found: String,
        /// The oldest one accepted.
        needed: &'static str,
    },
    /// The closure panicked; its work was rolled back.
    #[error("the operation stopped because of a defect in the program and was rolled back; see the log")]
    Panicked,
    /// A column does not have the type asked for.
    #[error("column {index} of the answer: {reason}")]
    Column {
        /// Position, from 0.
        index: usize,
        /// What was found and what to write instead.
        reason: String,
    },
    /// The parameters do not fit the statement.
    #[error("{0}")]
    Parameters(String),
    /// A setting of the connection could not be made.
    #[error("the database cannot be used: {0}")]
    Setup(String),
    /// Anything else the database said.
    #[error("the database refused a statement: {0}")]
    Other(String),
}

impl Error {
    /// True when trying the same again later may succeed.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Unavailable(_) | Self::Overloaded | Self::Full | Self::Timeout
        )
    }
}
