//! `liaison serve`: the server from its start to its last answer.

use std::thread;
use std::time::Duration;

use liaison_db::Db;
use liaison_domain::Clock as _;
use liaison_jobs::{Bell, Transport};
use liaison_operations::{App, MIGRATIONS};
use liaison_web::Server;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::cli::{Common, ServerFlags};
use crate::failure::Failure;
use crate::system::SystemClock;
use crate::{app, config, logging};

/// The version in answers, logs and help.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How long the mail worker may finish what it is sending. A relay that hangs must not hold up the end.
const LAST_MAILS: Duration = Duration::from_secs(20);

pub(super) fn run(common: &Common, flags: &ServerFlags) -> Result<(), Failure> {
    let (config, server) = config::of_server(common, flags)?;
    logging::start(&config.log)?;
    let db = Db::open(&config.database, &config.serving_options())?;
    // Before the migration: nobody changes the schema under a server that runs.
    let lock = db.lock_for_serving()?;
    db.migrate(MIGRATIONS, SystemClock.now().as_millis())?;
    let runtime = runtime()?;
    let bound = runtime.block_on(bind(&server.listen))?;
    let at = bound.local_addr()?;
    let mails = server
        .relay
        .as_ref()
        .map_or_else(|| "kept".to_owned(), |relay| format!("sent through {relay}"));
    tracing::info!(
        "Liaison {VERSION} listening on http://{at} (database {}, mails {mails})",
        config.database
    );
    let (app, bell) = app::build(db, &server);
    let ended = run_until_stopped(
        &runtime,
        Parts {
            app,
            bell,
            transport: app::transport(&server),
            server: bound,
            demo: false,
            proxies: server.proxies.clone(),
        },
    );
    runtime.shutdown_background();
    drop(lock);
    ended
}

/// A runtime that is small when nothing happens.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    let cores = thread::available_parallelism().map_or(2, usize::from);
    Builder::new_multi_thread()
        .worker_threads(cores.clamp(2, 8))
        // Hashing a password takes 19 MiB: this many at a time.
        .max_blocking_threads(4)
        .thread_name("liaison")
        .enable_all()
        .build()
        .map_err(|error| Failure::refused(format!("the server cannot start its threads: {error}")))
}

/// Takes the address.
pub(crate) async fn bind(listen: &str) -> Result<Server, Failure> {
    Server::bind(listen).await.map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::AddrInUse => "another program listens there; choose another with --listen".to_owned(),
            std::io::ErrorKind::PermissionDenied => {
                "the system does not allow it; ports below 1024 need a privilege, choose another with --listen"
                    .to_owned()
            }
            _ => error.to_string(),
        };
        Failure::refused(format!("cannot listen on {listen}: {reason}"))
    })
}

/// A server ready to run.
pub(crate) struct Parts {
    /// The program.
    pub(crate) app: App,
    /// The bell of the mail worker.
    pub(crate) bell: Bell,
    /// Where mail goes.
    pub(crate) transport: Transport,
    /// The listening server.
    pub(crate) server: Server,
    /// Whether this is the demonstration.
    pub(crate) demo: bool,
    /// Reverse proxies whose word on a client's address is believed.
    pub(crate) proxies: Vec<std::net::IpAddr>,
}

/// Answers requests and does the background work until a signal comes, then ends in order.
pub(crate) fn run_until_stopped(runtime: &Runtime, parts: Parts) -> Result<(), Failure> {
    runtime.block_on(async {
        let mut signals = Signals::new()?;
        let (stop, stopped) = watch::channel(false);
        let work = work(parts, stop.clone(), stopped);
        tokio::pin!(work);
        tokio::select! {
            done = &mut work => return done,
            name = signals.next() => {
                tracing::info!("{name}: finishing what is in flight; once more to end at once");
                stop.send_replace(true);
            }
        }
        tokio::select! {
            done = &mut work => {
                tracing::info!("Liaison stopped");
                done
            }
            _ = signals.next() => Err(Failure::refused("ended at once; what was in flight is lost")),
        }
    })
}

/// Runs the web and the jobs. Both end on `stop`; where the jobs end by themselves, so does the server.
async fn work(parts: Parts, stop: watch::Sender<bool>, stopped: watch::Receiver<bool>) -> Result<(), Failure> {
    let Parts {
        app,
        bell,
        transport,
        server,
        demo,
        proxies,
    } = parts;
    let jobs = tokio::spawn(liaison_jobs::run(app.clone(), bell, transport, stopped.clone()));
    let jobs = watched(jobs, stop);
    let options = liaison_web::Options {
        version: VERSION,
        demo,
        proxies,
    };
    let ((), jobs) = tokio::join!(server.serve(app, options, stopped), jobs);
    jobs
}

async fn watched(jobs: tokio::task::JoinHandle<()>, stop: watch::Sender<bool>) -> Result<(), Failure> {
    let mut asked = stop.subscribe();
    tokio::pin!(jobs);
    let ended = tokio::select! {
        ended = &mut jobs => Some(ended),
        _ = asked.wait_for(|stop| *stop) => tokio::time::timeout(LAST_MAILS, &mut jobs).await.ok(),
    };
    let told_to = stop.send_replace(true);
    match ended {
        Some(Ok(())) if told_to => Ok(()),
        Some(_) => Err(Failure::refused(
            "the background work ended because of a defect; the server stopped, see the log",
        )),
        None => {
            tracing::warn!("a mail was being sent at the end; it may be sent once more after the next start");
            Ok(())
        }
    }
}

/// The signals that end the server.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> Result<Signals, Failure> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}
