//! Comparing what was read with the database, and writing what differs.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use liaison_bundle::{LeftOut, Plan, Progress, Sifted, Source};
use liaison_domain::{Entropy, Guid};
use liaison_operations::copies::{self, Copy, Direction, Outcome, Target, Told};
use serde_json::Value;

use super::bundle;
use super::parts::Part;
use super::report::{Counts, Kind, Lost};
use super::spool::Spool;
use crate::app::Desk;
use crate::commands::import::{env, explain, verb};
use crate::commands::progress::{Meter, Steps};
use crate::failure::Failure;
use crate::system;

/// Requests of one transaction.
const REQUESTS: usize = 40;

/// Something that was read and can be written.
pub(super) struct Put<'p> {
    desk: &'p Desk,
    spool: &'p Spool,
    copy: Copy,
    target: Target,
    requests: Vec<(Part, Direction)>,
    /// Companies that the bundle brings.
    arriving: Arc<HashSet<Guid>>,
    plan: Option<Plan>,
    left_out: Vec<LeftOut>,
    pub(super) shared_companies: u64,
}

impl<'p> Put<'p> {
    /// Puts a bundle together and sifts it.
    pub(super) fn prepare(
        desk: &'p Desk,
        spool: &'p Spool,
        (copy, target): (&Copy, &Target),
        parts: &BTreeSet<Part>,
    ) -> Result<Put<'p>, Failure> {
        let mut target = target.clone();
        let (mut arriving, mut sifted) = sift(desk, spool, (copy, &target), parts)?;
        // Its company may be a row that cannot be taken; the account comes over without it.
        if sifted
            .left_out
            .iter()
            .any(|row| row.kind == liaison_bundle::Kind::Customers)
        {
            target.customer.my_company_guid = None;
            (arriving, sifted) = sift(desk, spool, (copy, &target), parts)?;
        }
        let sides = [(Part::Outbox, Direction::Sent), (Part::Inbox, Direction::Received)];
        Ok(Put {
            desk,
            spool,
            copy: copy.clone(),
            target,
            requests: sides.into_iter().filter(|(part, _)| parts.contains(part)).collect(),
            arriving: Arc::new(arriving),
            plan: Some(sifted.plan),
            left_out: sifted.left_out,
            shared_companies: sifted.shared_companies,
        })
    }

    /// What writing would come to.
    pub(super) fn preview(&mut self) -> Result<Counts, Failure> {
        let mut counts = self.sifted();
        if let Some(plan) = &self.plan {
            let mut meter = Meter::new("with the database");
            let mut tell = |progress: Progress| meter.show("comparing", progress);
            let report = plan.preview(&self.desk.db, &env(self.desk), &mut tell);
            meter.end();
            counts.add_bundle(&report.map_err(explain)?);
        }
        self.each_request(&mut counts, false)?;
        Ok(counts)
    }

    /// Writes what differs.
    pub(super) fn write(&mut self) -> Result<Counts, Failure> {
        let mut counts = self.sifted();
        let (target, now) = (self.target.clone(), self.copy.now);
        self.desk.db.write_blocking(move |tx| copies::adopt(tx, &target, now))?;
        if let Some(plan) = self.plan.take() {
            let mut meter = Meter::new("what differs");
            let mut tell = |progress: Progress| meter.show("writing", progress);
            let report = plan.apply(&self.desk.db, &env(self.desk), &mut tell);
            meter.end();
            counts.add_bundle(&report.map_err(explain)?);
        }
        let copy = self.copy.clone();
        self.desk.db.write_blocking(move |tx| copies::remember(tx, &copy))?;
        self.each_request(&mut counts, true)?;
        Ok(counts)
    }

    fn sifted(&self) -> Counts {
        let mut counts = Counts::default();
        for left_out in &self.left_out {
            counts.lose(Lost {
                kind: left_out.kind.name(),
                reason: left_out.reason.clone(),
                rows: left_out.rows,
            });
        }
        counts.shared_companies = self.shared_companies;
        counts
    }

    fn each_request(&self, counts: &mut Counts, writes: bool) -> Result<(), Failure> {
        for (part, direction) in &self.requests {
            let steps = Steps::new(
                &format!("{} {}", if writes { "writing" } else { "comparing" }, part.name()),
                None,
            );
            let mut batch = Batch::new(self, (part.name(), *direction), writes);
            let mut rows = 0;
            self.spool.each(*part, |row| {
                rows += 1;
                steps.at(rows);
                batch.add(&row, counts)
            })?;
            batch.flush(counts)?;
            steps.end();
        }
        Ok(())
    }
}

