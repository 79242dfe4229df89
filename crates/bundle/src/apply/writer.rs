//! Writing rows of any kind in short transactions: what is stored as it is in the file is not written.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

use liaison_db::{Db, Tx};
use liaison_domain::Timestamp;
use liaison_store as store;

use super::Env;
use crate::{ImportError, Kind, KindReport, NewToken, Report};

/// Rows that are compared, and at most written, in one transaction.
pub(crate) const ROWS: usize = 500;
/// What a transaction may take. Transactions are made smaller long before the 250 ms that others should wait at most.
const TARGET: Duration = Duration::from_millis(50);

/// Rows of one kind that are written before the database's planner is told of them, and then twice as many each time.
const MANY: u64 = 5000;

/// A kind of rows that are stored, compared and written alike.
pub(crate) trait Noun: Clone + PartialEq + Send + Sync + 'static {
    /// Whose rows these are: a customer, or nobody.
    type Scope: Copy + PartialEq + Send + Sync + 'static;
    type Key: Clone + Eq + Hash;
    const KIND: Kind;

    fn key(&self) -> Self::Key;
    /// The stored rows of some keys.
    fn list(tx: &mut Tx<'_>, scope: Self::Scope, keys: &[Self::Key]) -> store::Result<Vec<Self>>;
    fn upsert(tx: &mut Tx<'_>, scope: Self::Scope, rows: &[Self], now: Timestamp) -> store::Result<()>;
    /// Fills in what a file leaves to the stored row, or to the day.
    fn complete(&mut self, _stored: Option<&Self>, _now: Timestamp) {}
    /// In a copy from another server: fills in from the stored row what that server does not tell.
    fn keep(&mut self, _stored: &Self) {}
    /// How many ordinary rows writing this one is like.
    fn weight(&self) -> usize {
        1
    }
}

/// Rows that wait to be written.
pub(crate) struct Batch<N: Noun>(Vec<(N::Scope, N)>);

impl<N: Noun> Default for Batch<N> {
    fn default() -> Self {
        Batch(Vec::new())
    }
}

impl<N: Noun> Batch<N> {
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= ROWS
    }
}

/// Writes batches and counts.
pub(crate) struct Writer<'w> {
    pub(crate) db: &'w Db,
    pub(crate) env: &'w Env<'w>,
    terms: Terms,
    /// Only counts what would be written.
    pub(crate) only_compares: bool,
    /// Rows for the next transaction, by how long the last ones took.
    limit: usize,
    /// How many rows of a kind there have to be for the planner to be told.
    told_at: HashMap<Kind, u64>,
    /// The last batch had to be written whole. The next one probably has, too, and is compared only once, when it is
    /// written.
    expects_new: bool,
    counts: [KindReport; Kind::ALL.len()],
    pub(crate) new_tokens: Vec<NewToken>,
}

/// How rows are compared with those that are stored.
#[derive(Clone, Copy)]
struct Terms {
    now: Timestamp,
    is_copy: bool,
}

/// Rows that differ from what is stored, and whether nothing is stored.
type Differing<N> = Vec<(<N as Noun>::Scope, N, bool)>;

impl<'w> Writer<'w> {
    pub(crate) fn new(db: &'w Db, env: &'w Env<'w>, is_copy: bool) -> Writer<'w> {
        let counts = Kind::ALL.map(|kind| KindReport {
            kind,
            added: 0,
            changed: 0,
            unchanged: 0,
        });
        Writer {
            db,
            env,
            terms: Terms { now: env.now, is_copy },
            only_compares: false,
            limit: ROWS / 8,
            told_at: HashMap::new(),
            expects_new: false,
            counts,
            new_tokens: Vec::new(),
        }
    }

    /// The same, but nothing is written.
    pub(crate) fn that_only_compares(self) -> Writer<'w> {
        Writer {
            only_compares: true,
            ..self
        }
    }

    pub(crate) fn into_report(self) -> Report {
        let had_rows = |report: &KindReport| report.written() + report.unchanged > 0;
        Report {
            kinds: self.counts.into_iter().filter(had_rows).collect(),
            new_tokens: self.new_tokens,
        }
    }

    pub(crate) fn count(&mut self, kind: Kind) -> &mut KindReport {
        let report = self.counts.iter_mut().find(|report| report.kind == kind);
        report.expect("there is a report for every kind")
    }

    /// Counts a row that is written by itself. Gives whether there is something to write.
    pub(crate) fn note<T: PartialEq>(&mut self, kind: Kind, stored: Option<&T>, row: &T) -> bool {
        let report = self.count(kind);
        match stored {
            None => report.added += 1,
            Some(stored) if stored == row => {
                report.unchanged += 1;
                return false;
            }
            Some(_) => report.changed += 1,
        }
        !self.only_compares
    }

    pub(crate) fn add<N: Noun>(&mut self, batch: &mut Batch<N>, scope: N::Scope, row: N) -> Result<(), ImportError> {
        if batch.is_full() {
            self.flush(batch)?;
        }
        batch.0.push((scope, row));
        Ok(())
    }

