//! The shape of Liaison's own API: bodies without unknown fields, lists in pages, cursors that belong to one list, and
//! ETags.

use axum::response::{IntoResponse as _, Response};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use liaison_domain::{Guid, Refusal};
use serde_json::Value;

use crate::errors::ApiError;
use crate::extract::{Fields, Params};
use crate::openapi::{Kind, Parameter, query};

/// Rows of a page: unless asked for, and at most.
const PAGE_ROWS: (i64, i64) = (100, 200);
/// Bytes of a cursor that say which list it belongs to.
const TAG_BYTES: usize = 8;

/// Rows of a page.
pub(crate) const LIMIT: Parameter = query(
    "limit",
    Kind::Count,
    "Rows of a page: 100, or what is said from 1 to 200.",
);
/// The place of a page.
pub(crate) const CURSOR: Parameter = query(
    "cursor",
    Kind::Text,
    "Where the page begins: `next` of the page before.",
);
/// The parameters of lists in pages.
pub(crate) const PAGE: &[Parameter] = &[LIMIT, CURSOR];

/// The fields of a body that may have these and no others.
pub(crate) fn fields<'v>(body: &'v Value, known: &[&str]) -> Result<Fields<'v>, Refusal> {
    let fields = Fields::of("", body)?;
    let names = body.as_object().into_iter().flat_map(serde_json::Map::keys);
    match names.into_iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(fields),
        Some(unknown) => {
            let name: String = unknown.chars().take(100).collect();
            Err(Refusal::field(name, "is not a field here"))
        }
    }
}

/// `limit`: rows of a page. A larger one gets the most there is.
pub(crate) fn limit(params: &Params) -> Result<i64, ApiError> {
    let (usual, most) = PAGE_ROWS;
    match params.count("limit")? {
        None => Ok(usual),
        Some(0) => Err(ApiError::parameter("limit", "must be a whole number from 1")),
        Some(limit) => Ok(limit.min(most)),
    }
}

/// A cursor of one list (`scope` is the object or the customer it belongs to) for the place of its last row.
pub(crate) fn cursor(scope: Guid, place: &[u8]) -> String {
    let mut bytes = place.to_vec();
    bytes.extend_from_slice(&tag(scope, place));
    BASE64URL_NOPAD.encode(&bytes)
}

/// The place of a cursor; none where it is broken or of another list.
pub(crate) fn place<const BYTES: usize>(scope: Guid, cursor: &str) -> Option<[u8; BYTES]> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    let (place, given) = bytes.split_at_checked(BYTES)?;
    (given == tag(scope, place)).then(|| place.try_into().ok()).flatten()
}

/// The refusal of a cursor.
pub(crate) fn wrong_cursor() -> ApiError {
    ApiError::parameter("cursor", "is not a cursor of this list; take it from `next`")
}

/// Not a secret: whoever makes cursors up only moves within what they may see.
fn tag(scope: Guid, place: &[u8]) -> [u8; TAG_BYTES] {
    let mut bytes = scope.as_bytes().to_vec();
    bytes.extend_from_slice(place);
    let digest = liaison_operations::digest(&bytes);
    digest[..TAG_BYTES].try_into().expect("eight bytes of thirty-two")
}

/// The ETag of a body, in its quotes.
pub(crate) fn etag(body: &[u8]) -> String {
    format!("\"{}\"", HEXLOWER.encode(&liaison_operations::digest(body)[..16]))
}

/// A JSON answer with its ETag, or 304 where the caller has it already.
pub(crate) fn conditional(headers: &HeaderMap, body: Vec<u8>) -> Response {
    let etag = etag(&body);
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let is_known = known
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|value| value.trim().trim_start_matches("W/"))
        .any(|value| value == etag || value == "*");
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    let answer = response.headers_mut();
    // Kept by the caller alone, and asked about each time.
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cursor_belongs_to_one_list() {
        let (ours, theirs) = (Guid::from_u128(1), Guid::from_u128(2));
        let text = cursor(ours, &[1, 2, 3]);
        assert_eq!(place::<3>(ours, &text), Some([1, 2, 3]));
        assert_eq!(place::<3>(theirs, &text), None);
        assert_eq!(place::<2>(ours, &text), None);
        for broken in ["", "x", "!", &text[1..]] {
            assert_eq!(place::<3>(ours, broken), None, "{broken}");
        }
    }

    #[test]
    fn unknown_fields_are_named() {
        assert!(fields(&json!({"body": "x"}), &["body"]).is_ok());
        let refusal = fields(&json!({"body": "x", "bdoy": 1}), &["body"]).err();
        assert_eq!(refusal, Some(Refusal::field("bdoy", "is not a field here")));
        assert!(fields(&json!([]), &["body"]).is_err());
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let body = b"{}".to_vec();
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().expect("a header value"));
            conditional(&headers, body.clone()).status().as_u16()
        };
        assert_eq!(asked(&etag(&body)), 304);
        assert_eq!(asked(&format!("\"x\", W/{}", etag(&body))), 304);
        assert_eq!(asked("\"x\""), 200);
    }
}
