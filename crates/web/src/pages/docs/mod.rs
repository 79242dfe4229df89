//! `/docs`: the published document as a page for people. Everything on it is taken from the document itself.

mod shapes;
mod words;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use serde_json::{Map, Value};

use self::shapes::{Field, Piece};
use self::words::{Run, runs};
use crate::openapi::{self, text};
use crate::state::Web;

#[derive(Template)]
#[template(path = "docs.html")]
struct Docs {
    server_name: String,
    public_url: String,
    version: String,
    about: Vec<Vec<Run>>,
    groups: Vec<Group>,
    refusals: Vec<Refusal>,
    shapes: Vec<Shape>,
}

/// A chapter.
struct Group {
    id: String,
    name: String,
    about: String,
    calls: Vec<Call>,
}

/// An operation.
struct Call {
    id: String,
    method: String,
    path: String,
    summary: String,
    about: Vec<Vec<Run>>,
    parameters: Vec<Field>,
    body: Option<Content>,
    answers: Vec<Answer>,
    refusals: Vec<(String, String)>,
    curl: String,
    /// What the first example is answered, in lines.
    example: String,
}

/// What is sent or answered, in one media type.
struct Content {
    media: String,
    shape: Vec<Piece>,
    fields: Vec<Field>,
}

/// An answer that means that it worked.
struct Answer {
    status: String,
    about: String,
    contents: Vec<Content>,
    headers: Vec<String>,
}

/// A kind of refusal.
struct Refusal {
    id: String,
    status: String,
    codes: Vec<Vec<Run>>,
}

/// A schema with a name.
struct Shape {
    name: String,
    about: Vec<Run>,
    whole: Vec<Piece>,
    fields: Vec<Field>,
}

/// `GET /docs`.
pub(crate) async fn show(State(web): State<Web>, headers: HeaderMap) -> Response {
    web.docs.answer("text/html; charset=utf-8", &headers, || {
        let (document, _) = openapi::document(web.public_url());
        let page = page(&document, &web.app.env.identity.server_name);
        page.render().unwrap_or_default().into_bytes()
    })
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn page(document: &Value, server_name: &str) -> Docs {
    let schemas = &document["components"]["schemas"];
    let shapes = entries(schemas).map(|(name, schema)| Shape {
        name: name.clone(),
        about: runs(&string(&schema["description"])),
        whole: shapes::pieces(schema),
        fields: shapes::fields(schema),
    });
    Docs {
        server_name: server_name.to_owned(),
        public_url: string(&document["servers"][0]["url"]),
        version: string(&document["info"]["version"]),
        about: paragraphs(&string(&document["info"]["description"])),
        groups: list(&document["tags"])
            .map(|tag| group(document, tag))
            .filter(|group| !group.calls.is_empty())
            .collect(),
        refusals: refusals(document),
        shapes: shapes.collect(),
    }
}

fn paragraphs(text: &str) -> Vec<Vec<Run>> {
    text.split("\n\n").filter(|text| !text.is_empty()).map(runs).collect()
}

fn group(document: &Value, tag: &Value) -> Group {
    let name = string(&tag["name"]);
    let mut calls = Vec::new();
    for (path, methods) in entries(&document["paths"]) {
        for method in ["get", "post", "put", "patch", "delete"] {
            let operation = &methods[method];
            if operation["tags"][0] == tag["name"] {
                calls.push(call(document, (path, method), operation));
            }
        }
    }
    Group {
        id: words::anchor(&name),
        about: string(&tag["description"]),
        name,
        calls,
    }
}

fn call(document: &Value, (path, method): (&str, &str), operation: &Value) -> Call {
    let parameters = list(&operation["parameters"]).map(|parameter| shapes::parameter(resolved(document, parameter)));
    let responses = entries(&operation["responses"]);
    let (refused, good): (Vec<_>, Vec<_>) = responses.partition(|(_, response)| response.get("$ref").is_some());
    let refusal = |(status, response): (&String, &Value)| {
        let name = string(&response["$ref"]);
        (
            status.clone(),
            words::anchor(name.rsplit('/').next().unwrap_or_default()),
        )
    };
    let id = string(&operation["operationId"]);
    Call {
        curl: curl(document, (path, method), &id),
        example: example(&id),
        id,
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: string(&operation["summary"]),
        about: paragraphs(&string(&operation["description"])),
        parameters: parameters.collect(),
        body: contents(document, &operation["requestBody"]).into_iter().next(),
        answers: good
            .into_iter()
            .map(|(status, response)| answer(document, status, response))
            .collect(),
        refusals: refused.into_iter().map(refusal).collect(),
    }
}

fn answer(document: &Value, status: &str, response: &Value) -> Answer {
    Answer {
        status: status.to_owned(),
        about: string(&response["description"]),
        contents: contents(document, response),
        headers: entries(&response["headers"]).map(|(name, _)| name.clone()).collect(),
    }
}

fn contents(document: &Value, holder: &Value) -> Vec<Content> {
    let contents = entries(&holder["content"]).map(|(media, content)| {
        let schema = &content["schema"];
        // A body is shown where it is sent, one level deep; what is answered often comes in several calls.
        let fields = if holder.get("required").is_some() {
            resolved(document, schema)
        } else {
            schema
        };
        Content {
            media: media.clone(),
            shape: if schema.is_null() {
                Vec::new()
            } else {
                shapes::pieces(schema)
            },
            fields: shapes::fields(fields),
        }
    });
    contents.collect()
}

/// What a reference refers to.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
        return value;
    };
    document.pointer(reference.trim_start_matches('#')).unwrap_or(value)
}

