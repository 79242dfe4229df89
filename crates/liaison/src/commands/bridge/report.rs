//! What a copy would do, or did.

use liaison_operations::copies::{Copy, Target};
use serde::Serialize;

use super::pull::{Failed, Pulled};
use crate::output::{self, cell};

/// Rows by kind, and rows that are not taken.
#[derive(Default)]
pub(super) struct Counts {
    kinds: Vec<Kind>,
    lost: Vec<Lost>,
    pub(super) shared_companies: u64,
}

/// What happens to the rows of one kind.
#[derive(Clone, Default, Serialize)]
pub(super) struct Kind {
    kind: &'static str,
    pub(super) added: u64,
    pub(super) changed: u64,
    pub(super) unchanged: u64,
    /// Changed there and here; they stay as they are here.
    pub(super) kept: u64,
    pub(super) left_out: u64,
}

/// Rows that are not taken, and why.
#[derive(Clone, Serialize)]
pub(super) struct Lost {
    pub(super) kind: &'static str,
    pub(super) reason: String,
    pub(super) rows: u64,
}

impl Counts {
    pub(super) fn of(&mut self, name: &'static str) -> &mut Kind {
        let place = self.kinds.iter().position(|kind| kind.kind == name).unwrap_or_else(|| {
            self.kinds.push(Kind {
                kind: name,
                ..Kind::default()
            });
            self.kinds.len() - 1
        });
        &mut self.kinds[place]
    }

    pub(super) fn lose(&mut self, lost: Lost) {
        self.of(lost.kind).left_out += lost.rows;
        self.lost.push(lost);
    }
}

/// The answer of the command.
#[derive(Serialize)]
pub(super) struct Report {
    written: bool,
    from: String,
    customer: String,
    customer_name: String,
    customer_is_new: bool,
    kinds: Vec<Kind>,
    left_out: Vec<Lost>,
    /// Companies that other customers of this server follow: left as they are.
    shared_companies: u64,
    absent: Vec<Absent>,
    failed: u64,
    failures: Vec<Failed>,
    notes: Vec<String>,
}

/// A part that the other server does not give.
#[derive(Serialize)]
struct Absent {
    part: &'static str,
    reason: String,
}

impl Report {
    pub(super) fn new(copy: &Copy, target: &Target, counts: Counts, pulled: &Pulled) -> Report {
        let absent = pulled.absent.iter().map(|(part, reason)| Absent {
            part,
            reason: reason.clone(),
        });
        let refused =
            "its own company is another customer's here, so it gets none; name the right account with --customer";
        Report {
            written: false,
            from: copy.source.clone(),
            customer: copy.ours.to_string(),
            customer_name: target.customer.name.clone(),
            customer_is_new: !target.exists,
            kinds: counts.kinds,
            left_out: counts.lost,
            shared_companies: counts.shared_companies,
            absent: absent.collect(),
            failed: pulled.failed.total(),
            failures: pulled.failed.first().to_vec(),
            notes: target.company_refused.then(|| refused.to_owned()).into_iter().collect(),
        }
    }

    pub(super) fn written(self) -> Report {
        Report { written: true, ..self }
    }

    /// Whether there is anything to write.
    pub(super) fn differs(&self) -> bool {
        self.kinds.iter().any(|kind| kind.added + kind.changed > 0)
    }
}

/// The report in words.
pub(super) fn for_people(report: &Report) -> String {
    let rows = report.kinds.iter().map(|kind| {
        let numbers = [kind.added, kind.changed, kind.unchanged, kind.kept, kind.left_out];
        let [added, changed, unchanged, kept, left_out] = numbers.map(|number| output::number(&number.to_string()));
        [cell(kind.kind), added, changed, unchanged, kept, left_out]
    });
    let header = ["kind", "added", "changed", "unchanged", "kept", "left out"];
    let mut lines = vec![head(report), String::new(), output::table(header, rows)];
    let mut told = Vec::new();
    for lost in &report.left_out {
        told.push(format!("left out: {} {}: {}", lost.rows, lost.kind, lost.reason));
    }
    for kind in report.kinds.iter().filter(|kind| kind.kept > 0) {
        told.push(format!("kept: {} {} that changed here, too", kind.kept, kind.kind));
    }
    if report.shared_companies > 0 {
        told.push(format!(
            "{} companies that other customers of this server follow stay as they are",
            report.shared_companies
        ));
    }
    for absent in &report.absent {
        told.push(format!(
            "{} is not given by that server: {}",
            absent.part, absent.reason
        ));
    }
    for failed in &report.failures {
        told.push(format!("not read: {} {}: {}", failed.part, failed.what, failed.reason));
    }
    let more = report.failed.saturating_sub(report.failures.len() as u64);
    if more > 0 {
        told.push(format!("and {more} more that could not be read"));
    }
    told.extend(report.notes.iter().cloned());
    if !told.is_empty() {
        lines.push(String::new());
        lines.extend(told.iter().map(|line| output::harmless(line)));
    }
    lines.join("\n")
}

fn head(report: &Report) -> String {
    let name = output::harmless(&report.customer_name);
    let account = if report.customer_is_new {
        "a new customer"
    } else {
        "the customer"
    };
    let (from, customer) = (&report.from, &report.customer);
    let verb = if report.written { "Copied" } else { "To be copied" };
    format!("{verb} from {from} into {account} {name} ({customer}).")
}
