//! `cargo xtask screenshots`: the pictures of README.md, made anew from the demonstration.

use crate::{browser, process};
use std::process::{Command, ExitCode};

const HELP: &str = "\
Make docs/screenshots/*.png anew: pages of the demonstration in Chromium.

Usage: cargo xtask screenshots

Needs Chromium, Node.js and npm (Debian: apt-get install chromium nodejs npm).";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    if let Some(first) = arguments.first() {
        if matches!(first.as_str(), "-h" | "--help") {
            println!("{HELP}");
            return Ok(ExitCode::SUCCESS);
        }
        return Err(format!("screenshots does not know `{first}`; try --help"));
    }
    process::must(
        "build the binary",
        process::cargo(&["build", "--workspace", "--bin", "liaison"]),
    )?;
    browser::provide_packages()?;
    let mut pictures = Command::new("node");
    pictures
        .arg(browser::place("browser/readme-shots.mjs"))
        .arg(process::root().join("target/debug/liaison"))
        .arg(process::root().join("docs/screenshots"));
    process::must("pictures", pictures)?;
    Ok(ExitCode::SUCCESS)
}
