//! Starting other programs, and what this one learns from its surroundings: the repository's folder, variables, the user.

use std::path::Path;
use std::process::{Command, Stdio};

/// The repository's root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the repository")
}

/// A variable of the environment, when it is set and is text.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask has no settings file; two variables steer it"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A cargo command in the repository's root.
///
/// `cargo run` describes the package xtask to us in variables. They are removed, because build scripts that watch them
/// (ring's does) would run again for every caller.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
    command.args(arguments).current_dir(root());
    for name in package_variables() {
        command.env_remove(name);
    }
    command
}

#[expect(
    clippy::disallowed_methods,
    reason = "they are only read to be taken away from a child"
)]
fn package_variables() -> Vec<String> {
    let describes_us = |name: &String| {
        name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
            || name == "CARGO_CRATE_NAME"
            || name == "CARGO_BIN_NAME"
    };
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(describes_us)
        .collect()
}

/// Runs a command that must succeed; its output goes to the terminal.
pub(crate) fn must(what: &str, mut command: Command) -> Result<(), String> {
    eprintln!("==> {what}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} failed ({status})")),
        Err(error) => Err(format!("{what} could not start: {error}")),
    }
}

/// True when the program starts and succeeds; its output is dropped.
pub(crate) fn succeeds(mut command: Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What the program printed, trimmed, when it succeeded.
pub(crate) fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// True when this process may install packages.
pub(crate) fn is_root() -> bool {
    answer("id", &["-u"]).as_deref() == Some("0")
}
