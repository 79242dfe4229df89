//! Applying migrations, and refusing a schema that is not ours.

use std::thread;

use liaison_db::{Db, Error, Migration, SchemaState};

use crate::place::on_both;

const FIRST: Migration = Migration::both(
    1,
    "0001_first",
    "create table a (id bigint primary key); insert into a values (1);",
);
const SECOND: Migration = Migration {
    version: 2,
    name: "0002_second",
    sqlite: "create table b (raw blob);",
    postgres: "create table b (raw bytea);",
};
const BROKEN: Migration = Migration::both(
    3,
    "0003_broken",
    "create table c (id bigint); insert into nothing values (1);",
);
const ALL: [Migration; 2] = [FIRST, SECOND];

fn tables(db: &Db) -> [bool; 3] {
    db.read_blocking(|tx| {
        let mut there = [false; 3];
        for (table, there) in ["a", "b", "c"].iter().zip(&mut there) {
            *there = liaison_db::dialect::table_exists(tx, table)?;
        }
        Ok::<_, Error>(there)
    })
    .unwrap()
}

on_both! {
    fn what_is_missing_is_applied_once_and_in_order(place) {
        let db = place.open();
        assert_eq!(db.schema_state(&ALL).unwrap(), SchemaState::Pending(vec!["0001_first", "0002_second"]));
        assert_eq!(db.migrate(&[FIRST], 1_700_000_000_000).unwrap(), ["0001_first"]);
        assert_eq!(db.schema_state(&ALL).unwrap(), SchemaState::Pending(vec!["0002_second"]));
        assert_eq!(db.migrate(&ALL, 1_700_000_000_001).unwrap(), ["0002_second"]);
        assert_eq!(db.migrate(&ALL, 1_700_000_000_002).unwrap(), [""; 0]);
        assert_eq!(db.schema_state(&ALL).unwrap(), SchemaState::UpToDate);
        let kept: Vec<(i64, i64)> = db
            .read_blocking(|tx| {
                tx.list("select version, applied_at from schema_migrations order by version", &[], |row| Ok((row.get(0)?, row.get(1)?)))
            })
            .unwrap();
        assert_eq!(kept, [(1, 1_700_000_000_000), (2, 1_700_000_000_001)]);
    }

    fn a_changed_migration_is_refused(place) {
        let db = place.open();
        db.migrate(&ALL, 0).unwrap();
        let edited = [FIRST, Migration::both(2, "0002_second", "create table b (other text);")];
        for error in [db.migrate(&edited, 0).unwrap_err(), db.schema_state(&edited).unwrap_err()] {
            assert!(matches!(error, Error::ChangedMigration { version: 2, .. }), "{error:?}");
        }
    }

    fn a_newer_schema_is_refused(place) {
        let db = place.open();
        db.migrate(&ALL, 0).unwrap();
        for error in [db.migrate(&[FIRST], 0).unwrap_err(), db.schema_state(&[FIRST]).unwrap_err()] {
            assert!(matches!(error, Error::NewerSchema { found: 2, known: 1 }), "{error:?}");
        }
    }

    fn a_failing_migration_leaves_nothing(place) {
        let db = place.open();
        let error = db.migrate(&[FIRST, SECOND, BROKEN], 0).unwrap_err();
        assert!(matches!(error, Error::Migration { name: "0003_broken", .. }), "{error:?}");
        assert_eq!(tables(&db), [false; 3]);
        db.migrate(&ALL, 0).unwrap();
        assert_eq!(tables(&db), [true, true, false]);
    }

    fn of_several_processes_one_migrates(place) {
        place.open();
        let url = place.url();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let url = url.clone();
                thread::spawn(move || {
                    let db = Db::open(&url, &liaison_db::Options { readers: 1, connections: 1, queue: 8 }).unwrap();
                    db.migrate(&ALL, 0).unwrap().len()
                })
            })
            .collect();
        let mut applied: Vec<usize> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        applied.sort_unstable();
        assert_eq!(applied, [0, 0, 0, 2]);
    }

    /// A statement prepared before the schema changed is prepared again.
    fn statements_survive_a_migration(place) {
        let db = place.open();
        db.migrate(&[FIRST], 0).unwrap();
        let read = |db: &Db| db.read_blocking(|tx| tx.list("select * from a", &[], |row| row.get::<i64>(0))).unwrap();
        for _ in 0..4 {
            assert_eq!(read(&db), [1]);
        }
        db.migrate(&[FIRST, Migration::both(2, "0002_wider", "alter table a add column name text;")], 0).unwrap();
        for _ in 0..4 {
            assert_eq!(read(&db), [1]);
        }
    }

    fn migrating_works_inside_a_runtime(place) {
        crate::place::wait(async {
            let db = place.open();
            db.migrate(&ALL, 0).unwrap();
            assert_eq!(db.schema_state(&ALL).unwrap(), SchemaState::UpToDate);
            assert_eq!(db.read(|tx| tx.one("select id from a", &[], |row| row.get::<i64>(0))).await.unwrap(), 1);
        });
    }
}