fn refusals(document: &Value) -> Vec<Refusal> {
    let responses = document["components"]["responses"].as_object();
    let nothing = Map::new();
    let responses = responses.unwrap_or(&nothing).iter();
    let mut refusals: Vec<Refusal> = responses
        .map(|(name, response)| {
            let text = string(&response["description"]);
            let codes = text.lines().filter_map(|line| line.strip_prefix("* ")).map(runs);
            Refusal {
                id: words::anchor(name),
                status: openapi::status_of(name).to_string(),
                codes: codes.collect(),
            }
        })
        .collect();
    refusals.sort_by(|one, other| (&one.status, &one.id).cmp(&(&other.status, &other.id)));
    refusals
}

/// The first example as a line for a shell.
fn curl(document: &Value, (path, method): (&str, &str), id: &str) -> String {
    let Some((operation, example)) = openapi::example_of(id) else {
        return String::new();
    };
    let mut line = String::from("curl");
    let is_public = document["paths"][path][method].get("security").is_some();
    if !is_public {
        line.push_str(" -u \"$TOKEN:\"");
    }
    let posts_a_body = method == "post" && !example.body.is_null();
    if method != "get" && !posts_a_body {
        line.push_str(&format!(" -X {}", method.to_uppercase()));
    }
    let server = string(&document["servers"][0]["url"]);
    line.push_str(&format!(
        " {}",
        words::quoted(&format!("{server}{}", example.target(path)))
    ));
    match operation.body {
        Some(body) if body.media_type == "application/json" && !example.body.is_null() => {
            let sent = words::quoted(&example.body.to_string());
            line.push_str(&format!(" \\\n  -H 'Content-Type: application/json' \\\n  -d {sent}"));
        }
        Some(_) => {
            for (name, value) in entries(&example.body) {
                line.push_str(&format!(
                    " \\\n  -F {}",
                    words::quoted(&format!("{name}={}", text(value)))
                ));
            }
        }
        None => {}
    }
    line
}

/// What the first example is answered.
fn example(id: &str) -> String {
    match openapi::example_of(id).map(|(_, example)| example.answer) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text,
        Some(answer) => serde_json::to_string_pretty(&answer).unwrap_or_default(),
    }
}
