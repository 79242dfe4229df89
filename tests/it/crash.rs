//! The real binary, killed without a word, again and again: what was acknowledged stays, and every mail arrives.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use liaison_testkit::databases::Fresh;
use liaison_testkit::process::{self, Process, free_port, pause};
use liaison_testkit::smtp::Sink;
use liaison_testkit::{Client, Engine, json, world};

const ROUNDS: u64 = 50;
const WRITERS: usize = 4;

/// What a client knows: address and guid of every request that was answered with 201.
type Ledger = Arc<Mutex<HashMap<String, String>>>;

#[test]
fn sqlite() {
    process::run(Engine::Sqlite, kill_and_check);
}

#[test]
fn postgres() {
    process::run(Engine::Postgres, kill_and_check);
}

async fn kill_and_check(database: &Fresh) {
    let (sink, smtp_port) = Sink::start();
    let smtp = format!("smtp://127.0.0.1:{smtp_port}");
    let http = liaison_testkit::http();
    let (port, ledger) = (free_port(), Ledger::default());
    let arguments = ["--smtp", &smtp, "--mail-from", "Liaison <liaison@liaison.test>"];
    for round in 0..ROUNDS {
        let process = Process::serve(&http, &database.url, port, &arguments).await;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let client = Client::new(liaison_testkit::http(), &process.base, world::CLIENT_ADMIN);
                tokio::spawn(write(client, (round, writer), ledger.clone()))
            })
            .collect();
        // Between 20 and 314 ms, different in every round and the same in every run.
        pause(Duration::from_millis(20 + round * 6)).await;
        process.kill();
        for writer in writers {
            writer.await.unwrap();
        }
    }
    let process = Process::serve(&http, &database.url, port, &arguments).await;
    let client = Client::new(http, &process.base, world::CLIENT_ADMIN);
    let stored = stored_requests(&client).await;
    let acknowledged = ledger.lock().unwrap().clone();
    assert!(acknowledged.len() > 50, "the load was no load: {}", acknowledged.len());
    for (email, guid) in &acknowledged {
        assert_eq!(
            stored.get(guid),
            Some(email),
            "an acknowledged request is lost or changed"
        );
    }
    wait_for_mail(&sink, stored.values()).await;
    assert_copies_are_equal(&sink);
    assert_eq!(process.terminate(), Some(0));
}

/// Invites one person after the other until the server is gone.
async fn write(client: Client, (round, writer): (u64, usize), ledger: Ledger) {
    for number in 0.. {
        let email = format!("p{round}-{writer}-{number}@saperix.example");
        let body = json!({"vendor_access_request": {
            "requestee_email": email, "requestee_formal_name": "Pat Example",
            "requestee_company_guid": world::SAPERIX,
        }});
        let request = client.request(reqwest::Method::POST, "/v1/access-requests").json(&body);
        let Ok(reply) = request.send().await else { return };
        assert_eq!(reply.status(), 201);
        let Ok(answer) = reply.json::<liaison_testkit::Value>().await else {
            return;
        };
        ledger
            .lock()
            .unwrap()
            .insert(email, answer["guid"].as_str().unwrap().to_owned());
    }
}

async fn stored_requests(client: &Client) -> HashMap<String, String> {
    let text = |value: &liaison_testkit::Value| value.as_str().unwrap().to_owned();
    let all = client.outbox("").await;
    all.iter()
        .map(|request| (text(&request["guid"]), text(&request["requestee_email"])))
        .collect()
}

/// Every stored request has its two mails in the end, acknowledged or not.
async fn wait_for_mail<'e>(sink: &Sink, addresses: impl Iterator<Item = &'e String>) {
    let mut owed: HashSet<(String, bool)> = HashSet::new();
    for email in addresses {
        owed.extend([(email.clone(), true), (email.clone(), false)]);
    }
    let started = Instant::now();
    loop {
        for mail in sink.arrived() {
            let is_activation = String::from_utf8_lossy(&mail.bytes).contains("/i/");
            owed.remove(&(mail.recipient, is_activation));
        }
        if owed.is_empty() {
            return;
        }
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "{} mails are lost",
            owed.len()
        );
        pause(Duration::from_millis(50)).await;
    }
}

/// A mail may come twice after a crash, but then it is the same mail.
fn assert_copies_are_equal(sink: &Sink) {
    let mut seen: HashMap<(String, String), Vec<u8>> = HashMap::new();
    for mail in sink.arrived() {
        let key = (mail.recipient.clone(), mail.header("Message-ID"));
        let first = seen.entry(key).or_insert_with(|| mail.bytes.clone());
        assert_eq!(*first, mail.bytes, "two copies of one mail differ");
    }
    let activations: Vec<_> = seen
        .iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("/i/"))
        .collect();
    let people: HashSet<_> = activations.iter().map(|((recipient, _), _)| recipient).collect();
    assert_eq!(
        activations.len(),
        people.len(),
        "somebody got two different activation mails"
    );
}
