//! `cargo xtask bench`: builds what is measured as it ships, then runs the load tests of `bench/`.

use crate::process::{cargo, must};
use std::process::ExitCode;

const HELP: &str = "\
Load tests: Liaison beside nginx serving the same bytes, and beside a raw SQLite loop.

Usage: cargo xtask bench [-- OPTIONS OF THE LOAD TEST]

Needs wrk and nginx (Debian: apt-get install wrk nginx-light). Takes a minute after the release build.
`cargo xtask bench -- --pages 10000` measures what each page costs and weighs instead.
`cargo xtask bench -- --scale 100000` measures how portfolio, findings and search grow instead (minutes; PostgreSQL too).
`cargo xtask bench -- --help` lists the options.";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let (own, passed_on) = match arguments.iter().position(|argument| argument == "--") {
        Some(place) => (&arguments[..place], &arguments[place + 1..]),
        None => (arguments, &[][..]),
    };
    if let Some(first) = own.first() {
        if matches!(first.as_str(), "-h" | "--help") {
            println!("{HELP}");
            return Ok(ExitCode::SUCCESS);
        }
        return Err(format!("bench does not know `{first}`; try --help"));
    }
    must(
        "release build",
        cargo(&[
            "build",
            "--release",
            "--package",
            "liaison",
            "--package",
            "liaison-bench",
        ]),
    )?;
    let mut load = cargo(&["run", "--release", "--quiet", "--package", "liaison-bench", "--"]);
    load.args(passed_on);
    must("load tests", load)?;
    Ok(ExitCode::SUCCESS)
}
