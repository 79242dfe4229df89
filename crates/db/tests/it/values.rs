//! Binding values, reading columns, composing statements.

use liaison_db::{Error, Query};
use uuid::Uuid;

use crate::place::{create, on_both};

on_both! {
    /// The number counts, not the order of appearance.
    fn parameters_are_bound_by_number(place) {
        let db = place.open();
        let found: String = db
            .read_blocking(|tx| tx.one("select $2 || '-' || $1 || '-' || $2", &[&"one", &"two"], |row| row.get(0)))
            .unwrap();
        assert_eq!(found, "two-one-two");
    }

    fn too_few_or_too_many_values_are_refused(place) {
        let db = place.open();
        for given in [1, 3] {
            let error = db
                .read_blocking(move |tx| {
                    let values: Vec<&dyn liaison_db::Param> = vec![&"a"; given];
                    tx.one("select $1 || $2", &values, |row| row.get::<String>(0))
                })
                .unwrap_err();
            assert!(matches!(error, Error::Parameters(_)), "{error:?}");
            assert!(error.to_string().contains("2 parameters"), "{error}");
        }
    }

    fn every_kind_of_value_comes_back(place) {
        let db = place.open();
        create(
            &db,
            "create table kinds (number bigint, fraction double precision, flag boolean, words text, raw BYTES, id uuid)"
                .replace("BYTES", if place.engine() == liaison_db::Engine::Sqlite { "blob" } else { "bytea" })
                .leak(),
        );
        let id = Uuid::from_u128(0x1234_5678_9abc_def0);
        let written = (i64::MIN, 2.0_f64, true, "Zoë ✓".to_owned(), vec![0_u8, 255], id);
        let given = written.clone();
        db.write_blocking(move |tx| {
            let sql = "insert into kinds values ($1, $2, $3, $4, $5, $6)";
            tx.execute(sql, &[&given.0, &given.1, &given.2, &given.3, &given.4, &given.5])?;
            let none = None::<i64>;
            tx.execute(sql, &[&none, &None::<f64>, &None::<bool>, &None::<&str>, &None::<Vec<u8>>, &None::<Uuid>])
        })
        .unwrap();
        type All = (Option<i64>, Option<f64>, Option<bool>, Option<String>, Option<Vec<u8>>, Option<Uuid>);
        let rows: Vec<All> = db
            .read_blocking(|tx| {
                tx.list("select number, fraction, flag, words, raw, id from kinds order by number is null", &[], |row| {
                    assert_eq!(row.opt_str(3)?.map(str::to_owned), row.get::<Option<String>>(3)?);
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
                })
            })
            .unwrap();
        let (number, fraction, flag, words, raw, id) = written;
        assert_eq!(rows, [(Some(number), Some(fraction), Some(flag), Some(words), Some(raw), Some(id)), All::default()]);
        let found = db.read_blocking(move |tx| tx.find("select number from kinds where id = $1 and flag = $2", &[&id, &true], |row| row.get::<i64>(0)));
        assert_eq!(found.unwrap(), Some(i64::MIN));
    }

    fn a_column_of_another_type_is_an_error_not_a_guess(place) {
        let db = place.open();
        let error = db.read_blocking(|tx| tx.one("select 'words'", &[], |row| row.get::<i64>(0))).unwrap_err();
        assert!(matches!(error, Error::Column { index: 0, .. }), "{error:?}");
        let error = db.read_blocking(|tx| tx.one("select 'words'", &[], |row| row.get::<i64>(7))).unwrap_err();
        assert!(matches!(error, Error::Column { index: 7, .. }), "{error:?}");
        let error = db.read_blocking(|tx| tx.one("select cast(null as text)", &[], |row| row.str(0).map(str::to_owned))).unwrap_err();
        assert!(matches!(error, Error::Column { index: 0, .. }), "{error:?}");
    }

    fn a_zero_character_is_refused(place) {
        let db = place.open();
        let error = db.read_blocking(|tx| tx.one("select $1 || ''", &[&"a\0b"], |row| row.get::<String>(0))).unwrap_err();
        assert!(matches!(error, Error::Parameters(_)), "{error:?}");
    }

    fn one_wants_exactly_one_row(place) {
        let db = place.open();
        let none = db.read_blocking(|tx| tx.one("select 1 where 1 = 0", &[], |row| row.get::<i64>(0)));
        assert!(matches!(none, Err(Error::NoRow)), "{none:?}");
        let many = db.read_blocking(|tx| tx.one("select 1 union all select 2", &[], |row| row.get::<i64>(0)));
        assert!(matches!(many, Err(Error::TooManyRows)), "{many:?}");
        let first = db.read_blocking(|tx| tx.find("select 1 union all select 2 order by 1", &[], |row| row.get::<i64>(0)));
        assert_eq!(first.unwrap(), Some(1));
    }

    fn statements_can_be_composed(place) {
        let db = place.with_things();
        let found = db.write_blocking(|tx| {
            for id in 1..=9 {
                crate::place::insert(tx, id)?;
            }
            let mut change = Query::new("update things set size = ");
            change.bind(5_i64).push(" where id in ").bind_list([2_i64, 4, 6, 8]);
            assert_eq!(tx.execute_query(&change)?, 4);
            let mut query = Query::new("select id from things where size = ");
            query.bind(5_i64).push(" and name in ").bind_list(["thing 4", "thing 8", "thing 9"]).push(" order by id desc");
            assert_eq!(tx.find_query(&query, |row| row.get::<i64>(0))?, Some(8));
            let mut sum = 0;
            tx.each_query(&query, |row| {
                sum += row.get::<i64>(0)?;
                Ok::<_, Error>(())
            })?;
            assert_eq!(sum, 12);
            tx.list_query(&query, |row| row.get::<i64>(0))
        });
        assert_eq!(found.unwrap(), [8, 4]);
    }

    /// Also when the visitor stops half way the connection stays usable.
    fn each_can_stop_early(place) {
        let db = place.with_things();
        let seen = db.write_blocking(|tx| {
            for id in 0..500 {
                crate::place::insert(tx, id)?;
            }
            let mut seen = 0;
            let stopped = tx.each("select id from things order by id", &[], |row| {
                seen = row.get::<i64>(0)?;
                if seen == 3 { Err(Error::NoRow) } else { Ok(()) }
            });
            assert!(matches!(stopped, Err(Error::NoRow)));
            crate::place::insert(tx, 500)?;
            Ok::<_, Error>(seen)
        });
        assert_eq!(seen.unwrap(), 3);
        assert_eq!(crate::place::ids(&db).len(), 501);
    }

    fn like_tells_small_from_capital_letters(place) {
        let db = place.open();
        let found = db.read_blocking(|tx| tx.find("select 1 where 'Abc' like 'a%'", &[], |_| Ok(())));
        assert_eq!(found.unwrap(), None);
    }
}
