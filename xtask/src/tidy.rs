//! `cargo xtask tidy`: the house rules a program can check. Each group of rules is one file beside this one.

mod bans;
mod files;
mod layers;
mod manifests;
mod migrations;
mod source;
mod tree;

use std::fmt;
use std::process::ExitCode;
use tree::File;

const HELP: &str = "\
Check the house rules a program can check. Each breach is one line, `path:line: rule — what to do`.

Usage: cargo xtask tidy

Rules:
  files       length, `//!` header, names that say nothing, paths of somebody's machine
  layers      SQL, HTTP, clap and the store crate only where they belong
  bans        `allow`, unfinished and ignored code, sleeping, state in statics
  manifests   which crate may depend on which, shared lints, a reason for each dependency
  migrations  names, and numbers without a gap

Exits 1 when a rule is broken.";

/// One broken rule.
#[derive(Debug, PartialEq)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    rule: &'static str,
    advice: String,
}

impl Finding {
    fn new(path: &str, line: usize, rule: &'static str, advice: impl Into<String>) -> Finding {
        Finding {
            path: path.to_owned(),
            line,
            rule,
            advice: advice.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {} — {}", self.path, self.line, self.rule, self.advice)
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    match arguments.first().map(String::as_str) {
        None => check().map(|()| ExitCode::SUCCESS),
        Some("-h" | "--help") => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => Err(format!("tidy does not know `{other}`; try --help")),
    }
}

/// Checks the repository; prints each finding.
pub(crate) fn check() -> Result<(), String> {
    let findings = findings(&tree::files()?);
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => Err("one house rule is broken".to_owned()),
        many => Err(format!("house rules are broken in {many} places")),
    }
}

/// Every breach in these files, in the order of their paths.
fn findings(files: &[File]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = files.iter().flat_map(in_file).collect();
    findings.extend(migrations::check(files));
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    findings
}

fn in_file(file: &File) -> Vec<Finding> {
    let mut findings = files::check(file);
    if file.is_rust() {
        let source = source::Source::read(&file.text);
        findings.extend(layers::check(file, &source));
        findings.extend(bans::check(file, &source));
    }
    if file.is_manifest() {
        findings.extend(manifests::check(file));
    }
    findings
}

/// Shared by the tests of the rules: the rules broken by one file in memory.
#[cfg(test)]
fn broken(path: &str, text: &str) -> Vec<&'static str> {
    findings(&[File::new(path, text)])
        .into_iter()
        .map(|finding| finding.rule)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line() {
        let file = File::new("crates/web/src/x.rs", "//! X.\n\n#[ignore]\nfn f() {}\n");
        let lines: Vec<String> = findings(&[file]).iter().map(Finding::to_string).collect();
        assert_eq!(lines, ["crates/web/src/x.rs:3: ignored test — repair it or delete it"]);
    }
}
