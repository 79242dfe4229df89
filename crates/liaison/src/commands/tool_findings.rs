//! `liaison import findings --format …`: what a scanner wrote, onto one company.

use clap::Args;
use liaison_bundle::{Format, Progress, Source, ToolReport};
use serde::Serialize;

use super::import::{env, explain, verb};
use super::progress::Meter;
use crate::app::Desk;
use crate::failure::Failure;
use crate::output::{self, Output, cell};

/// Flags for the files of tools.
#[derive(Debug, Args)]
pub(crate) struct ToolArgs {
    /// With --format: the company that the findings are about, by its guid or one of its domains
    #[arg(long, value_name = "GUID|DOMAIN", requires = "format")]
    company: Option<String>,
    /// What wrote the file of findings: sarif, nuclei, testssl, or csv for any table
    #[arg(long, value_name = "FORMAT", requires = "company")]
    format: Option<Format>,
    /// With --format csv: which of your columns is which of ours, like `Plugin=rule,Host=location`
    #[arg(long, value_name = "THEIRS=OURS", value_delimiter = ',', requires = "format", value_parser = pair)]
    map: Vec<(String, String)>,
    /// With --format: compare with what is stored, count, and write nothing
    #[arg(long, requires = "format")]
    dry_run: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (theirs, ours) = text.split_once('=').ok_or("write it as THEIRS=OURS")?;
    Ok((theirs.trim().to_owned(), ours.trim().to_owned()))
}

impl ToolArgs {
    /// Whether a tool wrote the file.
    pub(super) fn is_given(&self) -> bool {
        self.format.is_some()
    }
}

#[derive(Serialize)]
struct Done {
    written: bool,
    company_guid: String,
    vectors: Vec<Row>,
    repeated: u64,
    passed_over: u64,
}

#[derive(Serialize)]
struct Row {
    risk_vector: String,
    added: u64,
    changed: u64,
    unchanged: u64,
}

pub(super) fn run(
    desk: &Desk,
    (source, file): (&Source, &str),
    (args, check): (&ToolArgs, bool),
    output: Output,
) -> Result<(), Failure> {
    let (Some(format), Some(named)) = (args.format, args.company.as_deref()) else {
        return Err(Failure::usage("--format and --company belong together"));
    };
    if format != Format::Csv && !args.map.is_empty() {
        return Err(Failure::usage(
            "--map is for --format csv; the other formats have fixed names",
        ));
    }
    let found = liaison_bundle::find_company(&desk.db, named).map_err(explain)?;
    let company = found.map_err(Failure::refused)?;
    let is_trial = args.dry_run || check;
    let mut meter = Meter::new(if file == "-" { "standard input" } else { file });
    let mut tell = |progress: Progress| meter.show(if is_trial { "comparing" } else { verb(progress.phase) }, progress);
    let outcome = liaison_bundle::check_tool(source, (company, format, &args.map), &mut tell)
        .and_then(|plan| plan.apply(&desk.db, (&env(desk), is_trial), &mut tell));
    meter.end();
    let done = Done::of(company.to_string(), outcome.map_err(explain)?, !is_trial);
    output.show(&done, summary)
}

impl Done {
    fn of(company_guid: String, report: ToolReport, written: bool) -> Done {
        let rows = report.vectors.into_iter().map(|vector| Row {
            risk_vector: vector.risk_vector,
            added: vector.added,
            changed: vector.changed,
            unchanged: vector.unchanged,
        });
        Done {
            written,
            company_guid,
            vectors: rows.collect(),
            repeated: report.repeated,
            passed_over: report.passed_over,
        }
    }
}

fn summary(done: &Done) -> String {
    let mut text = if done.vectors.is_empty() {
        "The file holds no findings.".to_owned()
    } else {
        let rows = done.vectors.iter().map(|row| {
            let numbers = [row.added, row.changed, row.unchanged].map(|number| output::number(&number.to_string()));
            let [added, changed, unchanged] = numbers;
            [cell(&row.risk_vector), added, changed, unchanged]
        });
        output::table(["risk vector", "added", "changed", "unchanged"], rows)
    };
    if done.repeated + done.passed_over > 0 {
        text.push_str(&format!(
            "\n\n{} said again within the file, {} passed over: passed checks and sums are no findings.",
            done.repeated, done.passed_over
        ));
    }
    if !done.written {
        text.push_str("\n\nNothing was written; leave out --dry-run to import it.");
    }
    text
}
