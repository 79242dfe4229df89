//! The document, put together from the table of routes.

use serde_json::{Map, Value, json};

use super::examples::Example;
use super::schemas::Schemas;
use super::{Answer, Body, Kind, Needs, Operation, Parameter, responses, tag};
use crate::routes::{self, Access, Route};

const ABOUT: &str = "Client/vendor collaboration on security findings, in the wire format of Bitsight's collaboration \
API.\n\nPaths stand here under one prefix each. `/v1` and `/customer-api/v1` are the same as `/ratings/v1`, `/v2` and \
`/customer-api/v2` the same as `/ratings/v2`; a trailing slash and doubled slashes change nothing. Query parameters that \
are unknown are passed over, empty ones count as absent, of repeated ones the last counts (of `offset` the first; those \
of `fields`, `expand` and `sort` add up), and `a__b` is another spelling of `a.b`. Unknown keys of a body are passed over, \
unless its schema forbids them. No text may contain NUL.";

/// The whole document as JSON, and what is wrong with the names of its schemas.
pub fn document(server: &str) -> (Value, Vec<String>) {
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes::all() {
        for operation in route.operations {
            let methods = paths.entry(route.path).or_insert_with(|| json!({}));
            methods[operation.method.to_ascii_lowercase()] = described(route, operation, &mut schemas);
        }
    }
    let tags = tag::ALL
        .iter()
        .map(|(name, about)| json!({"name": name, "description": about}));
    let tags: Vec<Value> = tags.collect();
    let responses = responses::components(&mut schemas);
    let (schemas, clashes) = schemas.components();
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Liaison",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "An open server for client/vendor access programs.",
            "description": ABOUT,
            "license": {"name": "Apache-2.0 OR MIT"},
        },
        "servers": [{"url": server}],
        "tags": tags,
        "security": [{"token": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "parameters": parameters(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "basic", "description": "The API token as user name, no password."},
                "bearer": {"type": "http", "scheme": "bearer", "description": "The API token."},
            },
        },
    });
    (document, clashes)
}

/// Headers that many operations read.
fn parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header",
            "description": "Makes the call safe to repeat: the same key with the same request is answered as the first \
                            time, for 24 hours at least, and nothing happens twice. Refusals are not remembered.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        },
        "IfNoneMatch": {
            "name": "If-None-Match", "in": "header",
            "description": "The `ETag` of the answer that the caller has: where it is still true, 304 comes without a body.",
            "schema": {"type": "string"},
        },
    })
}

fn described(route: &Route, operation: &Operation, schemas: &mut Schemas) -> Value {
    let example = Example::of(operation, "");
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": all_parameters(route, operation, &example),
        "responses": answers(route, operation, schemas),
    });
    let text = text(route, operation);
    if !text.is_empty() {
        described["description"] = json!(text);
    }
    if route.access == Access::Public {
        described["security"] = json!([]);
    }
    if let Some(body) = &operation.body {
        described["requestBody"] = sent(operation, body, schemas);
    }
    described
}

/// What the description says: the operation's own sentences, and who may call it.
fn text(route: &Route, operation: &Operation) -> String {
    let who = match operation.needs {
        _ if route.access == Access::Public => "Without a token.",
        Needs::Reader => "",
        Needs::Inviter => "Every role but `customer_user`.",
        Needs::Admin => "Administrators and company tokens only.",
        Needs::User => "With the token of a user; a company token is nobody in particular.",
        Needs::Writer => "On the sending side every role but `customer_user`, on the receiving side every role.",
        Needs::Author => "Its author alone.",
    };
    let text = [operation.description, who].join("\n\n");
    text.trim().to_owned()
}

fn sent(operation: &Operation, body: &Body, schemas: &mut Schemas) -> Value {
    let mut media = json!({"schema": schemas.sent(body)});
    let examples = operation
        .example_names()
        .map(|name| (name, Example::of(operation, name).body));
    exemplify(&mut media, examples.collect());
    json!({"required": !body.is_optional, "content": {body.media_type: media}})
}

/// Puts examples beside a schema: one as it is, several by their names.
fn exemplify(media: &mut Value, examples: Vec<(&str, Value)>) {
    let mut examples: Vec<_> = examples.into_iter().filter(|(_, value)| !value.is_null()).collect();
    if examples.len() == 1 {
        media["example"] = examples.remove(0).1;
        return;
    }
    for (name, value) in examples {
        let name = if name.is_empty() { "usual" } else { name };
        media["examples"][name] = json!({"value": value});
    }
}

