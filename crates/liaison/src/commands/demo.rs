//! `liaison demo`: a server with a sample world, in a folder of its own or in an empty PostgreSQL database.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use liaison_db::{Db, Options, SchemaState, ServingLock, Url};
use liaison_domain::Clock as _;
use liaison_jobs::{Bell, Transport};
use liaison_operations::{App, MIGRATIONS};
use liaison_web::Server;
use tokio::runtime::Runtime;

use super::serve::{self, Parts};
use crate::cli::Common;
use crate::demo::{self, Place};
use crate::failure::Failure;
use crate::output::{self, Output};
use crate::system::SystemClock;
use crate::{app, config, logging};

/// Run a server with sample companies, requests and mails in a folder of its own
#[derive(Debug, Args)]
#[command(
    before_help = "Example:\n  liaison demo",
    after_help = "Prints how to sign in, tokens and calls to try. Sends no mail: new ones are kept to be read. \
                  --database takes an empty PostgreSQL database in place of the folder's SQLite file. Settings of \
                  the environment and of liaison.toml do not apply."
)]
pub(crate) struct DemoArgs {
    /// Folder to make; an existing one must be empty [default: a new one among the temporary files]
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8080, or the next port that is free]
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
    /// Fill the folder, print, and do not serve
    #[arg(long)]
    prepare_only: bool,
}

const LISTEN: &str = "127.0.0.1:8080";
/// Connections to PostgreSQL: a demonstration has few guests.
const CONNECTIONS: usize = 8;
/// Ports tried where nobody named one.
const PORTS: std::ops::RangeInclusive<u16> = 8080..=8099;

pub(super) fn run(common: &Common, args: &DemoArgs, output: Output) -> Result<(), Failure> {
    logging::start(&config::log_only(common, "warn")?)?;
    let runtime = serve::runtime()?;
    let listen = args.listen.as_deref();
    let bound = match args.prepare_only {
        true => None,
        false => Some(runtime.block_on(bind(listen))?),
    };
    let address = match &bound {
        Some(server) => reachable(server.local_addr()?),
        None => listen.unwrap_or(LISTEN).to_owned(),
    };
    let named = common.database.as_deref().map(named).transpose()?;
    let folder = folder(args.dir.as_deref())?;
    let database = named.unwrap_or_else(|| Url::Sqlite(folder.join("liaison.db")));
    let stage = Stage::build(&database, &address)?;
    let place = Place {
        folder: &folder,
        database: &database,
    };
    let tour = demo::fill(&stage.app, place)?;
    runtime.block_on(liaison_jobs::send_mail::drain(&stage.app, &Transport::Kept))?;
    output.show(&tour, demo::Tour::page)?;
    let ended = bound.map_or(Ok(()), |server| serve_until_stopped(&runtime, stage, server));
    runtime.shutdown_background();
    ended
}

/// The database that somebody named: a server's, since a file is made in the folder.
fn named(text: &str) -> Result<Url, Failure> {
    match text.parse()? {
        Url::Sqlite(_) => Err(Failure::usage(
            "database: demo makes its SQLite file in a folder of its own; choose that with --dir".to_owned(),
        )),
        server @ Url::Postgres(_) => Ok(server),
    }
}

/// Refuses a database in which Liaison has been already: sample data does not belong beside anybody's own.
fn require_empty(db: &Db, database: &Url) -> Result<(), Failure> {
    use liaison_db::Error::{ChangedMigration, NewerSchema};
    match db.schema_state(MIGRATIONS) {
        Ok(SchemaState::Pending(names)) if names.len() == MIGRATIONS.len() => Ok(()),
        Ok(_) | Err(NewerSchema { .. } | ChangedMigration { .. }) => Err(Failure::refused(format!(
            "{database} holds a Liaison already; give demo an empty database"
        ))),
        Err(other) => Err(other.into()),
    }
}

/// The program on its fresh database.
struct Stage {
    app: App,
    bell: Bell,
    _lock: ServingLock,
}

impl Stage {
    fn build(database: &Url, address: &str) -> Result<Stage, Failure> {
        let server = config::local_server(address)?;
        let options = Options {
            connections: CONNECTIONS,
            ..Options::default()
        };
        let db = Db::open(database, &options)?;
        let lock = db.lock_for_serving()?;
        require_empty(&db, database)?;
        db.migrate(MIGRATIONS, SystemClock.now().as_millis())?;
        let (app, bell) = app::build(db, &server);
        Ok(Stage { app, bell, _lock: lock })
    }
}

fn serve_until_stopped(runtime: &Runtime, stage: Stage, server: Server) -> Result<(), Failure> {
    output::note("\nCtrl-C stops the server.");
    let Stage { app, bell, _lock } = stage;
    let parts = Parts {
        app,
        bell,
        transport: Transport::Kept,
        server,
        demo: true,
        proxies: Vec::new(),
    };
    serve::run_until_stopped(runtime, parts)
}

/// The named address, or the first free port of some.
async fn bind(listen: Option<&str>) -> Result<Server, Failure> {
    if let Some(listen) = listen {
        return serve::bind(listen).await;
    }
    for port in PORTS {
        match Server::bind(&format!("127.0.0.1:{port}")).await {
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(Failure::refused(format!("cannot listen on 127.0.0.1:{port}: {error}"))),
            Ok(server) => return Ok(server),
        }
    }
    let (first, last) = (PORTS.start(), PORTS.end());
    Err(Failure::refused(format!(
        "all ports from {first} to {last} are taken; name another with --listen"
    )))
}

/// The address that a program of this machine can call.
fn reachable(mut at: SocketAddr) -> String {
    if at.ip().is_unspecified() {
        at.set_ip(match at {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    at.to_string()
}

fn folder(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let Some(named) = named else {
        let fresh = tempfile::Builder::new().prefix("liaison-demo-").tempdir();
        return fresh
            .map(tempfile::TempDir::keep)
            .map_err(|error| Failure::refused(format!("no folder can be made among the temporary files: {error}")));
    };
    let failed = |error: &std::io::Error| Failure::refused(format!("{} cannot be used: {error}", named.display()));
    std::fs::create_dir_all(named).map_err(|error| failed(&error))?;
    if std::fs::read_dir(named)
        .map_err(|error| failed(&error))?
        .next()
        .is_some()
    {
        let advice = "name a folder that does not exist yet or is empty";
        return Err(Failure::refused(format!("{} is not empty; {advice}", named.display())));
    }
    named.canonicalize().map_err(|error| failed(&error))
}
