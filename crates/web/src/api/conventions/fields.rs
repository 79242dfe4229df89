//! `fields`: the names of the fields that an answer is reduced to.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::extract::Params;
use crate::openapi::{Kind, Parameter, query};

/// The parameter of every list whose rows can be reduced.
pub(crate) const FIELDS: Parameter = query(
    "fields",
    Kind::List,
    "Names of the fields wanted, with commas; all others are left out. Unknown names are passed over.",
);

/// Which fields a caller wants; all where nothing was said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Projection(Option<Arc<Vec<String>>>);

impl Projection {
    /// `fields` of a query.
    pub(crate) fn of(params: &Params) -> Projection {
        let names = params.list("fields");
        Projection(names.map(|names| Arc::new(names.into_iter().map(str::to_owned).collect())))
    }

    /// Whether a field is wanted, for those that cost something to make.
    pub(crate) fn wants(&self, field: &str) -> bool {
        self.0
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name == field))
    }

    /// An object with the fields that are wanted.
    pub(crate) fn apply<T>(&self, object: T) -> Projected<T> {
        Projected(object, self.clone())
    }
}

/// An object of which only some fields are written.
pub(crate) struct Projected<T>(T, Projection);

impl<T: Serialize> Serialize for Projected<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.1.0.is_none() {
            return self.0.serialize(serializer);
        }
        let mut value = serde_json::to_value(&self.0).map_err(serde::ser::Error::custom)?;
        if let Value::Object(fields) = &mut value {
            fields.retain(|name, _| self.1.wants(name));
        }
        value.serialize(serializer)
    }
}

/// The schema of the whole object, none of whose fields has to be there.
impl<T: JsonSchema> JsonSchema for Projected<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("Projected<{}>", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        schema.remove("required");
        schema
    }
}
