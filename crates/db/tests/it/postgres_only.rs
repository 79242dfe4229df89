//! What only PostgreSQL has: connections that break, and settings of a session.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use liaison_db::{Db, Error, Tx};

use crate::place::{Place, ids, insert};

const END_OTHERS: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
const OTHERS: &str = "select count(*) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";

/// Ends every other connection to the database and waits until they are gone.
fn cut(knife: &Db) {
    let ended: i64 = knife
        .write_blocking(|tx| tx.one(END_OTHERS, &[], |row| row.get(0)))
        .unwrap();
    assert!(ended > 0, "there was nothing to cut");
    while knife
        .read_blocking(|tx| tx.one(OTHERS, &[], |row| row.get::<i64>(0)))
        .unwrap()
        > 0
    {}
}

/// A handle with one connection only, so that it never cuts a connection of its own.
fn knife(place: &Place) -> Db {
    Db::open(
        &place.url(),
        &liaison_db::Options {
            readers: 1,
            connections: 1,
            queue: 8,
        },
    )
    .unwrap()
}

fn setting(tx: &mut Tx<'_>, name: &'static str) -> String {
    tx.one("select current_setting($1)", &[&name], |row| row.get(0))
        .unwrap()
}

#[test]
fn an_idle_connection_that_broke_is_replaced() {
    let place = Place::postgres();
    let db = place.with_things();
    let knife = knife(&place);
    for id in 0..6 {
        db.write_blocking(move |tx| insert(tx, id)).unwrap();
        cut(&knife);
        assert_eq!(i64::try_from(ids(&db).len()).unwrap(), id + 1);
    }
}

#[test]
fn a_connection_that_breaks_under_a_closure_means_another_run() {
    let place = Place::postgres();
    let db = place.with_things();
    let knife = knife(&place);
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    db.write_blocking(move |tx| {
        insert(tx, 1)?;
        if counted.fetch_add(1, Ordering::Relaxed) == 0 {
            cut(&knife);
        }
        insert(tx, 2)
    })
    .unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 2);
    assert_eq!(ids(&db), [1, 2]);
}

/// The commit finds no connection: the caller is told that the outcome is unknown, and nothing is done twice.
#[test]
fn a_connection_that_breaks_at_the_commit_is_not_hidden() {
    let place = Place::postgres();
    let db = place.with_things();
    let knife = knife(&place);
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let outcome = db.write_blocking(move |tx| {
        insert(tx, 1)?;
        if counted.fetch_add(1, Ordering::Relaxed) == 0 {
            cut(&knife);
        }
        Ok::<_, Error>(())
    });
    match outcome {
        Ok(()) => assert_eq!(ids(&db), [1]),
        Err(error) => {
            assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
            assert_eq!(runs.load(Ordering::Relaxed), 1);
        }
    }
}

#[test]
fn sessions_have_limits_and_a_name() {
    let place = Place::postgres();
    let settings = |tx: &mut Tx<'_>| {
        Ok::<_, Error>(
            [
                "application_name",
                "statement_timeout",
                "idle_in_transaction_session_timeout",
                "transaction_isolation",
            ]
            .map(|name| setting(tx, name)),
        )
    };
    assert_eq!(
        place.open().write_blocking(settings).unwrap(),
        ["liaison", "30s", "1min", "serializable"]
    );
    assert_eq!(
        place.open().read_blocking(settings).unwrap(),
        ["liaison", "30s", "1min", "repeatable read"]
    );
    let Place::Postgres(server, name) = &place else {
        unreachable!()
    };
    let url = format!(
        "{}&application_name=mine&options=-c%20statement_timeout%3D50",
        server.url(name)
    );
    let db = Db::open(&url.parse().unwrap(), &liaison_db::Options::default()).unwrap();
    assert_eq!(db.read_blocking(settings).unwrap()[..2], ["mine", "50ms"]);
    let slow = db.read_blocking(|tx| tx.find("select pg_sleep(10)", &[], |_| Ok(())));
    assert!(matches!(slow, Err(Error::Timeout)), "{slow:?}");
}

#[test]
fn a_lock_is_seen_by_others() {
    let place = Place::postgres();
    let (db, other) = (place.open(), place.open());
    let taken = db.write_blocking(move |tx| {
        assert!(liaison_db::dialect::try_lock_key(tx, 7)?);
        other.write_blocking(|tx| liaison_db::dialect::try_lock_key(tx, 7))
    });
    assert!(!taken.unwrap());
}

#[test]
fn a_type_only_postgres_has_is_explained() {
    let place = Place::postgres();
    let db = place.open();
    let error = db.read_blocking(|tx| {
        tx.one("select sum(x) from (values (1::bigint)) as t (x)", &[], |row| {
            row.get::<i64>(0)
        })
    });
    assert!(
        error.as_ref().is_err_and(|error| error.to_string().contains("cast")),
        "{error:?}"
    );
}
