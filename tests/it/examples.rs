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
//! `before` names operations whose examples are sent first; `{name.pointer}` is what they answered. An answer that is no
//! JSON stands there as text.

use std::collections::BTreeMap;
use std::path::PathBuf;

use liaison_testkit::web::openapi::{Needs, Operation};
use liaison_testkit::web::routes::{self, Route};
use liaison_testkit::{Client, Engine, Reply, TestApp, Value, json, redacted, reply, run, world};

const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";

type Answers = BTreeMap<String, Value>;

fn operations() -> impl Iterator<Item = (&'static Route, &'static Operation)> {
    routes::all().flat_map(|route| route.operations.iter().map(move |operation| (route, operation)))
}

fn find(id: &str) -> (&'static Route, &'static Operation) {
    let found = operations().find(|(_, operation)| operation.id == id);
    found.unwrap_or_else(|| panic!("no operation is named {id}"))
}

fn example(operation: &Operation) -> Value {
    let text = serde_json::from_str(operation.example);
    text.unwrap_or_else(|error| panic!("the example of {}: {error}", operation.id))
}

fn token(name: &str) -> &'static str {
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
fn filled(value: &Value, answers: &Answers) -> Value {
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

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Sends one example.
async fn send(client: &Client, described: (&Route, &Operation), answers: &Answers) -> Reply {
    let request = filled(&example(described.1)["request"], answers);
    send_request(client, described, &request).await
}

async fn send_request(client: &Client, (route, operation): (&Route, &Operation), request: &Value) -> Reply {
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
    reply(match (&request["body"], operation.body) {
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

/// Sends what an example needs to have happened, in its order.
async fn prepare(app: &TestApp, operation: &Operation, answers: &mut Answers) {
    for id in example(operation)["before"].as_array().into_iter().flatten().map(text) {
        let (route, earlier) = find(&id);
        Box::pin(prepare(app, earlier, answers)).await;
        if answers.contains_key(&id) {
            continue;
        }
        let client = app.client(token(&text(&example(earlier)["caller"])));
        let reply = send(&client, (route, earlier), answers).await;
        assert!(reply.status < 300, "{id} before {}: {}", operation.id, reply.text);
        answers.insert(id, reply.json);
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

fn bless(operation: &Operation, response: &Value) {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../crates/web/src/openapi/examples"
    ));
    let mut whole = example(operation);
    whole["response"] = response.clone();
    let text = serde_json::to_string_pretty(&whole).unwrap() + "\n";
    std::fs::write(folder.join(format!("{}.json", operation.id)), text).unwrap();
}

/// Sends one example in a fresh world and compares the answer.
async fn replay(app: &TestApp, (route, operation): (&Route, &Operation), wrong: &mut Vec<String>) {
    let mut answers = Answers::new();
    prepare(app, operation, &mut answers).await;
    let whole = example(operation);
    let client = app.client(token(&text(&whole["caller"])));
    let reply = send(&client, (route, operation), &answers).await;
    let response = json!({"status": reply.status, "body": body(&reply)});
    if redacted(&response) != redacted(&whole["response"]) {
        if is_blessed() {
            bless(operation, &response);
        } else {
            wrong.push(format!("{}: {}", operation.id, redacted(&response)));
        }
    }
    if !operation
        .answers
        .iter()
        .flatten()
        .any(|answer| answer.status == reply.status)
    {
        wrong.push(format!(
            "{}: {} is no documented answer: {}",
            operation.id, reply.status, reply.text
        ));
    }
}

/// Each role with an example: refused exactly where the document says so.
async fn try_roles(app: &TestApp, (route, operation): (&Route, &Operation), wrong: &mut Vec<String>) {
    let mut answers = Answers::new();
    prepare(app, operation, &mut answers).await;
    // The weakest first: what they are refused leaves the rest as it was.
    for role in ["CLIENT_READER", "CLIENT_MANAGER", "CLIENT_COMPANY", "CLIENT_ADMIN"] {
        let may = match operation.needs {
            Needs::Reader => true,
            Needs::Inviter => role != "CLIENT_READER",
            Needs::Admin => matches!(role, "CLIENT_ADMIN" | "CLIENT_COMPANY"),
            Needs::User => role != "CLIENT_COMPANY",
        };
        let reply = send(&app.client(token(role)), (route, operation), &answers).await;
        if (reply.status != 403) != may {
            wrong.push(format!("{} as {role}: {} {}", operation.id, reply.status, reply.text));
        }
    }
}

/// An example about one object, sent by another customer: as if there were no such object.
async fn try_foreign(app: &TestApp, described: (&Route, &Operation), wrong: &mut Vec<String>) {
    let (_, operation) = described;
    let mut answers = Answers::new();
    prepare(app, operation, &mut answers).await;
    let mut request = filled(&example(operation)["request"], &answers);
    let guid = text(&request["path"]["guid"]);
    let caller = text(&example(operation)["caller"]);
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
        wrong.push(format!("{}: {} {}", operation.id, foreign.status, foreign.text));
    }
}

/// Every second example on one engine, so that two tests share the work.
fn replay_half(engine: Engine, half: usize) {
    let mut wrong = Vec::new();
    for described in operations().skip(half).step_by(2) {
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
    let objects =
        operations().filter(|(route, _)| route.path.contains("{guid}") && !route.path.contains("/companies/"));
    for described in objects {
        run(Engine::Sqlite, async |app| {
            try_foreign(app, described, &mut wrong).await
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn roles_get_what_the_document_says() {
    let mut wrong = Vec::new();
    for described in operations() {
        run(Engine::Sqlite, async |app| try_roles(app, described, &mut wrong).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