fn all_parameters(route: &Route, operation: &Operation, example: &Example) -> Vec<Value> {
    let mut all: Vec<Value> = in_path(route.path).map(|name| path_parameter(name, example)).collect();
    for parameter in operation.query {
        let mut shown = shown(parameter, "query");
        if let Some(value) = example.in_query(parameter.name) {
            shown["example"] = parameter.kind.typed(value);
        }
        all.push(shown);
    }
    all.extend(operation.header.iter().map(|parameter| shown(parameter, "header")));
    let shared = |name: &str| json!({"$ref": format!("#/components/parameters/{name}")});
    if operation.takes_key {
        all.push(shared("IdempotencyKey"));
    }
    if operation.is_conditional {
        all.push(shared("IfNoneMatch"));
    }
    all
}

/// Names of the variable parts of a path.
fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn path_parameter(name: &str, example: &Example) -> Value {
    let mut parameter = json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
    if let Some(value) = example.in_path(name) {
        parameter["example"] = value.clone();
    }
    parameter
}

fn shown(parameter: &Parameter, place: &str) -> Value {
    let schema = parameter.kind.schema();
    json!({"name": parameter.name, "in": place, "description": parameter.about, "schema": schema})
}

fn answers(route: &Route, operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut responses = responses::refusals(operation, route.access);
    let all: Vec<&Answer> = operation.answers.iter().flatten().collect();
    for (place, answer) in all.iter().enumerate() {
        let response = responses
            .entry(answer.status.to_string())
            .or_insert_with(|| json!({"description": answer.about}));
        if !answer.media_type.is_empty() && answer.status != 204 {
            let mut media = json!({});
            if let Some(schema) = answer.schema {
                media["schema"] = schemas.answered(schema);
            }
            if place == 0 {
                let examples = operation
                    .example_names()
                    .map(|name| (name, Example::of(operation, name)));
                let fitting = examples.filter(|(_, example)| example.status == u64::from(answer.status));
                exemplify(
                    &mut media,
                    fitting.map(|(name, example)| (name, example.answer)).collect(),
                );
            }
            response["content"][answer.media_type] = media;
        }
        if place == 0 {
            headers(response, operation);
            files(response, operation);
        }
    }
    if operation.is_conditional {
        responses.insert("304".into(), json!({"description": "The caller has it already."}));
    }
    Value::Object(responses)
}

/// The files that `format` chooses.
fn files(response: &mut Value, operation: &Operation) {
    let format = operation.query.iter().find(|parameter| parameter.name == "format");
    let Some(Kind::OneOf(words)) = format.map(|format| format.kind) else {
        return;
    };
    for (word, media) in [
        ("csv", "text/csv"),
        (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("pdf", "application/pdf"),
    ] {
        if words.contains(&word) {
            response["content"][media] = json!({});
        }
    }
}

fn headers(response: &mut Value, operation: &Operation) {
    for header in operation.answer_headers {
        response["headers"][header.name] = json!({"description": header.about, "schema": header.kind.schema()});
    }
    if operation.is_conditional {
        let about = "Changes with the answer.";
        response["headers"]["ETag"] = json!({"description": about, "schema": {"type": "string"}});
    }
}

impl Kind {
    /// Whether there are values that are refused.
    pub(super) fn may_be_wrong(self) -> bool {
        !matches!(self, Kind::Text | Kind::List)
    }

    /// A value as its schema has it; examples may have it as the text that stands in an address.
    fn typed(self, value: &Value) -> Value {
        let text = value.as_str().unwrap_or_default();
        match self {
            Kind::Count | Kind::Ordinal | Kind::Integer | Kind::Number | Kind::Boolean if !text.is_empty() => {
                serde_json::from_str(text).unwrap_or_else(|_| value.clone())
            }
            _ => value.clone(),
        }
    }

    fn schema(self) -> Value {
        match self {
            Kind::Text | Kind::List => json!({"type": "string"}),
            Kind::Count => json!({"type": "integer", "minimum": 0, "maximum": i64::MAX}),
            Kind::Ordinal => json!({"type": "integer", "minimum": 1, "maximum": i64::MAX}),
            Kind::Integer => json!({"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX}),
            Kind::Number => json!({"type": "number"}),
            Kind::Boolean => json!({"type": "boolean"}),
            // An empty one counts as absent.
            Kind::Date => json!({"type": "string", "anyOf": [{"format": "date"}, {"maxLength": 0}]}),
            Kind::Moment => {
                json!({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}, {"maxLength": 0}]})
            }
            Kind::OneOf(words) => json!({"type": "string", "enum": words}),
        }
    }
}
