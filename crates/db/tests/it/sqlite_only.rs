//! What only SQLite has: settings, a file mode, groups that fail as a whole, other processes.

use std::os::unix::fs::PermissionsExt;
use std::thread;

use liaison_db::{Db, Error, Tx, Url};

use crate::place::{Place, create, ids, insert, start, wait};

fn pragma(tx: &mut Tx<'_>, sql: &'static str) -> Result<String, Error> {
    tx.one(sql, &[], |row| {
        row.get::<i64>(0)
            .map(|number| number.to_string())
            .or_else(|_| row.get(0))
    })
}

fn settings(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    [
        "pragma journal_mode",
        "pragma synchronous",
        "pragma foreign_keys",
        "pragma busy_timeout",
        "pragma query_only",
    ]
    .into_iter()
    .map(|sql| pragma(tx, sql))
    .collect()
}

#[test]
fn every_connection_has_the_settings() {
    let place = Place::sqlite();
    let db = place.open();
    assert_eq!(db.write_blocking(settings).unwrap(), ["wal", "2", "1", "10000", "0"]);
    for _ in 0..8 {
        assert_eq!(db.read_blocking(settings).unwrap(), ["wal", "2", "1", "10000", "1"]);
    }
}

#[test]
fn only_the_owner_may_read_the_files() {
    let place = Place::sqlite();
    let db = place.with_things();
    let _lock = db.lock_for_serving().unwrap();
    let Url::Sqlite(path) = place.url() else { unreachable!() };
    for suffix in ["", "-wal", "-shm", ".serving"] {
        let file = format!("{}{suffix}", path.display());
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_word_in_double_quotes_is_never_a_string() {
    let place = Place::sqlite();
    let db = place.open();
    assert!(
        db.read_blocking(|tx| tx.one("select \"words\"", &[], |row| row.get::<String>(0)))
            .is_err()
    );
}

/// The transaction of the group ends under its members: whoever was told `Ok` is there, whoever was not is not.
#[test]
fn a_group_that_fails_acknowledges_nothing() {
    let place = Place::sqlite();
    let db = place.with_things();
    let mut waiting: Vec<_> = (0..60)
        .map(|id| {
            let mut answer = Box::pin(db.write(move |tx| {
                insert(tx, id)?;
                if id == 40 {
                    tx.execute("rollback", &[]).map(|_| ())
                } else {
                    Ok(())
                }
            }));
            start(&mut answer);
            answer
        })
        .collect();
    let mut kept = Vec::new();
    for (id, answer) in waiting.drain(..).enumerate() {
        if wait(answer).is_ok() {
            kept.push(i64::try_from(id).unwrap());
        }
    }
    assert!(!kept.contains(&40));
    assert_eq!(ids(&db), kept);
    db.write_blocking(|tx| insert(tx, 1000)).unwrap();
}

#[test]
fn a_full_disk_is_told_and_survived() {
    let place = Place::sqlite();
    let db = place.with_things();
    db.write_blocking(|tx| pragma(tx, "pragma max_page_count = 10").map(|_| ()))
        .unwrap();
    let mut kept = 0;
    let error = loop {
        let id = kept;
        let outcome = db.write_blocking(move |tx| {
            tx.execute(
                "insert into things (id, name) values ($1, $2)",
                &[&id, &format!("{id} {}", "x".repeat(3000))],
            )
        });
        match outcome {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Full), "{error:?}");
    assert_eq!(i64::try_from(ids(&db).len()).unwrap(), kept);
    db.write_blocking(|tx| pragma(tx, "pragma max_page_count = 100000").map(|_| ()))
        .unwrap();
    db.write_blocking(|tx| insert(tx, 1000)).unwrap();
}

/// As a command does while the server runs.
#[test]
fn two_handles_write_the_same_file() {
    let place = Place::sqlite();
    let first = place.with_things();
    let second = place.open();
    let threads: Vec<_> = [(first.clone(), 0), (second, 1000)]
        .into_iter()
        .map(|(db, from): (Db, i64)| {
            thread::spawn(move || {
                for id in from..from + 100 {
                    db.write_blocking(move |tx| insert(tx, id)).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(ids(&first).len(), 200);
}

/// Foreign keys are off while tables are rebuilt, and checked before anything is kept.
#[test]
fn a_migration_cannot_leave_a_dangling_row() {
    let place = Place::sqlite();
    let db = place.with_things();
    create(&db, "insert into things (id, name) values (1, 'parent')");
    create(&db, "insert into things (id, name, parent) values (2, 'child', 1)");
    let migration = [liaison_db::Migration::both(
        1,
        "0001_drop",
        "delete from things where id = 1;",
    )];
    let error = db.migrate(&migration, 0).unwrap_err();
    assert!(matches!(error, Error::Constraint(_)), "{error:?}");
    assert_eq!(ids(&db), [1, 2]);
}
