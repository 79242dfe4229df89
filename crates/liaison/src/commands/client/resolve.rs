//! `liaison resolve`: close requests, or answer those that ask to be let in.

use clap::Args;
use liaison_domain::{Guid, limits};
use serde_json::{Value, json};

use super::answers::{Printer, Rows, Shape};
use super::at::At;
use super::requests::{self, OUTBOX};
use super::server::Server;
use super::{Desk, details, json, words};
use crate::cli::guid;
use crate::commands::prompt;
use crate::failure::Failure;
use crate::output;

/// Which requests, and what they become.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  liaison resolve 019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f\n  \
                   liaison outbox --status Inactive --quiet | xargs -r liaison resolve --yes",
    after_help = "Approving and rejecting are for requests that came through an access link. Ends with 1 where a request \
                  could not be changed."
)]
pub(crate) struct ResolveArgs {
    /// Guids of requests that you sent, from `liaison outbox`
    #[arg(value_name = "GUID", required = true, value_parser = guid)]
    guids: Vec<Guid>,
    /// Let in the person who asks, instead of closing
    #[arg(long, conflicts_with_all = ["reject", "status"])]
    approve: bool,
    /// Turn down the person who asks, instead of closing
    #[arg(long, conflicts_with = "status")]
    reject: bool,
    /// The same in the words of the API: Resolved, Approved or Rejected [default: Resolved]
    #[arg(long, value_name = "STATUS", ignore_case = true, hide_possible_values = true, value_parser = requests::change_words())]
    status: Option<String>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    pub(super) shape: Shape,
    #[command(flatten)]
    pub(super) at: At,
}

impl ResolveArgs {
    fn status(&self) -> &str {
        match (self.approve, self.reject) {
            (true, _) => "Approved",
            (_, true) => "Rejected",
            _ => self.status.as_deref().unwrap_or("Resolved"),
        }
    }
}

pub(super) fn run(args: &ResolveArgs, desk: Desk) -> Result<(), Failure> {
    let printer = desk.printer(&args.shape);
    let server = desk.server(&args.at)?;
    let status = args.status();
    if !args.yes && prompt::is_attended() {
        let verb = match status {
            "Approved" => "Approve",
            "Rejected" => "Reject",
            _ => "Close",
        };
        let what = match args.guids.as_slice() {
            [one] => format!("request {one}"),
            many => output::count(i64::try_from(many.len()).unwrap_or(i64::MAX), "request"),
        };
        prompt::confirm(&format!("{verb} {what} on {}?", server.address()))?;
    }
    match args.guids.as_slice() {
        [one] => single(&server, *one, status, printer),
        many => bulk(&server, many, status, printer),
    }
}

fn single(server: &Server, guid: Guid, status: &str, printer: Printer) -> Result<(), Failure> {
    let path = format!("{OUTBOX}/{guid}");
    let reply = server
        .patch(&path, &json!({"status": status}))
        .map_err(|trouble| trouble.or_missing(|| details::unknown(guid, details::Side::Sent)))?;
    let rows = Rows {
        document: &reply.body,
        rows: std::slice::from_ref(&reply.json),
        columns: requests::COLUMNS,
        id: "guid",
    };
    printer.rows(&rows, |_| {
        let text = |key: &str| json::str(&reply.json, key);
        let person = words::person(text("requestee_formal_name"), text("requestee_email"));
        output::harmless(&format!(
            "{guid} to {person} of {} is {}.",
            text("requestee_company_name"),
            text("status")
        ))
    })
}

/// What became of many.
#[derive(Default)]
struct Outcome {
    bodies: Vec<Vec<u8>>,
    modified: Vec<Value>,
    left: Vec<Value>,
}

fn bulk(server: &Server, guids: &[Guid], status: &str, printer: Printer) -> Result<(), Failure> {
    let mut outcome = Outcome::default();
    for some in guids.chunks(limits::BULK_CHANGES) {
        let changes = some.iter().map(|guid| json!({"guid": guid, "status": status}));
        let body = json!({"modify": changes.collect::<Value>()});
        match server.post(&format!("{OUTBOX}/bulk"), &body, None) {
            Ok(reply) => {
                outcome.modified.extend_from_slice(json::items(&reply.json, "modified"));
                outcome.left.extend_from_slice(json::items(&reply.json, "not_modified"));
                outcome.bodies.push(reply.body);
            }
            Err(trouble) if outcome.bodies.is_empty() => return Err(trouble.into()),
            Err(trouble) => {
                print(&outcome, printer)?;
                return Err(trouble.into());
            }
        }
    }
    print(&outcome, printer)?;
    if outcome.left.is_empty() {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}

fn print(outcome: &Outcome, printer: Printer) -> Result<(), Failure> {
    let whole = json!({"modified": outcome.modified, "not_modified": outcome.left}).to_string();
    let document = match outcome.bodies.as_slice() {
        [one] => one.as_slice(),
        _ => whole.as_bytes(),
    };
    let all = [outcome.modified.as_slice(), outcome.left.as_slice()].concat();
    let rows = Rows {
        document,
        // Guids alone would not say which of them were changed.
        rows: if printer.is_csv() { &all } else { &outcome.modified },
        columns: &["guid", "status", "message"],
        id: "guid",
    };
    printer.rows(&rows, |_| {
        let count = |rows: &[Value]| output::count(i64::try_from(rows.len()).unwrap_or(i64::MAX), "request");
        let status = outcome.modified.first().map_or("", |one| json::str(one, "status"));
        let mut text = match status {
            "" => "Nothing was changed.".to_owned(),
            status => format!("{} {}.", count(&outcome.modified), output::harmless(status)),
        };
        if !outcome.left.is_empty() {
            text.push_str(&format!("\nNot changed: {}.\n\n", count(&outcome.left)));
            let left = outcome.left.iter();
            let left = left.map(|one| {
                [
                    output::line(json::str(one, "guid")),
                    output::line(json::str(one, "message")),
                ]
            });
            text.push_str(&output::table(["guid", "why"], left));
        }
        text
    })
}
