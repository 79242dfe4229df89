//! `liaison findings`: the findings of a company, a page or all of them.

use clap::Args;
use serde_json::Value;
use serde_json::value::RawValue;

use super::answers::{Printer, Rows, Shape};
use super::at::At;
use super::filters::{self, Since};
use super::server::{Query, Server};
use super::trouble::Trouble;
use super::{Desk, companies, json, words};
use crate::failure::Failure;
use crate::output;

/// Which findings.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  liaison findings blackhills.com --risk-vector open_ports,dnssec\n  \
                   liaison findings blackhills.com --severity material,severe --all --csv > findings.csv",
    after_help = "The first column is the id that `liaison invite --finding` takes."
)]
pub(crate) struct FindingsArgs {
    /// Company: guid, domain or name
    company: String,
    #[command(flatten)]
    filters: Filters,
    /// Order: a field of a finding, with - in front for the largest first
    #[arg(long, value_name = "FIELD", default_value = "-last_seen", allow_hyphen_values = true)]
    sort: String,
    /// At most this many [default: 50 in a table, all of them for --json, --csv and --quiet]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: Option<u32>,
    /// Leave out this many first
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    offset: u64,
    /// All of them, however many
    #[arg(long, conflicts_with_all = ["limit", "offset"])]
    all: bool,
    #[command(flatten)]
    pub(super) shape: Shape,
    #[command(flatten)]
    pub(super) at: At,
}

#[derive(Debug, Args)]
struct Filters {
    /// Only of these risk vectors, slugs with commas
    #[arg(long, value_name = "SLUG", value_delimiter = ',')]
    risk_vector: Vec<String>,
    /// Only of this severity: minor, moderate, material or severe, with commas
    #[arg(
        long,
        value_name = "WORD",
        value_delimiter = ',',
        ignore_case = true,
        hide_possible_values = true
    )]
    #[arg(value_parser = ["minor", "moderate", "material", "severe"])]
    severity: Vec<String>,
    /// Only with this grade: GOOD, FAIR, WARN, BAD, NEUTRAL, with commas
    #[arg(
        long,
        value_name = "WORD",
        value_delimiter = ',',
        ignore_case = true,
        hide_possible_values = true
    )]
    #[arg(value_parser = ["GOOD", "FAIR", "WARN", "BAD", "NEUTRAL", "NONE"])]
    grade: Vec<String>,
    /// Only those that count in the rating
    #[arg(long)]
    affects_rating: bool,
    /// Only on this asset: a domain or an address
    #[arg(long, value_name = "ASSET")]
    asset: Option<String>,
    /// Only seen since then: 2026-11-01, or 7d, 2w, 12h ago
    #[arg(long, value_name = "WHEN", value_parser = filters::since)]
    since: Option<Since>,
}

/// Rows of a table.
const TABLE: u32 = 50;
/// Rows of a page while all are read.
const PAGE: u32 = 500;

const COLUMNS: &[&str] = &[
    "rolledup_observation_id",
    "risk_category",
    "risk_vector",
    "severity",
    "severity_category",
    "details.grade",
    "evidence_key",
    "first_seen",
    "last_seen",
    "affects_rating",
    "remaining_decay",
    "tags",
    "comments",
];

impl Filters {
    fn query(&self) -> Query {
        let mut query = Query::new();
        for (name, values) in [
            ("risk_vector", &self.risk_vector),
            ("severity_category", &self.severity),
            ("details.grade", &self.grade),
        ] {
            if !values.is_empty() {
                query.push((name, values.join(",")));
            }
        }
        if self.affects_rating {
            query.push(("affects_rating", "true".to_owned()));
        }
        if let Some(asset) = &self.asset {
            query.push(("assets.asset", asset.trim().to_owned()));
        }
        if let Some(since) = self.since {
            query.push(("last_seen_gte", since.moment().date()));
        }
        query
    }
}

/// A page, or all of them put together in its shape.
struct Found {
    document: Vec<u8>,
    rows: Vec<Value>,
    count: Option<u64>,
}

