//! The shape of a 400 whose detail is an object: field by field, with its rules.

use axum::response::{IntoResponse as _, Response};

use super::ApiError;

impl ApiError {
    /// The same error as the path of a customer answers it: a 400 has the field as key of its detail, with its rules.
    pub(crate) fn into_keyed(self) -> Response {
        if self.kind.status != 400 {
            return self.into_response();
        }
        let field = self.field().unwrap_or("body");
        let rule = self.detail.strip_prefix(field).and_then(|rest| rest.strip_prefix(": "));
        let keyed = serde_json::json!({"detail": {field: [rule.unwrap_or(&self.detail)]}, "code": self.kind.code});
        let mut response = self.respond("application/json", keyed.to_string().into_bytes());
        response.extensions_mut().insert(self);
        response
    }
}
