//! The one thread that writes to SQLite, which lets waiting closures share a commit.
//! Not here: reading, and other processes' writers (the busy timeout deals with those).

use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use rusqlite::{Connection, ffi};

use super::reader::{next, plain};
use super::{doom, explain};
use crate::Error;
use crate::job::{Job, Verdict};
use crate::tx::{self, Class, Tx};

/// Most closures that share one commit.
const GROUP: usize = 256;
/// A group takes no further closure after this time, so that the first one is not kept waiting.
const GROWTH: Duration = Duration::from_millis(5);
/// Times the file may be found busy (each after the whole busy timeout) before giving up.
const TRIES: u32 = 2;

/// Serves until every sender is gone and the queue is empty. Answers go out only after their commit.
pub(crate) fn run_writer(connection: &Connection, jobs: &Receiver<Box<dyn Job>>) {
    let mut writer = Writer {
        connection,
        jobs,
        fenced: false,
    };
    while let Some(first) = next(connection, jobs) {
        writer.serve(first);
    }
}

struct Writer<'w> {
    connection: &'w Connection,
    jobs: &'w Receiver<Box<dyn Job>>,
    /// Set when flushing failed: the system may have dropped pages it will never report again.
    fenced: bool,
}

/// A closure that was run, and whether it wants to be kept.
struct Member {
    job: Box<dyn Job>,
    verdict: Verdict,
}

impl Writer<'_> {
    fn serve(&mut self, first: Box<dyn Job>) {
        if self.fenced {
            return self.refuse(first, &fence_error());
        }
        if let Err(error) = self.begin() {
            return self.refuse(first, &error);
        }
        let mut group = Vec::new();
        match self.fill(first, &mut group).and_then(|()| self.commit()) {
            Ok(()) => answer(group),
            // A key checked only at commit: let each closure find out by itself.
            Err(Error::ForeignKey) if group.len() > 1 => {
                self.roll_back();
                group.into_iter().for_each(|member| self.alone(member.job));
            }
            Err(error) => self.abandon(group, &error),
        }
    }

    /// Runs one closure in a transaction of its own.
    fn alone(&mut self, mut job: Box<dyn Job>) {
        if let Err(error) = self.begin() {
            job.fail(error);
            return job.answer();
        }
        let mut group = Vec::new();
        match self.member(job, &mut group).and_then(|()| self.commit()) {
            Ok(()) => answer(group),
            Err(error) => self.abandon(group, &error),
        }
    }

    /// Nothing of the group was kept: every closure that had succeeded is told so.
    fn abandon(&self, mut group: Vec<Member>, error: &Error) {
        self.roll_back();
        for member in group.iter_mut().filter(|member| member.verdict == Verdict::Keep) {
            member.job.fail(error.clone());
        }
        answer(group);
    }

    fn roll_back(&self) {
        if self.connection.is_autocommit() {
            return;
        }
        if let Err(error) = self.connection.execute_batch("rollback") {
            tracing::error!(%error, "a failed transaction could not be rolled back");
        }
    }

    fn begin(&self) -> Result<(), Error> {
        let mut attempt = 1;
        loop {
            let begun = self
                .connection
                .prepare_cached("begin immediate")
                .and_then(|mut begin| begin.raw_execute());
            let Err(error) = begun else { return Ok(()) };
            let doom = doom(&error, "begin immediate");
            if doom.class != Class::Conflict || attempt == TRIES {
                return Err(doom.error);
            }
            attempt += 1;
        }
    }

    /// Runs the first closure and those that wait. An error means that the whole transaction is gone.
    fn fill(&self, first: Box<dyn Job>, group: &mut Vec<Member>) -> Result<(), Error> {
        let started = Instant::now();
        let mut waiting = Some(first);
        while let Some(job) = waiting.take() {
            self.member(job, group)?;
            if group.len() < GROUP && started.elapsed() < GROWTH {
                waiting = self.jobs.try_recv().ok();
            }
        }
        Ok(())
    }

    /// Runs one closure under a savepoint of its own.
    fn member(&self, mut job: Box<dyn Job>, group: &mut Vec<Member>) -> Result<(), Error> {
        if let Err(error) = plain(self.connection, "savepoint member") {
            group.push(Member {
                job,
                verdict: Verdict::Keep,
            });
            return Err(error);
        }
        let mut tx = Tx::new(tx::Connection::Sqlite(self.connection));
        let mut verdict = job.run(&mut tx);
        let doom = tx.into_doom();
        let ended = self.connection.is_autocommit();
        if let Some(doom) = doom.as_ref().filter(|_| verdict == Verdict::Keep) {
            job.fail(doom.error.clone());
            verdict = Verdict::Undo;
        }
        group.push(Member { job, verdict });
        if ended {
            return Err(doom.map_or_else(
                || Error::Other("a closure ended the transaction it shares".into()),
                |doom| doom.error,
            ));
        }
        if verdict == Verdict::Undo {
            plain(self.connection, "rollback to member")?;
        }
        plain(self.connection, "release member")
    }

    fn commit(&mut self) -> Result<(), Error> {
        let committed = self
            .connection
            .prepare_cached("commit")
            .and_then(|mut commit| commit.raw_execute());
        let Err(error) = committed else { return Ok(()) };
        let unflushed = matches!(
            error.sqlite_error().map(|error| error.extended_code),
            Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
        );
        if unflushed {
            tracing::error!(%error, "the database file could not be flushed; no further write is accepted");
            self.fenced = true;
        }
        Err(explain(&error, "commit"))
    }

    /// Fails the closure and all that wait now, instead of letting each wait for the same timeout.
    fn refuse(&self, first: Box<dyn Job>, error: &Error) {
        for mut job in std::iter::once(first).chain(self.jobs.try_iter().take(GROUP)) {
            job.fail(error.clone());
            job.answer();
        }
    }
}

fn answer(group: Vec<Member>) {
    for member in group {
        member.job.answer();
    }
}

fn fence_error() -> Error {
    Error::Unavailable(
        "an earlier write could not be flushed to the disk; check the disk, then restart the server".into(),
    )
}
