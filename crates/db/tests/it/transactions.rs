//! What a transaction keeps, what it undoes, and which error the caller gets.

use liaison_db::{Error, dialect};

use crate::place::{create, ids, insert, on_both};

#[derive(Debug)]
enum Refusal {
    NotAllowed,
    Database(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

on_both! {
    fn ok_keeps_and_err_undoes(place) {
        let db = place.with_things();
        db.write_blocking(|tx| insert(tx, 1)).unwrap();
        let refused = db.write_blocking(|tx| {
            insert(tx, 2)?;
            Err::<(), _>(Refusal::NotAllowed)
        });
        assert!(matches!(refused, Err(Refusal::NotAllowed)), "{refused:?}");
        assert_eq!(ids(&db), [1]);
    }

    fn a_panic_undoes_and_the_thread_lives_on(place) {
        let db = place.with_things();
        let outcome = db.write_blocking(|tx| {
            insert(tx, 1)?;
            assert_eq!(1, 2, "on purpose");
            Ok::<_, Error>(())
        });
        assert!(matches!(outcome, Err(Error::Panicked)), "{outcome:?}");
        for _ in 0..4 {
            let outcome = db.read_blocking(|_| -> Result<(), Error> { panic!("on purpose") });
            assert!(matches!(outcome, Err(Error::Panicked)), "{outcome:?}");
        }
        db.write_blocking(|tx| insert(tx, 2)).unwrap();
        assert_eq!(ids(&db), [2]);
    }

    fn a_second_row_with_the_same_value_is_named_alike(place) {
        let db = place.with_things();
        create(&db, "create unique index things_pair on things (parent, size)");
        db.write_blocking(|tx| insert(tx, 1)).unwrap();
        let named = |sql: &'static str| match db.write_blocking(move |tx| tx.execute(sql, &[])) {
            Err(Error::UniqueViolation { constraint }) => constraint,
            other => panic!("{other:?}"),
        };
        assert_eq!(named("insert into things (id, name) values (1, 'x')"), "things.id");
        assert_eq!(named("insert into things (id, name) values (2, 'thing 1')"), "things.name");
        create(&db, "create unique index things_lower on things (lower(name))");
        assert_eq!(named("insert into things (id, name) values (2, 'THING 1')"), "things_lower");
        create(&db, "update things set parent = 1");
        assert_eq!(named("insert into things (id, name, parent) values (2, 'x', 1)"), "things.parent, things.size");
    }

    fn other_broken_rules_are_told_apart(place) {
        let db = place.with_things();
        let error = |sql: &'static str| db.write_blocking(move |tx| tx.execute(sql, &[])).unwrap_err();
        assert!(matches!(error("insert into things (id, name, parent) values (1, 'x', 7)"), Error::ForeignKey));
        assert!(matches!(error("insert into things (id) values (1)"), Error::Constraint(_)));
        assert!(matches!(error("insert into things (id, name, size) values (1, 'x', -1)"), Error::Constraint(_)));
        assert!(matches!(error("insert into nothing values (1)"), Error::Other(_)));
        create(&db, "insert into things (id, name) values (1, 'x')");
        create(&db, "insert into things (id, name, parent) values (2, 'y', 1)");
        assert!(matches!(error("delete from things where id = 1"), Error::ForeignKey));
    }

    /// PostgreSQL cannot go on after a failed statement, so SQLite does not either.
    fn a_failed_statement_cannot_be_overlooked(place) {
        let db = place.with_things();
        let outcome = db.write_blocking(|tx| {
            insert(tx, 1)?;
            let second = insert(tx, 1);
            assert!(matches!(second, Err(Error::UniqueViolation { .. })), "{second:?}");
            let third = insert(tx, 2);
            assert!(matches!(third, Err(Error::UniqueViolation { .. })), "{third:?}");
            Ok::<_, Error>(())
        });
        assert!(matches!(outcome, Err(Error::UniqueViolation { .. })), "{outcome:?}");
        assert_eq!(ids(&db), [0_i64; 0]);
    }

    fn the_callers_own_error_wins_over_the_statements(place) {
        let db = place.with_things();
        db.write_blocking(|tx| insert(tx, 1)).unwrap();
        let outcome = db.write_blocking(|tx| match insert(tx, 1) {
            Err(Error::UniqueViolation { .. }) => Err(Refusal::NotAllowed),
            other => other.map_err(Refusal::from),
        });
        assert!(matches!(outcome, Err(Refusal::NotAllowed)), "{outcome:?}");
        let outcome = db.write_blocking(|tx| insert(tx, 1).map_err(Refusal::from));
        assert!(matches!(outcome, Err(Refusal::Database(Error::UniqueViolation { .. }))), "{outcome:?}");
    }

    fn a_reader_cannot_write(place) {
        let db = place.with_things();
        let outcome = db.read_blocking(|tx| insert(tx, 1));
        assert!(matches!(outcome, Err(Error::ReadOnly)), "{outcome:?}");
        db.write_blocking(|tx| insert(tx, 1)).unwrap();
    }

    fn a_reader_sees_one_state(place) {
        let db = place.with_things();
        let other = db.clone();
        let counts = db.read_blocking(move |tx| {
            let count = "select count(*) from things";
            let before: i64 = tx.one(count, &[], |row| row.get(0))?;
            other.write_blocking(|tx| insert(tx, 1))?;
            Ok::<_, Error>((before, tx.one(count, &[], |row| row.get::<i64>(0))?))
        });
        assert_eq!(counts.unwrap(), (0, 0));
        assert_eq!(ids(&db), [1]);
    }

    fn dialect_differences_work_where_they_apply(place) {
        let db = place.with_things();
        let skip = dialect::skip_locked(place.engine());
        let outcome = db.write_blocking(move |tx| {
            let mut query = liaison_db::Query::new("select id from things");
            query.push(skip);
            assert!(tx.list_query(&query, |row| row.get::<i64>(0))?.is_empty());
            assert!(dialect::table_exists(tx, "things")?);
            assert!(!dialect::table_exists(tx, "nothing")?);
            dialect::try_lock_key(tx, 42)
        });
        assert!(outcome.unwrap());
    }
}
