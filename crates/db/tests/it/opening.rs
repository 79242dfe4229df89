//! Opening, describing and locking a database.

use liaison_db::{Db, Engine, Error, Options, Url};

use crate::place::{Place, on_both};

on_both! {
    fn it_describes_itself(place) {
        let db = place.open();
        let facts = db.describe().unwrap();
        assert_eq!(facts.engine, place.engine());
        assert_eq!(db.engine(), place.engine());
        assert!(facts.size_bytes > 0);
        assert!(facts.version.starts_with(|c: char| c.is_ascii_digit()), "{}", facts.version);
        // The server of the tests does not flush.
        let unsafe_settings = facts.warnings.iter().any(|warning| warning.contains("fsync=off"));
        assert_eq!(unsafe_settings, place.engine() == Engine::Postgres, "{:?}", facts.warnings);
    }
}

#[test]
fn a_second_server_on_the_same_file_is_refused() {
    let place = Place::sqlite();
    let lock = place.open().lock_for_serving().unwrap();
    let error = place.open().lock_for_serving().unwrap_err();
    assert!(matches!(error, Error::AlreadyServing { .. }), "{error:?}");
    assert!(error.to_string().contains(".serving"), "{error}");
    drop(lock);
    place.open().lock_for_serving().unwrap();
}

#[test]
fn several_servers_may_share_postgres() {
    let place = Place::postgres();
    let _first = place.open().lock_for_serving().unwrap();
    place.open().lock_for_serving().unwrap();
}

#[test]
fn a_missing_folder_is_named() {
    let error = Db::open(&"sqlite:/nowhere/at/all/x.db".parse().unwrap(), &Options::default())
        .err()
        .unwrap();
    assert!(error.to_string().contains("/nowhere/at/all does not exist"), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(&path, "not a database, but long enough to be looked at ".repeat(50)).unwrap();
    let error = Db::open(&Url::Sqlite(path), &Options::default()).err().unwrap();
    assert!(error.to_string().contains("x.db"), "{error}");
}

#[test]
fn an_absent_server_is_named_without_the_password() {
    for url in [
        "postgres://me:secret@127.0.0.1:1/x",
        "postgres:///x?host=/nowhere&user=me&password=secret",
        "postgres://me:secret@127.0.0.1:1/x?sslmode=require",
    ] {
        let error = Db::open(&url.parse().unwrap(), &Options::default()).err().unwrap();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        let line = error.to_string();
        assert!(
            line.contains("check that the server runs") && line.contains("***") && !line.contains("secret"),
            "{line}"
        );
    }
}

#[test]
fn an_absent_postgres_database_is_named() {
    let place = Place::postgres();
    let Place::Postgres(server, _) = &place else {
        unreachable!()
    };
    let error = Db::open(&server.url("no_such_database").parse().unwrap(), &Options::default())
        .err()
        .unwrap();
    assert!(
        matches!(error, Error::Setup(_)) && error.to_string().contains("no_such_database"),
        "{error:?}"
    );
}
