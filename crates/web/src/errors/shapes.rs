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
