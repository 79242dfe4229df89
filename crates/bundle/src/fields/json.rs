//! Pieces of JSON inside of a row: the fields of an object unread, and values that are stored as JSON.

use std::borrow::Cow;
use std::fmt;

use liaison_domain::limits;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// What a column of stored JSON holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Object,
    Objects,
    Strings,
}

impl Shape {
    /// What is stored where nothing is given.
    pub(super) fn nothing(self) -> &'static str {
        if self == Shape::Object { "{}" } else { "[]" }
    }

    /// What is wrong with a text that should be stored.
    pub(super) fn check(self, text: &str) -> Result<(), String> {
        let (fits, wanted) = match self {
            Shape::Object => (fits::<Map<String, Value>>(text), "an object"),
            Shape::Objects => (fits::<Vec<Map<String, Value>>>(text), "an array of objects"),
            Shape::Strings => (fits::<Vec<String>>(text), "an array of texts"),
        };
        match fits {
            Err(error) if error.is_data() => Err(format!("must be {wanted}")),
            Err(error) => Err(plain(&error)),
            Ok(()) if text.len() > limits::BODY_BYTES => Err(format!("must have at most {} bytes", limits::BODY_BYTES)),
            Ok(()) => Ok(()),
        }
    }
}

fn fits<'r, T: Deserialize<'r>>(text: &'r str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<T>(text).map(drop)
}

/// An error of the JSON parser without its place, which counts from the start of the field.
pub(super) fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.as_str(), |(reason, _)| reason)
        .to_owned()
}

/// JSON without the spaces around its tokens. The text has to be JSON.
pub(super) fn compact(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let kept = text.chars().filter(|&c| {
        let keep = inside || !c.is_ascii_whitespace();
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
        keep
    });
    kept.collect()
}

/// Keys and unread values of an object, in their order.
pub(super) struct Entries<'r>(pub(super) Vec<(Cow<'r, str>, &'r RawValue)>);

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'r>(#[serde(borrow)] Cow<'r, str>);

impl<'r> Deserialize<'r> for Entries<'r> {
    fn deserialize<D: Deserializer<'r>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'r> Visitor<'r> for Object {
            type Value = Entries<'r>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'r>>(self, mut map: A) -> Result<Entries<'r>, A::Error> {
                let mut entries = Vec::with_capacity(16);
                while let Some(Key(key)) = map.next_key()? {
                    entries.push((key, map.next_value()?));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Whether a text is one JSON value.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn spaces_go_except_inside_of_texts() {
        let text = "{ \"a b\" : [1 ,\n\t2.50], \"c\\\" d\": \"x \\\\\" }";
        assert_eq!(compact(text), "{\"a b\":[1,2.50],\"c\\\" d\":\"x \\\\\"}");
    }
}
