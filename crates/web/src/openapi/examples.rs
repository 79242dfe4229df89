//! Examples of operations: files that a test replays. What an example takes from the answer of an earlier one is put in
//! from that one's file.

use serde_json::{Map, Value};

use super::Operation;
use crate::routes;

/// An example, ready to be shown.
#[derive(Default)]
pub(crate) struct Example {
    path: Map<String, Value>,
    query: Map<String, Value>,
    /// What is sent; null where nothing is.
    pub(crate) body: Value,
    /// What came back; null where nothing did.
    pub(crate) answer: Value,
    /// The status of what came back.
    pub(crate) status: u64,
}

impl Example {
    /// The example of an operation that has this name, empty for the first; an empty one where there is none.
    pub(crate) fn of(operation: &Operation, name: &str) -> Example {
        let whole = read(operation, name);
        let request = filled(&whole["request"]);
        let part = |name: &str| request[name].as_object().cloned().unwrap_or_default();
        Example {
            path: part("path"),
            query: part("query"),
            body: request["body"].clone(),
            answer: whole["response"]["body"].clone(),
            status: whole["response"]["status"].as_u64().unwrap_or_default(),
        }
    }

    /// What stands for a parameter of the path.
    pub(crate) fn in_path(&self, name: &str) -> Option<&Value> {
        self.path.get(name)
    }

    /// What stands for a parameter of the query.
    pub(crate) fn in_query(&self, name: &str) -> Option<&Value> {
        self.query.get(name)
    }

    /// Path and query of the request, percent-encoded.
    pub(crate) fn target(&self, path: &str) -> String {
        let mut target = path.to_owned();
        for (name, value) in &self.path {
            let encoded: String = form_urlencoded::byte_serialize(text(value).as_bytes()).collect();
            target = target.replace(&format!("{{{name}}}"), &encoded);
        }
        if !self.query.is_empty() {
            let pairs = self.query.iter().map(|(name, value)| (name, text(value)));
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish();
            target = format!("{target}?{query}");
        }
        target
    }
}

/// A value as it stands in an address.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn read(operation: &Operation, name: &str) -> Value {
    let text = operation.example_named(name).unwrap_or_default();
    // A test sends every example, so none is broken.
    serde_json::from_str(text).unwrap_or_default()
}

/// `{operation.pointer}`, or `{operation/name.pointer}`, becomes what stands there in the answer of that operation's example.
fn filled(value: &Value) -> Value {
    match value {
        Value::String(text) => taken(text).unwrap_or_else(|| value.clone()),
        Value::Array(entries) => entries.iter().map(filled).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), filled(field)))
            .collect(),
        other => other.clone(),
    }
}

fn taken(text: &str) -> Option<Value> {
    let (id, pointer) = text.strip_prefix('{')?.strip_suffix('}')?.split_once('.')?;
    let (id, name) = id.split_once('/').unwrap_or((id, ""));
    let mut operations = routes::all().flat_map(|route| route.operations);
    let answer = read(operations.find(|operation| operation.id == id)?, name);
    let pointer = format!("/{}", pointer.replace('.', "/"));
    answer["response"]["body"].pointer(&pointer).cloned()
}
