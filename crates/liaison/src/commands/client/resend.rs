//! `liaison resend`: a new link for people who did not accept. Only Liaison's own API has it.

use clap::Args;
use liaison_domain::Guid;
use serde_json::{Value, json};

use super::answers::{Rows, Shape};
use super::at::At;
use super::requests::{self, OWN};
use super::server::Server;
use super::{Desk, details, json, words};
use crate::cli::guid;
use crate::failure::Failure;
use crate::output;

/// Which requests.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  liaison resend 019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f\n  \
                   liaison outbox --status Never --quiet | xargs -r liaison resend",
    after_help = "For requests that are Pending or Never. The link that was mailed before ends. Ends with 1 where one could \
                  not be sent again."
)]
pub(crate) struct ResendArgs {
    /// Guids of requests that you sent, from `liaison outbox`
    #[arg(value_name = "GUID", required = true, value_parser = guid)]
    guids: Vec<Guid>,
    #[command(flatten)]
    pub(super) shape: Shape,
    #[command(flatten)]
    pub(super) at: At,
}

pub(super) fn run(args: &ResendArgs, desk: Desk) -> Result<(), Failure> {
    let printer = desk.printer(&args.shape);
    let server = desk.server(&args.at)?;
    let (mut bodies, mut sent) = (Vec::new(), Vec::new());
    let mut failures = Vec::new();
    for guid in &args.guids {
        match one(&server, *guid) {
            Ok((body, request)) => {
                bodies.push(body);
                sent.push(request);
            }
            Err(failure) if args.guids.len() == 1 => return Err(failure),
            Err(failure) => failures.extend(failure.lines().iter().map(|line| format!("{guid}: {line}"))),
        }
    }
    let document = match bodies.as_slice() {
        [one] if args.guids.len() == 1 => one.clone(),
        all => requests::array(all.iter().filter_map(|body| std::str::from_utf8(body).ok())),
    };
    if !sent.is_empty() || args.guids.len() > 1 {
        printer.rows(&requests_sent(&document, &sent), people)?;
    }
    for line in &failures {
        output::note(&format!("liaison: {line}"));
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}

fn requests_sent<'s>(document: &'s [u8], sent: &'s [Value]) -> Rows<'s> {
    requests::printable(document, sent)
}

fn one(server: &Server, guid: Guid) -> Result<(Vec<u8>, Value), Failure> {
    let reply = server.post(&format!("{OWN}/{guid}/resend"), &json!({}), None);
    let reply = reply.map_err(|trouble| {
        if trouble.is_liaisons_not_found() {
            return Failure::refused(details::unknown(guid, details::Side::Sent));
        }
        trouble.or_missing(|| super::only_liaison("send a request again"))
    })?;
    Ok((reply.body, reply.json))
}

fn people(sent: &[Value]) -> String {
    let lines = sent.iter().map(|request| {
        let text = |key: &str| json::str(request, key);
        let person = words::person(text("requestee_formal_name"), text("requestee_email"));
        output::harmless(&format!(
            "A new link goes to {person} of {}.",
            text("requestee_company_name")
        ))
    });
    lines.collect::<Vec<_>>().join("\n")
}
