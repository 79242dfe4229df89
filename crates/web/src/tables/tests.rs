//! Tables read back by other libraries: nothing is lost, nothing becomes a formula.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use liaison_domain::Timestamp;

use super::*;

const CREATED: &str = "2026-11-12T14:05:00Z";

/// Each begins a formula somewhere.
const FORMULAS: [&str; 18] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://evil.example\",\"click\")",
    "+1",
    "-1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "  =1+1",
    "\u{FEFF}=1+1",
    "\u{A0}\u{200B}@SUM(1)",
];

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn sheet(rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet {
        name: "Sent requests".to_owned(),
        columns: vec![
            Column::new("Company", Kind::Text),
            Column::new("Findings", Kind::Number),
            Column::new("Last seen", Kind::Date),
            Column::new("Sent", Kind::DateTime),
        ],
        rows,
    }
}

fn row(company: &str) -> Vec<Cell> {
    vec![
        company.into(),
        (-3).into(),
        Cell::Date("2026-02-28".to_owned()),
        at("2026-11-12T14:05:09.500Z").into(),
    ]
}

fn texts(texts: &[&str]) -> Sheet {
    Sheet {
        name: String::new(),
        columns: vec![Column::new("Text", Kind::Text)],
        rows: texts.iter().map(|text| vec![Cell::from(*text)]).collect(),
    }
}

fn read_csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let records = reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect());
    records.collect()
}

fn read_xlsx(bytes: &[u8]) -> (String, Vec<Vec<Data>>) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let name = book.sheet_names().first().unwrap().clone();
    let formulas = book.worksheet_formula(&name).unwrap();
    assert!(
        formulas.used_cells().all(|(_, _, formula)| formula.is_empty()),
        "{formulas:?}"
    );
    let cells = book.worksheet_range(&name).unwrap();
    (name, cells.rows().map(<[Data]>::to_vec).collect())
}

#[test]
fn csv_is_what_the_standard_says() {
    let written = csv(
        &sheet(vec![row("Black \"Hills\", Inc."), vec!["Ünder\nline".into()]]),
        Reader::Program,
    );
    assert_eq!(
        String::from_utf8(written).unwrap(),
        "Company,Findings,Last seen,Sent\r\n\
         \"Black \"\"Hills\"\", Inc.\",-3,2026-02-28,2026-11-12T14:05:09Z\r\n\
         \"Ünder\nline\",,,\r\n"
    );
}

#[test]
fn csv_for_a_spreadsheet_says_that_it_is_utf_8() {
    let written = csv(&sheet(Vec::new()), Reader::Spreadsheet);
    assert_eq!(written, b"\xEF\xBB\xBFCompany,Findings,Last seen,Sent\r\n");
}

#[test]
fn csv_comes_back_whole() {
    let awkward = [
        "a,b",
        "a\"b",
        "a\r\nb",
        "",
        " padded ",
        "\u{202E}abc",
        "日本",
        "'quoted",
        "a\tb",
        "1-1",
    ];
    let read = read_csv(&csv(&texts(&awkward), Reader::Program));
    let read: Vec<&str> = read[1..].iter().map(|record| record[0].as_str()).collect();
    assert_eq!(read, awkward);
}

#[test]
fn no_text_in_csv_begins_a_formula() {
    let mut hostile = texts(&FORMULAS);
    hostile.columns[0].title = "=1+1".to_owned();
    hostile.rows.push(vec![Cell::Date("=1+1".to_owned())]);
    let read = read_csv(&csv(&hostile, Reader::Program));
    assert_eq!(read.len(), FORMULAS.len() + 2);
    for (record, text) in read.iter().zip(["=1+1"].iter().chain(&FORMULAS).chain(&["=1+1"])) {
        assert_eq!(record[0], format!("'{text}"));
    }
}

#[test]
fn a_spreadsheet_has_real_numbers_and_dates() {
    let written = xlsx(&sheet(vec![row("Black Hills"), vec!["Short row".into()]]), at(CREATED)).unwrap();
    let (name, cells) = read_xlsx(&written);
    assert_eq!(name, "Sent requests");
    let titles: Vec<String> = cells[0].iter().map(ToString::to_string).collect();
    assert_eq!(titles, ["Company", "Findings", "Last seen", "Sent (UTC)"]);
    assert_eq!(cells[1][0], Data::String("Black Hills".to_owned()));
    assert_eq!(cells[1][1], Data::Float(-3.0));
    let moments = cells[1][2..].iter().map(|cell| match cell {
        Data::DateTime(time) => time.to_ymd_hms_milli(),
        other => panic!("{other:?} is not a date"),
    });
    assert_eq!(
        moments.collect::<Vec<_>>(),
        [(2026, 2, 28, 0, 0, 0, 0), (2026, 11, 12, 14, 5, 9, 0)]
    );
    assert_eq!(cells[2][1..], [Data::Empty, Data::Empty, Data::Empty]);
}

#[test]
fn no_text_in_a_spreadsheet_is_a_formula() {
    let (name, cells) = read_xlsx(&xlsx(&texts(&FORMULAS), at(CREATED)).unwrap());
    assert_eq!(name, "Table");
    for (row, text) in cells[1..].iter().zip(FORMULAS) {
        assert_eq!(row[0], Data::String(printable(text)), "{text:?}");
    }
}

