//! The server as a process: how it starts, what it refuses, what runs beside it, and how it ends.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use liaison_testkit::databases::Fresh;
use liaison_testkit::invitations::to_saperix;
use liaison_testkit::process::{self, Process, answer, ended, eventually, free_port, output};
use liaison_testkit::{Client, Engine, Method, json, on_both_databases, reply, world};

async fn serve(database: &Fresh) -> (Process, Client) {
    let http = liaison_testkit::http();
    let process = Process::serve(&http, &database.url, free_port(), &[]).await;
    let client = Client::new(http, &process.base, world::CLIENT_ADMIN);
    (process, client)
}

on_both_databases! {
    async fn it_starts_and_is_ready(database) {
        let (process, client) = serve(database).await;
        let alive = client.get("/healthz").await;
        assert_eq!((alive.status, &alive.json["status"]), (200, &json!("ok")));
        let ready = client.get("/readyz").await;
        assert_eq!((ready.status, ready.text.as_str()), (200, r#"{"status":"ready"}"#));
        assert_eq!(process.terminate(), Some(0));
    }

    async fn a_restart_keeps_everything(database) {
        let (process, client) = serve(database).await;
        let guid = client.invited(&to_saperix("ann")).await;
        let before = client.outbox("").await;
        assert_eq!(process.terminate(), Some(0));
        let (process, client) = serve(database).await;
        assert_eq!(client.outbox("").await, before);
        assert_eq!(before[0]["guid"], guid);
        assert_eq!(process.terminate(), Some(0));
    }

    async fn other_commands_work_beside_it(database) {
        let (process, client) = serve(database).await;
        client.invited(&to_saperix("ann")).await;
        let count = |arguments: &[&str]| answer(&database.url, arguments).as_array().unwrap().len();
        assert_eq!(count(&["customer", "list"]), 3);
        assert_eq!(count(&["user", "list", "--customer", world::CLIENT]), 4);
        assert_eq!(count(&["mail", "list"]), 2);
        let checks = answer(&database.url, &["doctor"]);
        let about = |name: &str| checks.as_array().unwrap().iter().find(|row| row["check"] == name).unwrap().clone();
        assert_eq!((&about("database")["state"], &about("schema")["state"]), (&json!("ok"), &json!("ok")));
        if matches!(database.url, liaison_testkit::Url::Sqlite(_)) {
            assert_eq!(about("server")["found"], "one is running on this database");
        }
        answer(&database.url, &["token", "create", "--customer", world::CLIENT, "--description", "beside"]);
        let bundle = database.folder().join("bundle.json");
        std::fs::write(&bundle, json!({"companies": [
            {"guid": "b0000000-0000-4000-8000-0000000000ff", "name": "Late", "primary_domain": "late.example",
             "type": "CURATED"}
        ]}).to_string()).unwrap();
        answer(&database.url, &["import", bundle.to_str().unwrap()]);
        answer(&database.url, &["export", database.folder().join("out.json").to_str().unwrap()]);
        assert_eq!(answer(&database.url, &["migrate"])["applied"], json!([]));
        assert_eq!(client.outbox("").await.len(), 1);
        assert_eq!(process.terminate(), Some(0));
    }

    async fn a_request_in_flight_is_finished(database) {
        let (process, client) = serve(database).await;
        let body = json!({"vendor_access_request": to_saperix("ann")}).to_string();
        let (address, path) = (process.base.trim_start_matches("http://"), "/v1/access-requests");
        let mut slow = TcpStream::connect(address).unwrap();
        slow.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\
             content-type: application/json\r\nexpect: 100-continue\r\n\r\n",
            world::CLIENT_ADMIN,
            body.len()
        );
        slow.write_all(head.as_bytes()).unwrap();
        // The server wants the body: it has the request.
        let mut asked = [0; 25];
        slow.read_exact(&mut asked).unwrap();
        assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
        let (begin, end) = body.split_at(20);
        slow.write_all(begin.as_bytes()).unwrap();
        process.ask_to_stop();
        eventually("nobody new is let in", async || TcpStream::connect(address).err()).await;
        slow.write_all(end.as_bytes()).unwrap();
        let mut answered = String::new();
        slow.read_to_string(&mut answered).unwrap();
        assert!(answered.starts_with("HTTP/1.1 201 "), "{answered}");
        assert_eq!(process.end().await, Some(0));
        drop(client);
        let (process, client) = serve(database).await;
        let guid = client.outbox("").await[0]["guid"].as_str().unwrap().to_owned();
        assert!(answered.contains(&guid), "the answer was the truth");
        assert_eq!(process.terminate(), Some(0));
    }

    async fn stopping_under_load_loses_nothing_acknowledged(database) {
        let (process, client) = serve(database).await;
        let known = Arc::new(Mutex::new(Vec::new()));
        let writers: Vec<_> = (0..4).map(|writer| tokio::spawn(write(client.clone(), writer, known.clone()))).collect();
        eventually("the load is under way", async || (known.lock().unwrap().len() >= 20).then_some(())).await;
        process.ask_to_stop();
        assert_eq!(process.end().await, Some(0));
        for writer in writers {
            writer.await.unwrap();
        }
        let (process, client) = serve(database).await;
        let stored = client.outbox("").await;
        for guid in known.lock().unwrap().iter() {
            assert!(stored.iter().any(|request| request["guid"] == *guid), "{guid} is lost");
        }
        assert_eq!(process.terminate(), Some(0));
    }

    async fn a_newer_schema_is_left_alone(database) {
        database.age_beyond_this_release();
        for arguments in [vec!["serve", "--listen", "127.0.0.1:0"], vec!["migrate"], vec!["customer", "list"]] {
            let refused = output(&database.url, &arguments);
            let line = refused.refusal(1);
            assert!(line.contains("newer") && line.contains("9999"), "{line}");
        }
    }

    async fn a_taken_port_is_one_line(database) {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap().to_string();
        let refused = output(&database.url, &["serve", "--listen", &address]);
        let words = format!("liaison: cannot listen on {address}: another program listens there; choose another");
        assert!(refused.refusal(1).starts_with(&words), "{refused:?}");
    }
}

/// Invites until nobody answers, and notes what was acknowledged.
async fn write(client: Client, writer: usize, known: Arc<Mutex<Vec<String>>>) {
    for number in 0.. {
        let body = json!({"vendor_access_request": to_saperix(&format!("p{writer}-{number}"))});
        let request = client.request(Method::POST, "/v1/access-requests").json(&body);
        let Ok(answered) = request.send().await else { return };
        assert_eq!(answered.status(), 201);
        // Whatever began to be answered is answered whole.
        let answer = answered.json::<liaison_testkit::Value>().await.unwrap();
        known.lock().unwrap().push(answer["guid"].as_str().unwrap().to_owned());
    }
}

#[test]
fn one_server_for_a_file() {
    process::run(Engine::Sqlite, async |database: &Fresh| {
        let (process, client) = serve(database).await;
        let refused = output(&database.url, &["serve", "--listen", "127.0.0.1:0"]);
        let line = refused.refusal(1);
        assert!(
            line.starts_with("liaison: another server is using this database already"),
            "{line}"
        );
        assert_eq!(client.get("/readyz").await.status, 200, "the first one does not mind");
        process.kill();
        // A lock goes with its process, however that ended.
        let (process, _) = serve(database).await;
        assert_eq!(process.terminate(), Some(0));
    });
}

#[test]
fn a_database_without_a_schema_gets_one() {
    process::run(Engine::Sqlite, async |database: &Fresh| {
        let path = database.folder().join("fresh.db");
        let url = liaison_testkit::Url::Sqlite(path);
        let absent = output(&url, &["customer", "list"]);
        assert!(absent.refusal(1).contains("`liaison migrate`"), "{absent:?}");
        let process = Process::serve(&liaison_testkit::http(), &url, free_port(), &[]).await;
        assert_eq!(answer(&url, &["customer", "list"]), json!([]));
        assert_eq!(process.terminate(), Some(0));
    });
}

#[test]
fn without_its_database_it_is_not_ready() {
    process::run(Engine::Postgres, async |_: &Fresh| {
        let own = tokio::task::spawn_blocking(|| Fresh::new(Engine::Postgres))
            .await
            .unwrap();
        let (process, client) = serve(&own).await;
        // It goes away under the server.
        tokio::task::spawn_blocking(|| drop(own)).await.unwrap();
        let ready = eventually("the server sees it", async || {
            let ready = reply(client.request(Method::GET, "/readyz")).await;
            (ready.status != 200).then_some(ready)
        });
        assert_eq!(ready.await.status, 503);
        assert_eq!(client.get("/healthz").await.status, 200, "the process lives");
        assert_eq!(client.get("/ratings/v1/access-requests").await.status, 503);
        assert_eq!(process.terminate(), Some(0));
    });
}

#[test]
fn a_server_that_cannot_be_reached_is_one_line_without_its_password() {
    let port = free_port();
    let closed = SocketAddr::from(([127, 0, 0, 1], port));
    let url = format!("postgres://me:geheim@{closed}/liaison");
    for arguments in [["serve", "--listen=127.0.0.1:0"], ["customer", "list"]] {
        let mut command = std::process::Command::new(process::binary());
        let refused = ended(command.env_clear().env("LIAISON_DATABASE", &url).args(arguments), "");
        let line = refused.refusal(1);
        assert!(line.contains(&port.to_string()) && !line.contains("geheim"), "{line}");
    }
}