pub(super) fn run(args: &FindingsArgs, desk: Desk) -> Result<(), Failure> {
    let printer = desk.printer(&args.shape);
    let server = desk.server(&args.at)?;
    let company = companies::find(&server, &args.company)?;
    let path = format!("/v1/companies/{}/findings", company.guid);
    let mut query = args.filters.query();
    query.push(("sort", args.sort.clone()));
    let is_cut = args.limit.is_some() || args.offset > 0 || printer.is_for_people();
    let found = if args.all || !is_cut {
        all(&server, &path, &query)?
    } else {
        query.push(("limit", args.limit.unwrap_or(TABLE).to_string()));
        query.push(("offset", args.offset.to_string()));
        page(&server, &path, &query)?.0
    };
    let rows = Rows {
        document: &found.document,
        rows: &found.rows,
        columns: COLUMNS,
        id: "rolledup_observation_id",
    };
    printer.rows(&rows, |rows| match rows {
        [] => "No finding is like that.".to_owned(),
        rows => table(rows),
    })?;
    tell_more(&found, args, printer);
    Ok(())
}

fn tell_more(found: &Found, args: &FindingsArgs, printer: Printer) {
    let shown = found.rows.len() as u64;
    let total = found.count.unwrap_or(shown);
    let until = args.offset + shown;
    if printer.is_for_people() && !args.all && until < total && shown > 0 {
        output::note(&format!(
            "{} to {until} of {total}. Go on with --offset {until}, or take --all.",
            args.offset + 1
        ));
    }
}

#[derive(serde::Deserialize)]
struct Page {
    results: Vec<Box<RawValue>>,
}

fn page(server: &Server, path: &str, query: &Query) -> Result<(Found, Vec<Box<RawValue>>), Failure> {
    let reply = server.get(path, query).map_err(Trouble::or_unfollowed)?;
    let page: Page = serde_json::from_slice(&reply.body)
        .map_err(|_| Failure::refused("the server answered with something that is no page of findings"))?;
    let found = Found {
        rows: json::items(&reply.json, "results").to_vec(),
        count: json::at(&reply.json, "count").as_u64(),
        document: reply.body,
    };
    Ok((found, page.results))
}

/// Every page, one after the other, told from each other by the number of rows that came: links may name another host.
fn all(server: &Server, path: &str, query: &Query) -> Result<Found, Failure> {
    let (mut raws, mut rows, mut last) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let mut query = query.clone();
        query.push(("limit", PAGE.to_string()));
        query.push(("offset", raws.len().to_string()));
        let (found, texts) = page(server, path, &query)?;
        let came = texts.len();
        if came > 0 && found.document == last {
            return Err(Failure::refused("the server gives the same page again and again"));
        }
        raws.extend(texts);
        rows.extend(found.rows);
        // A server that does not count ends with a page that is not full.
        let more = found
            .count
            .map_or(came as u64 == u64::from(PAGE), |total| (raws.len() as u64) < total);
        if came == 0 || !more {
            break;
        }
        last = found.document;
    }
    let results = super::requests::array(raws.iter().map(|raw| raw.get()));
    let head = format!(
        "{{\"links\":{{\"next\":null,\"previous\":null}},\"count\":{},\"results\":",
        raws.len()
    );
    Ok(Found {
        document: [head.as_bytes(), &results, b"}"].concat(),
        count: Some(raws.len() as u64),
        rows,
    })
}

fn table(rows: &[Value]) -> String {
    let is_wide = output::width().is_none_or(|columns| columns >= 120);
    let mut header = vec!["id", "risk vector", "grade", "severity"];
    if is_wide {
        header.extend(["evidence", "first seen"]);
    }
    header.push("last seen");
    let cells = rows.iter().map(|row| {
        let text = |place: &str| json::str(row, place);
        let vector = [text("risk_vector_label"), text("risk_vector")];
        let vector = vector.into_iter().find(|vector| !vector.is_empty()).unwrap_or_default();
        let mut cells = vec![
            output::line(text("rolledup_observation_id")),
            output::line(vector),
            words::grade(text("details.grade")),
            output::line(text("severity_category")),
        ];
        if is_wide {
            cells.push(output::line(text("evidence_key")));
            cells.push(output::line(words::day(text("first_seen"))));
        }
        cells.push(output::line(words::day(text("last_seen"))));
        cells
    });
    output::fitting_table(&header, cells)
}
