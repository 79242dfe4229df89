//! `cargo xtask`: the chores of this repository as commands. Parses the first word and hands over; each command is a file.
#![expect(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

mod bench;
mod browser;
mod ci_needs;
mod fuzz_api;
mod needs;
mod process;
mod schemathesis;
mod screenshots;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
The chores of this repository.

Usage: cargo xtask <COMMAND> [OPTIONS]

Commands:
  test         Everything a change has to pass: formatting, house rules, lints, documentation, tests
  tidy         Check the house rules a program can check
  fuzz-api     Hold the published document against the server, for longer than the tests do
  bench        Load beside nginx and a raw SQLite loop (release build; needs wrk and nginx)
  screenshots  Make the pictures of README.md from the demonstration
  ci-needs     Say, or install, what the tests need on this machine

`cargo xtask <COMMAND> --help` explains one command.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = arguments.split_first() else {
        println!("{HELP}");
        return ExitCode::from(2);
    };
    let outcome = match command.as_str() {
        "bench" => bench::run(rest),
        "fuzz-api" => fuzz_api::run(rest),
        "screenshots" => screenshots::run(rest),
        "test" => test::run(rest),
        "tidy" => tidy::run(rest),
        "ci-needs" => ci_needs::run(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!(
            "there is no command `{other}`; `cargo xtask --help` lists them"
        )),
    };
    outcome.unwrap_or_else(|problem| {
        eprintln!("xtask: {problem}");
        ExitCode::FAILURE
    })
}
