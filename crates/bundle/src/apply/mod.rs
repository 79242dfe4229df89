//! The second step of an import: read the file again and write what differs.
//!
//! A bundle is read in several passes, so that what is referred to is written before what refers to it, whatever the
//! order of the file.

mod folders;
mod groups;
mod members;
mod nouns;
mod tokens;
mod users;
pub(crate) mod writer;

use std::time::Duration;

use liaison_db::Db;
use liaison_domain::{Entropy, Guid, Timestamp};
use liaison_store::{companies::Company, contacts::Contact, customers::Customer, findings::Finding};
use liaison_store::{portfolio::Entry, tiers::Tier, users::User};

use self::nouns::DatedRating;
use self::tokens::Tokens;
use self::writer::{Batch, Writer};
use crate::check::Layout;
use crate::problem::{Place, Problems};
use crate::report::Meter;
use crate::rows::{self, Row};
use crate::stream::{self, Section, Sink};
use crate::{ImportError, Kind, Phase, Plan, Progress, Report, csv};

/// What writing needs from outside.
pub struct Env<'e> {
    /// The moment of the import.
    pub now: Timestamp,
    /// Randomness for guids, tokens and the salts of passwords.
    pub entropy: &'e dyn Entropy,
    /// Waits; called between transactions, so that others get their turn.
    pub pause: &'e dyn Fn(Duration),
}

/// The passes over each list, in their order. Tokens are last: one that was made has to be told, so that nothing should
/// go wrong after it.
const PASSES: [(Kind, &[Kind]); 6] = [
    (Kind::Companies, &[Kind::Companies]),
    (Kind::Customers, &[Kind::Customers]),
    (Kind::Customers, &[Kind::Groups, Kind::Tiers]),
    (
        Kind::Customers,
        &[Kind::Users, Kind::Folders, Kind::Portfolio, Kind::Contacts],
    ),
    (Kind::Findings, &[Kind::Findings]),
    (Kind::Customers, &[Kind::ApiTokens]),
];

impl Plan {
    /// Writes what differs from the database, in short transactions. When it fails in between, what was written stays
    /// and the next import completes it.
    pub fn apply(self, db: &Db, env: &Env<'_>, progress: &mut dyn FnMut(Progress)) -> Result<Report, ImportError> {
        self.go_through(Writer::new(db, env, self.is_copy), progress)
    }

    /// What [`Plan::apply`] would come to. Writes nothing.
    pub fn preview(&self, db: &Db, env: &Env<'_>, progress: &mut dyn FnMut(Progress)) -> Result<Report, ImportError> {
        self.go_through(Writer::new(db, env, self.is_copy).that_only_compares(), progress)
    }

    fn go_through(&self, mut writer: Writer<'_>, progress: &mut dyn FnMut(Progress)) -> Result<Report, ImportError> {
        self.input.check_unchanged()?;
        let passes: Vec<(&[Kind], Option<&Section>)> = match &self.layout {
            Layout::Csv(_) => vec![(&Kind::ALL, None)],
            Layout::Json(sections) => PASSES
                .iter()
                .filter_map(|(kind, wanted)| Some((*wanted, Some(sections.iter().find(|list| list.kind == *kind)?))))
                .collect(),
        };
        let length = |section: Option<&Section>| section.map_or(self.input.length, Section::length);
        let total = passes.iter().map(|(_, section)| length(*section)).sum();
        let mut meter = Meter::new(Phase::Writing, total, progress);
        for (wanted, section) in passes {
            let mut pass = Pass::new(self, wanted, &mut writer, &mut meter);
            pass.start = section.map_or(0, Section::start);
            match (&self.layout, section) {
                (Layout::Csv(kind), _) => csv::read(&self.input, *kind, &mut pass)?,
                (_, Some(section)) => stream::read_section(&self.input, section, &mut pass)?,
                _ => {}
            }
            pass.finish()?;
            meter.end_reading(length(section));
        }
        writer.finish()?;
        Ok(writer.into_report())
    }
}

/// One reading of a list: rows are gathered by kind and written when there are enough.
struct Pass<'p, 'w, 'm> {
    plan: &'p Plan,
    wanted: &'p [Kind],
    writer: &'p mut Writer<'w>,
    meter: &'p mut Meter<'m>,
    start: u64,
    problems: Problems,
    companies: Batch<Company>,
    ratings: Batch<DatedRating>,
    findings: Batch<Finding>,
    customers: Batch<Customer>,
    tiers: Batch<Tier>,
    users: Batch<User>,
    entries: Batch<Entry>,
    contacts: Batch<Contact>,
    tokens: Tokens,
}

