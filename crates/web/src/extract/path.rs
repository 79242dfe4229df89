//! The variable parts of a path, as text.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use crate::state::Web;

/// The text of the path's variable part. What is no UTF-8 is the empty text: there is nothing of that name.
pub(crate) struct PathText(pub(crate) String);

impl FromRequestParts<Web> for PathText {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<PathText, Infallible> {
        let path = Path::<String>::from_request_parts(parts, web).await;
        Ok(PathText(path.map(|Path(text)| text).unwrap_or_default()))
    }
}

/// The texts of a path's two variable parts, with the same rule.
pub(crate) struct PathPair(pub(crate) (String, String));

impl FromRequestParts<Web> for PathPair {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<PathPair, Infallible> {
        let path = Path::<(String, String)>::from_request_parts(parts, web).await;
        Ok(PathPair(path.map(|Path(texts)| texts).unwrap_or_default()))
    }
}
