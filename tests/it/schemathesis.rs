//! The published document against the real program: schemathesis sends what the document allows and what it forbids, and
//! judges every answer. `cargo xtask fuzz-api` runs it for longer.

use std::path::{Path, PathBuf};
use std::process::Command;

use liaison_testkit::databases::Fresh;
use liaison_testkit::on_both_databases;
use liaison_testkit::process::{self, Process};

/// Inputs for each operation and phase of the short run.
const INPUTS: &str = "8";

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration of their own to read it from"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn is_wanted() -> bool {
    variable("LIAISON_TEST_SCHEMATHESIS").as_deref() != Some("no")
}

/// A program of the environment that `cargo xtask test` made.
fn program(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target/schemathesis/bin")
        .join(name);
    assert!(
        path.exists(),
        "{} is missing: `cargo xtask test` installs it",
        path.display()
    );
    path
}

/// Runs a program to its end, and panics with what it said where it fails.
fn must(command: &mut Command) {
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

async fn hold(database: &Fresh) {
    let http = liaison_testkit::http();
    let server = Process::serve(&http, &database.url, process::free_port(), &[]).await;
    let mut command = Command::new(program("st"));
    command
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/schemathesis"))
        .args(["--no-color", "run", "--url", &server.base])
        .arg(format!("{}/openapi.json", server.base))
        .args(["--continue-on-failure", "--checks", "all", "--max-examples"]);
    match variable("LIAISON_FUZZ_MINUTES").and_then(|text| text.parse::<u32>().ok()) {
        None => {
            command.args([INPUTS, "--seed", "1", "--generation-deterministic"]);
        }
        Some(minutes) => {
            command.args(["100", "--max-time", &(60 * minutes).to_string()]);
            if let Some(seed) = variable("LIAISON_FUZZ_SEED") {
                command.args(["--seed", &seed]);
            }
        }
    }
    tokio::task::spawn_blocking(move || must(&mut command)).await.unwrap();
    assert_eq!(server.terminate(), Some(0), "it lives and stops as it should");
}

on_both_databases! {
    async fn every_answer_is_as_described(database) {
        if is_wanted() {
            hold(database).await;
        }
    }
}

#[test]
fn the_document_is_openapi_3_1() {
    if !is_wanted() {
        return;
    }
    let (document, _) = liaison_testkit::web::openapi::document("https://liaison.test");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.json");
    std::fs::write(&path, document.to_string()).unwrap();
    must(
        Command::new(program("openapi-spec-validator"))
            .args(["--schema", "3.1"])
            .arg(path),
    );
}
