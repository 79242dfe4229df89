//! `liaison invite`: one invitation, shown before it is sent, and sent once however often it is tried.

mod draft;
mod pending;
mod preview;

use clap::Args;
use serde_json::{Value, json};

use super::answers::{Printer, Rows, Shape};
use super::at::At;
use super::requests::{self, OUTBOX};
use super::server::Server;
use super::{Desk, companies, json, words, written};
use crate::commands::prompt;
use crate::failure::Failure;
use crate::output;

pub(crate) use draft::Invitation;

/// An invitation, and how it is sent.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  liaison invite blackhills.com --to ann@blackhills.com --name 'Ann Perry' --reason remediation\n  \
                   liaison invite Saperix --message @letter.txt --dry-run",
    after_help = "Without --to it goes to the contact that is assigned to the company. If the connection breaks, run the \
                  same command again: Liaison will not invite twice."
)]
pub(crate) struct InviteArgs {
    #[command(flatten)]
    invitation: Invitation,
    /// Show what would be mailed to whom, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Send although the same invitation was tried before and its end is not known
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    pub(super) shape: Shape,
    #[command(flatten)]
    pub(super) at: At,
}

pub(super) fn run(args: &InviteArgs, desk: Desk) -> Result<(), Failure> {
    let printer = desk.printer(&args.shape);
    args.invitation.check()?;
    let server = desk.server(&args.at)?;
    let company = companies::find(&server, &args.invitation.company)?;
    let is_attended = !args.yes && prompt::is_attended();
    let message = match &args.invitation.message {
        Some(text) => written::given(text)?,
        None if is_attended && !args.dry_run => written::in_editor()?,
        None => String::new(),
    };
    let body = json!({"vendor_access_request": args.invitation.body(&company.guid, &message)});
    if args.dry_run {
        return preview::show(&server, &company, &body, printer);
    }
    if is_attended {
        output::note(&summary(&body["vendor_access_request"], company.name.as_deref()));
        prompt::confirm("Send this invitation?")?;
    }
    send(&server, &body, args.again, printer)
}

fn send(server: &Server, body: &Value, again: bool, printer: Printer) -> Result<(), Failure> {
    let attempt = pending::begin(server.address(), body, again)?;
    let reply = match server.post(OUTBOX, body, Some(attempt.key())) {
        Ok(reply) => reply,
        Err(trouble) if trouble.is_end_unknown() => {
            return Err(Failure::refused(format!(
                "{}; nobody knows whether it was sent: run the same command again, Liaison will not invite twice",
                Failure::from(trouble).lines().join(" ")
            )));
        }
        Err(trouble) => {
            attempt.end();
            return Err(trouble.into());
        }
    };
    attempt.end();
    let rows = Rows {
        document: &reply.body,
        rows: std::slice::from_ref(&reply.json),
        columns: requests::COLUMNS,
        id: "guid",
    };
    printer.rows(&rows, |_| sent(&reply.json))
}

fn sent(request: &Value) -> String {
    let text = |key: &str| json::str(request, key);
    let person = words::person(text("requestee_formal_name"), text("requestee_email"));
    let next = words::next(request);
    output::harmless(&format!(
        "Invited {person} of {}. Status {}{}{next}.\nGuid {guid}; look at it with `liaison outbox show {guid}`.",
        text("requestee_company_name"),
        text("status"),
        if next.is_empty() { "" } else { ": " },
        guid = text("guid"),
    ))
}

/// What is about to be sent, for the person who is asked.
fn summary(invitation: &Value, company: Option<&str>) -> String {
    let text = |key: &str| json::shown(invitation, key);
    let to = words::person(&text("requestee_formal_name"), &text("requestee_email"));
    let mut lines = vec![
        (
            "Company",
            format!("{} {}", company.unwrap_or_default(), text("requestee_company_guid")),
        ),
        (
            "To",
            if to.is_empty() {
                "the contact assigned to the company".to_owned()
            } else {
                to
            },
        ),
        ("Reason", text("reason")),
        ("Findings", text("rolledup_observation_ids").replace(',', ", ")),
        ("Copies", text("ccs").replace(',', ", ")),
        ("Trial", text("trial_duration")),
        ("Message", text("message")),
        ("Notes", text("notes")),
    ];
    let third = json::items(invitation, "third_parties").iter();
    let third: Vec<String> = third
        .map(|one| words::person(json::str(one, "name"), json::str(one, "email")))
        .collect();
    lines.push(("Third parties", third.join(", ")));
    lines.retain(|(_, text)| !text.trim().is_empty());
    let lines = lines
        .iter()
        .map(|(name, text)| format!("{name:<14} {}", text.trim().replace('\n', "\n               ")));
    lines.collect::<Vec<_>>().join("\n")
}
