//! The demonstration: what it prepares in either database, and whether the lines it prints do what they say.

use std::process::Command;

use liaison_testkit::process::{Ended, Process, binary, database_url, ended, free_port, output};
use liaison_testkit::{Browser, Client, Engine, Url, Value, databases, http, postgres, wanted};

fn demo(arguments: &[&str]) -> Ended {
    let mut command = Command::new(binary());
    let path = std::path::Path::new("/usr/bin:/bin:/usr/local/bin");
    command.env_clear().env("PATH", path).arg("demo");
    ended(command.args(arguments), "")
}

/// Runs a printed line in a shell, as somebody who pasted it.
fn pasted(line: &str) -> Value {
    let mut shell = Command::new("sh");
    ended(shell.args(["-c", &format!("{line} --fail-with-body")]), "").json()
}

/// Prepares a demonstration and serves it, in a file and in an empty database of a server.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a test body is written where it is handed over"
)]
fn prepared(test: impl AsyncFn(&Value, &Process)) {
    if wanted(Engine::Sqlite) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("demo");
        let database = Url::Sqlite(path.join("liaison.db"));
        served(&database, &["--dir", path.to_str().unwrap()], &test);
    }
    if wanted(Engine::Postgres) {
        let server = postgres::shared_server();
        let name = server.create_database(None);
        let database: Url = server.url(&name).parse().unwrap();
        served(&database, &["--database", &database_url(&database)], &test);
        server.drop_database(&name);
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a test body is written where it is handed over"
)]
fn served(database: &Url, place: &[&str], test: impl AsyncFn(&Value, &Process)) {
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let arguments = ["--prepare-only", "--json", "--listen", &listen];
    let tour = demo(&[place, &arguments].concat()).json();
    let folder = std::path::Path::new(tour["directory"].as_str().unwrap());
    assert!(folder.join("bundle.json").exists(), "{tour}");
    let has_file = folder.join("liaison.db").exists();
    assert_eq!(has_file, database.engine() == Engine::Sqlite);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let process = Process::serve(&http(), database, port, &[]).await;
        test(&tour, &process).await;
        assert_eq!(process.terminate(), Some(0));
    });
    if !has_file {
        // It was made among the temporary files, because nobody named one.
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn the_sample_world_is_rich_enough() {
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
            let client = Client::new(http(), &process.base, request["token"].as_str().unwrap());
            let sent = client.sent(request["guid"].as_str().unwrap()).await;
            assert_eq!(sent["status"], request["status"], "{request}");
        }
    });
}

/// What happens next, as the API names it; a part of the pages hangs on each.
const NEXT: [&str; 10] = [
    "not_delivered",
    "link_to_copy",
    "not_opened",
    "not_accepted",
    "expired",
    "not_answered",
    "waiting_for_client",
    "waiting_for_vendor",
    "inactive",
    "resolved",
];

#[test]
fn there_is_something_of_everything() {
    prepared(async |tour, process| {
        let emma = Client::new(http(), &process.base, "demo-blueseas-admin-0001");
        let own = "/liaison/v1/access-requests";
        let sent = emma.get("/ratings/v1/access-requests").await.json;
        let (mut next, mut messages) = (Vec::new(), Vec::new());
        for request in sent.as_array().unwrap() {
            let guid = request["guid"].as_str().unwrap();
            let request = emma.get(&format!("{own}/{guid}")).await.json;
            next.push(request["next"]["code"].as_str().unwrap().to_owned());
            let thread = emma.get(&format!("{own}/{guid}/messages")).await.json;
            messages.extend(thread["results"].as_array().unwrap().clone());
        }
        for code in NEXT {
            assert!(next.iter().any(|found| found == code), "{code} is missing in {next:?}");
        }
        assert_eq!(next.iter().filter(|code| *code == "requested").count(), 2);
        assert!(messages.len() > 60, "{}", messages.len());
        for time in ["edited_time", "deleted_time"] {
            assert!(messages.iter().any(|message| !message[time].is_null()), "{time}");
        }
        let told = emma.get("/ratings/v1/notifications").await.json;
        let unread = told["data"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["unread"] == true);
        let unread = unread.count();
        assert!((1..20).contains(&unread), "{unread} unread");
        let mails = emma.get("/liaison/v1/mails?state=failed").await.json.to_string();
        assert!(mails.contains("550 5.1.1"), "{mails}");
        let join = http().get(tour["access_link"].as_str().unwrap()).send().await.unwrap();
        assert!(join.text().await.unwrap().contains("Blue Seas International"));
    });
}

#[test]
fn both_sides_can_sign_in() {
    prepared(async |tour, process| {
        for side in ["client", "vendor"] {
            let browser = Browser::new(http(), &process.base);
            let fields = [
                ("email", tour["sign_in"][side].as_str().unwrap()),
                ("password", tour["password"].as_str().unwrap()),
            ];
            let reply = browser.submit("/sign-in", "/sign-in", &fields).await;
            assert_eq!(reply.status, 303, "{side}: {}", reply.text);
        }
    });
}

#[test]
fn its_tokens_open_their_doors() {
    prepared(async |tour, process| {
        for customer in tour["customers"].as_array().unwrap() {
            let users = customer["users"].as_array().unwrap();
            let tokens = users
                .iter()
                .map(|user| &user["token"])
                .chain([&customer["company_token"]]);
            for token in tokens {
                let client = Client::new(http(), &process.base, token.as_str().unwrap());
                assert_eq!(
                    client.get("/ratings/v1/access-requests/received").await.status,
                    200,
                    "{token}"
                );
            }
        }
        let link = tour["activation_link"].as_str().unwrap();
        let page = http().get(link).send().await.unwrap();
        assert_eq!(page.status(), 200);
        assert!(page.text().await.unwrap().contains("Accept the invitation"));
    });
}

#[test]
fn its_lines_work_when_pasted() {
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
    });
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    std::fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let refused = demo(&["--dir", path, "--prepare-only"]);
    assert!(
        refused
            .refusal(1)
            .contains("is not empty; name a folder that does not exist yet"),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_is_named_by_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let database = Url::Sqlite(folder.path().join("x.db"));
    let named = output(&database, &["demo", "--prepare-only"]);
    assert!(
        named.code == Some(2) && named.err.contains("choose that with --dir"),
        "{named:?}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_database_in_use_is_left_alone() {
    if !wanted(Engine::Postgres) {
        return;
    }
    let used = databases::Fresh::new(Engine::Postgres);
    let dir = tempfile::tempdir().unwrap();
    let refused = output(
        &used.url,
        &["demo", "--prepare-only", "--dir", dir.path().to_str().unwrap()],
    );
    assert!(
        refused
            .refusal(1)
            .contains("holds a Liaison already; give demo an empty database"),
        "{refused:?}"
    );
    let customers = output(&used.url, &["customer", "list", "--json"]).json();
    assert!(!customers.to_string().contains("Copperfield"), "{customers}");
}
