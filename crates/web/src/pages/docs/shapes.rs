//! Schemas in words: what a value is, and the fields of an object.

use serde_json::Value;

use super::words::{Run, runs};
use super::{entries, list, string};

/// A stretch of the words for a schema: plain, code, or the name of another schema.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) is_code: bool,
    /// The name of the schema that it leads to; empty where it leads nowhere.
    pub(super) shape: String,
}

/// A field of an object, or a parameter.
pub(super) struct Field {
    pub(super) name: String,
    /// Where a parameter stands: `path`, `query`, `header`.
    pub(super) place: String,
    pub(super) is_needed: bool,
    pub(super) kind: Vec<Piece>,
    pub(super) about: Vec<Run>,
    /// As it stands in the example; empty where there is none.
    pub(super) example: String,
}

fn plain(text: impl Into<String>) -> Piece {
    Piece {
        text: text.into(),
        is_code: false,
        shape: String::new(),
    }
}

fn code(text: impl Into<String>) -> Piece {
    Piece {
        is_code: true,
        ..plain(text)
    }
}

/// A parameter of an operation.
pub(super) fn parameter(parameter: &Value) -> Field {
    Field {
        name: string(&parameter["name"]),
        place: string(&parameter["in"]),
        is_needed: parameter["required"] == true,
        kind: pieces(&parameter["schema"]),
        about: runs(&string(&parameter["description"])),
        example: match &parameter["example"] {
            Value::Null => String::new(),
            value => crate::openapi::text(value),
        },
    }
}

/// The fields of an object; none where the schema is none of an object.
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    let is_needed = |name: &str| list(&schema["required"]).any(|needed| needed == name);
    let fields = entries(&schema["properties"]).map(|(name, field)| Field {
        name: name.clone(),
        place: String::new(),
        is_needed: is_needed(name),
        kind: pieces(field),
        about: runs(&string(&field["description"])),
        example: String::new(),
    });
    fields.collect()
}

/// What a value is, in words.
pub(super) fn pieces(schema: &Value) -> Vec<Piece> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return vec![Piece {
            shape: name.to_owned(),
            ..plain(name)
        }];
    }
    if let Some(first) = list(&schema["allOf"]).next() {
        return pieces(first);
    }
    for choice in ["anyOf", "oneOf"] {
        let choices: Vec<&Value> = list(&schema[choice]).collect();
        let are_kinds = choices.iter().any(|choice| {
            ["type", "$ref", "allOf", "anyOf"]
                .iter()
                .any(|key| choice.get(key).is_some())
        });
        if are_kinds {
            return joined(choices.iter().map(|choice| pieces(choice)).collect());
        }
    }
    if schema.get("enum").is_some() {
        let words = list(&schema["enum"]).map(|word| vec![code(crate::openapi::text(word))]);
        return joined(words.collect());
    }
    let types: Vec<String> = match &schema["type"] {
        Value::String(one) => vec![one.clone()],
        Value::Array(several) => several.iter().map(string).collect(),
        _ => vec!["anything".to_owned()],
    };
    joined(types.iter().map(|kind| one_type(kind, schema)).collect())
}

fn joined(alternatives: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut all = Vec::new();
    for alternative in alternatives {
        if !all.is_empty() {
            all.push(plain(" or "));
        }
        all.extend(alternative);
    }
    all
}

fn one_type(kind: &str, schema: &Value) -> Vec<Piece> {
    match kind {
        "array" => {
            let mut words = vec![plain("array of ")];
            words.extend(pieces(&schema["items"]));
            words.extend(bounds(schema, ("minItems", "maxItems"), " entries"));
            words
        }
        "string" => {
            let formats: Vec<String> = match schema.get("format").and_then(Value::as_str) {
                Some(format) => vec![format.to_owned()],
                None => list(&schema["anyOf"])
                    .filter_map(|choice| choice["format"].as_str().map(str::to_owned))
                    .collect(),
            };
            let mut words = vec![plain(if formats.is_empty() {
                "string".to_owned()
            } else {
                formats.join(" or ")
            })];
            words.extend(bounds(schema, ("minLength", "maxLength"), " characters"));
            words
        }
        "integer" | "number" => {
            let mut words = vec![plain(kind)];
            words.extend(bounds(schema, ("minimum", "maximum"), ""));
            words
        }
        "object" if schema.get("additionalProperties").is_some_and(Value::is_object) => {
            let mut words = vec![plain("object of ")];
            words.extend(pieces(&schema["additionalProperties"]));
            words
        }
        other => vec![plain(other)],
    }
}

/// Bounds, unless they are those of the type itself.
fn bounds(schema: &Value, (least, most): (&str, &str), unit: &str) -> Option<Piece> {
    let bound = |name: &str| {
        schema[name]
            .as_i64()
            .filter(|bound| *bound != i64::MIN && *bound != i64::MAX)
    };
    let text = match (bound(least), bound(most)) {
        (Some(least), Some(most)) => format!(", {least} to {most}{unit}"),
        (Some(least), None) => format!(", {least} or more{unit}"),
        (None, Some(most)) => format!(", {most}{unit} at most"),
        (None, None) => return None,
    };
    Some(plain(text))
}
