//! `liaison outbox`: what was sent, one of it, or all of it in numbers.

use clap::{Args, Subcommand};
use liaison_domain::Guid;
use serde_json::Value;

use super::answers::{Printer, Rows, Shape};
use super::at::At;
use super::filters::{self, Since};
use super::requests::{self, Choice, OUTBOX};
use super::server::{Query, Server};
use super::{Desk, companies, details, json};
use crate::cli::guid;
use crate::failure::Failure;
use crate::output;

/// Which requests, and how they are shown.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  liaison outbox --status Pending,Never --since 30d\n  liaison outbox --counts\n  \
                   liaison outbox --json | jq -r '.[].requestee_email'",
    after_help = "Newest first. A table for people has the newest 50; programs (--json, --csv, --quiet) get all."
)]
pub(crate) struct OutboxArgs {
    #[command(subcommand)]
    command: Option<OutboxCommand>,
    #[command(flatten)]
    filters: Filters,
    /// In numbers instead of one by one
    #[arg(long, conflicts_with = "limit")]
    counts: bool,
    /// With --counts: the numbers of each company
    #[arg(long, requires = "counts")]
    by_company: bool,
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
pub(crate) enum OutboxCommand {
    /// Show one request with everything that is known about it
    #[command(before_help = "Example:\n  liaison outbox show 019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f")]
    Show {
        /// Guid of the request, from `liaison outbox`
        #[arg(value_parser = guid)]
        guid: Guid,
    },
}

#[derive(Debug, Default, PartialEq, Args)]
struct Filters {
    /// Only in these states, with commas
    #[arg(long, value_name = "STATUS", value_delimiter = ',', ignore_case = true, value_parser = filters::statuses())]
    status: Vec<String>,
    /// Only to this company: guid, domain or name
    #[arg(long, value_name = "COMPANY")]
    company: Option<String>,
    /// Only for these reasons, with commas
    #[arg(long, value_name = "REASON", value_delimiter = ',', ignore_case = true, value_parser = filters::reasons())]
    reason: Vec<String>,
    /// Only to companies in this folder: guid or name
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// Only to companies in this tier: guid or name
    #[arg(long, value_name = "TIER")]
    tier: Option<String>,
    /// Only with this risk vector as context
    #[arg(long, value_name = "SLUG", value_delimiter = ',')]
    risk_vector: Vec<String>,
    /// Only sent since then: 2026-11-01, or 7d, 2w, 12h ago
    #[arg(long, value_name = "WHEN", value_parser = filters::since)]
    since: Option<Since>,
}

pub(super) fn run(args: &OutboxArgs, desk: Desk) -> Result<(), Failure> {
    let printer = desk.printer(&args.shape);
    if let Some(OutboxCommand::Show { guid }) = &args.command {
        if args.filters != Filters::default() || args.counts || args.limit.is_some() {
            return Err(Failure::usage("`outbox show` shows one request; leave the filters out"));
        }
        return details::show(&desk.server(&args.at)?, *guid, details::Side::Sent, printer);
    }
    let server = desk.server(&args.at)?;
    let mut query = args.filters.query(&server)?;
    if args.counts {
        return counts(&server, args, query, printer);
    }
    let since = args.filters.since.map(Since::moment);
    let keeps = |row: &Value| since.is_none_or(|since| requests::created(row) >= since);
    let choice = Choice {
        keeps: &keeps,
        narrows: since.is_some(),
        limit: args.limit.map(|limit| limit as usize),
    };
    choice.ask(&mut query, printer);
    let list = choice.of(server.get(OUTBOX, &query)?, printer)?;
    printer.rows(&requests::printable(&list.document, &list.rows), |rows| {
        if !rows.is_empty() {
            return requests::table(rows, true);
        }
        if args.filters == Filters::default() {
            return "Nothing was sent yet. Invite somebody:\n  liaison invite COMPANY --to ADDRESS --name NAME"
                .to_owned();
        }
        "No request is like that.".to_owned()
    })?;
    requests::tell_cut(&list, printer);
    Ok(())
}

impl Filters {
    fn query(&self, server: &Server) -> Result<Query, Failure> {
        let mut query = Query::new();
        for (name, values) in [
            ("status", &self.status),
            ("reason", &self.reason),
            ("context.risk_vectors.risk_vector.slug", &self.risk_vector),
        ] {
            if !values.is_empty() {
                query.push((name, values.join(",")));
            }
        }
        if let Some(company) = &self.company {
            query.push(("company_guid", companies::find(server, company)?.guid));
        }
        for (name, path, noun, wanted) in [
            ("folder_guid", "/v1/folders", "folder", &self.folder),
            ("tier_guid", "/v1/tiers", "tier", &self.tier),
        ] {
            if let Some(wanted) = wanted {
                query.push((name, companies::named(server, (path, noun), wanted)?));
            }
        }
        Ok(query)
    }
}

const STATUSES: [&str; 7] = [
    "Pending",
    "Active",
    "Never",
    "Inactive",
    "Resolved",
    "Requested",
    "Rejected",
];
const COUNTS: &[&str] = &[
    "total",
    "company_count",
    "status.Pending",
    "status.Active",
    "status.Never",
    "status.Inactive",
    "status.Resolved",
    "invited_eva_portfolio_companies",
    "eligible_eva_portfolio_companies",
];
const COMPANY_COUNTS: &[&str] = &[
    "company_guid",
    "company_name",
    "total",
    "status.Pending",
    "status.Active",
    "status.Never",
    "status.Inactive",
    "status.Resolved",
];

fn counts(server: &Server, args: &OutboxArgs, mut query: Query, printer: Printer) -> Result<(), Failure> {
    if let Some(since) = args.filters.since {
        query.push(("start_date", since.moment().date()));
    }
    if args.by_company {
        query.push(("group_by", "company".to_owned()));
    }
    let reply = server.get(&format!("{OUTBOX}/counts"), &query)?;
    let companies = json::items(&reply.json, "companies");
    if args.by_company {
        let rows = Rows {
            document: &reply.body,
            rows: companies,
            columns: COMPANY_COUNTS,
            id: "company_guid",
        };
        return printer.rows(&rows, by_company);
    }
    let rows = Rows {
        document: &reply.body,
        rows: std::slice::from_ref(&reply.json),
        columns: COUNTS,
        id: "total",
    };
    printer.rows(&rows, |_| numbers(&reply.json))
}

fn numbers(counts: &Value) -> String {
    let number = |place: &str| output::number(&json::shown(counts, place));
    let mut rows = vec![("Requests", number("total")), ("Companies", number("company_count"))];
    for status in STATUSES {
        let count = json::shown(counts, &format!("status.{status}"));
        if !count.is_empty() {
            rows.push((status, output::number(&count)));
        }
    }
    rows.push((
        "Companies that can be invited",
        number("eligible_eva_portfolio_companies"),
    ));
    rows.push(("of them invited", number("invited_eva_portfolio_companies")));
    output::facts(rows)
}

fn by_company(rows: &[Value]) -> String {
    let cells = rows.iter().map(|row| {
        let count = |place: &str| json::at(row, place).as_u64().unwrap_or_default();
        let shown =
            ["Pending", "Active", "Never", "Inactive", "Resolved"].map(|status| count(&format!("status.{status}")));
        let other = count("total").saturating_sub(shown.iter().sum());
        let [pending, active, never, inactive, resolved] = shown;
        let numbers = [count("total"), pending, active, never, inactive, resolved, other];
        let [total, pending, active, never, inactive, resolved, other] =
            numbers.map(|number| output::number(&number.to_string()));
        [
            output::line(json::str(row, "company_guid")),
            output::line(json::str(row, "company_name")),
            total,
            pending,
            active,
            never,
            inactive,
            resolved,
            other,
        ]
    });
    output::table(
        [
            "guid", "company", "total", "pending", "active", "never", "inactive", "resolved", "other",
        ],
        cells,
    )
}
