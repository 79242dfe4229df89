//! The sample world on days that calendars are hard on: it can be imported, and every state occurs.

use std::sync::Arc;

use liaison_db::{Db, Options, Url};
use liaison_domain::{Clock, Timestamp};
use liaison_operations::MIGRATIONS;
use serde_json::Value;

use crate::{app, config};

struct Stopped(Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn tour_at(moment: &str) -> (tempfile::TempDir, Value) {
    let now = Timestamp::parse(moment).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let database = Url::Sqlite(folder.path().join("liaison.db"));
    let db = Db::open(&database, &Options::default()).unwrap();
    db.migrate(MIGRATIONS, now.as_millis()).unwrap();
    let (mut app, _) = app::build(db, &config::local_server("127.0.0.1:8080").unwrap());
    app.clock = Arc::new(Stopped(now));
    let tour = super::fill(
        &app,
        super::Place {
            folder: folder.path(),
            database: &database,
        },
    )
    .unwrap();
    assert!(tour.page().contains("demo-blueseas-admin-0001"));
    (folder, serde_json::to_value(&tour).unwrap())
}

#[test]
fn every_state_occurs_on_any_day() {
    for moment in [
        "2026-11-20T10:00:00Z",
        "2028-02-29T00:00:01Z",
        "2027-01-01T23:59:59Z",
        "2027-03-31T12:00:00Z",
    ] {
        let (_folder, tour) = tour_at(moment);
        let requests = tour["requests"].as_array().unwrap();
        let count = |status: &str| requests.iter().filter(|request| request["status"] == status).count();
        assert_eq!(requests.len(), 76, "{moment}");
        for status in ["Pending", "Active", "Never", "Inactive", "Resolved"] {
            assert!(count(status) >= 3, "{moment} {status}");
        }
    }
}

#[test]
fn it_shows_five_calls_and_a_link() {
    let (_folder, tour) = tour_at("2026-11-20T10:00:00Z");
    let calls = tour["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 5);
    for call in calls {
        let command = call["command"].as_str().unwrap();
        assert!(command.starts_with("curl -sS -u demo-"), "{command}");
        assert!(
            command.contains("http://127.0.0.1:8080/ratings/v1/access-requests"),
            "{command}"
        );
    }
    let link = tour["activation_link"].as_str().unwrap();
    assert!(link.starts_with("http://127.0.0.1:8080/i/"), "{link}");
}
