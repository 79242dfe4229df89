//! `format`: JSON, or the rows as a table. What is nested becomes columns with dots in their names.

use axum::response::Response;
use http::{HeaderMap, HeaderName, header};
use liaison_domain::Timestamp;
use liaison_operations::{Error, Result as OperationResult};
use serde::Serialize;
use serde_json::Value;

use crate::errors::ApiError;
use crate::extract::Params;
use crate::openapi::{Kind, Parameter, query};
use crate::tables::{Cell, Column, Kind as ColumnKind, MediaType, Reader, Sheet, csv, download, xlsx};

/// The parameter of every list that is also a file.
pub(crate) const FORMAT: Parameter = query(
    "format",
    Kind::OneOf(&["json", "csv", "xlsx"]),
    "The shape of the answer. `Accept` and `X-Bitsight-Accept` with a media type say the same.",
);

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Csv,
    Xlsx,
}

impl Format {
    /// The format that the query names, or else the first of the two headers that names one.
    pub(crate) fn of(params: &Params, headers: &HeaderMap) -> Result<Format, ApiError> {
        match params.text("format").map(str::to_ascii_lowercase).as_deref() {
            None => Ok(Format::accepted(headers)),
            Some("json") => Ok(Format::Json),
            Some("csv") => Ok(Format::Csv),
            Some("xlsx") => Ok(Format::Xlsx),
            Some(_) => Err(ApiError::parameter("format", "must be json, csv or xlsx")),
        }
    }

    fn accepted(headers: &HeaderMap) -> Format {
        let names = [HeaderName::from_static("x-bitsight-accept"), header::ACCEPT];
        let accepts = names.iter().filter_map(|name| headers.get(name)?.to_str().ok());
        let accepts = accepts
            .flat_map(|value| value.split(','))
            .map(|part| part.split(';').next().unwrap_or_default());
        for media_type in accepts {
            match media_type.trim() {
                "application/json" | "*/*" => return Format::Json,
                "text/csv" => return Format::Csv,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => return Format::Xlsx,
                _ => {}
            }
        }
        Format::Json
    }
}

/// Rows as a file to be saved, made `now`, `name` without its ending. Columns are those of all rows, in the order of the
/// first.
pub(crate) fn table<T: Serialize>(
    format: Format,
    (name, now): (&str, Timestamp),
    rows: &[T],
) -> OperationResult<Response> {
    let broken = |error: serde_json::Error| Error::Internal(format!("rows of a table: {error}"));
    let mut flat: Vec<Vec<(String, Cell)>> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut cells = Vec::new();
        flatten("", &serde_json::to_value(row).map_err(broken)?, &mut cells);
        flat.push(cells);
    }
    let mut titles: Vec<String> = Vec::new();
    for (title, _) in flat.iter().flatten() {
        if !titles.contains(title) {
            titles.push(title.clone());
        }
    }
    let rows = flat.into_iter().map(|cells| {
        let mut cells: std::collections::HashMap<String, Cell> = cells.into_iter().collect();
        titles
            .iter()
            .map(|title| cells.remove(title).unwrap_or(Cell::Empty))
            .collect()
    });
    let sheet = Sheet {
        name: name.to_owned(),
        rows: rows.collect(),
        columns: titles
            .iter()
            .map(|title| Column::new(title.as_str(), ColumnKind::Text))
            .collect(),
    };
    Ok(match format {
        Format::Xlsx => {
            let bytes = xlsx(&sheet, now).map_err(|error| Error::Internal(error.to_string()))?;
            download(&format!("{name}.xlsx"), MediaType::Xlsx, bytes)
        }
        Format::Csv | Format::Json => download(&format!("{name}.csv"), MediaType::Csv, csv(&sheet, Reader::Program)),
    })
}

fn flatten(name: &str, value: &Value, cells: &mut Vec<(String, Cell)>) {
    let cell = match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                flatten(&name, value, cells);
            }
            return;
        }
        Value::Null => Cell::Empty,
        Value::String(text) => Cell::Text(text.clone()),
        Value::Number(number) => number
            .as_i64()
            .map_or_else(|| Cell::Text(number.to_string()), Cell::Number),
        Value::Bool(truth) => Cell::Text(truth.to_string()),
        Value::Array(entries) => Cell::Text(joined(entries)),
    };
    cells.push((name.to_owned(), cell));
}

/// A list in one cell: words with commas, anything else as JSON.
fn joined(entries: &[Value]) -> String {
    let words: Option<Vec<&str>> = entries.iter().map(Value::as_str).collect();
    words.map_or_else(|| Value::from(entries).to_string(), |words| words.join(", "))
}