    pub(crate) fn flush<N: Noun>(&mut self, batch: &mut Batch<N>) -> Result<(), ImportError> {
        let rows = std::mem::take(&mut batch.0);
        if rows.is_empty() {
            return Ok(());
        }
        if self.only_compares {
            return self.only_count(rows);
        }
        let (all, mut written, terms) = (rows.len(), 0, self.terms);
        let mut rest = if self.expects_new { rows } else { self.differing(rows)? };
        while !rest.is_empty() {
            let later = rest.split_off(self.next_transaction(&rest));
            let rows = std::mem::replace(&mut rest, later);
            let count = rows.len();
            let (added, changed) = self.transaction(move |tx| write(tx, &rows, terms))?;
            written += added + changed;
            let report = self.count(N::KIND);
            report.added += added as u64;
            report.changed += changed as u64;
            report.unchanged += (count - added - changed) as u64;
        }
        self.expects_new = written == all;
        self.tell_planner_of(N::KIND)
    }

    fn tell_planner_of(&mut self, kind: Kind) -> Result<(), ImportError> {
        let written = self.count(kind).written();
        let told_at = self.told_at.entry(kind).or_insert(MANY);
        if written < *told_at {
            return Ok(());
        }
        *told_at = written * 2;
        self.tell_planner()
    }

    /// Ends the writing of many rows.
    pub(crate) fn finish(&self) -> Result<(), ImportError> {
        if self.counts.iter().any(|report| report.written() >= MANY) {
            self.tell_planner()?;
        }
        Ok(())
    }

    fn tell_planner(&self) -> Result<(), ImportError> {
        Ok(self.db.write_blocking(store::refresh_statistics)?)
    }

    /// Counts what would become of rows.
    fn only_count<N: Noun>(&mut self, rows: Vec<(N::Scope, N)>) -> Result<(), ImportError> {
        let (all, terms) = (rows.len(), self.terms);
        let differing: Differing<N> = self.db.read_blocking(move |tx| compare(tx, &rows, terms))?;
        let added = differing.iter().filter(|(.., is_new)| *is_new).count();
        let report = self.count(N::KIND);
        report.added += added as u64;
        report.changed += (differing.len() - added) as u64;
        report.unchanged += (all - differing.len()) as u64;
        Ok(())
    }

    /// Counts and leaves out the rows that are stored as they are, without keeping anybody from writing.
    fn differing<N: Noun>(&mut self, rows: Vec<(N::Scope, N)>) -> Result<Vec<(N::Scope, N)>, ImportError> {
        let (all, terms) = (rows.len(), self.terms);
        let differing: Differing<N> = self.db.read_blocking(move |tx| compare(tx, &rows, terms))?;
        self.count(N::KIND).unchanged += (all - differing.len()) as u64;
        Ok(differing.into_iter().map(|(scope, row, _)| (scope, row)).collect())
    }

    /// How many of the rows, at least one, go into the next transaction.
    fn next_transaction<N: Noun>(&self, rows: &[(N::Scope, N)]) -> usize {
        let mut weight = 0;
        let fitting = rows.iter().take_while(|(_, row)| {
            weight += row.weight();
            weight <= self.limit
        });
        fitting.count().max(1)
    }

    /// Runs one transaction, measures it, and lets others have their turn.
    pub(crate) fn transaction<T: Send + 'static>(
        &mut self,
        work: impl Fn(&mut Tx<'_>) -> store::Result<T> + Send + 'static,
    ) -> Result<T, ImportError> {
        let started = Instant::now();
        let done = self.db.write_blocking(work)?;
        let took = started.elapsed();
        self.limit = match took {
            _ if took > TARGET => (self.limit / 2).max(1),
            _ if took < TARGET / 2 => (self.limit * 2).min(ROWS),
            _ => self.limit,
        };
        (self.env.pause)(took / 4);
        Ok(done)
    }
}

/// The rows that differ from what is stored, completed.
fn compare<N: Noun>(tx: &mut Tx<'_>, rows: &[(N::Scope, N)], terms: Terms) -> store::Result<Differing<N>> {
    let mut differing = Vec::new();
    for of_one_scope in rows.chunk_by(|(left, _), (right, _)| left == right) {
        let scope = of_one_scope[0].0;
        let keys: Vec<N::Key> = of_one_scope.iter().map(|(_, row)| row.key()).collect();
        let stored = N::list(tx, scope, &keys)?;
        let stored: HashMap<N::Key, N> = stored.into_iter().map(|row| (row.key(), row)).collect();
        for ((_, row), key) in of_one_scope.iter().zip(&keys) {
            let (mut row, stored) = (row.clone(), stored.get(key));
            row.complete(stored, terms.now);
            if let Some(stored) = stored.filter(|_| terms.is_copy) {
                row.keep(stored);
            }
            if stored != Some(&row) {
                differing.push((scope, row, stored.is_none()));
            }
        }
    }
    Ok(differing)
}

/// Compares once more, inside of the transaction that writes, and writes. Gives the rows added and changed.
fn write<N: Noun>(tx: &mut Tx<'_>, rows: &[(N::Scope, N)], terms: Terms) -> store::Result<(usize, usize)> {
    let differing = compare(tx, rows, terms)?;
    for of_one_scope in differing.chunk_by(|(left, ..), (right, ..)| left == right) {
        let rows: Vec<N> = of_one_scope.iter().map(|(_, row, _)| row.clone()).collect();
        N::upsert(tx, of_one_scope[0].0, &rows, terms.now)?;
    }
    let added = differing.iter().filter(|(.., is_new)| *is_new).count();
    Ok((added, differing.len() - added))
}
