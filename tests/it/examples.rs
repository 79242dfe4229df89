//! The examples of the published document are true: each is sent as it stands there and answered as it stands there, on
//! both databases; each role gets what the document says it gets; and another customer gets nothing by them.
//!
//! An example is a file in `crates/web/src/openapi/examples`. With `LIAISON_BLESS=1` the answers are written anew; read
//! the difference before it is committed.
//!
//! ```json
//! {"caller": "CLIENT_ADMIN", "before": ["inviteCompany"], "request": {"path": {"guid": "{inviteCompany.guid}"},
//!  "query": {"limit": 1}, "body": {}}, "response": {"status": 200, "body": {}}}
//! ```
//!
//! `before` names operations whose examples are sent first; `{name.pointer}` is what they answered. `inviteCompany/account`
//! is the example `account` of that operation. `"then": {"minutes": 6, "deliver": true}` lets time pass after them, and
//! mails leave. Of an endless answer the first event is read; text that is no JSON stands there as text, a file not at all.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use liaison_testkit::domain::people::Role;
use liaison_testkit::web::openapi::{Needs, Operation};
use liaison_testkit::web::routes::{self, Route};
use liaison_testkit::{Client, Engine, Reply, TestApp, Value, json, redacted, run, world};

const FORBIDDEN: &str = "403 forbidden: You do not have permission to perform this action.";
const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";

pub(crate) type Answers = BTreeMap<String, Value>;

fn operations() -> impl Iterator<Item = (&'static Route, &'static Operation)> {
    routes::all().flat_map(|route| route.operations.iter().map(move |operation| (route, operation)))
}

/// One example of an operation.
#[derive(Clone, Copy)]
pub(crate) struct Described {
    pub(crate) route: &'static Route,
    pub(crate) operation: &'static Operation,
    /// Empty for the first.
    name: &'static str,
}

impl Described {
    pub(crate) fn example(self) -> Value {
        let text = self.operation.example_named(self.name).unwrap_or_default();
        serde_json::from_str(text).unwrap_or_else(|error| panic!("the example of {}: {error}", self.id()))
    }

    pub(crate) fn id(self) -> String {
        let Described { operation, name, .. } = self;
        if name.is_empty() {
            operation.id.to_owned()
        } else {
            format!("{}/{name}", operation.id)
        }
    }
}

/// The first example of each operation that has one.
pub(crate) fn described() -> impl Iterator<Item = Described> {
    all_described().filter(|described| described.name.is_empty())
}

fn all_described() -> impl Iterator<Item = Described> {
    let all = operations().filter(|(_, operation)| operation.id != "getDocument");
    all.flat_map(|(route, operation)| {
        assert!(!operation.example.is_empty(), "{} has no example", operation.id);
        operation
            .example_names()
            .map(move |name| Described { route, operation, name })
    })
}

fn find(id: &str) -> Described {
    let mut all = all_described();
    all.find(|described| described.id() == id)
        .unwrap_or_else(|| panic!("no example is named {id}"))
}

pub(crate) fn token(name: &str) -> &'static str {
    match name {
        "CLIENT_MANAGER" => world::CLIENT_MANAGER,
        "CLIENT_READER" => world::CLIENT_READER,
        "CLIENT_COMPANY" => world::CLIENT_COMPANY,
        "OTHER_ADMIN" => world::OTHER_ADMIN,
        "VENDOR_ADMIN" => world::VENDOR_ADMIN,
        "VENDOR_READER" => world::VENDOR_READER,
        _ => world::CLIENT_ADMIN,
    }
}

/// `{name.pointer}` anywhere in a text becomes what that example answered.
pub(crate) fn filled(value: &Value, answers: &Answers) -> Value {
    match value {
        Value::String(text) => {
            let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
            let Some((name, pointer)) = inner.and_then(|inner| inner.split_once('.')) else {
                return value.clone();
            };
            let answer = answers
                .get(name)
                .unwrap_or_else(|| panic!("{name} was not sent before"));
            let found = answer.pointer(&format!("/{}", pointer.replace('.', "/")));
            found.unwrap_or_else(|| panic!("{text} is not in {answer}")).clone()
        }
        Value::Array(entries) => entries.iter().map(|entry| filled(entry, answers)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), filled(field, answers)))
            .collect(),
        other => other.clone(),
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Sends one example.
async fn send(client: &Client, described: Described, answers: &Answers) -> Reply {
    let request = filled(&described.example()["request"], answers);
    send_request(client, described, &request).await
}

