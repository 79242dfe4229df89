//! The token of a request: HTTP Basic (the user name is the token, the password is ignored) or Bearer.

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::errors::ApiError;
use crate::state::Web;

/// The digest of the token that came with a request. Whether anybody is behind it is found in the database.
#[derive(Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) token_sha256: [u8; 32],
}

impl Caller {
    /// What was read from a request. Where that failed, who may not come in at all hears that first.
    pub(crate) async fn checked<T>(self, web: &Web, read: Result<T, ApiError>) -> Result<T, ApiError> {
        if read.is_err() {
            web.app.read_as(self.token_sha256, |_, _| Ok(())).await?;
        }
        read
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _web: &Web) -> Result<Caller, ApiError> {
        Caller::of(&parts.headers)
    }
}

impl Caller {
    /// The token of a request with these headers.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Caller, ApiError> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let missing = || ApiError::unauthenticated("Authentication credentials were not provided.");
        let value = values.next().ok_or_else(missing)?;
        let token = token(value.as_bytes()).filter(|_| values.next().is_none());
        let token = token.ok_or_else(|| ApiError::unauthenticated("Invalid token."))?;
        Ok(Caller {
            token_sha256: liaison_operations::digest(&token),
        })
    }
}

fn token(value: &[u8]) -> Option<Vec<u8>> {
    let space = value.iter().position(|byte| *byte == b' ')?;
    let (scheme, rest) = (&value[..space], value[space..].trim_ascii());
    let token = if scheme.eq_ignore_ascii_case(b"basic") {
        let mut decoded = data_encoding::BASE64.decode(rest).ok()?;
        let end = decoded.iter().position(|byte| *byte == b':')?;
        decoded.truncate(end);
        decoded
    } else if scheme.eq_ignore_ascii_case(b"bearer") {
        rest.to_vec()
    } else {
        return None;
    };
    (!token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::token;

    fn read(value: &str) -> Option<String> {
        token(value.as_bytes()).map(|token| String::from_utf8(token).unwrap())
    }

    #[test]
    fn basic_and_bearer() {
        assert_eq!(read("Basic VE9LRU46").as_deref(), Some("TOKEN"));
        assert_eq!(read("basic VE9LRU46c2VjcmV0OnNlY3JldA==").as_deref(), Some("TOKEN"));
        assert_eq!(read("BEARER  TOKEN ").as_deref(), Some("TOKEN"));
    }

    #[test]
    fn what_is_no_credential() {
        for wrong in [
            "",
            "Basic",
            "Basic ",
            "Basic !!!",
            "Basic Og==",
            "Basic VE9LRU4=",
            "Bearer ",
            "Digest x",
            "TOKEN",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
