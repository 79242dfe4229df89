//! A throw-away PostgreSQL server, started from the installed binaries and shared by every test process of this checkout.
//!
//! The first test that wants it makes a cluster without durability, in memory where there is room, and starts
//! it; later ones, in whatever process, find it running. A file lock orders them. The server listens on a Unix socket in
//! that folder and nowhere else. A shell in the background stops it and deletes its data five minutes after the last use,
//! so nothing is left behind however the tests ended, and whatever they forgot to drop goes with it.
//!
//! Every function blocks and may be called from asynchronous code: the client, which runs a runtime of its own, works on
//! a thread of its own.

mod cluster;

use cluster::{Installation, SETTINGS, WATCHDOG, user_id};
use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};
use std::collections::hash_map::DefaultHasher;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// How often a statement that needs a database to itself is tried. The server waits five seconds each time.
const ATTEMPTS: usize = 6;

/// The running server.
#[derive(Clone, Debug)]
pub struct Server {
    /// Data, socket, log and locks.
    folder: PathBuf,
}

/// The server, started if it does not run. Panics with one line when PostgreSQL is not installed or does not start.
pub fn shared_server() -> Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(find_or_start).clone()
}

impl Server {
    /// The URL of a database, which need not exist yet.
    pub fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres", self.folder.display())
    }

    /// Makes a database nobody else has, empty or as a copy of `template`, and returns its name.
    pub fn create_database(&self, template: Option<&str>) -> String {
        self.note_use();
        let (number, version): (i64, i32) = self.with_client(|client| {
            let sql = "select nextval('databases'), current_setting('server_version_num')::int";
            let row = client.query_one(sql, &[]).expect("a new server has the sequence");
            (row.get(0), row.get(1))
        });
        let name = format!("test_{number}");
        // Copying files is twice as fast as the other way, and without fsync the checkpoint it needs costs little.
        let strategy = if version >= 150_000 { " strategy file_copy" } else { "" };
        match template {
            Some(template) => self.alone(&format!("create database {name} template {template}{strategy}")),
            None => self.alone(&format!("create database {name}")),
        }
        name
    }

    /// Drops a database and ends whatever connections it has.
    pub fn drop_database(&self, name: &str) {
        self.alone(&format!("drop database if exists {name} with (force)"));
    }

    /// Makes the database `name` unless it exists: `build` gets the URL of an empty one and fills it.
    ///
    /// One process builds, the others wait. The database bears its name only when it is complete, so a build that fails
    /// leaves nothing that looks ready. The server outlives a test run; let the name change when what is built does.
    pub fn ensure_template(&self, name: &str, build: impl FnOnce(&str)) {
        self.note_use();
        let _lock = locked(&self.folder.join(format!("{name}.lock")));
        if self.has_database(name) {
            return;
        }
        let unfinished = format!("{name}_unfinished");
        self.drop_database(&unfinished);
        self.alone(&format!("create database {unfinished}"));
        build(&self.url(&unfinished));
        self.alone(&format!("alter database {unfinished} rename to {name}"));
    }

    fn has_database(&self, name: &str) -> bool {
        self.with_client(|client| {
            let sql = "select 1 from pg_database where datname = $1";
            client
                .query_opt(sql, &[&name])
                .expect("the catalogue can be read")
                .is_some()
        })
    }

    /// Runs a statement that needs a database to itself; connections just closed elsewhere may linger a little.
    fn alone(&self, statement: &str) {
        self.with_client(|client| {
            for attempt in 1.. {
                match client.batch_execute(statement) {
                    Ok(()) => return,
                    Err(error) if error.code() == Some(&SqlState::OBJECT_IN_USE) && attempt < ATTEMPTS => {}
                    Err(error) => panic!("PostgreSQL refused `{statement}`: {error:?}"),
                }
            }
        });
    }

    fn with_client<T: Send>(&self, work: impl FnOnce(&mut Client) -> T + Send) -> T {
        on_a_thread(|| {
            let mut client = connect(&self.folder).expect("the server was found running and has a connection left");
            work(&mut client)
        })
    }

    /// Puts off the watchdog.
    fn note_use(&self) {
        fs::write(self.folder.join("used"), "now\n").expect("the server's folder can be written");
    }
}

