//! The second step: what a tool saw beside what is stored, compared or written.

use liaison_db::{Db, Tx};
use liaison_domain::{Guid, Timestamp, emails, ids};
use liaison_operations::findings::KEY_NAME;
use liaison_store as store;
use liaison_store::findings::Finding;

use super::ToolPlan;
use super::observation::{Merged, seen_again};
use crate::apply::writer::{Batch, Noun, ROWS, Writer};
use crate::{Env, ImportError, Kind, Phase, Progress};

/// What became of the findings of one risk vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VectorReport {
    /// Its slug.
    pub risk_vector: String,
    /// Findings that were not there.
    pub added: u64,
    /// Findings that were there and differed, at least in the day they were last seen.
    pub changed: u64,
    /// Findings that were there as they are.
    pub unchanged: u64,
}

/// What a run of a tool came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolReport {
    /// By the slug of the vector.
    pub vectors: Vec<VectorReport>,
    /// Entries that say the same as another of the file.
    pub repeated: u64,
    /// Entries that are no findings.
    pub passed_over: u64,
}

/// A finding as a tool saw it: merged with the stored one.
#[derive(Clone, PartialEq)]
struct Observed(Finding);

impl Noun for Observed {
    type Scope = ();
    type Key = (Guid, String);
    const KIND: Kind = Kind::Findings;

    fn key(&self) -> Self::Key {
        (self.0.company_guid, self.0.rolledup_observation_id.clone())
    }

    fn list(tx: &mut Tx<'_>, (): (), keys: &[Self::Key]) -> store::Result<Vec<Observed>> {
        let keys: Vec<(Guid, &str)> = keys.iter().map(|(guid, id)| (*guid, id.as_str())).collect();
        Ok(store::findings::list_by_keys(tx, &keys)?
            .into_iter()
            .map(Observed)
            .collect())
    }

    fn complete(&mut self, stored: Option<&Observed>, _: Timestamp) {
        if let Some(stored) = stored {
            self.0 = seen_again(&stored.0, &self.0);
        }
    }

    fn upsert(tx: &mut Tx<'_>, (): (), rows: &[Observed], _: Timestamp) -> store::Result<()> {
        let rows: Vec<Finding> = rows.iter().map(|row| row.0.clone()).collect();
        store::findings::upsert_all(tx, &rows)
    }
}

impl ToolPlan {
    /// Writes what differs, in short transactions; with `is_trial` only counts. Running it again completes what was
    /// interrupted.
    pub fn apply(
        self,
        db: &Db,
        (env, is_trial): (&Env<'_>, bool),
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ToolReport, ImportError> {
        let key = key(db, env, is_trial)?;
        let today = env.now.date();
        let mut report = ToolReport {
            passed_over: self.passed_over,
            ..ToolReport::default()
        };
        let mut merged = Merged::default();
        for observation in self.found {
            merged.add(observation.into_finding(self.company, (&key, &today, self.format.name())));
        }
        report.repeated = merged.repeated;
        let mut findings: Vec<Finding> = merged.findings.into_values().collect();
        findings.sort_by(|one, other| one.risk_vector.cmp(&other.risk_vector));
        let mut told = Progress {
            phase: Phase::Writing,
            bytes_done: 0,
            bytes_total: 0,
            rows: 0,
        };
        for of_one in findings.chunk_by(|one, other| one.risk_vector == other.risk_vector) {
            let writer = Writer::new(db, env, false);
            let mut writer = if is_trial { writer.that_only_compares() } else { writer };
            let mut batch = Batch::default();
            for rows in of_one.chunks(ROWS) {
                for row in rows {
                    writer.add(&mut batch, (), Observed(row.clone()))?;
                }
                writer.flush(&mut batch)?;
                told.rows += rows.len() as u64;
                progress(told);
            }
            let counted = *writer.count(Kind::Findings);
            report.vectors.push(VectorReport {
                risk_vector: of_one[0].risk_vector.clone(),
                added: counted.added,
                changed: counted.changed,
                unchanged: counted.unchanged,
            });
        }
        Ok(report)
    }
}

/// The server's key for ids. A trial makes none: without one nothing was imported yet, and every id is new.
fn key(db: &Db, env: &Env<'_>, is_trial: bool) -> Result<Vec<u8>, ImportError> {
    let fresh: [u8; 32] = ids::new_secret(env.entropy);
    if is_trial {
        let known = db.read_blocking(|tx| store::server_keys::find(tx, KEY_NAME))?;
        return Ok(known.unwrap_or_else(|| fresh.to_vec()));
    }
    let key = db.write_blocking(move |tx| {
        if store::server_keys::find(tx, KEY_NAME)?.is_none() {
            store::server_keys::insert(tx, KEY_NAME, &fresh)?;
        }
        store::server_keys::find(tx, KEY_NAME)
    })?;
    Ok(key.unwrap_or_else(|| fresh.to_vec()))
}

pub(super) fn find_company(db: &Db, named: &str) -> Result<Result<Guid, String>, ImportError> {
    if let Some(guid) = ids::parse_guid(named.trim()) {
        let exists = db.read_blocking(move |tx| store::companies::exists(tx, guid))?;
        return Ok(exists
            .then_some(guid)
            .ok_or_else(|| format!("no company has the guid {guid}")));
    }
    let Some(domain) = emails::to_a_label(named.trim()) else {
        return Ok(Err(format!("{named:?} is neither the guid of a company nor a domain")));
    };
    let wanted = vec![domain.clone()];
    let found = db.read_blocking(move |tx| store::companies::list_by_domains(tx, &wanted))?;
    Ok(match found.as_slice() {
        [] => Err(format!("no company has the domain {domain}; name its guid")),
        [(guid, ..)] => Ok(*guid),
        several => {
            let guids: Vec<String> = several.iter().map(|(guid, ..)| guid.to_string()).collect();
            Err(format!(
                "several companies have the domain {domain}; name one of {}",
                guids.join(", ")
            ))
        }
    })
}
