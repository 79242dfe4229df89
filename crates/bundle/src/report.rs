//! What an import tells while it runs and when it has ended.

use crate::Kind;

/// Which step of an import runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading and refusing; nothing is written yet.
    Checking,
    /// Comparing with the database and writing.
    Writing,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub phase: Phase,
    /// Bytes read in this step.
    pub bytes_done: u64,
    /// Bytes this step will read; 0 where that is not known.
    pub bytes_total: u64,
    /// Rows handled in this step.
    pub rows: u64,
}

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The kinds that were in the file.
    pub kinds: Vec<KindReport>,
    /// Tokens that were made because the file gave none. They are stored nowhere else: show them once.
    pub new_tokens: Vec<NewToken>,
}

/// What happened to the rows of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindReport {
    /// The kind.
    pub kind: Kind,
    /// Rows that were not there.
    pub added: u64,
    /// Rows that were there and differed.
    pub changed: u64,
    /// Rows that were there as they are in the file.
    pub unchanged: u64,
}

impl KindReport {
    /// Rows that were written, or would be.
    pub fn written(&self) -> u64 {
        self.added + self.changed
    }
}

/// A token just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// Guid of its customer.
    pub customer: String,
    /// Its user; none for a company token.
    pub user_email: Option<String>,
    /// What it is for.
    pub description: String,
    /// The token.
    pub token: String,
}

/// Bytes between two calls of a progress function.
const STEP: u64 = 128 * 1024;

/// Counts bytes and rows and passes them on now and then.
pub(crate) struct Meter<'m> {
    tell: &'m mut dyn FnMut(Progress),
    progress: Progress,
    /// Bytes of the readings before this one.
    base: u64,
    told: u64,
}

impl<'m> Meter<'m> {
    pub(crate) fn new(phase: Phase, bytes_total: u64, tell: &'m mut dyn FnMut(Progress)) -> Meter<'m> {
        let progress = Progress {
            phase,
            bytes_done: 0,
            bytes_total,
            rows: 0,
        };
        tell(progress);
        Meter {
            tell,
            progress,
            base: 0,
            told: 0,
        }
    }

    /// One more row has been read; `bytes` counts from the start of this reading.
    pub(crate) fn row(&mut self, bytes: u64) {
        self.progress.rows += 1;
        self.progress.bytes_done = self.base + bytes;
        if self.progress.bytes_done >= self.told + STEP {
            self.told = self.progress.bytes_done;
            (self.tell)(self.progress);
        }
    }

    /// A reading has ended after `bytes`.
    pub(crate) fn end_reading(&mut self, bytes: u64) {
        self.base += bytes;
        self.progress.bytes_done = self.base;
        self.told = self.base;
        (self.tell)(self.progress);
    }
}
