//! `liaison import compatible`: a customer comes over from another server of the API.

mod hostile;
mod interrupted;
mod outcome;
mod remote;
mod second;

use std::path::Path;

use liaison_testkit::databases::Fresh;
use liaison_testkit::process::{self, Ended};
use liaison_testkit::{Client, Value};

/// Copies from a server, with further arguments.
fn copy(database: &Fresh, from: &str, arguments: &[&str]) -> Ended {
    process::ended(&mut command(database, from, arguments), "")
}

/// The command, not run yet. What it reads lies beside the database.
fn command(database: &Fresh, from: &str, arguments: &[&str]) -> std::process::Command {
    let spool = spool(database);
    let mut all = vec![
        "import",
        "compatible",
        "--from",
        from,
        "--spool",
        spool.to_str().unwrap(),
        "--json",
    ];
    all.extend(arguments);
    let mut command = process::command(&database.url, &all);
    command.env("LIAISON_FROM_TOKEN", remote::TOKEN);
    command
}

fn spool(database: &Fresh) -> std::path::PathBuf {
    database.folder().join("spool")
}

/// Copies and gives the answer. Panics where it failed.
fn copied(database: &Fresh, from: &str) -> Value {
    copy(database, from, &["--yes"]).json()
}

/// `[added, changed, unchanged, kept, left_out]` of a kind.
fn numbers(answer: &Value, kind: &str) -> [u64; 5] {
    let kinds = answer["kinds"].as_array().unwrap();
    let Some(found) = kinds.iter().find(|row| row["kind"] == kind) else {
        return [0; 5];
    };
    ["added", "changed", "unchanged", "kept", "left_out"].map(|name| found[name].as_u64().unwrap())
}

/// Everything that was added or changed.
fn written(answer: &Value) -> u64 {
    let kinds = answer["kinds"].as_array().unwrap().iter();
    kinds
        .map(|row| row["added"].as_u64().unwrap() + row["changed"].as_u64().unwrap())
        .sum()
}

/// What `liaison export` writes of the database.
fn export(database: &Fresh) -> Value {
    let file = database.folder().join("export.json");
    // An export does not replace a file.
    let _ = std::fs::remove_file(&file);
    let ended = process::output(&database.url, &["export", file.to_str().unwrap()]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    read(&file)
}

fn read(file: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// One customer of an export.
fn customer<'e>(export: &'e Value, guid: &str) -> Option<&'e Value> {
    export["customers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|customer| customer["guid"] == guid)
}

/// A server on the database, and a client with a new token of a customer.
async fn serve(database: &Fresh, customer: &str) -> (process::Process, Client) {
    let made = process::answer(
        &database.url,
        &["token", "create", "--customer", customer, "--description", "t"],
    );
    let token = made["token"].as_str().unwrap().to_owned();
    let http = liaison_testkit::http();
    let process = process::Process::serve(&http, &database.url, process::free_port(), &[]).await;
    let client = Client::new(http, &process.base, &token);
    (process, client)
}
