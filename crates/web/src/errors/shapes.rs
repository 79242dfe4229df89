//! Errors in the shapes that some paths document.

use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::ApiError;

impl ApiError {
    /// The same error as the paths of access links answer it: a 400 stands in a list.
    pub(crate) fn into_listed(self) -> Response {
        self.reshaped(|body| json!({"errors": [body]}))
    }

    /// The same error as company requests answer it: a 400 has the texts of a field under the last part of its path.
    pub(crate) fn into_fields(self) -> Response {
        let field = self.field().and_then(|path| path.rsplit('.').next()).map(str::to_owned);
        let field = field.unwrap_or_else(|| "body".to_owned());
        self.reshaped(|mut body| {
            body[field] = json!([body["detail"]]);
            body["details"] = json!({});
            body
        })
    }

    /// The same error as the path of a customer answers it: a 400 has the field as key of its detail, with its rules.
    pub(crate) fn into_keyed(self) -> Response {
        let field = self.field().unwrap_or("body").to_owned();
        let rule = self
            .detail
            .strip_prefix(field.as_str())
            .and_then(|rest| rest.strip_prefix(": "));
        let rule = rule.unwrap_or(&self.detail).to_owned();
        self.reshaped(|body| json!({"detail": {field: [rule]}, "code": body["code"]}))
    }

    fn reshaped(self, shape: impl FnOnce(Value) -> Value) -> Response {
        if self.kind.status != 400 {
            return self.into_response();
        }
        let body = shape(serde_json::to_value(self.body()).unwrap_or_default());
        let mut response = self.respond("application/json", body.to_string().into_bytes());
        response.extensions_mut().insert(self);
        response
    }
}
