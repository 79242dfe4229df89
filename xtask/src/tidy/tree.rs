//! The files the rules look at: text that is tracked, or would be after `git add`.

use crate::process;
use std::fs;
use std::path::Path;

/// Folders left out when git cannot say what is ignored.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", "demo"];

/// One text file of the repository.
pub(crate) struct File {
    /// From the repository's root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(path: &str, text: &str) -> File {
        File {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The package it belongs to: `web` for `crates/web/…`, else its first folder.
    pub(crate) fn package(&self) -> &str {
        let inside = self.path.strip_prefix("crates/").unwrap_or(&self.path);
        inside.split('/').next().unwrap_or_default()
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    pub(crate) fn is_manifest(&self) -> bool {
        self.path == "Cargo.toml" || self.path.ends_with("/Cargo.toml")
    }

    /// True when the whole file is tests.
    pub(crate) fn is_test(&self) -> bool {
        matches!(self.package(), "tests" | "e2e") || self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }
}

/// Every text file of the repository.
pub(crate) fn files() -> Result<Vec<File>, String> {
    let root = process::root();
    let paths = match listed_by_git(root) {
        Some(paths) => paths,
        None => walk(root, "")?,
    };
    Ok(paths.into_iter().filter_map(|path| read(root, &path)).collect())
}

/// None where git or its folder is missing, as in an unpacked archive.
fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    let root = root.to_str()?;
    let listing = [
        "-C",
        root,
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let answer = process::answer("git", &listing)?;
    let mut paths: Vec<String> = answer
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    Some(paths)
}

fn walk(root: &Path, folder: &str) -> Result<Vec<String>, String> {
    let mut paths = Vec::new();
    let entries = fs::read_dir(root.join(folder)).map_err(|error| format!("{folder}: {error}"))?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        if NOT_OURS.contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_dir() {
            paths.extend(walk(root, &path)?);
        } else {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// None for what is not text, and for a file git knows but the disk no longer has.
fn read(root: &Path, path: &str) -> Option<File> {
    let text = fs::read_to_string(root.join(path)).ok()?;
    Some(File::new(path, &text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_knows_its_package() {
        assert_eq!(File::new("crates/web/src/lib.rs", "").package(), "web");
        assert_eq!(File::new("tests/src/companies.rs", "").package(), "tests");
    }

    #[test]
    fn tests_are_told_by_their_place() {
        assert!(File::new("crates/domain/src/drafts/tests.rs", "").is_test());
        assert!(!File::new("crates/domain/src/drafts.rs", "").is_test());
    }
}
