//! Reading fields out of a JSON object: types are checked and named, `null` is absent, unknown keys are passed over.

use liaison_domain::Refusal;
use serde_json::{Map, Value};

type Result<T> = std::result::Result<T, Refusal>;

/// A JSON object with the path at which it stands in the body.
pub(crate) struct Fields<'v> {
    path: String,
    object: &'v Map<String, Value>,
}

impl<'v> Fields<'v> {
    /// The object `value`; `path` is empty for the body itself.
    pub(crate) fn of(path: &str, value: &'v Value) -> Result<Fields<'v>> {
        let object = value
            .as_object()
            .ok_or_else(|| Refusal::field(name_or_body(path), "must be an object"))?;
        Ok(Fields {
            path: path.to_owned(),
            object,
        })
    }

    /// The value of a key, none where it is absent or null.
    pub(crate) fn value(&self, key: &str) -> Option<&'v Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// The path of a key.
    pub(crate) fn path(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// A string; NUL is refused, since no database text can hold it.
    pub(crate) fn text(&self, key: &str) -> Result<Option<&'v str>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| self.wrong(key, "must be a string"))?;
        if text.contains('\0') {
            return Err(self.wrong(key, "must not contain NUL characters"));
        }
        Ok(Some(text))
    }

    /// A string, empty where it is absent.
    pub(crate) fn text_or_empty(&self, key: &str) -> Result<String> {
        Ok(self.text(key)?.unwrap_or_default().to_owned())
    }

    /// A whole number.
    pub(crate) fn integer(&self, key: &str) -> Result<Option<i64>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        value
            .as_i64()
            .map(Some)
            .ok_or_else(|| self.wrong(key, "must be a whole number"))
    }

    /// A truth value.
    pub(crate) fn boolean(&self, key: &str) -> Result<Option<bool>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        value
            .as_bool()
            .map(Some)
            .ok_or_else(|| self.wrong(key, "must be true or false"))
    }

    /// An array, empty where it is absent.
    pub(crate) fn array(&self, key: &str) -> Result<&'v [Value]> {
        let Some(value) = self.value(key) else { return Ok(&[]) };
        value
            .as_array()
            .map(Vec::as_slice)
            .ok_or_else(|| self.wrong(key, "must be an array"))
    }

    /// A refusal of a key.
    pub(crate) fn wrong(&self, key: &str, rule: &str) -> Refusal {
        Refusal::field(self.path(key), rule)
    }
}

fn name_or_body(path: &str) -> &str {
    if path.is_empty() { "body" } else { path }
}
