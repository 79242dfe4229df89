//! Schemas from the types: what is sent may lack what is optional, what is answered has every key.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use serde_json::{Map, Value, json};

use super::{Body, Schema};

/// Makes schemas and keeps those that others refer to.
pub(super) struct Schemas {
    sent: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Schemas {
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

    /// The schema of a body.
    pub(super) fn sent(&mut self, body: &Body) -> Value {
        let whole = finished((body.schema)(&mut self.sent));
        let schema = match self.inner(&whole).filter(|_| body.may_be_bare) {
            Some((name, inner)) => {
                let bare = required(body.required);
                let wrapped = json!({"properties": {name: bare}});
                let needs = !body.required.is_empty();
                json!({"anyOf": [both(whole, &wrapped, needs), both(inner, &bare, needs)]})
            }
            None => both(whole, &required(body.required), !body.required.is_empty()),
        };
        if body.is_optional {
            json!({"anyOf": [schema, {"type": "null"}]})
        } else {
            schema
        }
    }

    /// The first field of a body's schema, with its name.
    fn inner(&self, whole: &Value) -> Option<(String, Value)> {
        let name = whole["$ref"].as_str()?.rsplit('/').next()?;
        let fields = self.sent.definitions().get(name)?["properties"].as_object()?;
        fields.iter().next().map(|(name, field)| (name.clone(), field.clone()))
    }

    /// The schema of an answer.
    pub(super) fn answered(&mut self, schema: Schema) -> Value {
        finished(schema(&mut self.answered))
    }

    /// Every schema that has a name. Two types of one name, or a type whose sent and answered shape differ under one
    /// name, are a mistake in the code; `schemars(rename = "…")` mends it.
    pub(super) fn components(mut self) -> (Map<String, Value>, Vec<String>) {
        let named = |definitions: Map<String, Value>| {
            let schemas = definitions
                .into_iter()
                .filter_map(|(name, schema)| Some((name, finished(schema.try_into().ok()?))));
            schemas.collect::<Map<String, Value>>()
        };
        let mut all = named(self.sent.take_definitions(true));
        let mut clashes = Vec::new();
        for (name, schema) in named(self.answered.take_definitions(true)) {
            if all.get(&name).is_some_and(|other| *other != schema) {
                clashes.push(format!("{name} is sent and answered in two shapes"));
            }
            all.insert(name, schema);
        }
        // The generator numbers what would have the name of another.
        let numbered = all
            .keys()
            .filter(|name| name.ends_with(|last: char| last.is_ascii_digit()));
        clashes.extend(numbered.map(|name| format!("{name} is the name of another schema with a number")));
        (all, clashes)
    }
}

/// Fields that have to be there and must not be null.
fn required(fields: &[&str]) -> Value {
    let not_null = fields
        .iter()
        .map(|field| ((*field).to_owned(), json!({"not": {"type": "null"}})));
    json!({"required": fields, "properties": not_null.collect::<Map<String, Value>>()})
}

/// A schema, and another one that has to hold too.
fn both(schema: Value, other: &Value, has_other: bool) -> Value {
    if has_other {
        json!({"allOf": [schema, other]})
    } else {
        schema
    }
}

/// Whole numbers with the bounds of their type: texts, not schemas, know a format of integers.
fn finished(mut schema: schemars::Schema) -> Value {
    RecursiveTransform(|schema: &mut schemars::Schema| {
        let Some(object) = schema.as_object_mut() else { return };
        match object.get("format").and_then(Value::as_str) {
            Some("int64") => {
                object.entry("minimum").or_insert(json!(i64::MIN));
                object.entry("maximum").or_insert(json!(i64::MAX));
            }
            Some(format) if format.starts_with("uint") => {
                object.remove("format");
            }
            _ => {}
        }
    })
    .transform(&mut schema);
    schema.to_value()
}
