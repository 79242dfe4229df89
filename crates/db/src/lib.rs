//! The door to a database, SQLite or PostgreSQL: closures go to threads that own a connection, one closure is one
//! transaction. Not here: any table of the product.

mod db;
mod describe;
pub mod dialect;
mod error;
mod job;
mod migrate;
mod postgres;
mod query;
mod row;
mod serving;
mod sqlite;
mod threads;
mod tx;
mod url;
mod value;

use std::fmt;

pub use db::{Db, Options};
pub use describe::Description;
pub use error::Error;
pub use migrate::{Migration, SchemaState};
pub use query::Query;
pub use row::Row;
pub use serving::ServingLock;
pub use tx::Tx;
pub use url::Url;
pub use value::{Column, Param, Value};

/// The kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// A file of this machine.
    Sqlite,
    /// A server.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}
