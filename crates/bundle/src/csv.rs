//! Reading CSV, one kind of rows a file: each line becomes the JSON that the same row has in a bundle, so that the
//! same rules read both.

use serde_json::{Map, Value};

use crate::fields::is_json;
use crate::problem::Place;
use crate::source::Input;
use crate::stream::Sink;
use crate::{ImportError, Kind};

/// What the cells of a column become.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Text,
    /// Numbers and truth values.
    Bare,
    /// Words separated by spaces.
    List,
    Json,
}

use Cell::{Bare, Json, List, Text};

type Columns = &'static [(&'static str, Cell)];

/// The columns of a kind: those that a file has to have, and those that it may have.
fn columns(kind: Kind) -> (Columns, Columns) {
    match kind {
        Kind::Companies => (
            &[("guid", Text), ("name", Text), ("primary_domain", Text)],
            &[
                ("shortname", Text),
                ("domains", List),
                ("homepage", Text),
                ("type", Text),
                ("industry.name", Text),
                ("industry.slug", Text),
                ("sub_industry.name", Text),
                ("sub_industry.slug", Text),
                ("description", Text),
                ("people_count", Bare),
                ("ipv4_count", Bare),
            ],
        ),
        Kind::Ratings => (
            &[("company_guid", Text), ("rating_date", Text)],
            &[("rating", Bare), ("risk_vectors", Json)],
        ),
        Kind::Findings => (
            &[
                ("company_guid", Text),
                ("rolledup_observation_id", Text),
                ("risk_vector", Text),
            ],
            &[
                ("risk_category", Text),
                ("severity", Bare),
                ("severity_category", Text),
                ("evidence_key", Text),
                ("first_seen", Text),
                ("last_seen", Text),
                ("affects_rating", Bare),
                ("assets", Json),
                ("details", Json),
                ("remediation", Json),
                ("tags", Json),
            ],
        ),
        Kind::Customers => (
            &[("guid", Text), ("name", Text)],
            &[
                ("type", Text),
                ("my_company_guid", Text),
                ("is_active", Bare),
                ("trial_duration", Bare),
            ],
        ),
        _ => owned_columns(kind),
    }
}

fn owned_columns(kind: Kind) -> (Columns, Columns) {
    match kind {
        Kind::Groups => (
            &[("customer_guid", Text), ("guid", Text), ("name", Text)],
            &[
                ("is_default", Bare),
                ("allow_bundled_companies", Bare),
                ("can_set_tier_scope", Bare),
                ("company_guids", List),
            ],
        ),
        Kind::Tiers => (
            &[("customer_guid", Text), ("guid", Text), ("name", Text), ("rank", Bare)],
            &[("description", Text), ("email_enabled", Bare)],
        ),
        Kind::Folders => (
            &[("customer_guid", Text), ("guid", Text), ("name", Text)],
            &[
                ("description", Text),
                ("content_expiry_days", Bare),
                ("position", Bare),
                ("company_guids", List),
            ],
        ),
        Kind::Portfolio => (
            &[("customer_guid", Text), ("company_guid", Text)],
            &[
                ("tier_guid", Text),
                ("custom_id", Text),
                ("added_date", Text),
                ("subscription_type", Text),
                ("relationship", Text),
                ("life_cycle", Text),
            ],
        ),
        _ => people_columns(kind),
    }
}

fn people_columns(kind: Kind) -> (Columns, Columns) {
    match kind {
        Kind::Users => (
            &[
                ("customer_guid", Text),
                ("guid", Text),
                ("email", Text),
                ("formal_name", Text),
            ],
            &[
                ("friendly_name", Text),
                ("first_name", Text),
                ("last_name", Text),
                ("phone_number", Text),
                ("role", Text),
                ("group_guid", Text),
                ("status", Text),
                ("tos_date", Text),
                ("last_login", Text),
                ("is_collaboration_contact", Bare),
                ("password", Text),
            ],
        ),
        Kind::ApiTokens => (
            &[("customer_guid", Text)],
            &[("description", Text), ("user_email", Text), ("token", Text)],
        ),
        _ => (
            &[
                ("customer_guid", Text),
                ("guid", Text),
                ("company_guid", Text),
                ("formal_name", Text),
                ("email", Text),
            ],
            &[
                ("friendly_name", Text),
                ("phone_number", Text),
                ("nickname", Text),
                ("platform_id", Text),
                ("relation_active", Bare),
                ("relation_type", Text),
                ("role", Text),
                ("source", Text),
                ("user_guid", Text),
            ],
        ),
    }
}

