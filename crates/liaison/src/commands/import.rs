//! `liaison import`: a bundle into the database, checked whole before anything is written.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use liaison_bundle::{Env, ImportError, Kind, Phase, Progress, Report, Source};
use serde::Serialize;

use super::bridge::{self, CopyArgs};
use super::progress::Meter;
use super::tool_findings;
use crate::app::Desk;
use crate::failure::Failure;
use crate::output::{self, Output, cell};
use crate::system;

/// Read companies, findings, customers and users from a bundle
#[derive(Debug, Args)]
#[command(
    override_usage = "liaison import [OPTIONS] [KIND] FILE\n       liaison import findings --company COMPANY --format FORMAT FILE\n       liaison import compatible --from URL --token TOKEN",
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    before_help = "Example:\n  liaison import directory.json",
    after_help = "A bundle is one JSON object with the lists companies, findings and customers; running it twice \
                  changes nothing. With a KIND, FILE is CSV with the column names of that list:\n  \
                  liaison import companies companies.csv\n\
                  With --format, FILE is what a scanner wrote about one company:\n  \
                  liaison import findings --company blackhills.com --format nuclei scan.jsonl\n\
                  The whole file is checked first. Where a row is wrong, nothing is written."
)]
pub(crate) struct ImportArgs {
    /// FILE, or KIND and FILE; `-` is standard input. Kinds: companies, ratings, findings, customers, groups, users,
    /// api_tokens, tiers, folders, portfolio, contacts
    #[arg(value_name = "FILE", num_args = 1..=2, required = true)]
    what: Vec<String>,
    /// Check the file and write nothing
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    tool: tool_findings::ToolArgs,
    #[command(subcommand)]
    from: Option<Origin>,
}

/// Where else rows come from.
#[derive(Debug, Subcommand)]
enum Origin {
    Compatible(CopyArgs),
}

#[derive(Serialize)]
struct Done {
    written: bool,
    kinds: Vec<Row>,
    new_tokens: Vec<NewToken>,
}

#[derive(Serialize)]
struct Row {
    kind: &'static str,
    added: u64,
    changed: u64,
    unchanged: u64,
}

#[derive(Serialize)]
struct NewToken {
    customer: String,
    user_email: Option<String>,
    description: String,
    token: String,
}

#[derive(Serialize)]
struct Checked {
    written: bool,
    file: String,
}

pub(super) fn run(desk: &Desk, args: &ImportArgs, output: Output) -> Result<(), Failure> {
    if let Some(Origin::Compatible(copy)) = &args.from {
        return bridge::run(desk, copy, output);
    }
    let (kind, file) = match args.what.as_slice() {
        [kind, file] => (
            Some(
                kind.parse::<Kind>()
                    .map_err(|error| Failure::usage(error.to_string()))?,
            ),
            file,
        ),
        [file] if file.to_ascii_lowercase().ends_with(".csv") && !args.tool.is_given() => {
            let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            return Err(Failure::usage(format!(
                "a CSV file holds one kind of rows; say which: liaison import KIND {file}, with {}",
                kinds.join(", ")
            )));
        }
        [file] => (None, file),
        _ => return Err(Failure::usage("import takes a file, or a kind and a file")),
    };
    let source = match file.as_str() {
        "-" => Source::Stdin,
        path => Source::File(PathBuf::from(path)),
    };
    if args.tool.is_given() {
        if kind != Some(Kind::Findings) {
            return Err(Failure::usage(
                "--format is for findings: liaison import findings --company … --format … FILE",
            ));
        }
        return tool_findings::run(desk, (&source, file), (&args.tool, args.check), output);
    }
    let mut meter = Meter::new(if file == "-" { "standard input" } else { file });
    let mut tell = |progress: Progress| meter.show(verb(progress.phase), progress);
    let outcome = liaison_bundle::check(&source, kind, &desk.db, &mut tell).and_then(|plan| {
        if args.check {
            return Ok(None);
        }
        plan.apply(&desk.db, &env(desk), &mut tell).map(Some)
    });
    meter.end();
    match outcome.map_err(explain)? {
        Some(report) => output.show(&Done::from(report), summary),
        None => {
            let file = file.clone();
            output.show(&Checked { written: false, file }, |checked| {
                format!(
                    "{} is fine. Nothing was written; leave out --check to import it.",
                    checked.file
                )
            })
        }
    }
}

pub(super) fn verb(phase: Phase) -> &'static str {
    match phase {
        Phase::Checking => "checking",
        Phase::Writing => "writing",
    }
}

/// What an import needs besides the file.
pub(super) fn env(desk: &Desk) -> Env<'_> {
    Env {
        now: desk.now(),
        entropy: desk.entropy.as_ref(),
        pause: &system::pause,
    }
}

/// One line for each wrong row.
pub(crate) fn explain(error: ImportError) -> Failure {
    match error {
        ImportError::Database(error) => error.into(),
        ImportError::Invalid { problems, more } => {
            for problem in &problems {
                output::note(&problem.to_string());
            }
            let count = u64::try_from(problems.len()).unwrap_or(u64::MAX).saturating_add(more);
            let problems = output::count(i64::try_from(count).unwrap_or(i64::MAX), "problem");
            Failure::refused(format!("{problems} found; nothing was written"))
        }
        other => Failure::refused(other.to_string()),
    }
}

impl From<Report> for Done {
    fn from(report: Report) -> Done {
        let kinds = report.kinds.iter().map(|kind| Row {
            kind: kind.kind.name(),
            added: kind.added,
            changed: kind.changed,
            unchanged: kind.unchanged,
        });
        let tokens = report.new_tokens.into_iter().map(|token| NewToken {
            customer: token.customer,
            user_email: token.user_email,
            description: token.description,
            token: token.token,
        });
        Done {
            written: true,
            kinds: kinds.collect(),
            new_tokens: tokens.collect(),
        }
    }
}

fn summary(done: &Done) -> String {
    if done.kinds.is_empty() {
        return "The file holds no rows.".to_owned();
    }
    let rows = done.kinds.iter().map(|row| {
        let numbers = [row.added, row.changed, row.unchanged].map(|number| output::number(&number.to_string()));
        let [added, changed, unchanged] = numbers;
        [cell(row.kind), added, changed, unchanged]
    });
    let mut text = output::table(["kind", "added", "changed", "unchanged"], rows);
    if done.new_tokens.is_empty() {
        return text;
    }
    let rows = done.new_tokens.iter().map(|token| {
        [
            cell(&token.token),
            cell(&token.description),
            cell(token.user_email.as_deref().unwrap_or("(company)")),
            cell(&token.customer),
        ]
    });
    text.push_str("\n\nNew tokens. This is the only time they are shown:\n");
    text.push_str(&output::table(["token", "description", "of", "customer"], rows));
    text
}
