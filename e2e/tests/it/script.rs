//! Running a script in node, and failing with what it said.

use std::path::Path;
use std::process::{Command, Stdio};

use liaison_testkit::{Engine, Value};

use crate::stage::Stage;

/// How a stage is set for an engine.
type Setting = fn(Engine) -> Stage;

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration of their own to read it from"
)]
/// Plays a story, named `script::story`, on a fresh stage. Panics with the script's words where it fails.
pub(crate) fn play(name: &str, (setting, engine): (Setting, Engine)) {
    if !liaison_testkit::wanted(engine) {
        return;
    }
    let stage = setting(engine);
    let mut told = stage.told().clone();
    let world = if told["base"].is_null() { "demo-" } else { "" };
    let folder = format!("{}-{world}{engine:?}", name.replace("::", "-")).to_lowercase();
    let kept = root().join("target/e2e").join(folder);
    told["folder"] = Value::from(kept.to_string_lossy());
    if std::env::var("LIAISON_TEST_PICTURES").is_ok_and(|wish| wish == "yes") {
        told["shots"] = Value::from(root().join("target/e2e/shots").to_string_lossy());
    }
    // What an earlier failure left would mislead.
    let _ = std::fs::remove_dir_all(&kept);
    let said = node(&[name], &told.to_string());
    drop(stage);
    said.unwrap_or_else(|said| panic!("{said}"));
}

/// Every story of the scripts, as `script::story`, sorted.
pub(crate) fn list() -> Vec<String> {
    let said = node(&["--list"], "").expect("the scripts can be loaded");
    said.lines().map(str::to_owned).collect()
}

#[expect(
    clippy::print_stdout,
    reason = "the runner shows it to whoever asks for the output of tests"
)]
/// What the script printed: `Ok` where it succeeded.
fn node(arguments: &[&str], stage: &str) -> Result<String, String> {
    let folder = root().join("e2e");
    assert!(
        folder.join("node_modules").exists(),
        "e2e/node_modules is missing: `cargo xtask test` installs it, or `npm ci` in e2e"
    );
    let mut command = Command::new("node");
    command.current_dir(folder).arg("browser/run.mjs").args(arguments);
    command.env("LIAISON_STAGE", stage).stdin(Stdio::null());
    let output = command.output().expect("node starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr)));
    }
    // Tables, for whoever runs the tests with their output.
    print!("{said}");
    Ok(said)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("e2e is a folder of the repository")
}
