//! Tables of any tool as CSV: columns by their names, or by a map from the tool's names.

use liaison_domain::risk_vectors;

use super::observation::{Observation, severity_of};
use super::reader::Reader;
use super::text;

/// The columns that are read; the first three have to be there.
const COLUMNS: [&str; 12] = [
    "risk_vector",
    "rule",
    "location",
    "severity",
    "title",
    "description",
    "advice",
    "tags",
    "cve",
    "first_seen",
    "last_seen",
    "mark",
];
const NEEDED: usize = 3;

/// Whether a column is read.
pub(super) fn is_column(name: &str) -> bool {
    COLUMNS.contains(&name)
}

/// `map` has pairs of the tool's name and ours.
pub(super) fn read(text: &str, map: &[(String, String)], reader: &mut Reader<'_>) {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let Ok(header) = rows.headers().cloned() else {
        return reader.refuse("line 1", "cannot be read as CSV");
    };
    let ours = |name: &str| {
        let mapped = map.iter().find(|(theirs, _)| theirs == name);
        COLUMNS
            .iter()
            .position(|column| *column == mapped.map_or(name, |(_, ours)| ours))
    };
    let mut places = [None; COLUMNS.len()];
    for (place, name) in header.iter().enumerate() {
        let Some(column) = ours(name.trim()) else { continue };
        if places[column].is_some() {
            reader.refuse("line 1", format!("the column {} occurs twice", COLUMNS[column]));
        }
        places[column] = Some(place);
    }
    let missing: Vec<&str> = (0..NEEDED)
        .filter(|at| places[*at].is_none())
        .map(|at| COLUMNS[at])
        .collect();
    if !missing.is_empty() {
        let theirs: Vec<&str> = header.iter().map(str::trim).collect();
        let reason = format!(
            "no column for {}; the file has {}: say --map THEIRS={}",
            missing.join(", "),
            theirs.join(", "),
            missing[0]
        );
        return reader.refuse("line 1", reason);
    }
    for row in rows.records() {
        match row {
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                return reader.refuse(&format!("line {line}"), "cannot be read as CSV");
            }
            Ok(row) => {
                let pointer = format!("line {}", row.position().map_or(1, csv::Position::line));
                let cell = |name: &str| {
                    let column = COLUMNS.iter().position(|column| *column == name)?;
                    row.get(places[column]?).map(str::trim).filter(|cell| !cell.is_empty())
                };
                let observed = observation(cell);
                reader.take(&pointer, observed.map(Some));
            }
        }
    }
}

fn observation<'r>(cell: impl Fn(&str) -> Option<&'r str>) -> Result<Observation, String> {
    let vector = cell("risk_vector").unwrap_or_default();
    let vector = risk_vectors::find(vector).ok_or("column risk_vector: is not a known risk vector")?;
    let place = text::place(cell("location").unwrap_or_default()).map_err(|rule| format!("column location: {rule}"))?;
    let day = |name: &str| match cell(name) {
        None => Ok(None),
        Some(time) => text::day(time)
            .map(Some)
            .ok_or_else(|| format!("column {name}: must be a day, YYYY-MM-DD")),
    };
    let (first, last) = (day("first_seen")?, day("last_seen")?);
    let seen = match (first, last) {
        (Some(first), Some(last)) if first > last => {
            return Err("column first_seen: must not be after last_seen".to_owned());
        }
        (first, last) => first.clone().or_else(|| last.clone()).zip(last.or(first)),
    };
    let words = |name: &str| text::words(cell(name).unwrap_or_default());
    let listed = |name: &str| {
        cell(name)
            .unwrap_or_default()
            .split([' ', ',', ';'])
            .collect::<Vec<_>>()
    };
    Ok(Observation {
        vector: vector.slug,
        rule: text::key(cell("rule").unwrap_or_default()).map_err(|rule| format!("column rule: {rule}"))?,
        location: place.text,
        mark: cell("mark")
            .map_or_else(|| Ok(String::new()), text::key)
            .map_err(|rule| format!("column mark: {rule}"))?,
        severity: severity(cell("severity"))?,
        seen,
        title: words("title"),
        description: words("description"),
        advice: words("advice"),
        tags: text::tags(listed("tags")),
        vulnerabilities: text::cves(listed("cve")),
        host: place.host,
        port: place.port,
    })
}

/// A number from 0 to 10, or a word; what says nothing is in the middle.
fn severity(cell: Option<&str>) -> Result<f64, String> {
    let Some(text) = cell else { return Ok(5.0) };
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=10.0).contains(number));
    number
        .or_else(|| severity_of(text))
        .ok_or_else(|| "column severity: must be 0 to 10, or low, medium, high, critical or info".to_owned())
}
