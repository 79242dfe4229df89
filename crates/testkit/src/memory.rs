//! Where throw-away databases live: in memory where the machine offers room, which is several times faster than a disk.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Linux keeps files in memory here.
const SHARED_MEMORY: &str = "/dev/shm";
/// Containers often have a tiny one; a full run needs a fraction of this.
const ENOUGH_KIB: u64 = 2 * 1024 * 1024;

/// The folder for databases: in memory, or the system's temporary folder where that was moved or memory is short.
pub(crate) fn folder() -> PathBuf {
    let usual = std::env::temp_dir();
    if usual == Path::new("/tmp") && free_kib(SHARED_MEMORY).is_some_and(|free| free >= ENOUGH_KIB) {
        return PathBuf::from(SHARED_MEMORY);
    }
    usual
}

fn free_kib(folder: &str) -> Option<u64> {
    let said = Command::new("df")
        .args(["-k", "--output=avail", folder])
        .output()
        .ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    text.lines().nth(1)?.trim().parse().ok()
}
