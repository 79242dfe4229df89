//! What holds for every list in pages, tried on each of them: bounds, links, wrong values, fields, order, spellings.
//! Which lists there are is read from the table of routes, so that a new one is covered the day it is written.

use liaison_testkit::{Client, Engine, Reply, TestApp, Value, run};

use crate::examples::{Answers, Described, described, filled, prepare, text, token};

/// What the servers of tests call themselves.
const SERVER: &str = "https://liaison.test";

/// One list, as its example asks for it, without what is tried here.
struct List {
    client: Client,
    path: String,
    query: Vec<(String, String)>,
}

impl List {
    async fn of(app: &TestApp, described: Described) -> List {
        let mut answers = Answers::new();
        prepare(app, described, &mut answers).await;
        let example = described.example();
        let request = filled(&example["request"], &answers);
        let mut path = described.route.path.to_owned();
        for (name, value) in request["path"].as_object().into_iter().flatten() {
            path = path.replace(&format!("{{{name}}}"), &text(value));
        }
        let query = request["query"].as_object().into_iter().flatten();
        let query = query.filter(|(name, _)| !["limit", "offset", "fields", "sort", "format"].contains(&name.as_str()));
        List {
            client: app.client(token(&text(&example["caller"]))),
            path,
            query: query.map(|(name, value)| (name.clone(), text(value))).collect(),
        }
    }

    /// The list with more in its query, written as it is sent.
    async fn with(&self, more: &str) -> Reply {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.query)
            .finish();
        self.client.get(&format!("{}?{query}&{more}", self.path)).await
    }
}

fn rows(reply: &Reply) -> &[Value] {
    reply.json["results"].as_array().map_or(&[], Vec::as_slice)
}

/// Rows and number, without the links, which repeat the query.
fn content(reply: &Reply) -> (u16, &[Value], &Value) {
    (reply.status, rows(reply), &reply.json["count"])
}

async fn bounds(list: &List, whole: &Reply) -> Result<(), String> {
    let count = whole.json["count"].as_i64().ok_or("no count")?;
    let is = |what: &str, holds: bool| if holds { Ok(()) } else { Err(what.to_owned()) };
    let longest = usize::try_from(count.min(500)).map_err(|error| error.to_string())?;
    is("limit=100000 is the most there is", rows(whole).len() == longest)?;
    let none = list.with("limit=0").await;
    is(
        "limit=0 is one row",
        rows(&none).len() == longest.min(1) && none.json["count"] == count,
    )?;
    for offset in [count, count + 10_000, i64::MAX] {
        let beyond = list.with(&format!("offset={offset}")).await;
        is(
            "beyond the end is empty",
            content(&beyond) == (200, &[], &whole.json["count"]),
        )?;
        is("and has no next", beyond.json["links"]["next"].is_null())?;
    }
    for (name, value) in [
        ("limit", "x"),
        ("limit", "-1"),
        ("limit", "1.5"),
        ("offset", "-1"),
        ("offset", "ten"),
        ("offset", "99999999999999999999"),
    ] {
        let wrong = list.with(&format!("{name}={value}")).await;
        // The paths of access links put their errors in a list.
        let listed = wrong.json["errors"][0]["field"].as_str();
        let named = (wrong.status, wrong.json["field"].as_str().or(listed));
        is(
            &format!("{name}={value} is named: {}", wrong.text),
            named == (400, Some(name)),
        )?;
    }
    Ok(())
}

async fn spellings(list: &List, described: Described) -> Result<(), String> {
    let usual = list.with("").await;
    for same in [
        "limit=&offset=",
        "limit=%20",
        "nothing=of+this",
        "limit=7&limit=100",
        "LIMIT=1",
    ] {
        let other = list.with(same).await;
        if content(&other) != content(&usual) {
            return Err(format!("{same} is not the same as nothing: {}", other.text));
        }
    }
    let dotted = described
        .operation
        .query
        .iter()
        .find(|parameter| parameter.name.contains('.'));
    if let Some(dotted) = dotted {
        let name = dotted.name;
        let (one, two) = (format!("{name}=zz"), format!("{}=zz", name.replace('.', "__")));
        let (one, two) = (list.with(&one).await, list.with(&two).await);
        if content(&one) != content(&two) {
            return Err(format!("{name} with __ is another filter"));
        }
    }
    Ok(())
}

