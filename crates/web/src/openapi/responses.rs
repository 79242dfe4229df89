//! The refusals of the document: their texts come from the table of errors.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::schemas::Schemas;
use super::{Operation, Schema};
use crate::errors::{ErrorBody, ProblemBody, TABLE};
use crate::routes::Access;

/// Several errors at once, as the paths of access links answer a 400.
#[derive(Serialize, JsonSchema)]
struct ErrorList<'b> {
    errors: Vec<ErrorBody<'b>>,
}

/// Statuses of refusals and the names of their responses.
const NAMES: &[(u16, &str)] = &[
    (400, "BadRequest"),
    (401, "Unauthorized"),
    (403, "PermissionDenied"),
    (404, "NotFound"),
    (409, "Conflict"),
    (410, "Gone"),
    (413, "TooLarge"),
    (415, "UnsupportedMediaType"),
    (422, "Unprocessable"),
    (429, "TooManyRequests"),
    (500, "InternalServerError"),
    (503, "ServiceUnavailable"),
    (507, "StorageFull"),
];

/// Errors by field, as the path of a customer answers a 400.
#[derive(Serialize, JsonSchema)]
struct ErrorsByField {
    /// What is wrong with each field.
    detail: BTreeMap<String, Vec<String>>,
    /// Stable name.
    code: String,
}

/// The name of the 400 that is a list.
pub(super) const LISTED: &str = "BadRequestListed";
/// The name of the 400 that goes field by field.
pub(super) const KEYED: &str = "BadRequestByField";

/// Refusals of an operation, each a reference to its response.
pub(super) fn refusals(operation: &Operation, access: Access) -> Map<String, Value> {
    let mut statuses = operation.refusals.to_vec();
    if access == Access::Token {
        // A guest whose time is over hears 403, whatever the role may do.
        statuses.extend([401, 403, 500, 503]);
    }
    if operation.takes_key {
        statuses.extend([400, 409, 413, 415, 422, 507]);
    }
    if !operation.query.is_empty() && operation.query.iter().any(|parameter| parameter.kind.may_be_wrong()) {
        statuses.push(400);
    }
    statuses.sort_unstable();
    statuses.dedup();
    let named = statuses.iter().filter_map(|status| {
        let name = match NAMES.iter().find(|(known, _)| known == status) {
            Some((400, _)) => operation.bad_request,
            Some((_, name)) => name,
            None => return None,
        };
        Some((
            status.to_string(),
            json!({"$ref": format!("#/components/responses/{name}")}),
        ))
    });
    named.collect()
}

/// The status of a response by its name.
pub(crate) fn status_of(name: &str) -> u16 {
    let found = NAMES.iter().find(|(_, known)| name == *known);
    found.map_or(400, |(status, _)| *status)
}

/// The responses that operations refer to.
pub(super) fn components(schemas: &mut Schemas) -> Map<String, Value> {
    let error = schemas.answered(schemars::SchemaGenerator::subschema_for::<ErrorBody<'_>>);
    let problem = schemas.answered(schemars::SchemaGenerator::subschema_for::<ProblemBody<'_>>);
    let list = schemas.answered(schemars::SchemaGenerator::subschema_for::<ErrorList<'_>>);
    let mut responses = Map::new();
    for (status, name) in NAMES {
        let media = json!({
            "application/json": {"schema": error, "example": example(*status)},
            "application/problem+json": {"schema": problem},
        });
        responses.insert((*name).to_owned(), response(*status, &media));
    }
    let by_field = schemas.answered(schemars::SchemaGenerator::subschema_for::<ErrorsByField>);
    let keyed = json!({"detail": {"limit": ["must be a whole number from 0"]}, "code": "invalid_parameter"});
    for (name, schema, example) in [
        (LISTED, list, json!({"errors": [example(400)]})),
        (KEYED, by_field, keyed),
    ] {
        let media = json!({
            "application/json": {"schema": schema, "example": example},
            "application/problem+json": {"schema": problem},
        });
        responses.insert(name.to_owned(), response(400, &media));
    }
    responses
}

fn response(status: u16, media: &Value) -> Value {
    let mut response = json!({"description": about(status), "content": media});
    let header = |about: &str, schema: Value| json!({"description": about, "schema": schema});
    match status {
        401 => {
            let about = "The scheme, with a realm that mentions bitsight.";
            response["headers"]["WWW-Authenticate"] = header(about, json!({"type": "string"}));
        }
        409 | 429 | 503 => {
            let about = "Seconds to wait.";
            response["headers"]["Retry-After"] = header(about, json!({"type": "integer", "minimum": 0}));
        }
        _ => {}
    }
    response
}

/// Every code of a status with its meaning.
fn about(status: u16) -> String {
    let kinds = TABLE.iter().filter(|kind| kind.status == status);
    let lines: Vec<String> = kinds
        .map(|kind| format!("* `{}`: {}.", kind.code, kind.title))
        .collect();
    lines.join("\n")
}

fn example(status: u16) -> Value {
    let kind = TABLE.iter().find(|kind| kind.status == status);
    let (code, title) = kind.map_or(("internal_error", ""), |kind| (kind.code, kind.title));
    match status {
        400 => json!({"detail": "limit: must be a whole number from 0", "code": "invalid_parameter", "field": "limit"}),
        401 => json!({"detail": "Invalid token.", "code": code}),
        403 => json!({"detail": "You do not have permission to perform this action.", "code": code}),
        404 => json!({"detail": "Not found.", "code": code}),
        _ => json!({"detail": format!("{title}."), "code": code}),
    }
}

/// The schema of what the server answers about itself, whatever it is.
pub(super) const ANY_OBJECT: Schema = |_| schemars::json_schema!({"type": "object"});
