//! Putting the program together from its settings: for a server, and for a command beside one.

use std::sync::Arc;

use liaison_db::{Db, SchemaState, Url};
use liaison_domain::{Clock, Entropy, Timestamp};
use liaison_jobs::{Bell, Transport};
use liaison_mail::Smtp;
use liaison_mail::domains::{Dns, MailDomains};
use liaison_operations::{App, Env, MIGRATIONS};

use crate::config::{Config, ServerConfig};
use crate::failure::Failure;
use crate::system::{OsEntropy, SystemClock};

/// The program around an open database, and the bell of its mail worker.
pub(crate) fn build(db: Db, server: &ServerConfig) -> (App, Bell) {
    let bell = Bell::new();
    let app = App {
        db,
        clock: Arc::new(SystemClock),
        env: Arc::new(Env {
            entropy: Arc::new(OsEntropy::default()),
            identity: server.identity.clone(),
            has_relay: server.relay.is_some(),
            resend_cool_down: server.resend_cool_down,
        }),
        mail_domains: server.dns_lookups.then(mail_domains).flatten(),
        mail_bell: bell.ringer(),
    };
    (app, bell)
}

/// The name servers of this machine. Without them the server runs all the same, and asks nobody.
fn mail_domains() -> Option<Arc<dyn MailDomains>> {
    match Dns::of_system() {
        Ok(dns) => Some(Arc::new(dns)),
        Err(error) => {
            tracing::warn!(error, "no name server is known: addresses are judged without DNS");
            None
        }
    }
}

/// Where this server's mail goes.
pub(crate) fn transport(server: &ServerConfig) -> Transport {
    match &server.relay {
        Some(relay) => Transport::Smtp(Arc::new(smtp(server, relay))),
        None => Transport::Kept,
    }
}

/// A client of the relay.
pub(crate) fn smtp(server: &ServerConfig, relay: &liaison_mail::Relay) -> Smtp {
    Smtp::new(relay.clone(), server.identity.server_name.clone())
}

/// What a command works with: the database beside a running server, the time and randomness.
pub(crate) struct Desk {
    /// The database.
    pub(crate) db: Db,
    /// Randomness.
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Desk {
    /// Opens a database that exists and has the schema of this release.
    pub(crate) fn open(config: &Config) -> Result<Desk, Failure> {
        let desk = Desk::open_as_it_is(config)?;
        match desk.db.schema_state(MIGRATIONS)? {
            SchemaState::UpToDate => Ok(desk),
            SchemaState::Pending(_) => Err(Failure::refused(format!(
                "the schema of {} is not up to date; run `liaison migrate`",
                config.database
            ))),
        }
    }

    /// Opens a database that exists, whatever its schema is.
    pub(crate) fn open_as_it_is(config: &Config) -> Result<Desk, Failure> {
        if let Url::Sqlite(path) = &config.database
            && !path.exists()
        {
            return Err(Failure::refused(format!(
                "there is no database {}; name the right one with --database, or make it with `liaison migrate`",
                config.database
            )));
        }
        Ok(Desk {
            db: Db::open(&config.database, &config.command_options())?,
            entropy: Arc::new(OsEntropy::default()),
        })
    }

    /// The moment it is now.
    pub(crate) fn now(&self) -> Timestamp {
        SystemClock.now()
    }
}
