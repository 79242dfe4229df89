//! Findings from the files of open tools, onto one company.
//!
//! A file is read whole (at most 64 MiB and 100 000 findings, which bounds the memory), refused where anything in it is
//! wrong, and merged with what is stored: what was seen before keeps its id and its first day and gets the newer last day.

mod apply;
mod nuclei;
mod observation;
mod reader;
mod sarif;
mod table;
mod testssl;
mod text;

use std::fmt;
use std::io::Read as _;
use std::str::FromStr;

use liaison_db::Db;
use liaison_domain::{Guid, limits};

pub use self::apply::{ToolReport, VectorReport};
use self::observation::Observation;
use self::reader::Reader;
use crate::problem::Problems;
use crate::source::Input;
use crate::{ImportError, Phase, Progress, Source};

/// What some programs put before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What wrote a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// SARIF 2.1 of any analyser.
    Sarif,
    /// Nuclei, JSON lines or an array.
    Nuclei,
    /// testssl.sh, flat or nested JSON.
    Testssl,
    /// A table with our column names, or with a map to them.
    Csv,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 4] = [Format::Sarif, Format::Nuclei, Format::Testssl, Format::Csv];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Sarif => "sarif",
            Format::Nuclei => "nuclei",
            Format::Testssl => "testssl",
            Format::Csv => "csv",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Format, String> {
        let known = Format::ALL.into_iter().find(|format| format.name() == name);
        known.ok_or_else(|| "the formats are sarif, nuclei, testssl and csv".to_owned())
    }
}

/// A file of a tool that was read and can be written.
#[derive(Debug)]
pub struct ToolPlan {
    company: Guid,
    format: Format,
    found: Vec<Observation>,
    passed_over: u64,
}

/// Which company a guid or a domain means.
pub fn find_company(db: &Db, named: &str) -> Result<Result<Guid, String>, ImportError> {
    apply::find_company(db, named)
}

/// Reads a file of a tool, all of it. An [`ImportError::Invalid`] names the problems. `map` renames the columns of CSV: pairs
/// of the tool's name and ours.
pub fn check_tool(
    source: &Source,
    (company, format, map): (Guid, Format, &[(String, String)]),
    progress: &mut dyn FnMut(Progress),
) -> Result<ToolPlan, ImportError> {
    let input = Input::open(source)?;
    let mut told = Progress {
        phase: Phase::Checking,
        bytes_done: 0,
        bytes_total: input.length,
        rows: 0,
    };
    progress(told);
    let mut problems = Problems::new(&input.name, false);
    let Some(text) = whole(&input, &mut problems)? else {
        return Err(problems.into_result().err().unwrap_or(ImportError::Changed(input.name)));
    };
    for (_, ours) in map {
        if !table::is_column(ours) {
            problems.add_at(
                |_| String::new(),
                format!("{ours:?} in the map is not a column that is read"),
            );
        }
    }
    let mut reader = Reader::new(&mut problems);
    match format {
        Format::Sarif => sarif::read(&text, &mut reader),
        Format::Nuclei => nuclei::read(&text, &mut reader),
        Format::Testssl => testssl::read(&text, &mut reader),
        Format::Csv => table::read(&text, map, &mut reader),
    }
    let (found, passed_over) = (reader.found, reader.passed_over);
    problems.into_result()?;
    told.bytes_done = input.length;
    told.rows = found.len() as u64;
    progress(told);
    Ok(ToolPlan {
        company,
        format,
        found,
        passed_over,
    })
}

/// The text of a file; none where it is refused.
fn whole(input: &Input, problems: &mut Problems) -> Result<Option<String>, ImportError> {
    let refuse = |problems: &mut Problems, reason: String| {
        problems.add_at(|_| String::new(), reason);
        Ok(None)
    };
    let mut bytes = Vec::new();
    let read = input
        .read_from(0)?
        .take(limits::TOOL_FILE_BYTES + 1)
        .read_to_end(&mut bytes);
    read.map_err(|error| input.failed(error))?;
    if bytes.len() as u64 > limits::TOOL_FILE_BYTES {
        let most = limits::TOOL_FILE_BYTES / 1024 / 1024;
        return refuse(
            problems,
            format!("is larger than {most} MiB; have the tool write one file for each host"),
        );
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refuse(problems, "is empty".to_owned());
    }
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(_) => refuse(problems, "is not UTF-8 text".to_owned()),
    }
}
