//! Text that people write to others: from the command line, a file, standard input, or an editor.

use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use liaison_domain::limits;

use crate::config::folders;
use crate::failure::Failure;

/// Longest text that is read: more bytes than the longest message can have.
const MOST_BYTES: u64 = 4 * limits::TEXT_CHARS as u64 + 4096;

/// The text meant by a flag: itself, `@FILE`, or `-`.
pub(super) fn given(text: &str) -> Result<String, Failure> {
    let text = match (text, text.strip_prefix('@')) {
        ("-", _) => read(std::io::stdin().lock(), "standard input")?,
        (_, Some(path)) => from_file(Path::new(path))?,
        (text, None) => text.to_owned(),
    };
    checked(&text)
}

/// What somebody writes in their editor; empty where they have none.
pub(super) fn in_editor() -> Result<String, Failure> {
    checked(&edited()?)
}

fn checked(text: &str) -> Result<String, Failure> {
    let text = text.replace("\r\n", "\n").trim_end().to_owned();
    let most = limits::TEXT_CHARS;
    if text.chars().count() > most {
        return Err(Failure::usage(format!("text: at most {most} characters")));
    }
    Ok(text)
}

fn from_file(path: &Path) -> Result<String, Failure> {
    let file = std::fs::File::open(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    read(file, &path.display().to_string())
}

fn read(source: impl std::io::Read, name: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = source.take(MOST_BYTES).read_to_string(&mut text);
    read.map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    Ok(text)
}

fn edited() -> Result<String, Failure> {
    let Some(editor) = folders::editor() else {
        return Ok(String::new());
    };
    let file = tempfile::Builder::new().prefix("liaison-").suffix(".txt").tempfile()?;
    // As `git` does: the setting may have arguments, so a shell reads it.
    let ended = Command::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$1\""))
        .arg("sh")
        .arg(file.path())
        .status()
        .map_err(|error| Failure::refused(format!("{editor}: {error}")))?;
    if !ended.success() {
        return Err(Failure::refused("the editor was left with an error; nothing was sent"));
    }
    from_file(file.path())
}
