//! Rows that are left out of a file of foreign rows, and why: one wrong row must not keep the others away.

use std::collections::{BTreeMap, HashSet};

use liaison_db::Db;
use liaison_domain::{Guid, ids};
use liaison_store as store;

use crate::check::{Checker, Layout};
use crate::problem::{Place, Problems};
use crate::references::References;
use crate::report::Meter;
use crate::resolve::{ask, resolve};
use crate::source::Input;
use crate::{ImportError, Kind, Phase, Plan, Progress, Source, stream};

/// Reasons that are told apart; what is beyond is counted under one word.
const REASONS: usize = 100;
/// A row that is left out can make others wrong that refer to it, and so on; no bundle refers deeper.
const READINGS: usize = 8;

/// What was left out so far.
#[derive(Default)]
pub(crate) struct Sieve {
    places: HashSet<Place>,
    reasons: BTreeMap<(Kind, String), u64>,
}

/// Rows of one kind that were left out for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Their kind.
    pub kind: Kind,
    /// What is wrong with them, the field first.
    pub reason: String,
    /// How many there are.
    pub rows: u64,
}

/// A file of foreign rows that can be copied in.
#[derive(Debug)]
pub struct Sifted {
    /// What can be written.
    pub plan: Plan,
    /// What cannot.
    pub left_out: Vec<LeftOut>,
    /// Companies that other customers of this server follow, or are: they are left as they are.
    pub shared_companies: u64,
}

impl Sieve {
    pub(crate) fn leaves_out(&self, place: Place) -> bool {
        self.places.contains(&row_of(place))
    }

    pub(crate) fn leave_out(&mut self, place: Place, path: &str, reason: &str) {
        // One row counts once, under the first thing that is wrong with it.
        if !self.places.insert(row_of(place)) {
            return;
        }
        let field: Vec<&str> = path.split('/').filter(|part| part.parse::<u32>().is_err()).collect();
        let field = field.join(".");
        // Rows that name different things that are not there are left out for the same reason.
        let reason = match reason.rsplit_once(' ') {
            Some((head, named)) if ids::parse_guid(named).is_some() => head,
            _ => reason,
        };
        let reason = if field.is_empty() {
            reason.to_owned()
        } else {
            format!("{field} {reason}")
        };
        let known = (row_of(place).kind, reason);
        let is_new = !self.reasons.contains_key(&known);
        let key = if is_new && self.reasons.len() >= REASONS {
            (known.0, "other reasons".to_owned())
        } else {
            known
        };
        *self.reasons.entry(key).or_default() += 1;
    }
}

/// The row that a place belongs to: a rating is a part of its company.
fn row_of(place: Place) -> Place {
    match place.kind {
        Kind::Ratings => Place {
            kind: Kind::Companies,
            owner: 0,
            index: place.owner,
        },
        Kind::Companies | Kind::Findings | Kind::Customers => Place { owner: 0, ..place },
        _ => place,
    }
}

/// Reads a bundle of one customer's rows that came from elsewhere. Wrong rows are left out, and rows that would change what
/// belongs to other customers of this server.
pub fn sift(
    source: &Source,
    customer: Guid,
    db: &Db,
    progress: &mut dyn FnMut(Progress),
) -> Result<Sifted, ImportError> {
    let input = Input::open(source)?;
    let mut problems = Problems::sifting(&input.name);
    for _ in 0..READINGS {
        let before = problems.count();
        let mut checker = Checker {
            problems,
            references: References::default(),
            meter: Meter::new(Phase::Checking, input.length, progress),
        };
        let sections = stream::read_all(&input, &mut checker)?;
        let Checker {
            problems: noted,
            mut references,
            mut meter,
        } = checker;
        problems = noted;
        meter.end_reading(input.length);
        resolve(&mut references, db, &mut problems)?;
        if problems.count() == before {
            let shared = shared(&references, customer, db)?;
            let Sieve { places, reasons } = problems.into_sieve();
            return Ok(Sifted {
                shared_companies: shared.len() as u64,
                left_out: reasons
                    .into_iter()
                    .map(|((kind, reason), rows)| LeftOut { kind, reason, rows })
                    .collect(),
                plan: Plan {
                    input,
                    layout: Layout::Json(sections),
                    customers: references.customers,
                    left_out: places,
                    shared,
                    is_copy: true,
                },
            });
        }
    }
    problems.into_result()?;
    Err(ImportError::Changed(input.name))
}

/// Companies of the file that matter to other customers of this server.
fn shared(references: &References, customer: Guid, db: &Db) -> Result<HashSet<Guid>, ImportError> {
    let companies: Vec<Guid> = references.companies().collect();
    let list = move |tx: &mut liaison_db::Tx<'_>, guids: &[Guid]| store::copies::list_shared(tx, customer, guids);
    Ok(ask(db, &companies, list)?.into_iter().collect())
}

impl Plan {
    /// Whether a row is not written although it stands in the file.
    pub(crate) fn leaves_out(&self, place: Place) -> bool {
        self.left_out.contains(&row_of(place))
    }
}