/// Requests that wait for their transaction.
struct Batch<'b> {
    put: &'b Put<'b>,
    name: &'static str,
    direction: Direction,
    writes: bool,
    told: Vec<Told>,
    refused: BTreeMap<String, u64>,
}

impl<'b> Batch<'b> {
    fn new(put: &'b Put<'_>, (name, direction): (&'static str, Direction), writes: bool) -> Batch<'b> {
        Batch {
            put,
            name,
            direction,
            writes,
            told: Vec::new(),
            refused: BTreeMap::new(),
        }
    }

    fn add(&mut self, row: &Value, counts: &mut Counts) -> Result<(), Failure> {
        match Told::read(row) {
            Ok(told) => self.told.push(told),
            Err(reason) => *self.refused.entry(reason).or_default() += 1,
        }
        if self.told.len() >= REQUESTS {
            self.write(counts)
        } else {
            Ok(())
        }
    }

    fn write(&mut self, counts: &mut Counts) -> Result<(), Failure> {
        let told = std::mem::take(&mut self.told);
        let (copy, direction) = (self.put.copy.clone(), self.direction);
        let outcomes = if self.writes {
            let entropy: Arc<dyn Entropy> = Arc::clone(&self.put.desk.entropy);
            let done = self.put.desk.db.write_blocking(move |tx| {
                copies::copy_requests(tx, (&copy, direction), (&told, &HashSet::new()), Some(entropy.as_ref()))
            })?;
            // Others get their turn.
            system::pause(Duration::from_millis(2));
            done
        } else {
            let arriving = Arc::clone(&self.put.arriving);
            let read = move |tx: &mut liaison_db::Tx<'_>| {
                copies::copy_requests(tx, (&copy, direction), (&told, &arriving), None)
            };
            self.put.desk.db.read_blocking(read)?
        };
        for outcome in outcomes {
            let kind = counts.of(self.name);
            match outcome {
                Outcome::Added => kind.added += 1,
                Outcome::Changed => kind.changed += 1,
                Outcome::Unchanged => kind.unchanged += 1,
                Outcome::Kept => kind.kept += 1,
                Outcome::Refused(reason) => *self.refused.entry(reason.to_owned()).or_default() += 1,
            }
        }
        Ok(())
    }

    fn flush(mut self, counts: &mut Counts) -> Result<(), Failure> {
        self.write(counts)?;
        for (reason, rows) in self.refused {
            let kind = self.name;
            counts.lose(Lost { kind, reason, rows });
        }
        Ok(())
    }
}

/// Writes the bundle and sifts it. Gives the companies in it, too.
fn sift(
    desk: &Desk,
    spool: &Spool,
    (copy, target): (&Copy, &Target),
    parts: &BTreeSet<Part>,
) -> Result<(HashSet<Guid>, Sifted), Failure> {
    let companies = bundle::write(spool, target, parts, |guids| known(desk, guids))?;
    let mut meter = Meter::new("what was read");
    let mut tell = |progress: Progress| meter.show(verb(progress.phase), progress);
    let sifted = liaison_bundle::sift(&Source::File(spool.bundle()), copy.ours, &desk.db, &mut tell);
    meter.end();
    Ok((companies, sifted.map_err(explain)?))
}

/// Those of some companies that are here.
fn known(desk: &Desk, guids: Vec<Guid>) -> Result<Vec<Guid>, Failure> {
    Ok(desk.db.read_blocking(move |tx| copies::known_companies(tx, &guids))?)
}

impl Counts {
    fn add_bundle(&mut self, report: &liaison_bundle::Report) {
        for told in &report.kinds {
            let kind: &mut Kind = self.of(told.kind.name());
            kind.added += told.added;
            kind.changed += told.changed;
            kind.unchanged += told.unchanged;
        }
    }
}
