//! A fresh migrated database per test, on either engine, and importing into it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};

use liaison_bundle::{Env, ImportError, Kind, Problem, Report, Source};
use liaison_db::{Db, Options, Url};
use liaison_domain::{Entropy, Timestamp};
use tempfile::TempDir;

use crate::testkit::postgres::{Server, shared_server};

/// Runs each body once on each engine, as `NAME::sqlite` and `NAME::postgres`.
macro_rules! on_both {
    ($($(#[doc = $doc:literal])* fn $name:ident($place:ident) $body:block)*) => {$(
        $(#[doc = $doc])*
        fn $name($place: &crate::place::Place) $body
        mod $name {
            use crate::place::{Place, without_postgres};
            #[test]
            fn sqlite() { super::$name(&Place::sqlite()); }
            #[test]
            fn postgres() { if !without_postgres() { super::$name(&Place::postgres()); } }
        }
    )*};
}
pub(crate) use on_both;

/// Counts up, so that nothing it makes occurs twice.
struct Counting(AtomicU8);

impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no settings file; one variable chooses the engines"
)]
pub(crate) fn without_postgres() -> bool {
    std::env::var("LIAISON_TEST_ENGINES").is_ok_and(|engines| engines == "sqlite")
}

pub(crate) struct Place {
    pub(crate) db: Db,
    folder: TempDir,
    entropy: Counting,
    /// Dropped with the place.
    server: Option<(Server, String)>,
}

impl Place {
    pub(crate) fn sqlite() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let url = Url::Sqlite(folder.path().join("test.db"));
        Place::open(folder, &url, None)
    }

    pub(crate) fn postgres() -> Place {
        let server = shared_server();
        let name = server.create_database(None);
        let url = server.url(&name).parse().unwrap();
        Place::open(tempfile::tempdir().unwrap(), &url, Some((server, name)))
    }

    /// Another empty database of the same engine.
    pub(crate) fn another(&self) -> Place {
        if self.server.is_some() {
            Place::postgres()
        } else {
            Place::sqlite()
        }
    }

    fn open(folder: TempDir, url: &Url, server: Option<(Server, String)>) -> Place {
        let options = Options {
            readers: 2,
            connections: 2,
            ..Options::default()
        };
        let db = Db::open(url, &options).unwrap();
        db.migrate(liaison_operations::MIGRATIONS, 0).unwrap();
        Place {
            db,
            folder,
            entropy: Counting(AtomicU8::new(0)),
            server,
        }
    }

    /// A file with a text in it.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn import_source(&self, source: &Source, kind: Option<Kind>) -> Result<Report, ImportError> {
        let plan = liaison_bundle::check(source, kind, &self.db, &mut |_| {})?;
        let now = Timestamp::parse("2026-12-01").unwrap();
        plan.apply(
            &self.db,
            &Env {
                now,
                entropy: &self.entropy,
                pause: &|_| {},
            },
            &mut |_| {},
        )
    }

    pub(crate) fn try_import(&self, text: impl AsRef<[u8]>) -> Result<Report, ImportError> {
        self.import_source(&Source::File(self.file("bundle.json", text)), None)
    }

    pub(crate) fn import(&self, text: impl AsRef<[u8]>) -> Report {
        self.try_import(text).unwrap()
    }

    pub(crate) fn try_import_csv(&self, kind: Kind, text: &str) -> Result<Report, ImportError> {
        self.import_source(&Source::File(self.file("rows.csv", text)), Some(kind))
    }

    pub(crate) fn export(&self) -> String {
        let mut out = Vec::new();
        liaison_bundle::export(&self.db, &mut out, &mut |_| {}).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The problems of a bundle that must be refused, as `pointer: reason`, and that nothing was written.
    pub(crate) fn problems(&self, text: impl AsRef<[u8]>) -> Vec<String> {
        let before = self.export();
        let problems = listed(self.try_import(text));
        assert_eq!(self.export(), before, "something was written");
        problems
    }

    /// The same for CSV.
    pub(crate) fn csv_problems(&self, kind: Kind, text: &str) -> Vec<String> {
        let before = self.export();
        let problems = listed(self.try_import_csv(kind, text));
        assert_eq!(self.export(), before, "something was written");
        problems
    }
}

fn listed(outcome: Result<Report, ImportError>) -> Vec<String> {
    let Err(ImportError::Invalid { problems, more: 0 }) = outcome else {
        panic!("{outcome:?}")
    };
    problems
        .iter()
        .map(|Problem { pointer, reason, .. }| format!("{pointer}: {reason}"))
        .collect()
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            server.drop_database(name);
        }
    }
}

/// The counts of a report, one line per kind: `companies 1 added 0 changed 0 unchanged`.
pub(crate) fn counts(report: &Report) -> Vec<String> {
    let line = |kind: &liaison_bundle::KindReport| {
        format!(
            "{} {} added {} changed {} unchanged",
            kind.kind, kind.added, kind.changed, kind.unchanged
        )
    };
    report.kinds.iter().map(line).collect()
}

/// Whether a report has nothing but unchanged rows.
pub(crate) fn is_unchanged(report: &Report) -> bool {
    report.new_tokens.is_empty() && report.kinds.iter().all(|kind| kind.added == 0 && kind.changed == 0)
}
