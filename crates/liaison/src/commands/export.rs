//! `liaison export`: the database as a bundle. A file appears whole or not at all.

use std::io::{BufWriter, Write};
use std::path::Path;

use clap::Args;
use liaison_bundle::{ExportError, Exported, Progress};
use liaison_db::Db;
use serde::Serialize;

use super::progress::Meter;
use crate::app::Desk;
use crate::failure::Failure;
use crate::output::{self, Output, cell};

/// Write everything that `import` reads as one bundle
#[derive(Debug, Args)]
#[command(
    before_help = "Example:\n  liaison export directory.json",
    after_help = "Tokens and passwords are stored as digests and hashes, so they are not in it."
)]
pub(crate) struct ExportArgs {
    /// Where to; `-` is standard output
    file: String,
}

#[derive(Serialize)]
struct Done {
    file: String,
    bytes: u64,
    kinds: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    kind: &'static str,
    rows: u64,
}

pub(super) fn run(desk: &Desk, args: &ExportArgs, output: Output) -> Result<(), Failure> {
    let mut meter = Meter::new(&args.file);
    let mut tell = |progress: Progress| meter.show("exporting", progress);
    if args.file == "-" {
        let done = write(&desk.db, &mut std::io::stdout().lock(), &mut tell);
        meter.end();
        return done.map(drop);
    }
    let path = Path::new(&args.file);
    let done = to_file(&desk.db, path, &mut tell);
    meter.end();
    let (bytes, exported) = done?;
    let done = Done {
        file: args.file.clone(),
        bytes,
        kinds: exported
            .kinds
            .iter()
            .map(|(kind, rows)| Row {
                kind: kind.name(),
                rows: *rows,
            })
            .collect(),
    };
    output.show(&done, |done| {
        let rows = done
            .kinds
            .iter()
            .map(|row| [cell(row.kind), output::number(&row.rows.to_string())]);
        let table = output::table(["kind", "rows"], rows);
        format!("{table}\n\nWrote {} ({}).", done.file, output::size(done.bytes))
    })
}

/// Into a temporary file beside the right one, which then takes its name.
fn to_file(db: &Db, path: &Path, tell: &mut dyn FnMut(Progress)) -> Result<(u64, Exported), Failure> {
    let failed = |error: &std::io::Error| Failure::refused(format!("{} cannot be written: {error}", path.display()));
    if path.is_dir() {
        return Err(Failure::refused(format!("{} is a folder; name a file", path.display())));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Failure::refused(format!(
            "there is no folder {}; make it first",
            folder.display()
        )));
    }
    let mut file = tempfile::Builder::new()
        .prefix(".liaison-export-")
        .tempfile_in(folder)
        .map_err(|error| failed(&error))?;
    let exported = write(db, file.as_file_mut(), tell)?;
    file.as_file().sync_all().map_err(|error| failed(&error))?;
    let bytes = file.as_file().metadata().map_err(|error| failed(&error))?.len();
    file.persist(path).map_err(|error| failed(&error.error))?;
    Ok((bytes, exported))
}

fn write(db: &Db, to: &mut dyn Write, tell: &mut dyn FnMut(Progress)) -> Result<Exported, Failure> {
    let mut to = BufWriter::new(to);
    let exported = liaison_bundle::export(db, &mut to, tell).map_err(|error| match error {
        ExportError::Database(error) => error.into(),
        other => Failure::refused(other.to_string()),
    })?;
    // A reader that left early has half a bundle: that is a failure.
    to.flush()
        .map_err(|error| Failure::refused(format!("the bundle could not be written: {error}")))?;
    Ok(exported)
}
