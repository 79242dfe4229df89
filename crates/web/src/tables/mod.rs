//! One description of a table, written as CSV or as a spreadsheet, and the answer that hands a file over.
//! What the columns are is decided where the page is.

mod csv;
mod download;
mod xlsx;

use liaison_domain::Timestamp;

pub(crate) use self::csv::{Reader, csv};
pub(crate) use download::{MediaType, download};
pub(crate) use xlsx::xlsx;

/// A table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    /// For people; the name of the sheet in a spreadsheet.
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// One cell for each column. Cells that are missing are empty, cells beyond the columns are left out.
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// The cells of a row, as many as there are columns.
    fn cells<'s>(&'s self, row: &'s [Cell]) -> impl Iterator<Item = (&'s Column, &'s Cell)> {
        let row = row.iter().chain(std::iter::repeat(&Cell::Empty));
        self.columns.iter().zip(row)
    }
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) title: String,
    pub(crate) kind: Kind,
}

impl Column {
    /// A column of this title and kind.
    pub(crate) fn new(title: impl Into<String>, kind: Kind) -> Column {
        Column {
            title: title.into(),
            kind,
        }
    }
}

/// What a column holds: how wide it is, which way it is aligned, what its title has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Date,
    DateTime,
}

/// A value. How it is written follows from the value, not from its column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(i64),
    /// `YYYY-MM-DD`; anything else is written as text.
    Date(String),
    /// A moment, in UTC.
    Time(Timestamp),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
    }
}

impl From<Timestamp> for Cell {
    fn from(time: Timestamp) -> Cell {
        Cell::Time(time)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Empty, Into::into)
    }
}

/// `text` without the control characters that files of this kind cannot hold; lines end with one line feed.
fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let kept = text.chars().map(|c| match c {
        '\n' | '\t' => c,
        '\r' => '\n',
        c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => '\u{FFFD}',
        c => c,
    });
    kept.collect()
}

#[cfg(test)]
mod tests;
