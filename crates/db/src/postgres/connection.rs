//! Reaching a PostgreSQL server: settings from the URL, defaults, encryption, the version check.
//! Not here: statements, and connecting again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{NEEDED, doom};
use crate::tx::{Class, Doom};
use crate::url::with_sources;
use crate::{Engine, Error, Url};

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Short transactions.
    Serving,
    /// Migrations, which may take their time.
    Migrating,
}

/// Everything needed to connect, read once from the URL.
#[derive(Clone)]
pub(crate) struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    /// The URL without its password, for messages.
    shown: String,
}

impl Target {
    /// Reads the URL. Encryption is used when it has an `sslmode` other than `disable`; the server's certificate must
    /// then be known to the public roots, or to those in the file that `sslrootcert` names.
    pub(crate) fn new(url: &str) -> Result<Self, Error> {
        let (mut config, roots) = read(url)?;
        let given = |setting: &str| {
            url.split_once('?')
                .is_some_and(|(_, settings)| settings.split('&').any(|part| part.starts_with(setting)))
        };
        if !given("application_name=") {
            config.application_name("liaison");
        }
        if !given("connect_timeout=") {
            config.connect_timeout(Duration::from_secs(5));
        }
        if !given("keepalives_idle=") {
            config.keepalives_idle(Duration::from_secs(60));
        }
        if !given("tcp_user_timeout=") {
            config.tcp_user_timeout(Duration::from_secs(30));
        }
        if !given("sslmode=") {
            config.ssl_mode(SslMode::Disable);
        }
        let tls = if config.get_ssl_mode() == SslMode::Disable {
            None
        } else {
            Some(encryption(roots.as_deref())?)
        };
        Ok(Self {
            config,
            tls,
            shown: Url::Postgres(url.to_owned()).to_string(),
        })
    }

    /// Connects, makes the settings, checks the version. Blocks; never call it on a thread of an async runtime.
    pub(crate) fn connect(&self, purpose: Purpose) -> Result<Client, Doom> {
        let connected = match &self.tls {
            None => self.config.connect(NoTls),
            Some(tls) => self.config.connect(tls.clone()),
        };
        let mut client = connected.map_err(|error| self.unreachable(&error))?;
        client
            .batch_execute(&self.settings(purpose))
            .map_err(|error| self.unreachable(&error))?;
        let row = client
            .query_one(
                "select cast(current_setting('server_version_num') as bigint), current_setting('server_version')",
                &[],
            )
            .map_err(|error| self.unreachable(&error))?;
        let (number, found): (i64, String) = (row.get(0), row.get(1));
        if number < NEEDED.0 {
            return Err(Doom {
                class: Class::Final,
                error: Error::TooOld {
                    engine: Engine::Postgres,
                    found,
                    needed: NEEDED.1,
                },
            });
        }
        Ok(client)
    }

    /// Settings made after connecting, because poolers refuse them as start-up options.
    fn settings(&self, purpose: Purpose) -> String {
        let options = self.config.get_options().unwrap_or_default();
        let mut settings = String::from("set client_encoding = 'UTF8';");
        if purpose == Purpose::Migrating {
            settings.push_str("set statement_timeout = 0;");
        } else if !options.contains("statement_timeout") {
            settings.push_str("set statement_timeout = '30s';");
        }
        if purpose == Purpose::Migrating {
            settings.push_str("set idle_in_transaction_session_timeout = 0;");
        } else if !options.contains("idle_in_transaction_session_timeout") {
            settings.push_str("set idle_in_transaction_session_timeout = '60s';");
        }
        settings
    }

    fn unreachable(&self, error: &postgres::Error) -> Doom {
        let Doom { class, error: meaning } = doom(error, "connect");
        // A refused or unanswered connection carries no code; everything the server itself says does.
        let class = if error.as_db_error().is_none() {
            Class::Lost
        } else {
            class
        };
        let error = match meaning {
            Error::Setup(said) => Error::Setup(format!("{}: {said}", self.shown)),
            Error::Unavailable(said) | Error::Other(said) => {
                let said = said.trim_end_matches(" in: connect");
                Error::Unavailable(format!(
                    "{said} ({}); check that the server runs and that the URL is right",
                    self.shown
                ))
            }
            other => other,
        };
        Doom { class, error }
    }
}

/// The settings in a URL, and the file of root certificates it names, which the driver does not know about.
pub(crate) fn read(url: &str) -> Result<(Config, Option<PathBuf>), Error> {
    let (place, settings) = url.split_once('?').unwrap_or((url, ""));
    let mut roots = None;
    let mut known = Vec::new();
    for setting in settings.split('&').filter(|setting| !setting.is_empty()) {
        match setting.split_once('=') {
            Some(("sslrootcert", file)) => roots = Some(PathBuf::from(file)),
            // Nothing less than the full check is ever done here.
            Some(("sslmode", "verify-ca" | "verify-full")) => known.push("sslmode=require"),
            _ => known.push(setting),
        }
    }
    let url = if known.is_empty() {
        place.to_owned()
    } else {
        format!("{place}?{}", known.join("&"))
    };
    // The driver's message names the setting at fault, never its value.
    let config = url.parse().map_err(|error: postgres::Error| {
        Error::BadUrl(format!(
            "the PostgreSQL URL cannot be read: {}; write postgres://user:password@host:5432/name \
             and escape special characters of the password as %XX",
            with_sources(&error)
        ))
    })?;
    Ok((config, roots))
}

fn encryption(file: Option<&Path>) -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore::empty();
    match file {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let failed = |error: &dyn std::fmt::Display| {
                Error::Setup(format!(
                    "the root certificates in {} cannot be used: {error}",
                    file.display()
                ))
            };
            for certificate in CertificateDer::pem_file_iter(file).map_err(|error| failed(&error))? {
                roots
                    .add(certificate.map_err(|error| failed(&error))?)
                    .map_err(|error| failed(&error))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Setup(format!("TLS towards PostgreSQL cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
