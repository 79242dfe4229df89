//! `cargo xtask ci-needs`: says what the tests lack on this machine, or installs it.

use crate::needs;
use std::process::ExitCode;

const HELP: &str = "\
Say what the tests need and this machine lacks, and the command that brings it.

Usage: cargo xtask ci-needs [OPTIONS]

Options:
  --install   Install it: Debian packages (as root), components of the Rust toolchain
  -h, --help  Print this

Exits 1 while something is missing.

Environment:
  LIAISON_TEST_ENGINES=sqlite   PostgreSQL is not needed then
  LIAISON_TEST_BROWSER=no       Chromium, Node.js and npm are not needed then
  LIAISON_TEST_SCHEMATHESIS=no  Python is not needed then";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let mut install = false;
    for argument in arguments {
        match argument.as_str() {
            "--install" => install = true,
            "-h" | "--help" => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            other => return Err(format!("ci-needs does not know `{other}`; try --help")),
        }
    }
    if install {
        needs::install(&needs::missing())?;
    }
    let missing = needs::missing();
    if missing.is_empty() {
        println!("Nothing is missing.");
        return Ok(ExitCode::SUCCESS);
    }
    Err(needs::describe(&missing))
}
