//! The pages of `docs/compatibility` and the published document say the same: which calls there are, which parameters
//! are read, and which fields are sent and answered.

use std::collections::BTreeSet;
use std::fs;

use liaison_testkit::Value;
use liaison_testkit::web::openapi;

/// A heading of a page with the table below it.
struct Call {
    page: String,
    /// `GET /ratings/v1/tiers`.
    name: String,
    is_served: bool,
    rows: Vec<Row>,
}

/// A line of a table that says `yes`.
struct Row {
    names: Vec<String>,
    /// `query`, `body`, or empty for a field of the answer.
    place: &'static str,
}

fn calls() -> Vec<Call> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/compatibility");
    let mut calls = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let page = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut current: Option<Call> = None;
        for line in fs::read_to_string(&path).unwrap().lines() {
            if line.starts_with('#') {
                calls.extend(current.take());
                current = heading(line, &page);
            } else if let Some(call) = &mut current {
                call.is_served &= !line.starts_with("Not served");
                call.rows.extend(row(line));
            }
        }
        calls.extend(current);
    }
    calls
}

fn heading(line: &str, page: &str) -> Option<Call> {
    let (method, path) = line.strip_prefix("### `")?.strip_suffix('`')?.split_once(' ')?;
    let path = if path.starts_with("/v") {
        format!("/ratings{path}")
    } else {
        path.to_owned()
    };
    Some(Call {
        page: page.to_owned(),
        name: format!("{method} {path}"),
        is_served: true,
        rows: Vec::new(),
    })
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.strip_prefix("| ")?.splitn(2, " | ");
    let (first, second) = (cells.next()?, cells.next()?);
    if !second.starts_with("yes") {
        return None;
    }
    let place = match first {
        _ if first.contains("(query)") => "query",
        _ if first.contains("(body)") => "body",
        _ => "",
    };
    let names = first.split('`').skip(1).step_by(2).map(str::to_owned);
    Some(Row {
        names: names.collect(),
        place,
    })
}

/// Names of all properties of a schema, however deep.
fn properties(document: &Value, schema: &Value, names: &mut BTreeSet<String>, seen: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str)
                && seen.insert(reference.to_owned())
            {
                let schema = document.pointer(reference.trim_start_matches('#')).unwrap();
                properties(document, schema, names, seen);
            }
            for (key, value) in fields {
                if key == "properties" {
                    names.extend(value.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
                }
                if key != "example" && key != "examples" {
                    properties(document, value, names, seen);
                }
            }
        }
        Value::Array(entries) => entries
            .iter()
            .for_each(|entry| properties(document, entry, names, seen)),
        _ => {}
    }
}

fn names_in(document: &Value, schema: &Value) -> BTreeSet<String> {
    let (mut names, mut seen) = (BTreeSet::new(), BTreeSet::new());
    properties(document, schema, &mut names, &mut seen);
    names
}

/// What the document knows in a place of an operation.
fn known(document: &Value, operation: &Value, place: &str) -> BTreeSet<String> {
    match place {
        "query" => {
            let parameters = operation["parameters"].as_array().unwrap().iter();
            parameters
                .filter_map(|parameter| parameter["name"].as_str())
                .map(str::to_owned)
                .collect()
        }
        "body" => names_in(document, &operation["requestBody"]),
        _ => {
            let responses = operation["responses"].as_object().unwrap().iter();
            let good = responses.filter(|(status, _)| status.starts_with('2'));
            good.flat_map(|(_, response)| names_in(document, response)).collect()
        }
    }
}

#[test]
fn every_compatible_operation_has_its_heading() {
    let (document, _) = openapi::document("https://liaison.test");
    let calls = calls();
    let mut wrong = Vec::new();
    let served: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(path, _)| path.starts_with("/ratings/"))
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    for name in &served {
        match calls.iter().filter(|call| call.name == *name).count() {
            1 => {}
            count => wrong.push(format!("{name} has {count} headings")),
        }
    }
    for call in &calls {
        if call.is_served && !served.contains(&call.name) {
            wrong.push(format!("{}: {} is not served", call.page, call.name));
        }
        if !call.is_served && served.contains(&call.name) {
            wrong.push(format!("{}: {} is served", call.page, call.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_yes_is_in_the_document() {
    let (document, _) = openapi::document("https://liaison.test");
    let mut wrong = Vec::new();
    for call in calls().iter().filter(|call| call.is_served) {
        let (method, path) = call.name.split_once(' ').unwrap();
        let operation = &document["paths"][path][method.to_lowercase()];
        if operation.is_null() {
            continue;
        }
        for row in &call.rows {
            let known = known(&document, operation, row.place);
            let parts = |name: &str| {
                let parts = name.split('.').map(|part| part.trim_end_matches("[]").to_owned());
                parts.collect::<Vec<_>>()
            };
            for name in &row.names {
                let is_known = known.contains(name) || parts(name).iter().all(|part| known.contains(part));
                if !is_known {
                    wrong.push(format!("{}: {} has no {} {name}", call.page, call.name, row.place));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_is_in_the_index() {
    let index = include_str!("../../docs/COMPATIBILITY.md");
    for call in calls() {
        assert!(
            index.contains(&format!("(compatibility/{})", call.page)),
            "{}",
            call.page
        );
    }
}
