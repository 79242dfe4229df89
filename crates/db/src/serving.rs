//! The lock that keeps two servers off one SQLite file.
//! Not here: locks inside the database.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use crate::{Error, Url};

/// Held while a server runs; dropping it, or the end of the process in whatever way, gives it back.
#[derive(Debug)]
pub struct ServingLock {
    _file: Option<File>,
}

pub(crate) fn lock(url: &Url) -> Result<ServingLock, Error> {
    let Url::Sqlite(path) = url else {
        return Ok(ServingLock { _file: None });
    };
    let mut name = path.as_os_str().to_owned();
    name.push(".serving");
    let path = PathBuf::from(name);
    let failed =
        |error: &std::io::Error| Error::Setup(format!("the lock file {} cannot be used: {error}", path.display()));
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(ServingLock { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => Err(Error::AlreadyServing { path }),
        Err(TryLockError::Error(error)) => Err(failed(&error)),
    }
}