/// The client must not be used, nor dropped, on a thread that runs asynchronous code.
fn on_a_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match scope.spawn(work).join() {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

fn connect(folder: &Path) -> Result<Client, postgres::Error> {
    Config::new()
        .host_path(folder)
        .user("postgres")
        .dbname("postgres")
        .connect(NoTls)
}

/// Holds the lock until the file is dropped, across processes.
fn locked(path: &Path) -> File {
    let open = OpenOptions::new().create(true).append(true).open(path);
    let file = open.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.lock()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file
}

fn find_or_start() -> Server {
    let server = Server { folder: folder() };
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&server.folder);
    made.unwrap_or_else(|error| panic!("{}: {error}", server.folder.display()));
    let _lock = locked(&server.folder.join("lock"));
    server.note_use();
    if !is_running(&server.folder) {
        Installation::find().start(&server.folder);
        prepare(&server.folder).unwrap_or_else(|error| panic!("PostgreSQL started but does not answer: {error:?}"));
    }
    server
}

/// A server that has no connection left runs, too.
fn is_running(folder: &Path) -> bool {
    on_a_thread(|| match connect(folder) {
        Ok(_) => true,
        Err(error) => error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS),
    })
}

/// One for each user, checkout and set of settings. Short, because the path of a Unix socket is at most 103 bytes.
fn folder() -> PathBuf {
    let mut key = DefaultHasher::new();
    (env!("CARGO_MANIFEST_DIR"), SETTINGS, WATCHDOG).hash(&mut key);
    let key = key.finish() & 0xffff_ffff;
    super::memory::folder().join(format!("liaison-pg-{}-{key:08x}", user_id()))
}

/// The names of databases are numbered by the server, so that no two processes choose the same.
fn prepare(folder: &Path) -> Result<(), postgres::Error> {
    on_a_thread(|| connect(folder)?.batch_execute("create sequence databases"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(url: &str, sql: &str) -> i64 {
        let mut client = Client::connect(url, NoTls).unwrap();
        client.query_one(sql, &[]).unwrap().get(0)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no settings file; one variable chooses the engines"
    )]
    fn without_postgres() -> bool {
        std::env::var("LIAISON_TEST_ENGINES").is_ok_and(|engines| engines == "sqlite")
    }

    #[test]
    fn databases_are_copies_of_a_template_built_once() {
        if without_postgres() {
            return;
        }
        let server = shared_server();
        server.ensure_template("template_of_two", |url| {
            Client::connect(url, NoTls)
                .unwrap()
                .batch_execute("create table n as select 1::bigint as n")
                .unwrap();
        });
        server.ensure_template("template_of_two", |_| panic!("it was built already"));

        let one = server.create_database(Some("template_of_two"));
        let two = server.create_database(Some("template_of_two"));
        assert_ne!(one, two);
        let grown = "with grown as (insert into n values (2) returning n) select sum(n)::bigint from grown";
        assert_eq!(query(&server.url(&one), grown), 2);
        assert_eq!(query(&server.url(&one), "select count(*) from n"), 2);
        assert_eq!(query(&server.url(&two), "select count(*) from n"), 1);

        server.drop_database(&one);
        server.drop_database(&two);
        assert!(!server.has_database(&one));
    }

    #[test]
    fn a_template_in_use_is_waited_for() {
        if without_postgres() {
            return;
        }
        let server = shared_server();
        let template = server.create_database(None);
        let lingering = Client::connect(&server.url(&template), NoTls).unwrap();
        std::thread::scope(|scope| {
            let copy = scope.spawn(|| server.create_database(Some(&template)));
            drop(lingering);
            server.drop_database(&copy.join().unwrap());
        });
        server.drop_database(&template);
    }

    #[tokio::test]
    async fn it_may_be_called_from_asynchronous_code() {
        if without_postgres() {
            return;
        }
        let server = shared_server();
        let name = server.create_database(None);
        server.drop_database(&name);
    }
}
