//! `liaison inbox`: what was received.

use clap::{Args, Subcommand};
use liaison_domain::Guid;
use serde_json::{Value, json};

use super::answers::Shape;
use super::at::At;
use super::filters::{self, Since};
use super::requests::{self, Choice, INBOX};
use super::{Desk, details, json};
use crate::cli::guid;
use crate::failure::Failure;

/// Which requests, and how they are shown.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  liaison inbox --unread\n  liaison inbox --from 'Blue Seas' --since 30d",
    after_help = "Newest first. A table for people has the newest 50; programs (--json, --csv, --quiet) get all. \
                  Looking marks nothing as read."
)]
pub(crate) struct InboxArgs {
    #[command(subcommand)]
    command: Option<InboxCommand>,
    #[command(flatten)]
    filters: Filters,
    /// At most this many [default: 50 in a table, else all]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    #[command(flatten)]
    pub(super) shape: Shape,
    #[command(flatten)]
    pub(super) at: At,
}

/// What else there is to see.
#[derive(Debug, Subcommand)]
pub(crate) enum InboxCommand {
    /// Show one request; it is marked as read only with --read
    #[command(before_help = "Example:\n  liaison inbox show 019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f --read")]
    Show {
        /// Guid of the request, from `liaison inbox`
        #[arg(value_parser = guid)]
        guid: Guid,
        /// Mark it as read
        #[arg(long)]
        read: bool,
    },
}

#[derive(Debug, Default, PartialEq, Args)]
struct Filters {
    /// Only in these states, with commas
    #[arg(long, value_name = "STATUS", value_delimiter = ',', ignore_case = true, value_parser = filters::statuses())]
    status: Vec<String>,
    /// Only for these reasons, with commas
    #[arg(long, value_name = "REASON", value_delimiter = ',', ignore_case = true, value_parser = filters::reasons())]
    reason: Vec<String>,
    /// Only from this organisation: a part of its name, or its guid
    #[arg(long, value_name = "COMPANY")]
    from: Option<String>,
    /// Only received since then: 2026-11-01, or 7d, 2w, 12h ago
    #[arg(long, value_name = "WHEN", value_parser = filters::since)]
    since: Option<Since>,
    /// Only those that nobody has read
    #[arg(long)]
    unread: bool,
}

impl Filters {
    /// No server has filters for the inbox, so they are heeded here.
    fn keeps(&self, row: &Value) -> bool {
        let is_one = |words: &[String], key: &str| {
            words.is_empty() || words.iter().any(|word| word.eq_ignore_ascii_case(json::str(row, key)))
        };
        let is_from = self.from.as_deref().is_none_or(|from| {
            let from = from.trim().to_lowercase();
            let guids = ["requester_company_guid", "requester_customer_guid"];
            let names = ["requester_company_name", "requester_customer_name"];
            guids.iter().any(|key| json::str(row, key) == from)
                || names
                    .iter()
                    .any(|key| json::str(row, key).to_lowercase().contains(&from))
        });
        is_one(&self.status, "status")
            && is_one(&self.reason, "reason")
            && is_from
            && self.since.is_none_or(|since| requests::created(row) >= since.moment())
            && !(self.unread && json::at(row, "read") == &Value::Bool(true))
    }
}

pub(super) fn run(args: &InboxArgs, desk: Desk) -> Result<(), Failure> {
    let printer = desk.printer(&args.shape);
    let is_all = args.filters == Filters::default();
    if let Some(InboxCommand::Show { guid, read }) = &args.command {
        if !is_all || args.limit.is_some() {
            return Err(Failure::usage("`inbox show` shows one request; leave the filters out"));
        }
        let server = desk.server(&args.at)?;
        if *read {
            let path = format!("{INBOX}/{guid}");
            let marked = server.patch(&path, &json!({"read": true}));
            marked.map_err(|trouble| trouble.or_missing(|| details::unknown(*guid, details::Side::Received)))?;
        }
        return details::show(&server, *guid, details::Side::Received, printer);
    }
    let server = desk.server(&args.at)?;
    let choice = Choice {
        keeps: &|row| args.filters.keeps(row),
        narrows: !is_all,
        limit: args.limit.map(|limit| limit as usize),
    };
    let mut query = Vec::new();
    choice.ask(&mut query, printer);
    let list = choice.of(server.get(INBOX, &query)?, printer)?;
    printer.rows(&requests::printable(&list.document, &list.rows), |rows| match rows {
        [] if is_all => "Nothing was received yet. Invitations from your clients will stand here.".to_owned(),
        [] => "No request is like that.".to_owned(),
        rows => requests::table(rows, false),
    })?;
    requests::tell_cut(&list, printer);
    Ok(())
}
