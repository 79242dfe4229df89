//! A fresh database per test, on either engine.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use liaison_db::{Db, Engine, Error, Options, Tx, Url};

use crate::testkit::postgres::{Server, shared_server};

/// Runs each body once on each engine, as `NAME::sqlite` and `NAME::postgres`.
macro_rules! on_both {
    ($($(#[doc = $doc:literal])* fn $name:ident($place:ident) $body:block)*) => {$(
        $(#[doc = $doc])*
        fn $name($place: &crate::place::Place) $body
        mod $name {
            use crate::place::Place;
            #[test]
            fn sqlite() { super::$name(&Place::sqlite()); }
            #[test]
            fn postgres() { super::$name(&Place::postgres()); }
        }
    )*};
}
pub(crate) use on_both;

pub(crate) enum Place {
    Sqlite(tempfile::TempDir),
    Postgres(Server, String),
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    pub(crate) fn postgres() -> Self {
        let server = shared_server();
        let name = server.create_database(None);
        Self::Postgres(server, name)
    }

    pub(crate) fn url(&self) -> Url {
        match self {
            Self::Sqlite(folder) => Url::Sqlite(folder.path().join("test.db")),
            Self::Postgres(server, name) => server.url(name).parse().unwrap(),
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        self.url().engine()
    }

    pub(crate) fn open(&self) -> Db {
        self.open_with(Options::default().queue)
    }

    /// Few threads, so that a test can keep all of them busy.
    pub(crate) fn open_with(&self, queue: usize) -> Db {
        Db::open(
            &self.url(),
            &Options {
                readers: 2,
                connections: 2,
                queue,
            },
        )
        .unwrap()
    }

    /// Opened, with a table `things(id, name unique, parent references things)`.
    pub(crate) fn with_things(&self) -> Db {
        let db = self.open();
        create(
            &db,
            "create table things (id bigint not null primary key, name text not null unique, \
             parent bigint references things (id), size bigint not null default 0 check (size >= 0))",
        );
        db
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Postgres(server, name) = self {
            server.drop_database(name);
        }
    }
}

pub(crate) fn create(db: &Db, sql: &'static str) {
    db.write_blocking(move |tx| tx.execute(sql, &[])).unwrap();
}

pub(crate) fn insert(tx: &mut Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(
        "insert into things (id, name) values ($1, $2)",
        &[&id, &format!("thing {id}")],
    )
    .map(|_| ())
}

pub(crate) fn ids(db: &Db) -> Vec<i64> {
    db.read_blocking(|tx| tx.list("select id from things order by id", &[], |row| row.get(0)))
        .unwrap()
}

/// Sends the closure behind a future to its thread without waiting for the answer.
pub(crate) fn start<T, F: Future<Output = T> + Unpin>(future: &mut F) {
    let mut context = Context::from_waker(Waker::noop());
    assert!(
        matches!(pin!(future).poll(&mut context), Poll::Pending),
        "the answer cannot be there yet"
    );
}

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}
