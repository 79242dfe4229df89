//! A table as CSV (RFC 4180): UTF-8, comma, CRLF. Text that a spreadsheet would run as a formula is disarmed.

use liaison_domain::dates::is_date;
use liaison_domain::formulas::disarmed;

use super::{Cell, Sheet};

/// Who will read the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A spreadsheet: the file begins with a byte order mark, without which Excel takes UTF-8 for something else.
    Spreadsheet,
    /// A program: no mark.
    Program,
}

/// The table with its titles in the first line.
pub(crate) fn csv(sheet: &Sheet, reader: Reader) -> Vec<u8> {
    let mark = match reader {
        Reader::Spreadsheet => "\u{FEFF}",
        Reader::Program => "",
    };
    if sheet.columns.is_empty() {
        return Vec::from(mark);
    }
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::from(mark));
    let titles = sheet.columns.iter().map(|column| disarmed(&column.title).into_owned());
    write(&mut writer, titles);
    for row in &sheet.rows {
        write(&mut writer, sheet.cells(row).map(|(_, cell)| text(cell)));
    }
    writer.into_inner().expect("writing into memory cannot fail")
}

fn write(writer: &mut csv::Writer<Vec<u8>>, fields: impl Iterator<Item = String>) {
    writer
        .write_record(fields)
        .expect("every record has one field for each column");
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(number) => number.to_string(),
        Cell::Time(time) => time.rfc3339(),
        Cell::Date(date) if is_date(date) => date.clone(),
        Cell::Date(text) | Cell::Text(text) => disarmed(text).into_owned(),
    }
}
