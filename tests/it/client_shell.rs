//! What a shell needs of the commands: completion, manual pages, pipes that close, help without clutter.

use std::process::{Command, Stdio};

use liaison_testkit::fake::{self, Fake};
use liaison_testkit::{Shell, json};

const COMMANDS: [&str; 9] = [
    "outbox", "inbox", "invite", "resolve", "resend", "messages", "company", "findings", "profile",
];

fn shell() -> Shell {
    Shell::new("http://127.0.0.1:1", "token-of-nobody-at-all")
}

#[test]
fn completion_knows_every_command() {
    let shell = shell();
    for name in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = shell.out(&["completion", name]);
        for command in COMMANDS {
            assert!(script.contains(command), "{name}: {command}");
        }
        assert!(!script.contains("token-of"), "{name}");
    }
    let script = shell.home().join("liaison.bash");
    std::fs::write(&script, shell.out(&["completion", "bash"])).unwrap();
    let read = Command::new("bash").arg("-n").arg(&script).status().unwrap();
    assert!(read.success(), "bash can read it");
    let asked = shell.run(&["completion", "tcsh"]);
    assert!(asked.code == Some(2) && asked.err.contains("bash"), "{asked:?}");
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let shell = shell();
    let main = shell.out(&["man"]);
    assert!(
        main.contains(".TH liaison 1") && main.contains("EXAMPLES") && main.contains("liaison demo"),
        "{main}"
    );
    let folder = shell.home().join("man/man1");
    let written = shell.answer(&["man", "--out", folder.to_str().unwrap()]);
    let pages = written["pages"].as_array().unwrap();
    for page in [
        "liaison.1",
        "liaison-outbox.1",
        "liaison-outbox-show.1",
        "liaison-profile-add.1",
        "liaison-serve.1",
    ] {
        assert!(pages.contains(&json!(page)), "{page}: {written}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), pages.len());
    let outbox = std::fs::read_to_string(folder.join("liaison-outbox.1")).unwrap();
    assert!(
        outbox.contains("liaison outbox \\-\\-counts") && outbox.contains("\\-\\-company"),
        "{outbox}"
    );
    assert!(!outbox.contains("database"), "{outbox}");
}

#[test]
fn help_of_a_client_has_no_settings_of_a_server() {
    let shell = shell();
    for command in COMMANDS {
        let page = shell.out(&[command, "--help"]);
        assert!(!page.contains("--database") && !page.contains("--log-level"), "{page}");
        assert_eq!(page.contains("LIAISON_SERVER"), command != "profile", "{page}");
        assert!(!page.contains("token-of"), "{page}");
    }
    assert!(shell.out(&["serve", "--help"]).contains("--database"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_reading_is_no_failure() {
    let rows: Vec<_> = (0..20_000)
        .map(|number| json!({"guid": number.to_string(), "message": "x".repeat(100)}))
        .collect();
    let server = Fake::start(move |_| fake::json(200, &json!(rows))).await;
    let shell = Shell::new(&server.url, "token-of-nobody-at-all");
    for form in ["--json", "--csv", "--quiet"] {
        let mut command = shell.command(&["outbox", form]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(
            (ended.status.code(), ended.stderr.as_slice()),
            (Some(0), &b""[..]),
            "{form}"
        );
    }
}
