//! Schemas from the types: what is sent may lack what is optional, what is answered has every key.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use serde_json::{Map, Value, json};

use super::Schema;

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
    pub(super) fn sent(&mut self, schema: Schema) -> Value {
        finished(schema(&mut self.sent))
    }

    /// The schema of a body whose one field may come without the object around it.
    pub(super) fn sent_bare(&mut self, schema: Schema) -> Value {
        let whole = self.sent(schema);
        let name = whole["$ref"]
            .as_str()
            .and_then(|reference| reference.rsplit('/').next());
        let named = name.and_then(|name| self.sent.definitions().get(name));
        let fields = named.and_then(|named| named["properties"].as_object());
        match fields.and_then(|fields| fields.values().next()) {
            Some(inner) => json!({"anyOf": [whole, inner]}),
            None => whole,
        }
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
