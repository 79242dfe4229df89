//! `cargo xtask test`: everything a change has to pass, cheapest check first, the test runner's summary last.

use crate::{browser, needs, process, schemathesis, tidy};
use std::process::ExitCode;

const HELP: &str = "\
Everything a change has to pass: formatting, house rules, lints, documentation, tests.
It stops at the first step that fails; the last lines of a full run are the test runner's summary.

Usage: cargo xtask test [OPTIONS] [-- FILTER...]

Options:
  --fast      The tests only
  -h, --help  Print this

Arguments:
  FILTER...   Run only the tests whose names contain this

Examples:
  cargo xtask test
  cargo xtask test --fast -- access_requests
  LIAISON_TEST_ENGINES=sqlite cargo xtask test --fast

Environment:
  LIAISON_TEST_ENGINES=sqlite|postgres|both   The databases the tests run on (default both). For PostgreSQL the tests
                                              start a throw-away server from the installed binaries.
  LIAISON_TEST_BROWSER=no                     Leave out the tests in a browser; Chromium and Node.js are not needed then
  LIAISON_TEST_SCHEMATHESIS=no                Leave out the run of schemathesis; Python is not needed then
  CI=true                                     As root, install what is missing instead of only naming it

cargo-nextest runs the tests when it is installed, `cargo test` otherwise.";

/// What the command line asked for.
#[derive(Debug, Default, PartialEq)]
struct Options {
    help: bool,
    fast: bool,
    /// Handed to the test runner after its own `--`.
    filter: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let options = parse(arguments)?;
    if options.help {
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    provide_needs()?;
    if !options.fast {
        check()?;
    }
    process::must(
        "build the binary the tests run",
        process::cargo(&["build", "--workspace", "--bin", "liaison"]),
    )?;
    if browser::is_wanted() {
        browser::provide_packages()?;
    }
    if schemathesis::is_wanted() {
        schemathesis::provide_packages()?;
    } else {
        eprintln!("==> the published document is not held against the server: LIAISON_TEST_SCHEMATHESIS=no");
    }
    run_tests(&options)
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    for (at, argument) in arguments.iter().enumerate() {
        match argument.as_str() {
            "--fast" => options.fast = true,
            "-h" | "--help" => options.help = true,
            "--" => {
                options.filter = arguments[at + 1..].to_vec();
                break;
            }
            other => {
                return Err(format!(
                    "test does not know `{other}`; a filter goes after `--`, see --help"
                ));
            }
        }
    }
    Ok(options)
}

fn provide_needs() -> Result<(), String> {
    let missing = needs::missing();
    if missing.is_empty() {
        return Ok(());
    }
    if process::variable("CI").as_deref() == Some("true") && process::is_root() {
        return needs::install(&missing);
    }
    Err(needs::describe(&missing))
}

/// Everything before the tests.
fn check() -> Result<(), String> {
    process::must("formatting", process::cargo(&["fmt", "--all", "--check"]))
        .map_err(|problem| format!("{problem}; `cargo fmt --all` formats"))?;
    eprintln!("==> house rules");
    tidy::check()?;
    process::must(
        "lints",
        process::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    )?;
    let mut doc = process::cargo(&["doc", "--no-deps", "--workspace", "--document-private-items"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    process::must("documentation", doc)
}

/// The tests, whose runner has the last word.
fn run_tests(options: &Options) -> Result<ExitCode, String> {
    let nextest = process::succeeds(process::cargo(&["nextest", "--version"]));
    let mut tests = if nextest {
        // nextest leaves the examples in documentation to cargo.
        if options.filter.is_empty() && !options.fast {
            let examples = process::cargo(&["test", "--quiet", "--workspace", "--doc"]);
            process::must("examples in documentation", examples)?;
        }
        process::cargo(&["nextest", "run", "--workspace"])
    } else {
        process::cargo(&["test", "--workspace", "--no-fail-fast"])
    };
    if !browser::is_wanted() {
        eprintln!("==> the tests in a browser are left out: LIAISON_TEST_BROWSER=no");
        tests.args(["--exclude", "liaison-e2e"]);
    }
    if !options.filter.is_empty() {
        tests.arg("--").args(&options.filter);
    }
    eprintln!("==> tests");
    let status = tests
        .status()
        .map_err(|error| format!("the tests could not start: {error}"))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options, String> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn what_follows_two_dashes_goes_to_the_runner() {
        let options = parsed("--fast -- invite --fast").unwrap();
        assert!(options.fast);
        assert_eq!(options.filter, ["invite", "--fast"]);
    }

    #[test]
    fn a_filter_without_dashes_is_refused_with_a_hint() {
        assert_eq!(
            parsed("invite").unwrap_err(),
            "test does not know `invite`; a filter goes after `--`, see --help"
        );
    }
}
