//! A thread that reads from SQLite, one closure at a time.
//! Not here: anything that writes.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use rusqlite::Connection;

use super::explain;
use crate::Error;
use crate::job::{Job, Verdict};
use crate::tx::{self, Class, Tx};

/// After this long without work a connection gives its page cache back.
pub(super) const IDLE: Duration = Duration::from_secs(30);
const TRIES: u32 = 3;

/// Serves until every sender is gone and the queue is empty.
pub(crate) fn run_reader(connection: &Connection, jobs: &Receiver<Box<dyn Job>>) {
    while let Some(mut job) = next(connection, jobs) {
        for attempt in 1..=TRIES {
            match read(connection, job.as_mut()) {
                Ok(()) => break,
                Err((Class::Conflict, _)) if attempt < TRIES => {}
                Err((_, error)) => job.fail(error),
            }
        }
        job.answer();
    }
}

/// Waits for a closure; shrinks the page cache once when none comes for a while.
pub(super) fn next(connection: &Connection, jobs: &Receiver<Box<dyn Job>>) -> Option<Box<dyn Job>> {
    match jobs.recv_timeout(IDLE) {
        Ok(job) => Some(job),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            if let Err(error) = connection.execute_batch("pragma shrink_memory") {
                tracing::debug!(%error, "the page cache was not given back");
            }
            jobs.recv().ok()
        }
    }
}

fn read(connection: &Connection, job: &mut dyn Job) -> Result<(), (Class, Error)> {
    plain(connection, "begin deferred").map_err(|error| (Class::Final, error))?;
    let mut tx = Tx::new(tx::Connection::Sqlite(connection));
    let verdict = job.run(&mut tx);
    let doom = tx.into_doom();
    if !connection.is_autocommit() {
        // Nothing was written, so there is nothing a commit could keep.
        plain(connection, "rollback").map_err(|error| (Class::Final, error))?;
    }
    match doom {
        // A closure that returned an error keeps its own one, unless running it again may help.
        Some(doom) if doom.class != Class::Final || verdict == Verdict::Keep => Err((doom.class, doom.error)),
        _ => Ok(()),
    }
}

/// Runs a statement without parameters through the statement cache.
pub(super) fn plain(connection: &Connection, sql: &str) -> Result<(), Error> {
    let failed = |error: rusqlite::Error| explain(&error, sql);
    connection
        .prepare_cached(sql)
        .map_err(failed)?
        .raw_execute()
        .map(|_| ())
        .map_err(failed)
}
