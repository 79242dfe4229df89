//! The document, put together from the table of routes.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Kind, Needs, Operation, Parameter};
use crate::routes::{self, Route};

/// The whole document as JSON.
pub fn document(server: &str) -> Value {
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes::all() {
        for operation in route.operations {
            let methods = paths.entry(route.path).or_insert_with(|| json!({}));
            methods[operation.method.to_ascii_lowercase()] = described(route, operation, &mut schemas);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Liaison",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Client/vendor collaboration on security findings.",
            "license": {"name": "Apache-2.0 OR MIT"},
        },
        "servers": [{"url": server}],
        "security": [{"token": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.definitions(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "basic", "description": "The API token as user name, no password."},
                "bearer": {"type": "http", "scheme": "bearer", "description": "The API token."},
            },
        },
    })
}

/// What is written may lack what is optional; what is answered has every key.
struct Schemas {
    sent: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Schemas {
    fn new() -> Schemas {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Schemas {
            sent: settings().for_deserialize().into_generator(),
            answered: settings().for_serialize().into_generator(),
        }
    }

    fn definitions(mut self) -> Map<String, Value> {
        let mut all = self.sent.take_definitions(true);
        all.extend(self.answered.take_definitions(true));
        all
    }
}

fn described(route: &Route, operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut responses: Map<String, Value> = Map::new();
    for answer in operation.answers.iter().flatten() {
        let mut response = json!({"description": answer.about});
        if answer.status != 204 {
            let media = answer
                .schema
                .map_or_else(|| json!({}), |schema| json!({"schema": schema(&mut schemas.answered)}));
            response["content"][answer.media_type] = media;
        }
        responses.insert(answer.status.to_string(), response);
    }
    let mut refusals = operation.refusals.to_vec();
    refusals.push(401);
    for status in refusals {
        responses.insert(status.to_string(), json!({"description": "Refused."}));
    }
    let path = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let path = path.map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": path.chain(operation.query.iter().map(parameter)).collect::<Vec<_>>(),
        "responses": responses,
    });
    let who = match operation.needs {
        Needs::Reader => "",
        Needs::Inviter => "Every role but `customer_user`.",
        Needs::Admin => "Administrators and company tokens only.",
        Needs::User => "With the token of a user; a company token is nobody in particular.",
    };
    let text = [operation.description, who].join("\n\n");
    if !text.trim().is_empty() {
        described["description"] = json!(text.trim());
    }
    if let Some(body) = operation.body {
        described["requestBody"]["content"][body.media_type] = json!({"schema": (body.schema)(&mut schemas.sent)});
    }
    described
}

fn parameter(parameter: &Parameter) -> Value {
    let schema = match parameter.kind {
        Kind::Text | Kind::List => json!({"type": "string"}),
        Kind::Count => json!({"type": "integer", "minimum": 0}),
        Kind::Integer => json!({"type": "integer"}),
        Kind::Number => json!({"type": "number"}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Moment => json!({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
        Kind::OneOf(words) => json!({"type": "string", "enum": words}),
    };
    json!({"name": parameter.name, "in": "query", "description": parameter.about, "schema": schema})
}
