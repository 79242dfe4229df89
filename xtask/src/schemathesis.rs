//! What the tests of the published document stand on: whether they run, and schemathesis in an environment of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::process;

/// False where this run leaves them out.
pub(crate) fn is_wanted() -> bool {
    process::variable("LIAISON_TEST_SCHEMATHESIS").as_deref() != Some("no")
}

fn environment() -> PathBuf {
    process::root().join("target/schemathesis")
}

fn requirements() -> PathBuf {
    process::root().join("tests/schemathesis/requirements.txt")
}

/// The requirements that were installed, as a copy inside the environment.
fn stamp() -> PathBuf {
    environment().join("requirements.txt")
}

/// True where what is installed is what is required.
pub(crate) fn has_packages() -> bool {
    let read = |path: PathBuf| fs::read_to_string(path).ok();
    let wanted = read(requirements());
    wanted.is_some() && wanted == read(stamp())
}

/// Installs the packages of the requirements, unless they are there.
pub(crate) fn provide_packages() -> Result<(), String> {
    if has_packages() {
        return Ok(());
    }
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(environment());
    process::must("an environment for schemathesis", make)?;
    let mut install = Command::new(environment().join("bin/pip"));
    install
        .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(requirements());
    process::must("schemathesis", install)?;
    fs::copy(requirements(), stamp())
        .map(|_| ())
        .map_err(|error| format!("{}: {error}", stamp().display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_pinned_and_name_no_host() {
        let text = fs::read_to_string(requirements()).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.iter().any(|line| line.starts_with("schemathesis==")), "{text}");
        for line in lines {
            assert!(line.contains("==") && !line.contains("://"), "{line}");
        }
    }
}
