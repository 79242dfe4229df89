//! The demonstration: what it prepares, and whether the lines it prints do what they say.

use std::process::Command;

use liaison_testkit::process::{Process, binary, ended, free_port, output};
use liaison_testkit::{Client, Url, Value};

fn demo(folder: &str, arguments: &[&str]) -> liaison_testkit::process::Ended {
    let mut command = Command::new(binary());
    let path = std::path::Path::new("/usr/bin:/bin:/usr/local/bin");
    command.env_clear().env("PATH", path).args(["demo", "--dir", folder]);
    ended(command.args(arguments), "")
}

/// Runs a printed line in a shell, as somebody who pasted it.
fn pasted(line: &str) -> Value {
    let mut shell = Command::new("sh");
    ended(shell.args(["-c", &format!("{line} --fail-with-body")]), "").json()
}

async fn prepared(test: impl AsyncFnOnce(&Value, &Process)) {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let path = folder.path().join("demo");
    let listen = format!("127.0.0.1:{port}");
    let arguments = ["--prepare-only", "--json", "--listen", &listen];
    let tour = demo(path.to_str().unwrap(), &arguments).json();
    let database = Url::Sqlite(path.join("liaison.db"));
    let process = Process::serve(&reqwest::Client::new(), &database, port, &[]).await;
    test(&tour, &process).await;
    assert_eq!(process.terminate(), Some(0));
}

#[tokio::test]
async fn the_sample_world_is_rich_enough() {
    prepared(async |tour, process| {
        assert!(tour["customers"].as_array().unwrap().len() >= 3, "{tour}");
        assert!(tour["companies"].as_u64().unwrap() >= 12, "{tour}");
        let states = ["Pending", "Active", "Never", "Inactive", "Resolved"];
        let requests = tour["requests"].as_array().unwrap();
        for state in states {
            assert!(
                requests.iter().any(|request| request["status"] == state),
                "nothing is {state}"
            );
        }
        for request in requests {
            let client = Client::new(
                reqwest::Client::new(),
                &process.base,
                request["token"].as_str().unwrap(),
            );
            let sent = client.sent(request["guid"].as_str().unwrap()).await;
            assert_eq!(sent["status"], request["status"], "{request}");
        }
    })
    .await;
}

#[tokio::test]
async fn its_tokens_open_their_doors() {
    prepared(async |tour, process| {
        for customer in tour["customers"].as_array().unwrap() {
            let users = customer["users"].as_array().unwrap();
            let tokens = users
                .iter()
                .map(|user| &user["token"])
                .chain([&customer["company_token"]]);
            for token in tokens {
                let client = Client::new(reqwest::Client::new(), &process.base, token.as_str().unwrap());
                assert_eq!(
                    client.get("/ratings/v1/access-requests/received").await.status,
                    200,
                    "{token}"
                );
            }
        }
        let link = tour["activation_link"].as_str().unwrap();
        let page = reqwest::get(link).await.unwrap();
        assert_eq!(page.status(), 200);
        assert!(page.text().await.unwrap().contains("Accept the invitation"));
    })
    .await;
}

#[tokio::test]
async fn its_lines_work_when_pasted() {
    prepared(async |tour, _| {
        let lines: Vec<_> = tour["calls"]
            .as_array()
            .unwrap()
            .iter()
            .map(|call| call["command"].as_str().unwrap())
            .collect();
        assert_eq!(lines.len(), 5);
        let invited = pasted(lines[0]);
        assert_eq!(invited["status"], "Pending");
        assert_eq!(invited["rolledup_observation_ids"].as_array().unwrap().len(), 2);
        let waiting = pasted(lines[1]);
        assert!(
            waiting
                .as_array()
                .unwrap()
                .iter()
                .any(|request| request["guid"] == invited["guid"]),
            "{waiting}"
        );
        let inbox = pasted(lines[2]);
        let received = inbox
            .as_array()
            .unwrap()
            .iter()
            .find(|request| request["guid"] == invited["guid"]);
        assert_eq!(received.unwrap()["notes"], Value::Null);
        assert_eq!(pasted(lines[3])["status"], "Resolved");
        assert!(pasted(lines[4])["total"].as_u64().unwrap() > 10);
        let mails = tour["mail_command"].as_str().unwrap();
        let listed = ended(Command::new("sh").args(["-c", &format!("{mails} --json")]), "").json();
        assert!(
            listed
                .to_string()
                .contains(invited["requestee_email"].as_str().unwrap()),
            "{listed}"
        );
    })
    .await;
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    std::fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let refused = demo(path, &["--prepare-only"]);
    assert!(
        refused
            .refusal(1)
            .contains("is not empty; name a folder that does not exist yet"),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let database = Url::Sqlite(folder.path().join("x.db"));
    let named = output(&database, &["demo", "--prepare-only"]);
    assert!(
        named.code == Some(2) && named.err.contains("choose its folder with --dir"),
        "{named:?}"
    );
}
