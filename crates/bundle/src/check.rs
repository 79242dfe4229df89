//! The first step of an import: read everything, refuse what is wrong, write nothing.

use std::collections::HashSet;

use liaison_db::Db;

use crate::problem::{Place, Problems};
use crate::references::References;
use crate::report::Meter;
use crate::resolve::resolve;
use crate::source::Input;
use crate::stream::{self, Section, Sink};
use crate::{ImportError, Kind, Phase, Progress, Source, csv, rows};
use liaison_domain::Guid;

/// A file that was checked and can be written.
#[derive(Debug)]
pub struct Plan {
    pub(crate) input: Input,
    pub(crate) layout: Layout,
    /// The customers of a JSON file, in their order.
    pub(crate) customers: Vec<Guid>,
    /// Rows that are not written.
    pub(crate) left_out: HashSet<Place>,
    /// Companies that are left as they are, with all that belongs to them.
    pub(crate) shared: HashSet<Guid>,
    /// Whether the rows come from elsewhere, where not everything about them is told.
    pub(crate) is_copy: bool,
}

/// How the file is read again.
#[derive(Debug)]
pub(crate) enum Layout {
    Json(Vec<Section>),
    Csv(Kind),
}

/// Reads a bundle, or CSV of one kind, and checks all of it. An [`ImportError::Invalid`] names the problems.
pub fn check(
    source: &Source,
    kind: Option<Kind>,
    db: &Db,
    progress: &mut dyn FnMut(Progress),
) -> Result<Plan, ImportError> {
    let input = Input::open(source)?;
    let mut checker = Checker {
        problems: Problems::new(&input.name, kind.is_some()),
        references: References::default(),
        meter: Meter::new(Phase::Checking, input.length, progress),
    };
    let layout = match kind {
        None => Layout::Json(stream::read_all(&input, &mut checker)?),
        Some(kind) => {
            csv::read(&input, kind, &mut checker)?;
            Layout::Csv(kind)
        }
    };
    let Checker {
        mut problems,
        mut references,
        mut meter,
    } = checker;
    resolve(&mut references, db, &mut problems)?;
    meter.end_reading(input.length);
    problems.into_result()?;
    Ok(Plan {
        input,
        layout,
        customers: references.customers,
        left_out: HashSet::new(),
        shared: HashSet::new(),
        is_copy: false,
    })
}

pub(crate) struct Checker<'c> {
    pub(crate) problems: Problems,
    pub(crate) references: References,
    pub(crate) meter: Meter<'c>,
}

impl Sink for Checker<'_> {
    fn wants(&self, _: Kind) -> bool {
        true
    }

    fn row(&mut self, place: Place, text: &str, byte: u64) -> Result<(), ImportError> {
        self.meter.row(byte);
        if self.problems.leaves_out(place) {
            return Ok(());
        }
        let before = self.problems.count();
        match rows::parse(place, text, &mut self.problems) {
            Some(parsed) if self.problems.count() == before => {
                self.references.note(place, parsed, &mut self.problems);
            }
            // What refers to a row that is left out is wrong, too.
            Some(_) if self.problems.is_sifting() => {}
            Some(refused) => self.references.note_refused(place, refused),
            None => {}
        }
        Ok(())
    }

    fn problem(&mut self, pointer: String, reason: String) {
        self.problems.add_at(|_| pointer, reason);
    }
}
