//! What the tests need on the machine beside Rust and a C compiler: one table, how each is found, where it comes from.

use crate::{browser, process, schemathesis};
use std::path::{Path, PathBuf};
use std::process::Command;

/// One thing the tests need.
pub(crate) struct Need {
    /// As a person would call it.
    name: &'static str,
    source: Source,
    /// False when this run of the tests does without it.
    wanted: fn() -> bool,
    present: fn() -> bool,
}

/// Where a missing thing comes from.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    /// A Debian package.
    Debian(&'static str),
    /// A component of the Rust toolchain.
    Rustup(&'static str),
}

const NEEDS: &[Need] = &[
    Need {
        name: "rustfmt",
        source: Source::Rustup("rustfmt"),
        wanted: || true,
        present: || process::succeeds(process::cargo(&["fmt", "--version"])),
    },
    Need {
        name: "clippy",
        source: Source::Rustup("clippy"),
        wanted: || true,
        present: || process::succeeds(process::cargo(&["clippy", "--version"])),
    },
    Need {
        name: "PostgreSQL server binaries",
        source: Source::Debian("postgresql"),
        wanted: || process::variable("LIAISON_TEST_ENGINES").as_deref() != Some("sqlite"),
        present: has_postgres,
    },
    Need {
        name: "Chromium",
        source: Source::Debian("chromium"),
        wanted: browser::is_wanted,
        present: || {
            ["chromium", "chromium-browser", "google-chrome"]
                .into_iter()
                .any(is_in_path)
        },
    },
    Need {
        name: "Node.js",
        source: Source::Debian("nodejs"),
        wanted: browser::is_wanted,
        present: || is_in_path("node"),
    },
    Need {
        name: "npm",
        source: Source::Debian("npm"),
        wanted: || browser::is_wanted() && !browser::has_packages(),
        present: || is_in_path("npm"),
    },
    Need {
        name: "Python with venv",
        source: Source::Debian("python3-venv"),
        wanted: || schemathesis::is_wanted() && !schemathesis::has_packages(),
        // Debian has ensurepip, which makes the environment's pip, in a package of its own.
        present: || process::answer("python3", &["-c", "import ensurepip, venv"]).is_some(),
    },
];

/// The wanted things this machine lacks.
pub(crate) fn missing() -> Vec<&'static Need> {
    NEEDS
        .iter()
        .filter(|need| (need.wanted)() && !(need.present)())
        .collect()
}

/// One line: what is missing and the command that brings it.
pub(crate) fn describe(missing: &[&Need]) -> String {
    sentence(missing, if process::is_root() { "" } else { "sudo " })
}

fn sentence(missing: &[&Need], sudo: &str) -> String {
    let names: Vec<&str> = missing.iter().map(|need| need.name).collect();
    let (debian, rustup) = by_source(missing);
    let mut commands = Vec::new();
    if !debian.is_empty() {
        commands.push(format!("{sudo}apt-get install -y {}", debian.join(" ")));
    }
    if !rustup.is_empty() {
        commands.push(format!("rustup component add {}", rustup.join(" ")));
    }
    format!("missing: {} — run: {}", names.join(", "), commands.join(" && "))
}

fn by_source(missing: &[&Need]) -> (Vec<&'static str>, Vec<&'static str>) {
    let mut debian = Vec::new();
    let mut rustup = Vec::new();
    for need in missing {
        match need.source {
            Source::Debian(package) => debian.push(package),
            Source::Rustup(component) => rustup.push(component),
        }
    }
    (debian, rustup)
}

/// Installs what is missing. Debian packages take root.
pub(crate) fn install(missing: &[&Need]) -> Result<(), String> {
    let (debian, rustup) = by_source(missing);
    if !debian.is_empty() {
        if !process::is_root() {
            return Err(describe(missing));
        }
        process::must("apt-get update", apt(&["update"]))?;
        let mut install = apt(&["install", "--yes", "--no-install-recommends"]);
        install.args(&debian);
        process::must("apt-get install", install)?;
    }
    if !rustup.is_empty() {
        let mut command = Command::new("rustup");
        command.args(["component", "add"]).args(&rustup);
        process::must("rustup component add", command)?;
    }
    Ok(())
}

/// apt-get that asks nothing, retries downloads and waits for another apt to finish.
fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-qq", "-o", "Acquire::Retries=5", "-o", "DPkg::Lock::Timeout=300"])
        .args(arguments);
    command
}

fn is_in_path(program: &str) -> bool {
    let path = process::variable("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The same places, in the same order, as `liaison-testkit` looks for them when it starts its server.
fn has_postgres() -> bool {
    let told = process::answer("pg_config", &["--bindir"]).map(PathBuf::from);
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin"));
    let path = process::variable("PATH").unwrap_or_default();
    let complete = |folder: &Path| folder.join("initdb").exists() && folder.join("pg_ctl").exists();
    told.into_iter()
        .chain(debian)
        .chain(std::env::split_paths(&path))
        .any(|folder| complete(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_names_everything_missing_and_how_to_get_it() {
        let all: Vec<&Need> = NEEDS.iter().collect();
        assert_eq!(
            sentence(&all, "sudo "),
            "missing: rustfmt, clippy, PostgreSQL server binaries, Chromium, Node.js, npm, Python with venv — run: \
             sudo apt-get install -y postgresql chromium nodejs npm python3-venv && rustup component add rustfmt clippy"
        );
    }

    #[test]
    fn one_missing_thing_needs_one_command() {
        let debian: Vec<&Need> = NEEDS
            .iter()
            .filter(|need| need.source == Source::Debian("postgresql"))
            .collect();
        assert_eq!(
            sentence(&debian, ""),
            "missing: PostgreSQL server binaries — run: apt-get install -y postgresql"
        );
    }
}