#[test]
fn what_a_cell_cannot_hold_is_cut_or_kept_as_text() {
    let long = "😀".repeat(20_000);
    let fits = "a".repeat(32_767);
    let mut awkward = texts(&[&long, &fits, "a\u{1}b\r\nc\u{FFFF}", "_x0041_"]);
    awkward.rows.push(vec![Cell::Number(i64::MAX)]);
    awkward.rows.push(vec![Cell::Date("1850-01-01".to_owned())]);
    awkward.rows.push(vec![Cell::Time(Timestamp(i64::MIN))]);
    awkward.rows.push(vec![Cell::Number(1 << 53)]);
    let (_, cells) = read_xlsx(&xlsx(&awkward, at(CREATED)).unwrap());
    let read: Vec<String> = cells[1..].iter().map(|row| row[0].to_string()).collect();
    assert_eq!(
        read[0].encode_utf16().count(),
        32_766,
        "the last character would have needed two units"
    );
    assert!(read[0].starts_with("😀😀") && read[0].ends_with("[cut: a cell holds 32,767 characters]"));
    assert_eq!(read[1], fits);
    assert_eq!(read[2], "a\u{FFFD}b\nc\u{FFFD}");
    assert_eq!(read[3], "_x0041_");
    assert_eq!(read[4..6], ["9223372036854775807", "1850-01-01"]);
    assert!(read[6].starts_with('-'), "{}", read[6]);
    assert_eq!(cells[8][0], Data::Float(9_007_199_254_740_992.0));
}

#[test]
fn sheets_have_names_that_spreadsheets_take() {
    let names = [
        ("a/b\\c[d]:e*f?", "a b c d  e f"),
        ("'quoted'", "quoted"),
        ("History", "Table"),
        ("", "Table"),
        (
            "A name that is longer than any sheet may have",
            "A name that is longer than any",
        ),
    ];
    for (given, taken) in names {
        let sheet = Sheet {
            name: given.to_owned(),
            ..sheet(Vec::new())
        };
        assert_eq!(read_xlsx(&xlsx(&sheet, at(CREATED)).unwrap()).0, taken);
    }
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let table = sheet(vec![row("Black Hills")]);
    let written = xlsx(&table, at(CREATED)).unwrap();
    assert_eq!(written, xlsx(&table, at(CREATED)).unwrap());
    assert_ne!(written, xlsx(&table, at("2026-11-13")).unwrap());
}

#[test]
fn ten_thousand_rows_of_twenty_columns_are_written() {
    let columns = (0..20)
        .map(|at| Column::new(format!("Column {at}"), Kind::Text))
        .collect();
    let rows = (0..10_000).map(|row| (0..20).map(|column| Cell::Text(format!("{row} {column}"))).collect());
    let large = Sheet {
        name: "Large".to_owned(),
        columns,
        rows: rows.collect(),
    };
    assert_eq!(read_csv(&csv(&large, Reader::Program)).len(), 10_001);
    let (_, cells) = read_xlsx(&xlsx(&large, at(CREATED)).unwrap());
    assert_eq!(
        (cells.len(), cells[10_000][19].to_string()),
        (10_001, "9999 19".to_owned())
    );
}

#[test]
fn a_table_without_columns_is_empty() {
    let nothing = Sheet::default();
    assert_eq!(read_xlsx(&xlsx(&nothing, at(CREATED)).unwrap()).1.len(), 0);
    assert_eq!(csv(&nothing, Reader::Program), b"");
}

#[test]
fn a_file_is_saved_under_its_name() {
    let names = [
        (
            "outbox 2026-11-12.csv",
            "attachment; filename=\"outbox 2026-11-12.csv\"",
        ),
        (
            "Größe 100%.xlsx",
            "attachment; filename=\"Gr__e 100_.xlsx\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20100%25.xlsx",
        ),
        ("../../etc/passwd", "attachment; filename=\"etc-passwd\""),
        (
            "a\"; filename=\"b.exe\r\nSet-Cookie: x.csv",
            "attachment; filename=\"a-- filename=-b.exe--Set-Cookie- x.csv\"",
        ),
        ("gpj\u{202E}.csv", "attachment; filename=\"gpj.csv\""),
        ("", "attachment; filename=\"download\""),
    ];
    for (given, sent) in names {
        let answer = download(given, MediaType::Csv, b"a\r\n".to_vec());
        assert_eq!(answer.headers()["content-disposition"], sent);
        assert_eq!(
            answer.headers()["content-type"],
            "text/csv; charset=utf-8; header=present"
        );
    }
    let long = download(&format!("{}.pdf", "x".repeat(500)), MediaType::Pdf, Vec::new());
    assert_eq!(
        long.headers()["content-disposition"].len(),
        "attachment; filename=\"\"".len() + 64
    );
    let types = [MediaType::Xlsx, MediaType::Pdf, MediaType::Json].map(|media_type| {
        let answer = download("a", media_type, Vec::new());
        answer.headers()["content-type"].to_str().unwrap().to_owned()
    });
    assert_eq!(
        types,
        [
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/pdf",
            "application/json"
        ]
    );
}