async fn send_request(client: &Client, described: Described, request: &Value) -> Reply {
    let Described { route, operation, .. } = described;
    let mut path = route.path.to_owned();
    for (name, value) in request["path"].as_object().into_iter().flatten() {
        let encoded: String = url::form_urlencoded::byte_serialize(text(value).as_bytes()).collect();
        path = path.replace(&format!("{{{name}}}"), &encoded);
    }
    let query = request["query"].as_object().into_iter().flatten();
    let query: Vec<(&String, String)> = query.map(|(name, value)| (name, text(value))).collect();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let sent = client.request(operation.method.parse().unwrap(), &format!("{path}?{query}"));
    read(match (&request["body"], operation.body) {
        (Value::Null, _) | (_, None) => sent,
        (body, Some(kind)) if kind.media_type == "application/json" => sent.json(body),
        (body, Some(_)) => {
            let fields = body.as_object().unwrap().iter();
            sent.multipart(fields.fold(reqwest::multipart::Form::new(), |form, (name, value)| {
                form.text(name.clone(), text(value))
            }))
        }
    })
    .await
}

/// An answer; of one that has no end, what comes until the first event is there.
async fn read(request: reqwest::RequestBuilder) -> Reply {
    let mut response = request.send().await.expect("the server answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let media = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (is_stream, is_file) = (media == "text/event-stream", media == "application/pdf");
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.expect("the answer arrives whole") {
        bytes.extend_from_slice(&chunk);
        if is_stream && String::from_utf8_lossy(&bytes).contains("\ndata: ") {
            break;
        }
    }
    let text = if is_file {
        String::new()
    } else {
        String::from_utf8(bytes).expect("an answer is text")
    };
    let json = serde_json::from_str(&text).unwrap_or_default();
    Reply {
        status,
        headers,
        text,
        json,
    }
}

/// Sends what an example needs to have happened, in its order.
pub(crate) async fn prepare(app: &TestApp, described: Described, answers: &mut Answers) {
    let whole = described.example();
    for id in whole["before"].as_array().into_iter().flatten().map(text) {
        if answers.contains_key(&id) {
            continue;
        }
        let earlier = find(&id);
        Box::pin(prepare(app, earlier, answers)).await;
        let client = app.client(token(&text(&earlier.example()["caller"])));
        let reply = send(&client, earlier, answers).await;
        assert!(reply.status < 300, "{id} before {}: {}", described.id(), reply.text);
        answers.insert(id, reply.json);
    }
    if let Some(minutes) = whole["then"]["minutes"].as_u64() {
        app.clock.advance(Duration::from_secs(60 * minutes));
    }
    if whole["then"]["deliver"] == true {
        app.deliver().await;
    }
}

fn body(reply: &Reply) -> Value {
    if reply.json.is_null() && !reply.text.is_empty() && reply.text != "null" {
        Value::from(reply.text.as_str())
    } else {
        reply.json.clone()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration of their own to read it from"
)]
fn is_blessed() -> bool {
    std::env::var("LIAISON_BLESS").is_ok()
}

fn bless(described: Described, response: &Value) {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../crates/web/src/openapi/examples"
    ));
    let mut whole = described.example();
    whole["response"] = response.clone();
    let text = serde_json::to_string_pretty(&whole).unwrap() + "\n";
    std::fs::write(folder.join(format!("{}.json", described.id().replace('/', "-"))), text).unwrap();
}

/// Sends one example in a fresh world and compares the answer.
async fn replay(app: &TestApp, described: Described, wrong: &mut Vec<String>) {
    let mut answers = Answers::new();
    prepare(app, described, &mut answers).await;
    let whole = described.example();
    let client = app.client(token(&text(&whole["caller"])));
    let reply = send(&client, described, &answers).await;
    let response = json!({"status": reply.status, "body": body(&reply)});
    if redacted(&response) != redacted(&whole["response"]) {
        if is_blessed() {
            bless(described, &response);
        } else {
            wrong.push(format!("{}: {}", described.id(), redacted(&response)));
        }
    }
    let answers = described.operation.answers.iter().flatten();
    if !answers.into_iter().any(|answer| answer.status == reply.status) {
        let (id, status) = (described.id(), reply.status);
        wrong.push(format!("{id}: {status} is no documented answer: {}", reply.text));
    }
}