/// Goes from page to page by the links alone, and back.
async fn links(list: &List, whole: &Reply) -> Result<(), String> {
    let mut page = list.with("limit=1").await;
    let mut seen: Vec<Value> = rows(&page).to_vec();
    while let Some(next) = page.json["links"]["next"].as_str() {
        let path = next.strip_prefix(SERVER).ok_or(format!("{next} is not absolute"))?;
        page = list.client.get(path).await;
        seen.extend_from_slice(rows(&page));
        if seen.len() > rows(whole).len() {
            break;
        }
    }
    if seen != rows(whole) {
        return Err(format!(
            "pages of one row give {} of {} rows",
            seen.len(),
            rows(whole).len()
        ));
    }
    if let Some(previous) = page.json["links"]["previous"].as_str() {
        let path = previous
            .strip_prefix(SERVER)
            .ok_or(format!("{previous} is not absolute"))?;
        let before = list.client.get(path).await;
        if rows(&before) != seen.get(seen.len() - 2..seen.len() - 1).unwrap_or_default() {
            return Err("the page before the last is another one".to_owned());
        }
    }
    Ok(())
}

async fn fields(list: &List, whole: &Reply) -> Result<(), String> {
    let Some(first) = rows(whole).first().and_then(Value::as_object) else {
        return Err("the example has no rows".to_owned());
    };
    let name = first.keys().next().ok_or("a row without fields")?;
    let reduced = list.with(&format!("fields={name},nonsense&limit=500")).await;
    let names = |row: &Value| row.as_object().map(|row| row.keys().cloned().collect::<Vec<_>>());
    if !rows(&reduced).iter().all(|row| names(row) == Some(vec![name.clone()])) || rows(&reduced).is_empty() {
        return Err(format!("fields={name} gives {}", reduced.text));
    }
    let empty = list.with("fields=nonsense").await;
    if !rows(&empty).iter().all(|row| names(row) == Some(Vec::new())) {
        return Err(format!("fields=nonsense gives {}", empty.text));
    }
    Ok(())
}

async fn order(list: &List) -> Result<(), String> {
    for sort in ["nonsense", "-", "-nonsense"] {
        let refused = list.with(&format!("sort={sort}")).await;
        let field = refused.json["field"].as_str();
        if (refused.status, field) != (400, Some("sort")) {
            return Err(format!("sort={sort}: {} {}", refused.status, refused.text));
        }
    }
    Ok(())
}

async fn try_list(app: &TestApp, described: Described) -> Result<(), String> {
    let list = List::of(app, described).await;
    let takes = |name: &str| described.operation.query.iter().any(|parameter| parameter.name == name);
    let whole = list.with("limit=100000").await;
    if whole.status != 200 {
        return Err(format!("limit=100000: {} {}", whole.status, whole.text));
    }
    bounds(&list, &whole).await?;
    spellings(&list, described).await?;
    links(&list, &whole).await?;
    if takes("fields") {
        fields(&list, &whole).await?;
    }
    if takes("sort") {
        order(&list).await?;
    }
    Ok(())
}

/// Lists with the envelope: older ones are bare arrays and have tests of their own.
fn lists() -> impl Iterator<Item = Described> {
    described().filter(|described| {
        let takes = |name: &str| described.operation.query.iter().any(|parameter| parameter.name == name);
        let has_envelope = !described.example()["response"]["body"]["results"].is_null();
        described.operation.method == "GET" && takes("limit") && takes("offset") && has_envelope
    })
}

#[test]
fn every_list_keeps_the_conventions() {
    assert!(lists().count() >= 5, "the lists are found");
    let mut wrong = Vec::new();
    for described in lists() {
        run(Engine::Sqlite, async |app| {
            if let Err(what) = try_list(app, described).await {
                wrong.push(format!("{}: {what}", described.id()));
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
