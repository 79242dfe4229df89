//! `liaison demo`: a server with a sample world, ready in a second.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use liaison_db::{Db, Options, ServingLock, Url};
use liaison_domain::Clock as _;
use liaison_jobs::{Bell, Transport};
use liaison_operations::{App, MIGRATIONS};
use liaison_web::Server;
use tokio::runtime::Runtime;

use super::serve::{self, Parts};
use crate::cli::Common;
use crate::demo;
use crate::failure::Failure;
use crate::output::{self, Output};
use crate::system::SystemClock;
use crate::{app, config, logging};

/// Run a server with sample companies, requests and mails in a folder of its own
#[derive(Debug, Args)]
#[command(
    before_help = "Example:\n  liaison demo",
    after_help = "Prints tokens and calls to try. Sends no mail: all are kept to be read. Settings of the \
                  environment and of liaison.toml do not apply."
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
    let folder = folder(args.dir.as_deref())?;
    let stage = Stage::build(&folder, &address)?;
    let tour = demo::fill(&stage.app, &folder)?;
    runtime.block_on(liaison_jobs::send_mail::drain(&stage.app, &Transport::Kept))?;
    output.show(&tour, demo::Tour::page)?;
    let ended = bound.map_or(Ok(()), |server| serve_until_stopped(&runtime, stage, server));
    runtime.shutdown_background();
    ended
}

/// The program on its fresh database.
struct Stage {
    app: App,
    bell: Bell,
    _lock: ServingLock,
}

impl Stage {
    fn build(folder: &Path, address: &str) -> Result<Stage, Failure> {
        let server = config::local_server(address)?;
        let db = Db::open(&Url::Sqlite(folder.join("liaison.db")), &Options::default())?;
        let lock = db.lock_for_serving()?;
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
