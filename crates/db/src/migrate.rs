//! Bringing a schema to the version the program knows, under a lock, all or nothing.
//! Not here: the migrations themselves.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::postgres::{Purpose, Session, Target};
use crate::tx::{Connection, Tx};
use crate::{Engine, Error, Url, dialect, sqlite};

/// One step of the schema. Once released its text never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its place; strictly increasing.
    pub version: i64,
    /// Its name, for people.
    pub name: &'static str,
    /// The statements for SQLite.
    pub sqlite: &'static str,
    /// The statements for PostgreSQL.
    pub postgres: &'static str,
}

impl Migration {
    /// A migration whose statements both engines understand.
    #[must_use]
    pub const fn both(version: i64, name: &'static str, sql: &'static str) -> Self {
        Self {
            version,
            name,
            sqlite: sql,
            postgres: sql,
        }
    }

    const fn sql(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }

    fn digest(&self, engine: Engine) -> String {
        HEXLOWER.encode(&Sha256::digest(self.sql(engine).as_bytes()))
    }
}

/// How a schema compares to the migrations of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// Nothing to do.
    UpToDate,
    /// Names of the migrations still to be applied, in order.
    Pending(Vec<&'static str>),
}

/// A migration found in the database.
pub(crate) struct Applied {
    version: i64,
    name: String,
    digest: String,
}

/// Both engines take any fixed number; this one spells the name of the program.
const LOCK: &str = "select pg_advisory_xact_lock(7811884340129621870)";
const TABLE: &str = "create table if not exists schema_migrations (
    version bigint not null primary key, name text not null, sha256 text not null, applied_at bigint not null)";

/// What the database has; empty before the first migration.
pub(crate) fn applied(tx: &mut Tx<'_>) -> Result<Vec<Applied>, Error> {
    if !dialect::table_exists(tx, "schema_migrations")? {
        return Ok(Vec::new());
    }
    tx.list(
        "select version, name, sha256 from schema_migrations order by version",
        &[],
        |row| {
            Ok(Applied {
                version: row.get(0)?,
                name: row.get(1)?,
                digest: row.get(2)?,
            })
        },
    )
}

/// The migrations not yet applied; refuses a schema this program must not touch.
pub(crate) fn pending<'m>(
    engine: Engine,
    migrations: &'m [Migration],
    applied: &[Applied],
) -> Result<Vec<&'m Migration>, Error> {
    if let Some(pair) = migrations.windows(2).find(|pair| pair[0].version >= pair[1].version) {
        return Err(Error::Migration {
            name: pair[1].name,
            reason: "its version does not follow the one before".into(),
        });
    }
    let known = migrations.last().map_or(0, |migration| migration.version);
    if let Some(newest) = applied.last().filter(|newest| newest.version > known) {
        return Err(Error::NewerSchema {
            found: newest.version,
            known,
        });
    }
    for there in applied {
        let same = migrations
            .iter()
            .any(|migration| migration.version == there.version && migration.digest(engine) == there.digest);
        if !same {
            return Err(Error::ChangedMigration {
                version: there.version,
                name: there.name.clone(),
            });
        }
    }
    Ok(migrations
        .iter()
        .filter(|migration| applied.iter().all(|there| there.version != migration.version))
        .collect())
}

/// Applies what is pending on a connection of its own. Blocks; for PostgreSQL off the threads of an async runtime.
pub(crate) fn migrate(url: &Url, migrations: &[Migration], now_ms: i64) -> Result<Vec<&'static str>, Error> {
    let mut hand = Hand::open(url)?;
    let engine = url.engine();
    match engine {
        Engine::Sqlite => hand.batch("begin immediate")?,
        // Read committed: what is read after the wait for the lock must be what its last holder left.
        Engine::Postgres => {
            hand.batch("begin isolation level read committed read write")?;
            hand.batch(LOCK)?;
        }
    }
    hand.batch(TABLE)?;
    let there = applied(&mut hand.tx())?;
    let mut names = Vec::new();
    for migration in pending(engine, migrations, &there)? {
        hand.apply(engine, migration, now_ms)?;
        tracing::info!(name = migration.name, "migration applied");
        names.push(migration.name);
    }
    if engine == Engine::Sqlite {
        check_keys(&mut hand.tx())?;
    }
    hand.batch("commit")?;
    Ok(names)
}

fn check_keys(tx: &mut Tx<'_>) -> Result<(), Error> {
    let broken = tx.find("pragma foreign_key_check", &[], |row| row.get::<String>(0))?;
    broken.map_or(Ok(()), |table| {
        Err(Error::Constraint(format!(
            "after the migrations a row of {table} refers to a missing row; nothing was changed"
        )))
    })
}

/// A connection for migrations only. Dropping it rolls back.
enum Hand {
    Sqlite(rusqlite::Connection),
    Postgres(Box<Session>),
}

impl Hand {
    fn open(url: &Url) -> Result<Self, Error> {
        match url {
            Url::Sqlite(path) => sqlite::open(path, sqlite::Role::Migrator).map(Self::Sqlite),
            Url::Postgres(text) => Session::connect(&Target::new(text)?, Purpose::Migrating)
                .map(|session| Self::Postgres(Box::new(session)))
                .map_err(|doom| doom.error),
        }
    }

    fn tx(&mut self) -> Tx<'_> {
        Tx::new(match self {
            Self::Sqlite(connection) => Connection::Sqlite(connection),
            Self::Postgres(session) => Connection::Postgres(session),
        })
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => connection
                .execute_batch(sql)
                .map_err(|error| sqlite::explain(&error, sql)),
            Self::Postgres(session) => session.batch(sql).map_err(|doom| doom.error),
        }
    }

    fn apply(&mut self, engine: Engine, migration: &Migration, now_ms: i64) -> Result<(), Error> {
        let failed = |error: Error| Error::Migration {
            name: migration.name,
            reason: error.to_string(),
        };
        self.batch(migration.sql(engine)).map_err(failed)?;
        self.tx()
            .execute(
                "insert into schema_migrations (version, name, sha256, applied_at) values ($1, $2, $3, $4)",
                &[&migration.version, &migration.name, &migration.digest(engine), &now_ms],
            )
            .map_err(failed)?;
        Ok(())
    }
}
