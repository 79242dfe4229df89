//! What client commands print: tables for people, the server's own JSON, CSV, or only the guids.

use std::io::{self, IsTerminal as _, Write as _};

use clap::Args;
use liaison_domain::formulas::disarmed;
use serde_json::Value;

use super::json;
use crate::failure::Failure;
use crate::output::{self, Output};

/// The shape of an answer, besides `--json`.
#[derive(Debug, Default, Args)]
pub(crate) struct Shape {
    /// Answer in CSV, with the same columns each time
    #[arg(long, global = true, conflicts_with_all = ["json", "quiet"])]
    #[arg(display_order = 80)]
    csv: bool,
    /// Answer with guids only, one a line
    #[arg(long, short, global = true, conflicts_with = "json")]
    #[arg(display_order = 81)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    People,
    Json,
    Csv,
    Quiet,
}

/// Prints answers in one shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Printer {
    form: Form,
    output: Output,
}

/// An answer that has rows, or one thing, which is a row too.
#[derive(Debug)]
pub(super) struct Rows<'r> {
    /// What `--json` prints.
    pub(super) document: &'r [u8],
    /// The rows in it.
    pub(super) rows: &'r [Value],
    /// Columns of the CSV: places in a row, `a.b` for `b` inside `a`.
    pub(super) columns: &'static [&'static str],
    /// What `--quiet` prints of a row.
    pub(super) id: &'static str,
}

impl Printer {
    /// In the shape of the flags.
    pub(super) fn new(shape: &Shape, output: Output) -> Printer {
        let form = match (output.is_json(), shape.csv, shape.quiet) {
            (true, ..) => Form::Json,
            (_, true, _) => Form::Csv,
            (.., true) => Form::Quiet,
            _ => Form::People,
        };
        Printer { form, output }
    }

    /// Whether a person reads it.
    pub(super) fn is_for_people(self) -> bool {
        self.form == Form::People
    }

    /// Whether the answer is a table for programs.
    pub(super) fn is_csv(self) -> bool {
        self.form == Form::Csv
    }

    /// Prints rows; `people` is what people read.
    pub(super) fn rows(self, rows: &Rows<'_>, people: impl FnOnce(&[Value]) -> String) -> Result<(), Failure> {
        match self.form {
            Form::People => self.output.text(&people(rows.rows)),
            Form::Json => document(rows.document),
            Form::Csv => csv(rows),
            Form::Quiet => {
                let mut out = io::stdout().lock();
                for row in rows.rows {
                    writeln!(out, "{}", output::harmless(&json::shown(row, rows.id)))?;
                }
                Ok(out.flush()?)
            }
        }
    }

    /// Prints text as it is.
    pub(super) fn text(self, text: &str) -> Result<(), Failure> {
        self.output.text(text)
    }
}

/// JSON as the server sent it; on a terminal, indented and harmless.
fn document(body: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        out.write_all(json::indented(&String::from_utf8_lossy(body)).as_bytes())?;
    } else {
        out.write_all(body)?;
    }
    if !body.ends_with(b"\n") {
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// As the server's own CSV: commas, CRLF, text that a spreadsheet would run disarmed.
fn csv(rows: &Rows<'_>) -> Result<(), Failure> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(io::stdout().lock());
    let told = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::from(error),
        other => Failure::refused(format!("the table cannot be written: {other:?}")),
    };
    out.write_record(rows.columns).map_err(told)?;
    for row in rows.rows {
        let cells = rows.columns.iter().map(|column| field(json::at(row, column)));
        out.write_record(cells).map_err(told)?;
    }
    Ok(out.flush()?)
}

fn field(value: &Value) -> String {
    let text = json::text(value);
    let text = match value {
        Value::Number(_) | Value::Bool(_) | Value::Null => return text,
        _ => disarmed(&text),
    };
    // A terminal that somebody looks at is not to be moved by what others wrote; a file keeps it.
    if io::stdout().is_terminal() {
        output::harmless(&text)
    } else {
        text.into_owned()
    }
}
