//! `cargo xtask fuzz-api`: the tests of the published document for longer, with other inputs each time.

use std::process::ExitCode;

use crate::{needs, process, schemathesis};

const HELP: &str = "\
Send what the published document allows, and what it forbids, to the server for a while: schemathesis with all checks,
on both databases, with other inputs each time. `cargo xtask test` has a short run of it with the same inputs each time.

Usage: cargo xtask fuzz-api [OPTIONS]

Options:
  --minutes N  How long, for each database (default 15)
  --seed N     Inputs of an earlier run, which prints its seed
  -h, --help   Print this

Environment:
  LIAISON_TEST_ENGINES=sqlite|postgres|both   The databases (default both)";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let (mut minutes, mut seed) = (15, None);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let value = arguments.next().and_then(|value| value.parse::<u32>().ok());
            value.ok_or_else(|| format!("{argument} takes a whole number"))
        };
        match argument.as_str() {
            "--minutes" => minutes = number()?.max(1),
            "--seed" => seed = Some(number()?),
            "-h" | "--help" => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            other => return Err(format!("fuzz-api does not know `{other}`; try --help")),
        }
    }
    let missing = needs::missing();
    if !missing.is_empty() {
        return Err(needs::describe(&missing));
    }
    process::must(
        "build the binary",
        process::cargo(&["build", "--workspace", "--bin", "liaison"]),
    )?;
    schemathesis::provide_packages()?;
    let mut tests = process::cargo(&[
        "test",
        "--package",
        "liaison-tests",
        "--",
        "schemathesis::",
        "--nocapture",
    ]);
    tests.env("LIAISON_FUZZ_MINUTES", minutes.to_string());
    if let Some(seed) = seed {
        tests.env("LIAISON_FUZZ_SEED", seed.to_string());
    }
    process::must("the published document against the server", tests).map(|()| ExitCode::SUCCESS)
}
