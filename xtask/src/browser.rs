//! What the tests in a browser stand on: whether they run, and their packages from npm.

use crate::process;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// False where this run leaves out the tests in a browser.
pub(crate) fn is_wanted() -> bool {
    process::variable("LIAISON_TEST_BROWSER").as_deref() != Some("no")
}

/// A file or folder of the browser tests.
pub(crate) fn place(inside: &str) -> PathBuf {
    process::root().join("e2e").join(inside)
}

/// True where the installed packages are those of the lock file.
pub(crate) fn has_packages() -> bool {
    let read = |path: &str| fs::read_to_string(place(path)).unwrap_or_default();
    let (wanted, installed) = (
        packages(&read("package-lock.json")),
        packages(&read("node_modules/.package-lock.json")),
    );
    !wanted.is_empty() && wanted == installed
}

/// Installs the packages of the lock file, unless they are there.
pub(crate) fn provide_packages() -> Result<(), String> {
    if has_packages() {
        return Ok(());
    }
    // No package runs a program of its own while it is installed.
    process::must("browser packages", npm(&["ci", "--ignore-scripts"]))
}

fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(place(""));
    command
}

/// Name and digest of each package in a lock file. Both files are written by npm, one key on a line.
fn packages(lock: &str) -> Vec<(String, String)> {
    let value = |line: &str, key: &str| {
        let rest = line.trim().strip_prefix(key)?;
        Some(rest.trim_end_matches(',').trim_matches('"').to_owned())
    };
    let mut packages = Vec::new();
    let mut name = String::new();
    for line in lock.lines() {
        if line.trim().starts_with("\"node_modules/") {
            name = line.trim().trim_end_matches(": {").trim_matches('"').to_owned();
        } else if let Some(digest) = value(line, "\"integrity\": ") {
            packages.push((name.clone(), digest));
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_file_is_compared_by_names_and_digests() {
        let lock = "{\n  \"packages\": {\n    \"\": {\n      \"name\": \"x\"\n    },\n    \
                    \"node_modules/axe-core\": {\n      \"version\": \"1.0.0\",\n      \
                    \"integrity\": \"sha512-abc==\",\n      \"license\": \"MIT\"\n    }\n  }\n}\n";
        assert_eq!(
            packages(lock),
            [("node_modules/axe-core".to_owned(), "sha512-abc==".to_owned())]
        );
    }

    #[test]
    fn the_lock_file_of_this_repository_has_packages_and_no_registry() {
        let lock = fs::read_to_string(place("package-lock.json")).unwrap();
        assert!(packages(&lock).len() >= 2, "{lock}");
        assert!(!lock.contains("\"resolved\""), "{lock}");
    }
}