/// Each role with an example: refused exactly where the document says so.
async fn try_roles(app: &TestApp, described: Described, wrong: &mut Vec<String>) {
    let mut answers = Answers::new();
    prepare(app, described, &mut answers).await;
    let caller = text(&described.example()["caller"]);
    let group_admin = app.add_user(world::CLIENT, "nora@blueseas.com", Role::GroupAdmin).await;
    // The weakest first: what they are refused leaves the rest as it was.
    for role in [
        "CLIENT_READER",
        "GROUP_ADMIN",
        "CLIENT_MANAGER",
        "CLIENT_COMPANY",
        "CLIENT_ADMIN",
    ] {
        let may = match described.operation.needs {
            Needs::Reader => true,
            // All of them are on the sending side.
            Needs::Inviter | Needs::Writer => role != "CLIENT_READER",
            Needs::Admin => matches!(role, "CLIENT_ADMIN" | "CLIENT_COMPANY"),
            Needs::User => role != "CLIENT_COMPANY",
            Needs::Author => role == caller,
        };
        let own = app.client(token(role));
        let client = if role == "GROUP_ADMIN" { &group_admin } else { &own };
        let reply = send(client, described, &answers).await;
        let is_right = if may {
            reply.status != 403
        } else {
            reply.error() == FORBIDDEN
        };
        if !is_right {
            wrong.push(format!("{} as {role}: {} {}", described.id(), reply.status, reply.text));
        }
    }
}

/// An example about one object, sent by another customer: as if there were no such object.
async fn try_foreign(app: &TestApp, described: Described, wrong: &mut Vec<String>) {
    let mut answers = Answers::new();
    prepare(app, described, &mut answers).await;
    let mut request = filled(&described.example()["request"], &answers);
    let guid = text(&request["path"]["guid"]);
    let caller = text(&described.example()["caller"]);
    let others = if caller == "OTHER_ADMIN" {
        world::CLIENT_ADMIN
    } else {
        world::OTHER_ADMIN
    };
    let foreign = send_request(&app.client(others), described, &request).await;
    request["path"]["guid"] = json!(UNKNOWN);
    let unknown = send_request(&app.client(others), described, &request).await;
    let same = (foreign.status, foreign.text.replace(&guid, UNKNOWN)) == (unknown.status, unknown.text);
    if !same || foreign.status < 400 {
        wrong.push(format!("{}: {} {}", described.id(), foreign.status, foreign.text));
    }
}

/// Every second example on one engine, so that two tests share the work.
fn replay_half(engine: Engine, half: usize) {
    let mut wrong = Vec::new();
    for described in all_described().skip(half).step_by(2) {
        run(engine, async |app| replay(app, described, &mut wrong).await);
    }
    assert!(
        wrong.is_empty(),
        "LIAISON_BLESS=1 writes them anew:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn answers_are_those_of_the_document_sqlite_one() {
    replay_half(Engine::Sqlite, 0);
}

#[test]
fn answers_are_those_of_the_document_sqlite_two() {
    replay_half(Engine::Sqlite, 1);
}

#[test]
fn answers_are_those_of_the_document_postgres_one() {
    replay_half(Engine::Postgres, 0);
}

#[test]
fn answers_are_those_of_the_document_postgres_two() {
    replay_half(Engine::Postgres, 1);
}

#[test]
fn another_customer_finds_nothing() {
    let mut wrong = Vec::new();
    // Companies are nobody's own: which of them may be read is tested with them.
    let is_object = |path: &str| path.contains("{guid}") && !path.contains("/companies/");
    for described in described().filter(|described| is_object(described.route.path)) {
        run(Engine::Sqlite, async |app| {
            try_foreign(app, described, &mut wrong).await;
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn roles_get_what_the_document_says() {
    let mut wrong = Vec::new();
    for described in described() {
        run(Engine::Sqlite, async |app| try_roles(app, described, &mut wrong).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
