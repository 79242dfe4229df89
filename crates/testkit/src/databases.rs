//! A fresh database for each test: a copy of one that was migrated and filled once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use liaison_db::{Db, Engine, Migration, Options, Url};
use liaison_domain::{Entropy, Timestamp};
use tempfile::TempDir;

use crate::memory;
use crate::postgres::{self, Server};
use crate::seams::SeededEntropy;
use crate::world;

/// A database of one test; gone when dropped.
pub struct Fresh {
    /// Where it is.
    pub url: Url,
    folder: TempDir,
    on_server: Option<(Server, String)>,
}

impl Fresh {
    /// A copy of the filled database.
    pub fn new(engine: Engine) -> Fresh {
        let folder = tempfile::tempdir_in(memory::folder()).expect("a temporary folder can be made");
        match engine {
            Engine::Sqlite => {
                let path = folder.path().join("liaison.db");
                std::fs::copy(sqlite_template(), &path).expect("the template can be copied");
                Fresh {
                    url: Url::Sqlite(path),
                    folder,
                    on_server: None,
                }
            }
            Engine::Postgres => {
                let server = postgres::shared_server();
                let template = format!("liaison_{}", template_digest());
                server.ensure_template(&template, |url| fill(&url.parse().expect("the server's URL is one")));
                let name = server.create_database(Some(&template));
                let url = server.url(&name).parse().expect("the server's URL is one");
                Fresh {
                    url,
                    folder,
                    on_server: Some((server, name)),
                }
            }
        }
    }

    /// Brings it to the schema of a release that does not exist yet.
    pub fn age_beyond_this_release(&self) {
        let newer = Migration::both(9_999, "of_the_future", "create table of_the_future (a integer)");
        let migrations = [liaison_operations::MIGRATIONS, &[newer]].concat();
        let db = Db::open(&self.url, &options()).expect("the database opens");
        db.migrate(&migrations, world::START.0).expect("migrations apply");
    }

    /// A folder that lives as long as the database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Some((server, name)) = self.on_server.take() {
            server.drop_database(&name);
        }
    }
}

/// Few threads: many tests run at once.
pub fn options() -> Options {
    Options {
        readers: 2,
        connections: 4,
        ..Options::default()
    }
}

fn sqlite_template() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("liaison-test-templates-{}", template_digest()));
    let path = folder.join("template.db");
    if path.exists() {
        return path;
    }
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    // Several processes and threads may build it at once; each renames a complete file into place.
    let own = tempfile::Builder::new().prefix("building-").tempdir_in(&folder);
    let own = own.expect("a folder to build in can be made");
    let building = own.path().join("template.db");
    fill(&Url::Sqlite(building.clone()));
    std::fs::rename(&building, &path).expect("the template can be put into its place");
    path
}

fn fill(url: &Url) {
    let db = Db::open(url, &options()).expect("the template's database opens");
    let now = world::START;
    db.migrate(liaison_operations::MIGRATIONS, now.0)
        .expect("migrations apply");
    import(&db, &world::bundle(), (now, &SeededEntropy::starting_at(0)));
    drop(db);
}

/// Imports a bundle, as the command does.
pub fn import(
    db: &Db,
    bundle: &serde_json::Value,
    (now, entropy): (Timestamp, &dyn Entropy),
) -> liaison_bundle::Report {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    serde_json::to_writer(&mut file, bundle).expect("JSON can be written");
    let source = liaison_bundle::Source::File(file.path().to_owned());
    let plan = liaison_bundle::check(&source, None, db, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    let env = liaison_bundle::Env {
        now,
        entropy,
        pause: &|_: Duration| {},
    };
    plan.apply(db, &env, &mut |_| {})
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Changes with everything that a template is made of, the program included: templates outlive a run.
fn template_digest() -> String {
    let program = std::env::current_exe().and_then(std::fs::metadata);
    let built = program
        .and_then(|file| file.modified())
        .expect("the test's program is a file");
    let mut text = format!("{built:?}{}", world::bundle());
    for migration in liaison_operations::MIGRATIONS {
        text.push_str(migration.sqlite);
        text.push_str(migration.postgres);
    }
    let digest = liaison_operations::digest(text.as_bytes());
    digest[..6].iter().map(|byte| format!("{byte:02x}")).collect()
}
