//! `fields`: the names of the fields that an answer is reduced to.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::extract::Params;
use crate::openapi::{Kind, Parameter, query};

/// The parameter of every list whose rows can be reduced.
pub(crate) const FIELDS: Parameter = query(
    "fields",
    Kind::List,
    "Names of the fields wanted, with commas; all others are left out. Unknown names are passed over.",
);

/// The parameter of the few answers from which fields can be left out by name.
pub(crate) const EXCLUDE_FIELDS: Parameter = query(
    "exclude_fields",
    Kind::List,
    "Names of the fields to leave out, with commas. Unknown names are passed over.",
);

/// Which fields a caller wants; all where nothing was said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Projection {
    only: Option<Arc<Vec<String>>>,
    without: Option<Arc<Vec<String>>>,
}

impl Projection {
    /// `fields` of a query.
    pub(crate) fn of(params: &Params) -> Projection {
        Projection {
            only: names(params, "fields"),
            without: None,
        }
    }

    /// `fields` and `exclude_fields` of a query.
    pub(crate) fn with_exclusions(params: &Params) -> Projection {
        Projection {
            without: names(params, "exclude_fields"),
            ..Projection::of(params)
        }
    }

    /// Only some fields.
    pub(crate) fn named(names: Vec<String>) -> Projection {
        Projection {
            only: Some(Arc::new(names)),
            without: None,
        }
    }

    /// Whether a field, or a part of it, is wanted: for those that cost something to make.
    pub(crate) fn wants(&self, field: &str) -> bool {
        let is_in = |name: &String| name == field || name.strip_prefix(field).is_some_and(|rest| rest.starts_with('.'));
        self.only.as_ref().is_none_or(|names| names.iter().any(is_in))
    }

    /// An object with the fields that are wanted.
    pub(crate) fn apply<T>(&self, object: T) -> Projected<T> {
        Projected(object, self.clone())
    }
}

fn names(params: &Params, name: &str) -> Option<Arc<Vec<String>>> {
    let names = params.list(name)?.into_iter();
    Some(Arc::new(names.map(|name| name.replace("__", ".")).collect()))
}

/// An object of which only some fields are written.
pub(crate) struct Projected<T>(T, Projection);

impl<T: Serialize> Serialize for Projected<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.1.only.is_none() && self.1.without.is_none() {
            return self.0.serialize(serializer);
        }
        let mut value = serde_json::to_value(&self.0).map_err(serde::ser::Error::custom)?;
        if let Value::Object(fields) = &mut value {
            if let Some(names) = &self.1.only {
                reduce(fields, names);
            }
            if let Some(names) = &self.1.without {
                fields.retain(|field, _| !names.contains(field));
            }
        }
        value.serialize(serializer)
    }
}

/// Keeps the fields that are named. `a.b` is the field `b` of the object `a`; where that is null, it stays null.
fn reduce(fields: &mut Map<String, Value>, names: &[String]) {
    fields.retain(|field, value| {
        let parts = names.iter().filter_map(|name| name.strip_prefix(field.as_str()));
        let mut inner = Vec::new();
        for part in parts {
            match part.strip_prefix('.') {
                None if part.is_empty() => return true,
                None => {}
                Some(name) => inner.push(name.to_owned()),
            }
        }
        if let Value::Object(fields) = value {
            reduce(fields, &inner);
        }
        !inner.is_empty()
    });
}

/// The schema of the whole object, none of whose fields has to be there, nor those of the objects in it. It has a name of
/// its own, because the whole object may be answered by other calls.
impl<T: JsonSchema> JsonSchema for Projected<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Partial{}", T::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("Projected<{}>", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let whole = T::json_schema(generator).to_value();
        let partial = partial(&whole, generator.definitions());
        Schema::try_from(partial).unwrap_or_default()
    }
}

/// A schema without what has to be there. Objects in it come with their own schemas, which only hold here.
fn partial(schema: &Value, named: &Map<String, Value>) -> Value {
    let Value::Object(schema) = schema else {
        return schema.clone();
    };
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap_or_default();
        let mut inner = named.get(name).map_or(Value::Null, |inner| partial(inner, named));
        if let (Value::Object(inner), Some(about)) = (&mut inner, schema.get("description")) {
            inner.insert("description".to_owned(), about.clone());
        }
        return inner;
    }
    let parts = schema.iter().filter(|(key, _)| *key != "required");
    let parts = parts.map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("properties", Value::Object(fields)) => {
                let fields = fields.iter().map(|(name, field)| (name.clone(), partial(field, named)));
                Value::Object(fields.collect())
            }
            ("anyOf" | "oneOf" | "allOf", Value::Array(choices)) => {
                choices.iter().map(|choice| partial(choice, named)).collect()
            }
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(parts.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_and_parts_of_fields() {
        let object = json!({"guid": 1, "guide": 2, "industry": {"name": "A", "slug": "a"}, "life_cycle": null});
        let reduced = |query: &str| {
            let projection = Projection::of(&Params::parse(query));
            serde_json::to_value(projection.apply(&object)).unwrap()
        };
        assert_eq!(reduced(""), object);
        assert_eq!(reduced("fields=guid,unknown"), json!({"guid": 1}));
        assert_eq!(
            reduced("fields=industry__name,life_cycle.slug"),
            json!({"industry": {"name": "A"}, "life_cycle": null})
        );
        assert_eq!(
            reduced("fields=industry,industry.name"),
            json!({"industry": {"name": "A", "slug": "a"}})
        );
        let excluding = Projection::with_exclusions(&Params::parse("fields=guid,guide&exclude_fields=guide,unknown"));
        assert_eq!(
            serde_json::to_value(excluding.apply(&object)).unwrap(),
            json!({"guid": 1})
        );
        let projection = Projection::of(&Params::parse("fields=industry.name"));
        assert!(projection.wants("industry") && !projection.wants("guid"));
    }
}
