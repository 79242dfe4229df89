//! What every handler can reach.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use liaison_operations::App;

use crate::Options;

/// The application and what only the web needs.
#[derive(Clone)]
pub(crate) struct Web {
    pub(crate) app: App,
    pub(crate) options: Options,
    running: Arc<Mutex<HashSet<RunningKey>>>,
}

type RunningKey = ([u8; 32], String);

impl Web {
    pub(crate) fn new(app: App, options: Options) -> Web {
        Web {
            app,
            options,
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
