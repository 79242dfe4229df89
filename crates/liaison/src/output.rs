//! What commands print: tables for people, JSON for programs, problems on standard error.

use std::io::{self, IsTerminal as _, Write as _};

use comfy_table::{Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, presets};
use console::Term;
use serde::Serialize;

use crate::failure::Failure;

/// Where and how a command answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    /// JSON or tables.
    pub(crate) fn new(json: bool) -> Output {
        Output { json }
    }

    /// Whether a program reads the answer.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// The value for programs, or what `people` makes of it.
    pub(crate) fn show<T: Serialize>(self, value: &T, people: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        if !self.json {
            return self.text(&people(value));
        }
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::refused(format!("the answer cannot be written as JSON: {error}")))?;
        self.text(&text)
    }

    /// Text as it is, and a line break where it has none at its end.
    pub(crate) fn text(self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        Ok(out.flush()?)
    }
}

/// Bytes as they are; on a terminal, made harmless for it.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if io::stdout().is_terminal() {
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        out.write_all(harmless(&text).as_bytes())?;
    } else {
        out.write_all(bytes)?;
    }
    Ok(out.flush()?)
}

/// One line for a person who watches; never part of an answer that a program reads.
pub(crate) fn note(line: &str) {
    // Nobody to tell is no reason to stop.
    let _ = writeln!(io::stderr().lock(), "{}", harmless(line));
}

/// Tells why a command failed.
pub(crate) fn failure(failure: &Failure) {
    for line in failure.lines() {
        note(&format!("liaison: {line}"));
    }
}

/// Columns of a terminal that does not tell them.
const USUAL_WIDTH: usize = 80;

/// Lines that a row of a short table may take.
const ROW_LINES: usize = 4;

/// Rows under a header, as wide as the terminal.
pub(crate) fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [Cell; N]>) -> String {
    rows_under(&header, rows.into_iter().map(Row::from))
}

/// As [`short_table`], with as many columns as fit.
pub(crate) fn fitting_table(header: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> String {
    rows_under(
        header,
        rows.map(|cells| {
            let mut row = Row::from(cells);
            row.max_height(ROW_LINES);
            row
        }),
    )
}

/// As [`table`], where a long text must not push the other rows off the screen: it is cut after some lines.
pub(crate) fn short_table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [Cell; N]>) -> String {
    fitting_table(&header, rows.into_iter().map(Vec::from))
}

fn rows_under(header: &[&str], rows: impl Iterator<Item = Row>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(
            header
                .iter()
                .map(|name| Cell::new(name.to_uppercase()).add_attribute(Attribute::Dim)),
        );
    for row in rows {
        table.add_row(row);
    }
    for (column, name) in table.column_iter_mut().zip(header) {
        // What people copy stays on one line.
        if matches!(*name, "guid" | "token" | "id") {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    finished(table)
}

fn finished(mut table: Table) -> String {
    // NO_COLOR and terminals without colours are known to `console`. They keep their width.
    if !console::colors_enabled() {
        if let Some(columns) = width() {
            table.set_width(u16::try_from(columns).unwrap_or(u16::MAX));
        }
        table.force_no_tty();
    }
    table.trim_fmt()
}

/// One thing: its facts below each other.
pub(crate) fn facts<'n>(rows: impl IntoIterator<Item = (&'n str, Cell)>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    for (name, value) in rows {
        table.add_row([Cell::new(name).add_attribute(Attribute::Dim), value]);
    }
    finished(table)
}

/// A cell with text from the database made harmless for a terminal.
pub(crate) fn cell(text: impl AsRef<str>) -> Cell {
    Cell::new(harmless(text.as_ref()))
}

/// A cell with a number, to the right.
pub(crate) fn number(digits: &str) -> Cell {
    Cell::new(digits).set_alignment(CellAlignment::Right)
}

/// A cell with text that may be absent.
pub(crate) fn maybe(text: Option<impl AsRef<str>>) -> Cell {
    text.map_or_else(|| Cell::new("-"), cell)
}

/// Text without characters that would move the cursor of a terminal, change its colours, or turn the direction in which
/// the rest is read.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmless(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_default());
        }
    }
    shown
}

/// Whether a terminal shows the character and does nothing else.
pub(crate) fn is_harmless(c: char) -> bool {
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !turns && (!c.is_control() || matches!(c, '\n' | '\t'))
}

/// A cell whose text stays on the lines of its own row: what others wrote must not look like rows of ours.
pub(crate) fn line(text: impl AsRef<str>) -> Cell {
    let words: Vec<&str> = text.as_ref().split_whitespace().collect();
    match words.join(" ") {
        empty if empty.is_empty() => Cell::new("-"),
        text => cell(text),
    }
}

/// Columns of the terminal; none where nobody watches.
pub(crate) fn width() -> Option<usize> {
    let terminal = Term::stdout();
    let columns = || {
        terminal
            .size_checked()
            .map_or(USUAL_WIDTH, |(_, columns)| columns.into())
    };
    terminal.features().is_attended().then(columns)
}

/// `1 mail`, `3 mails`.
pub(crate) fn count(number: impl Into<i64>, noun: &str) -> String {
    let number = number.into();
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// `37.2 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    let mut shown = bytes as f64;
    let mut unit = "bytes";
    for larger in ["KiB", "MiB", "GiB", "TiB"] {
        if shown < 1024.0 {
            break;
        }
        shown /= 1024.0;
        unit = larger;
    }
    if unit == "bytes" {
        return format!("{bytes} bytes");
    }
    format!("{shown:.1} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_repaint_the_terminal() {
        assert_eq!(harmless("Emma \u{1b}[31mWaters\r"), "Emma \\u{1b}[31mWaters\\r");
        assert_eq!(harmless("evil\u{202e}gpj.exe\u{9b}1m"), "evil\\u{202e}gpj.exe\\u{9b}1m");
        assert_eq!(harmless("two\nlines\tand a tab \u{e9}"), "two\nlines\tand a tab \u{e9}");
    }

    #[test]
    fn sizes_and_counts_read_well() {
        assert_eq!(size(900), "900 bytes");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(count(1, "mail"), "1 mail");
        assert_eq!(count(0, "mail"), "0 mails");
    }
}
