//! The key under which an invitation is sent, kept until the server's answer arrived. Whoever runs the same command again
//! after a broken connection sends the same key, so that the server knows it is the same invitation.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use liaison_domain::{Clock as _, Timestamp, limits};
use serde_json::Value;

use super::super::new_key;
use crate::config::folders;
use crate::failure::Failure;
use crate::system::SystemClock;

/// An invitation that is being sent.
pub(super) struct Attempt {
    key: String,
    file: Option<PathBuf>,
}

impl Attempt {
    /// What goes into `Idempotency-Key`.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The answer is there: the same invitation sent once more is a new one.
    pub(super) fn end(&self) {
        if let Some(file) = &self.file {
            // A file that stays makes the next run ask whether it is meant.
            let _ = fs::remove_file(file);
        }
    }
}

/// Begins to send `body`, or goes on where an earlier run had no answer.
pub(super) fn begin(server: &str, body: &Value, again: bool) -> Result<Attempt, Failure> {
    let Ok(folder) = folders::state().map(|folder| folder.join("invitations")) else {
        return Ok(unremembered());
    };
    let mut what = server.as_bytes().to_vec();
    what.push(0);
    what.extend_from_slice(body.to_string().as_bytes());
    let digest = liaison_operations::digest(&what);
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let file = folder.join(name);
    if again {
        let _ = fs::remove_file(&file);
    }
    match earlier(&file, SystemClock.now())? {
        Some(key) => Ok(Attempt { key, file: Some(file) }),
        None => Ok(keep(&folder, &file).unwrap_or_else(|_| unremembered())),
    }
}

/// The key of an earlier run. Servers forget keys in time, and then trying again would invite again.
fn earlier(file: &Path, now: Timestamp) -> Result<Option<String>, Failure> {
    let Ok(text) = fs::read_to_string(file) else {
        return Ok(None);
    };
    let Some((key, began)) = text.trim().split_once(' ') else {
        return Ok(None);
    };
    let began = Timestamp::parse(began).unwrap_or_default();
    // An hour earlier than the server may forget: clocks differ.
    if began + Duration::from_secs((limits::IDEMPOTENCY_HOURS - 1) * 3600) < now {
        return Err(Failure::refused(format!(
            "the same invitation was tried on {} and its end is not known; look for it in `liaison outbox`, and send it \
             with --again if it is not there",
            began.for_people()
        )));
    }
    Ok(Some(key.to_owned()))
}

fn keep(folder: &Path, file: &Path) -> std::io::Result<Attempt> {
    folders::make_private(folder)?;
    let key = new_key();
    let mut kept = fs::File::create(file)?;
    writeln!(kept, "{key} {}", SystemClock.now().rfc3339())?;
    kept.sync_all()?;
    Ok(Attempt {
        key,
        file: Some(file.to_owned()),
    })
}

/// Without a place to remember it, a key still keeps what this run repeats from counting twice.
fn unremembered() -> Attempt {
    Attempt {
        key: new_key(),
        file: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_until_the_answer_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("a/b");
        let file = inside.join("x");
        let first = keep(&inside, &file).unwrap();
        let now = SystemClock.now();
        assert_eq!(earlier(&file, now).unwrap().as_deref(), Some(first.key()));
        let late = earlier(&file, now.plus_days(1)).unwrap_err();
        assert!(late.lines().join(" ").contains("--again"), "{late:?}");
        first.end();
        assert_eq!(earlier(&file, now).unwrap(), None);
    }
}
