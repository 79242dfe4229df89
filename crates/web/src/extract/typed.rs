//! A body as the type that also gives its published schema: one definition of what is read. What does not fit is
//! refused with the path of the field and what it must be.

use liaison_domain::Refusal;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{IntoDeserializer, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The body as a `T`. Unknown keys are passed over, unless `T` denies them.
pub(crate) fn typed<'v, T: Deserialize<'v>>(body: &'v Value) -> Result<T, Refusal> {
    if let Some(path) = with_nul(body, String::new()) {
        return Err(Refusal::field(path, "must not contain NUL characters"));
    }
    serde_path_to_error::deserialize(Strict(body)).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        refusal(&path, &error.into_inner().to_string())
    })
}

/// The body as a `T`, which stands in the object `name` as the contract has it, or bare, as many clients send it.
pub(crate) fn wrapped<'v, T: Deserialize<'v>>(body: &'v Value, name: &str) -> Result<T, Refusal> {
    let Some(inner) = body.get(name) else {
        return typed(body);
    };
    typed(inner).map_err(|refusal| match refusal {
        Refusal::Field { field, rule } if field == "body" => Refusal::field(name, rule),
        Refusal::Field { field, rule } => Refusal::field(joined(name, &field), rule),
        other => other,
    })
}

/// Reads a field that may be absent, null or given, with `#[serde(default, deserialize_with = "nullable")]`.
pub(crate) fn nullable<'de, T, D>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    Option::deserialize(from).map(Some)
}

/// A value of which an object is read from an object alone: serde would also take an array of its fields.
#[derive(Clone, Copy)]
struct Strict<'v>(&'v Value);

impl<'v> IntoDeserializer<'v, serde_json::Error> for Strict<'v> {
    type Deserializer = Strict<'v>;

    fn into_deserializer(self) -> Strict<'v> {
        self
    }
}

impl<'de> Deserializer<'de> for Strict<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Array(entries) => visitor.visit_seq(SeqDeserializer::new(entries.iter().map(Strict))),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, field)| (name.as_str(), Strict(field)));
                visitor.visit_map(MapDeserializer::new(fields))
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if self.0.is_array() {
            return Err(serde::de::Error::invalid_type(Unexpected::Seq, &visitor));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// The path of the first text with a NUL character, which no database text can hold.
fn with_nul(value: &Value, path: String) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then_some(path),
        Value::Array(entries) => {
            let mut entries = entries.iter().enumerate();
            entries.find_map(|(at, entry)| with_nul(entry, format!("{path}[{at}]")))
        }
        Value::Object(fields) => fields
            .iter()
            .find_map(|(name, field)| with_nul(field, joined(&path, name))),
        _ => None,
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// serde says what it found and what it expected, in the words of Rust; people are told what the field must be.
fn refusal(path: &str, said: &str) -> Refusal {
    let quoted = |said: &str| said.split('`').nth(1).unwrap_or_default().to_owned();
    if said.starts_with("missing field") {
        return Refusal::field(joined(path, &quoted(said)), "is needed");
    }
    if said.starts_with("unknown field") {
        let name: String = quoted(said).chars().take(100).collect();
        // The path names the unknown field already where serde got that far.
        let path = if path.ends_with(&name) {
            path.to_owned()
        } else {
            joined(path, &name)
        };
        return Refusal::field(path, "is not a field here");
    }
    let path = if path.is_empty() { "body" } else { path };
    let expected = said.rsplit_once("expected ").map_or(said, |(_, expected)| expected);
    Refusal::field(path, rule(expected))
}

fn rule(expected: &str) -> String {
    match expected {
        "a string" | "a borrowed string" => "must be a string".to_owned(),
        "a boolean" => "must be true or false".to_owned(),
        "a sequence" => "must be an array".to_owned(),
        "a map" => "must be an object".to_owned(),
        "i64" | "u64" | "i32" | "u32" | "u16" | "u8" => "must be a whole number".to_owned(),
        "f64" => "must be a number".to_owned(),
        _ if expected.starts_with("struct ") => "must be an object".to_owned(),
        _ if expected.contains("UUID") || expected.contains("uuid") => "must be a guid".to_owned(),
        _ if expected.contains('`') => {
            let words: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
            format!("must be one of {}", words.join(", "))
        }
        _ => format!("must be {expected}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Colour {
        Red,
        Blue,
    }

    #[derive(Debug, Deserialize)]
    struct Inner {
        #[expect(dead_code, reason = "only whether it can be read matters here")]
        name: String,
        #[expect(dead_code, reason = "only whether it can be read matters here")]
        rank: Option<i64>,
        #[expect(dead_code, reason = "only whether it can be read matters here")]
        colour: Option<Colour>,
    }

    #[derive(Debug, Deserialize)]
    struct Outer {
        #[expect(dead_code, reason = "only whether it can be read matters here")]
        tier: Inner,
    }

    #[expect(clippy::needless_pass_by_value, reason = "the tests below read better so")]
    fn refused(body: Value) -> String {
        typed::<Outer>(&body).unwrap_err().to_string()
    }

    #[test]
    fn what_stands_in_a_wrapper_is_named_with_it() {
        let refused = |body: Value| wrapped::<Inner>(&body, "tier").unwrap_err().to_string();
        assert!(wrapped::<Inner>(&json!({"tier": {"name": "A"}}), "tier").is_ok());
        assert!(wrapped::<Inner>(&json!({"name": "A"}), "tier").is_ok());
        assert_eq!(refused(json!({"tier": {"name": 1}})), "tier.name: must be a string");
        assert_eq!(refused(json!({"tier": 1})), "tier: must be an object");
        assert_eq!(refused(json!({"name": 1})), "name: must be a string");
        assert_eq!(refused(json!(null)), "body: must be an object");
    }

    #[test]
    fn the_field_is_named_with_its_rule() {
        assert!(typed::<Outer>(&json!({"tier": {"name": "A", "rank": null, "unknown": 1}})).is_ok());
        assert_eq!(refused(json!({"tier": {"name": 5}})), "tier.name: must be a string");
        assert_eq!(
            refused(json!({"tier": {"name": "A", "rank": "1"}})),
            "tier.rank: must be a whole number"
        );
        assert_eq!(
            refused(json!({"tier": {"name": "A", "rank": 1.5}})),
            "tier.rank: must be a whole number"
        );
        assert_eq!(refused(json!({"tier": {}})), "tier.name: is needed");
        assert_eq!(refused(json!({})), "tier: is needed");
        assert_eq!(refused(json!({"tier": []})), "tier: must be an object");
        assert_eq!(refused(json!({"tier": ["A", 1, null]})), "tier: must be an object");
        assert_eq!(refused(json!(null)), "body: must be an object");
        assert_eq!(
            refused(json!({"tier": {"name": "a\0b"}})),
            "tier.name: must not contain NUL characters"
        );
        assert_eq!(
            refused(json!({"tier": {"name": "A", "colour": "green"}})),
            "tier.colour: must be one of red, blue"
        );
    }
}
