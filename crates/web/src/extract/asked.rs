//! A question too long for an address: sent by `POST`, with the parameters of the query in a JSON object.

use axum::extract::{FromRequest, Request};
use liaison_domain::limits;
use serde_json::Value;

use super::body::received;
use super::{Caller, Params};
use crate::errors::ApiError;
use crate::state::Web;

/// A reading request whose parameters stand in its query, its body, or both; those of the body count.
pub(crate) struct Asked {
    pub(crate) caller: Caller,
    pub(crate) params: Params,
}

impl FromRequest<Web> for Asked {
    type Rejection = ApiError;

    async fn from_request(request: Request, web: &Web) -> Result<Asked, ApiError> {
        let (parts, caller, (body, _)) = received(request, web).await?;
        let mut params = Params::parse(parts.uri.query().unwrap_or_default());
        let read = merge(&mut params, &body).and_then(|()| params.check());
        caller.checked(web, read).await?;
        Ok(Asked { caller, params })
    }
}

fn merge(params: &mut Params, body: &Value) -> Result<(), ApiError> {
    match body {
        Value::Null => Ok(()),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| add(params, name, value)),
        _ => Err(ApiError::parameter("body", "must be an object")),
    }
}

/// Nested objects are names with dots.
fn add(params: &mut Params, name: &str, value: &Value) -> Result<(), ApiError> {
    // A long name would be kept once for everything inside of it. A character has four bytes at most.
    if name.len() > limits::PARAMETER_NAME_CHARS * 4 {
        let rule = format!("names have at most {} characters", limits::PARAMETER_NAME_CHARS);
        return Err(ApiError::parameter("body", &rule));
    }
    if let Value::Object(fields) = value {
        return fields
            .iter()
            .try_for_each(|(inner, value)| add(params, &format!("{name}.{inner}"), value));
    }
    let text = match value {
        Value::Array(entries) => entries
            .iter()
            .map(single)
            .collect::<Option<Vec<_>>>()
            .map(|all| all.join(",")),
        other => single(other),
    };
    let text =
        text.ok_or_else(|| ApiError::parameter(name, "must be a text, a number, true, false, or a list of them"))?;
    params.set(name, &text);
    Ok(())
}

fn single(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_is_a_query() {
        let mut params = Params::parse("limit=1&q=x");
        let body = json!({"limit": 2, "guid": ["a", "b"], "industry": {"slug": "x"}, "tier__x": null, "is_ip": true});
        merge(&mut params, &body).unwrap();
        assert_eq!((params.text("limit"), params.text("q")), (Some("2"), Some("x")));
        assert_eq!(params.list("guid"), Some(vec!["a", "b"]));
        assert_eq!((params.text("industry.slug"), params.text("tier.x")), (Some("x"), None));
        assert_eq!(params.boolean("is_ip").unwrap(), Some(true));
        assert!(merge(&mut params, &json!({"guid": [["a"]]})).is_err() && merge(&mut params, &json!([])).is_err());
        assert!(merge(&mut params, &json!({"k".repeat(401): {"a": 1}})).is_err());
    }
}
