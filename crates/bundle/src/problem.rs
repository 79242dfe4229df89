//! What is wrong with a file, and where: problems are collected, so that one run names many of them.

use std::fmt;
use std::io;

use crate::Kind;
use crate::sieve::Sieve;

/// Problems that are kept; more are only counted.
const KEPT: usize = 20;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// `/companies/3/primary_domain` in JSON, `line 7, column email` in CSV; empty for the file as a whole.
    pub pointer: String,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "{}: {}", self.file, self.reason),
            pointer => write!(f, "{}: {pointer}: {}", self.file, self.reason),
        }
    }
}

/// Why an import did not happen, or ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file could not be read.
    #[error("{file}: {error}")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        error: io::Error,
    },
    /// The file was refused; nothing was written.
    #[error("{}", lines(problems, *more))]
    Invalid {
        /// The first problems.
        problems: Vec<Problem>,
        /// How many more there are.
        more: u64,
    },
    /// The file was changed between checking and writing. What was written stays; running again completes it.
    #[error("{0}: the file changed while it was being imported; run the import again")]
    Changed(String),
    /// The database did not do it. What was written stays; running again completes it.
    #[error(transparent)]
    Database(#[from] liaison_db::Error),
    /// A password could not be hashed.
    #[error("a password could not be hashed: {0}")]
    Hashing(String),
}

fn lines(problems: &[Problem], more: u64) -> String {
    let mut lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    match more {
        0 => {}
        1 => lines.push("and 1 more problem".to_owned()),
        _ => lines.push(format!("and {more} more problems")),
    }
    lines.join("\n")
}

/// Where a row stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) kind: Kind,
    /// The position of the company or customer that the row is part of, from 0. Not used in CSV.
    pub(crate) owner: u32,
    /// The position in its list, from 0; the line in CSV.
    pub(crate) index: u32,
}

/// The problems of one file.
pub(crate) struct Problems {
    file: String,
    is_csv: bool,
    kept: Vec<Problem>,
    count: u64,
    /// Where wrong rows are left out instead of refusing the file.
    sieve: Option<Sieve>,
}

impl Problems {
    pub(crate) fn new(file: &str, is_csv: bool) -> Problems {
        Problems {
            file: file.to_owned(),
            is_csv,
            kept: Vec::new(),
            count: 0,
            sieve: None,
        }
    }

    /// As [`Problems::new`], for a file whose wrong rows are left out.
    pub(crate) fn sifting(file: &str) -> Problems {
        Problems {
            sieve: Some(Sieve::default()),
            ..Problems::new(file, false)
        }
    }

    /// Whether a row was left out before.
    pub(crate) fn leaves_out(&self, place: Place) -> bool {
        self.sieve.as_ref().is_some_and(|sieve| sieve.leaves_out(place))
    }

    /// Whether wrong rows are left out.
    pub(crate) fn is_sifting(&self) -> bool {
        self.sieve.is_some()
    }

    /// What was left out.
    pub(crate) fn into_sieve(self) -> Sieve {
        self.sieve.unwrap_or_default()
    }

    pub(crate) fn is_csv(&self) -> bool {
        self.is_csv
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// A problem with a field of a row; `path` has slashes between its parts and is empty for the row as a whole.
    pub(crate) fn add(&mut self, place: Place, path: &str, reason: impl Into<String>) {
        let reason = reason.into();
        if let Some(sieve) = &mut self.sieve {
            sieve.leave_out(place, path, &reason);
        }
        self.add_at(|is_csv| pointer(place, path, is_csv), reason);
    }

    /// A problem with something that is not a row.
    pub(crate) fn add_at(&mut self, pointer: impl FnOnce(bool) -> String, reason: impl Into<String>) {
        self.count += 1;
        if self.kept.len() < KEPT {
            let (file, pointer, reason) = (self.file.clone(), pointer(self.is_csv), reason.into());
            self.kept.push(Problem { file, pointer, reason });
        }
    }

    pub(crate) fn into_result(self) -> Result<(), ImportError> {
        if self.count == 0 {
            return Ok(());
        }
        let more = self.count - self.kept.len() as u64;
        Err(ImportError::Invalid {
            problems: self.kept,
            more,
        })
    }
}

/// The place as people and programs read it.
pub(crate) fn pointer(place: Place, path: &str, is_csv: bool) -> String {
    let Place { kind, owner, index } = place;
    if is_csv {
        return match path {
            "" => format!("line {index}"),
            path => format!("line {index}, column {}", path.replace('/', ".")),
        };
    }
    let row = match kind {
        Kind::Companies | Kind::Findings | Kind::Customers => format!("/{kind}/{index}"),
        Kind::Ratings => format!("/companies/{owner}/ratings/{index}"),
        _ => format!("/customers/{owner}/{kind}/{index}"),
    };
    if path.is_empty() { row } else { format!("{row}/{path}") }
}

/// One part of a JSON pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
