//! Writing the bundle of a whole database, a few rows at a time. An import of it into an empty database, exported
//! again, gives the same bytes. Passwords and tokens are stored hashed only, so they are not in it.

mod customers;
mod shapes;

use std::io::{self, Write};

use liaison_db::{Db, Tx};
use liaison_domain::Guid;
use liaison_store as store;
use serde::Serialize;

use self::shapes::{company, finding};
use crate::report::Meter;
use crate::{Kind, Phase, Progress};

/// Rows that are read in one transaction.
const ROWS: i64 = 200;

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The bundle could not be written.
    #[error("the bundle could not be written: {0}")]
    Io(#[from] io::Error),
    /// The database could not be read.
    #[error(transparent)]
    Database(#[from] liaison_db::Error),
    /// A row of the database holds something that is not JSON where JSON has to be.
    #[error("a row could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// What an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Kinds and the number of their rows, without those that have none.
    pub kinds: Vec<(Kind, u64)>,
}

/// Writes everything that a bundle can hold. Rows that change meanwhile are written as they were or as they became.
pub fn export(db: &Db, out: &mut dyn Write, progress: &mut dyn FnMut(Progress)) -> Result<Exported, ExportError> {
    let meter = Meter::new(Phase::Writing, 0, progress);
    let mut sheet = Sheet {
        db,
        out,
        meter,
        counts: [0; Kind::ALL.len()],
        bytes: 0,
        is_first: true,
    };
    sheet.text("{")?;
    sheet.list("companies", companies)?;
    sheet.text(",\n")?;
    sheet.list("customers", customers::write)?;
    sheet.text(",\n")?;
    sheet.list("findings", findings)?;
    sheet.text("}\n")?;
    sheet.out.flush()?;
    let Sheet {
        mut meter,
        counts,
        bytes,
        ..
    } = sheet;
    meter.end_reading(bytes);
    let kinds = Kind::ALL
        .into_iter()
        .zip(counts)
        .filter(|(_, rows)| *rows > 0)
        .collect();
    Ok(Exported { kinds })
}

/// The bundle being written.
struct Sheet<'s> {
    db: &'s Db,
    out: &'s mut dyn Write,
    meter: Meter<'s>,
    counts: [u64; Kind::ALL.len()],
    bytes: u64,
    is_first: bool,
}

impl Sheet<'_> {
    fn text(&mut self, text: &str) -> Result<(), ExportError> {
        self.bytes += text.len() as u64;
        Ok(self.out.write_all(text.as_bytes())?)
    }

    /// A key and its list, whose rows `write` adds.
    fn list(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut Self) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        self.text(&format!("\"{name}\":["))?;
        self.is_first = true;
        write(self)?;
        self.is_first = false;
        self.text("]")
    }

    /// The comma before a row, except the first of a list, and a line of its own.
    fn separate(&mut self, kind: Kind) -> Result<(), ExportError> {
        self.text(if self.is_first { "\n" } else { ",\n" })?;
        self.is_first = false;
        self.note(kind, 1);
        Ok(())
    }

    fn row(&mut self, kind: Kind, row: &impl Serialize) -> Result<(), ExportError> {
        let text = serde_json::to_string(row)?;
        self.separate(kind)?;
        self.text(&text)
    }

    fn note(&mut self, kind: Kind, rows: u64) {
        self.counts[kind as usize] += rows;
        self.meter.row(self.bytes);
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> store::Result<T> + Send + 'static,
    ) -> Result<T, ExportError> {
        Ok(self.db.read_blocking(work)?)
    }
}

fn companies(sheet: &mut Sheet<'_>) -> Result<(), ExportError> {
    let mut after = None;
    loop {
        let page = sheet.read(move |tx| {
            let mut page = store::companies::list_after(tx, after, ROWS)?;
            store::companies::fill_in_domains(tx, &mut page)?;
            Ok(page)
        })?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.guid);
        for row in page {
            // One company at a time: the ratings of some years are long.
            let guid = row.guid;
            let ratings = sheet.read(move |tx| store::ratings::list(tx, guid))?;
            sheet.row(Kind::Companies, &company(&row, &ratings)?)?;
            sheet.note(Kind::Ratings, ratings.len() as u64);
        }
    }
}

fn findings(sheet: &mut Sheet<'_>) -> Result<(), ExportError> {
    let mut after = (Guid::nil(), String::new());
    loop {
        let page = sheet.read(move |tx| store::findings::list_after(tx, (after.0, &after.1), ROWS))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = (last.company_guid, last.rolledup_observation_id.clone());
        for row in &page {
            sheet.row(Kind::Findings, &finding(row)?)?;
        }
    }
}
