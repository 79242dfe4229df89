//! A table as a spreadsheet (XLSX): text stays text, numbers and dates are real ones, the titles stay in sight.

use liaison_domain::Timestamp;
use liaison_domain::dates::is_date;
use rust_xlsxwriter::{
    ColNum, DocProperties, ExcelDateTime, Format, FormatAlign, RowNum, Workbook, Worksheet, XlsxError,
};

use super::{Cell, Column, Kind, Sheet, printable};

/// The most a cell can hold, in UTF-16 units.
const MOST: usize = 32_767;

/// Stands at the end of a text that was longer.
const CUT: &str = " … [cut: a cell holds 32,767 characters]";

/// Whole numbers above this are not exact in a spreadsheet; they are written as text.
const EXACT: u64 = 1 << 53;

/// The narrowest and the widest column, in characters.
const WIDTHS: (f64, f64) = (8.0, 60.0);

/// So many rows are measured for the widths.
const MEASURED: usize = 500;

struct Formats {
    title: Format,
    title_of_number: Format,
    text: Format,
    number: Format,
    date: Format,
    time: Format,
}

impl Formats {
    fn new() -> Formats {
        let plain = || Format::new().set_align(FormatAlign::Top);
        let title = || plain().set_bold().set_text_wrap();
        Formats {
            title: title(),
            title_of_number: title().set_align(FormatAlign::Right),
            text: plain(),
            number: plain().set_num_format("0"),
            date: plain().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            time: plain()
                .set_num_format("yyyy-mm-dd hh:mm:ss")
                .set_align(FormatAlign::Left),
        }
    }
}

/// The table as a workbook of one sheet, said to be made at `created`. Columns of moments say in their title that they
/// are in UTC, because a cell cannot.
///
/// # Errors
/// More rows or columns than a sheet can hold (1,048,576 and 16,384).
pub(crate) fn xlsx(sheet: &Sheet, created: Timestamp) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_title(printable(&sheet.name));
    workbook.set_properties(&match moment(created) {
        Some(at) => properties.set_creation_datetime(&at),
        None => properties,
    });
    fill(workbook.add_worksheet(), sheet)?;
    workbook.save_to_buffer()
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let formats = Formats::new();
    worksheet.set_name(name(&sheet.name))?;
    for (at, column) in sheet.columns.iter().enumerate() {
        let at = column_number(at)?;
        let format = if column.kind == Kind::Number {
            &formats.title_of_number
        } else {
            &formats.title
        };
        worksheet.write_string_with_format(0, at, shown(&title(column)), format)?;
        worksheet.set_column_width(at, width(sheet, usize::from(at)))?;
    }
    for (at, row) in sheet.rows.iter().enumerate() {
        let at = RowNum::try_from(at + 1).map_err(|_| XlsxError::RowColumnLimitError)?;
        for (column, (_, cell)) in sheet.cells(row).enumerate() {
            write(worksheet, (at, column_number(column)?), cell, &formats)?;
        }
    }
    if let Some(last) = sheet.columns.len().checked_sub(1) {
        worksheet.set_freeze_panes(1, 0)?;
        let rows = RowNum::try_from(sheet.rows.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
        worksheet.autofilter(0, 0, rows, column_number(last)?)?;
    }
    Ok(())
}

fn column_number(at: usize) -> Result<ColNum, XlsxError> {
    ColNum::try_from(at).map_err(|_| XlsxError::RowColumnLimitError)
}

fn write(
    worksheet: &mut Worksheet,
    (row, column): (RowNum, ColNum),
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Number(number) if number.unsigned_abs() <= EXACT => {
            worksheet.write_number_with_format(row, column, *number as f64, &formats.number)
        }
        Cell::Number(number) => worksheet.write_string_with_format(row, column, number.to_string(), &formats.text),
        Cell::Text(text) => worksheet.write_string_with_format(row, column, shown(text), &formats.text),
        Cell::Date(text) => match day(text) {
            Some(date) => worksheet.write_datetime_with_format(row, column, &date, &formats.date),
            None => worksheet.write_string_with_format(row, column, shown(text), &formats.text),
        },
        Cell::Time(time) => match moment(*time) {
            Some(at) => worksheet.write_datetime_with_format(row, column, &at, &formats.time),
            None => worksheet.write_string_with_format(row, column, time.rfc3339(), &formats.text),
        },
    }
    .map(|_| ())
}

/// A date a spreadsheet knows: from 1900 on.
fn day(text: &str) -> Option<ExcelDateTime> {
    let (year, rest) = text.split_once('-').filter(|_| is_date(text))?;
    let (month, day) = rest.split_once('-')?;
    ExcelDateTime::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn moment(time: Timestamp) -> Option<ExcelDateTime> {
    ExcelDateTime::from_timestamp(time.as_millis().div_euclid(1000)).ok()
}

/// A text as its cell can hold it.
fn shown(text: &str) -> String {
    let text = printable(text);
    if text.encode_utf16().count() <= MOST {
        return text;
    }
    let room = MOST - CUT.encode_utf16().count();
    let mut used = 0;
    let fitting = text.chars().take_while(|c| {
        used += c.len_utf16();
        used <= room
    });
    let mut cut: String = fitting.collect();
    cut.push_str(CUT);
    cut
}

fn title(column: &Column) -> String {
    match column.kind {
        Kind::DateTime => format!("{} (UTC)", column.title),
        Kind::Text | Kind::Number | Kind::Date => column.title.clone(),
    }
}

/// A name as sheets may have it: 31 characters at most, none of `[]:*?/\`, no apostrophe at its ends, not empty.
fn name(text: &str) -> String {
    let kept = printable(text).replace(['[', ']', ':', '*', '?', '/', '\\', '\n', '\t'], " ");
    let mut units = 0;
    let fitting = kept.trim().trim_matches('\'').chars().take_while(|c| {
        units += c.len_utf16();
        units <= 31
    });
    let name: String = fitting.collect();
    let name = name.trim_matches([' ', '\'']);
    // Excel keeps the name History for itself.
    if name.is_empty() || name.eq_ignore_ascii_case("history") {
        "Table".to_owned()
    } else {
        name.to_owned()
    }
}

/// The width of a column in characters: that of its longest line, within bounds.
fn width(sheet: &Sheet, at: usize) -> f64 {
    let column = &sheet.columns[at];
    // The button of the filter stands beside the title.
    let title = title(column).chars().count() + 3;
    let longest = sheet
        .rows
        .iter()
        .take(MEASURED)
        .filter_map(|row| row.get(at))
        .map(length)
        .max();
    (title.max(longest.unwrap_or(0)) as f64 + 2.0).clamp(WIDTHS.0, WIDTHS.1)
}

fn length(cell: &Cell) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Number(number) => number.to_string().len(),
        Cell::Time(_) => 19,
        Cell::Text(text) | Cell::Date(text) => text
            .lines()
            .map(|line| line.chars().take(60).count())
            .max()
            .unwrap_or(0),
    }
}