/// Reads the whole file.
pub(crate) fn read(input: &Input, kind: Kind, sink: &mut dyn Sink) -> Result<(), ImportError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(input.read_from(0)?);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => return refuse(input, error, 1, sink),
    };
    let Some(layout) = layout(kind, &header, sink) else {
        return Ok(());
    };
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => return refuse(input, error, line, sink),
        }
        let (line, byte) = record
            .position()
            .map_or((line, 0), |place| (place.line(), place.byte()));
        if record.len() != layout.len() {
            let (found, wanted) = (record.len(), layout.len());
            sink.problem(
                format!("line {line}"),
                format!("has {found} values, the header has {wanted}"),
            );
            continue;
        }
        if let Some(row) = row(&layout, &record, line, sink) {
            let index = u32::try_from(line).unwrap_or(u32::MAX);
            sink.row(Place { kind, owner: 0, index }, &row, byte)?;
        }
    }
}

fn refuse(input: &Input, error: csv::Error, line: u64, sink: &mut dyn Sink) -> Result<(), ImportError> {
    let reason = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    };
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Err(input.failed(error)),
        _ => {
            sink.problem(format!("line {line}"), reason);
            Ok(())
        }
    }
}

/// What each column of the file is; none where the header is refused.
fn layout(kind: Kind, header: &csv::StringRecord, sink: &mut dyn Sink) -> Option<Vec<(&'static str, Cell)>> {
    let (needed, optional) = columns(kind);
    if header.len() == 1 && header.iter().any(|name| name.contains([';', '\t'])) {
        let reason = "has no commas; save the table with commas between its columns";
        sink.problem("line 1".to_owned(), reason.to_owned());
        return None;
    }
    let (mut layout, mut is_good) = (Vec::new(), true);
    let mut refuse = |reason: String| {
        sink.problem("line 1".to_owned(), reason);
        is_good = false;
    };
    for name in header {
        match needed.iter().chain(optional).find(|(known, _)| *known == name.trim()) {
            None => refuse(format!("{name:?} is not a column of {kind}")),
            Some((known, _)) if layout.iter().any(|(earlier, _)| earlier == known) => {
                refuse(format!("the column {known} occurs twice"));
            }
            Some(column) => layout.push(*column),
        }
    }
    for (name, _) in needed {
        if !layout.iter().any(|(known, _)| known == name) {
            refuse(format!("the column {name} is missing"));
        }
    }
    is_good.then_some(layout)
}

/// One line as JSON; none where a cell of JSON holds something else.
fn row(layout: &[(&'static str, Cell)], record: &csv::StringRecord, line: u64, sink: &mut dyn Sink) -> Option<String> {
    let (mut object, mut is_good) = (Map::new(), true);
    let mut json = String::new();
    for ((name, cell), text) in layout.iter().zip(record).filter(|(_, text)| !text.is_empty()) {
        let value = match cell {
            Text => Value::from(text),
            List => text.split_whitespace().collect(),
            // What is no JSON stays text, which the rules of the row then refuse.
            Bare => serde_json::from_str(&text.to_ascii_lowercase()).unwrap_or_else(|_| Value::from(text)),
            // As it is: reading and writing it again could change numbers.
            Json if is_json(text) => {
                json.extend([",\"", name, "\":", text]);
                continue;
            }
            Json => {
                sink.problem(format!("line {line}, column {name}"), "is not JSON".to_owned());
                is_good = false;
                continue;
            }
        };
        match name.split_once('.') {
            None => drop(object.insert((*name).to_owned(), value)),
            Some((outer, inner)) => {
                let outer = object.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                outer[inner] = value;
            }
        }
    }
    let mut text = Value::Object(object).to_string();
    text.truncate(text.len() - 1);
    let json = if text.len() > 1 {
        json.as_str()
    } else {
        json.trim_start_matches(',')
    };
    is_good.then(|| text + json + "}")
}
