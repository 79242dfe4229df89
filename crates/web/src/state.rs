//! What every handler can reach.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, header};
use liaison_operations::App;
use tokio::sync::watch;

use crate::Options;
use crate::attempts::Attempts;
use crate::live::Live;
use crate::openapi::Published;
use crate::printer::Printer;

/// The application and what only the web needs.
#[derive(Clone)]
pub(crate) struct Web {
    pub(crate) app: App,
    pub(crate) options: Arc<Options>,
    pub(crate) attempts: Arc<Attempts>,
    pub(crate) live: Arc<Live>,
    pub(crate) printer: Printer,
    pub(crate) document: Published,
    pub(crate) docs: Published,
    running: Arc<Mutex<HashSet<RunningKey>>>,
}

type RunningKey = ([u8; 32], String);

impl Web {
    pub(crate) fn new(app: App, options: Options, stop: watch::Receiver<bool>) -> Web {
        Web {
            app,
            options: Arc::new(options),
            attempts: Arc::new(Attempts::new()),
            live: Arc::new(Live::new(stop)),
            printer: Printer::new(),
            document: Published::default(),
            docs: Published::default(),
            running: Arc::default(),
        }
    }

    /// Marks an idempotency key as being worked on; none where it already is.
    pub(crate) fn start(&self, token_sha256: [u8; 32], key: &str) -> Option<Running> {
        let entry = (token_sha256, key.to_owned());
        let mut running = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        running.insert(entry.clone()).then(|| Running {
            entry,
            all: self.running.clone(),
        })
    }

    /// Whether people reach this server with TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.app.env.identity.public_url.scheme() == "https"
    }

    /// Whether `origin`, as a browser names it, is this server: by its public URL, or by the name the browser calls
    /// it in this very request.
    pub(crate) fn is_own_origin(&self, origin: &str, headers: &HeaderMap) -> bool {
        let public = self.app.env.identity.public_url.origin().ascii_serialization();
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let named = origin.split_once("://").map(|(_, host)| host);
        origin == public || (host.is_some() && host == named)
    }

    /// The public URL without a slash at its end.
    pub(crate) fn public_url(&self) -> &str {
        self.app.env.identity.public_url.as_str().trim_end_matches('/')
    }
}

/// An idempotency key that is being worked on, until this is dropped.
pub(crate) struct Running {
    entry: RunningKey,
    all: Arc<Mutex<HashSet<RunningKey>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = self.all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        running.remove(&self.entry);
    }
}