impl<'p, 'w, 'm> Pass<'p, 'w, 'm> {
    fn new(plan: &'p Plan, wanted: &'p [Kind], writer: &'p mut Writer<'w>, meter: &'p mut Meter<'m>) -> Self {
        let is_csv = matches!(plan.layout, Layout::Csv(_));
        Pass {
            plan,
            wanted,
            writer,
            meter,
            start: 0,
            problems: Problems::new(&plan.input.name, is_csv),
            companies: Batch::default(),
            ratings: Batch::default(),
            findings: Batch::default(),
            customers: Batch::default(),
            tiers: Batch::default(),
            users: Batch::default(),
            entries: Batch::default(),
            contacts: Batch::default(),
            tokens: Tokens::default(),
        }
    }

    fn take(&mut self, row: Row, customer: Guid) -> Result<(), ImportError> {
        let writer = &mut *self.writer;
        match row {
            Row::Company(company, _) if self.plan.shared.contains(&company.guid) => Ok(()),
            Row::Finding(finding) if self.plan.shared.contains(&finding.company_guid) => Ok(()),
            Row::Company(company, ratings) => {
                writer.add(&mut self.companies, (), *company.clone())?;
                for rating in ratings {
                    if self.ratings.is_full() {
                        // Ratings refer to companies.
                        writer.flush(&mut self.companies)?;
                    }
                    writer.add(
                        &mut self.ratings,
                        (),
                        DatedRating {
                            company: company.guid,
                            rating,
                        },
                    )?;
                }
                Ok(())
            }
            Row::Rating(company, rating) => writer.add(&mut self.ratings, (), DatedRating { company, rating }),
            Row::Finding(finding) => writer.add(&mut self.findings, (), *finding),
            Row::Customer(customer) => writer.add(&mut self.customers, (), *customer),
            Row::Group(group, companies) => groups::write(writer, customer, &group, &companies),
            Row::Tier(tier) => writer.add(&mut self.tiers, customer, tier),
            Row::User(user, password) => {
                let user = users::with_password(writer, customer, *user, password)?;
                writer.add(&mut self.users, customer, user)
            }
            Row::Entry(entry) => writer.add(&mut self.entries, customer, entry),
            Row::Contact(contact) => writer.add(&mut self.contacts, customer, *contact),
            Row::Folder(folder) => folders::write(writer, customer, &folder),
            Row::Token(token) => self.tokens.add(writer, customer, token),
        }
    }

    /// Writes what is still gathered.
    fn finish(mut self) -> Result<(), ImportError> {
        if self.problems.count() > 0 {
            return Err(ImportError::Changed(self.plan.input.name.clone()));
        }
        let writer = self.writer;
        writer.flush(&mut self.companies)?;
        writer.flush(&mut self.ratings)?;
        writer.flush(&mut self.customers)?;
        writer.flush(&mut self.tiers)?;
        writer.flush(&mut self.users)?;
        writer.flush(&mut self.entries)?;
        writer.flush(&mut self.contacts)?;
        writer.flush(&mut self.findings)?;
        self.tokens.flush(writer)
    }
}

impl Sink for Pass<'_, '_, '_> {
    fn wants(&self, kind: Kind) -> bool {
        self.wanted.contains(&kind)
    }

    fn row(&mut self, place: Place, text: &str, byte: u64) -> Result<(), ImportError> {
        self.meter.row(byte.saturating_sub(self.start));
        if self.plan.leaves_out(place) {
            return Ok(());
        }
        let parsed = rows::parse(place, text, &mut self.problems).filter(|_| self.problems.count() == 0);
        let Some(parsed) = parsed else {
            return Err(ImportError::Changed(self.plan.input.name.clone()));
        };
        let listed = || self.plan.customers.get(place.owner as usize).copied();
        let customer = parsed.customer.or_else(listed).unwrap_or_default();
        self.take(parsed.row, customer)
    }

    fn problem(&mut self, pointer: String, reason: String) {
        self.problems.add_at(|_| pointer, reason);
    }
}
