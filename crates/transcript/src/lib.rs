//! The record of a collaboration as a PDF: set in any script, tagged, and fit to be filed.

mod clean;
mod document;
mod fallback;
mod fonts;
mod pages;
mod record;
mod sections;
mod structure;
mod style;
mod tables;
mod text;

use krilla::error::KrillaError;

pub use fonts::Fonts;
pub use record::{Created, Event, Finding, Grade, Message, Record};

/// The language of the labels.
pub(crate) const LANGUAGE: &str = "en";

/// A finished file.
#[derive(Clone, Debug)]
pub struct Made {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters no font on this machine has, in their order in Unicode. Each is shown as a question mark in a
    /// lozenge and can still be selected and searched for.
    pub missing: Vec<char>,
    /// The names of the scripts those characters belong to, such as `Arabic`; `Common` is signs and pictures.
    pub missing_scripts: Vec<String>,
    /// Whether the file says that it conforms to PDF/UA-1, and to PDF/A-2u where the record tells when it was created.
    pub conforms: bool,
}

/// Why no file could be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A font could not be put into the file.
    #[error("a font could not be embedded: {0}")]
    Font(String),
    /// The record is larger than a PDF can be.
    #[error("the record is too large for a PDF")]
    TooLarge,
    /// Anything else the writer refuses.
    #[error("the PDF could not be written: {0}")]
    Write(String),
}

/// Makes the PDF of a record. It takes a few milliseconds for each page and waits for nothing, so it belongs on a
/// thread of its own.
///
/// # Errors
///
/// When a font found on the machine cannot be embedded, or the record is beyond the limits of the format.
pub fn pdf(fonts: &Fonts, record: &Record) -> Result<Made, Error> {
    match make(fonts, record, true) {
        // A font whose licence forbids archives, or a character archives may not contain: the record matters more.
        Err(KrillaError::Validation(_)) => make(fonts, record, false),
        other => other,
    }
    .map_err(|error| match error {
        KrillaError::Font(_, why) => Error::Font(why),
        KrillaError::Limit(_) => Error::TooLarge,
        other => Error::Write(format!("{other:?}")),
    })
}

fn make(fonts: &Fonts, record: &Record, strict: bool) -> Result<Made, KrillaError> {
    let mut pages = pages::Pages::new(text::Typesetter::new(fonts));
    sections::write(&mut pages, record);
    let missing: Vec<char> = pages.typesetter.missing.iter().copied().collect();
    let missing_scripts = fallback::script_names(&missing);
    let count = pages.pages.len();
    let bytes = document::write(pages, record, strict)?;
    Ok(Made {
        bytes,
        pages: count,
        missing,
        missing_scripts,
        conforms: strict,
    })
}
