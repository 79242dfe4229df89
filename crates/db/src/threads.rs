//! Starting the threads of a database, and telling when all have ended.
//! Not here: what they do.

use std::thread::{self, ThreadId};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::Error;

/// Threads being started, and the channel that tells when all have ended.
pub(crate) struct Crew {
    pub(crate) threads: Vec<ThreadId>,
    alive: Sender<()>,
    pub(crate) ended: Receiver<()>,
}

impl Crew {
    pub(crate) fn new() -> Self {
        let (alive, ended) = bounded(0);
        Self {
            threads: Vec::new(),
            alive,
            ended,
        }
    }

    pub(crate) fn start(&mut self, name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let alive = self.alive.clone();
        let started = thread::Builder::new().name(name.to_owned()).spawn(move || {
            body();
            drop(alive);
        });
        let handle = started.map_err(|error| Error::Setup(format!("a thread cannot be started: {error}")))?;
        self.threads.push(handle.thread().id());
        Ok(())
    }
}

/// Runs blocking work on a thread of its own, since the PostgreSQL driver must not run inside an async runtime.
pub(crate) fn apart<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    thread::scope(|scope| scope.spawn(work).join()).unwrap_or(Err(Error::Panicked))
}
