//! Where a bundle comes from. It is read several times, so what cannot be read twice is kept in a temporary file.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::SystemTime;

use crate::ImportError;

/// Where a bundle comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// An opened source.
#[derive(Debug)]
pub(crate) struct Input {
    file: File,
    pub(crate) name: String,
    pub(crate) length: u64,
    modified: Option<SystemTime>,
}

impl Input {
    pub(crate) fn open(source: &Source) -> Result<Input, ImportError> {
        let (name, opened) = match source {
            Source::File(path) => (path.display().to_string(), open(path)),
            Source::Stdin => ("standard input".to_owned(), spool(&mut io::stdin().lock())),
        };
        match opened.and_then(|file| Ok((file.metadata()?, file))) {
            Ok((metadata, file)) => {
                let modified = metadata.modified().ok();
                Ok(Input {
                    file,
                    name,
                    length: metadata.len(),
                    modified,
                })
            }
            Err(error) => Err(ImportError::Io { file: name, error }),
        }
    }

    /// Reads from a byte on.
    pub(crate) fn read_from(&self, start: u64) -> Result<BufReader<&File>, ImportError> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(start)).map_err(|error| self.failed(error))?;
        Ok(BufReader::with_capacity(64 * 1024, file))
    }

    pub(crate) fn failed(&self, error: io::Error) -> ImportError {
        ImportError::Io {
            file: self.name.clone(),
            error,
        }
    }

    /// Refuses a file that is not the one that was checked.
    pub(crate) fn check_unchanged(&self) -> Result<(), ImportError> {
        let metadata = self.file.metadata().map_err(|error| self.failed(error))?;
        if metadata.len() == self.length && metadata.modified().ok() == self.modified {
            return Ok(());
        }
        Err(ImportError::Changed(self.name.clone()))
    }
}

/// Pipes and devices are spooled too: they cannot be read twice.
fn open(path: &PathBuf) -> io::Result<File> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::other("this is a folder, a file is needed"));
    }
    if metadata.is_file() { Ok(file) } else { spool(&mut file) }
}

fn spool(from: &mut dyn Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(from, &mut file)?;
    Ok(file)
}
