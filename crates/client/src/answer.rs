//! An answer that was read whole, and what a refusal says.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Error;

/// Characters of a server's words that are passed on.
const DETAIL_CHARS: usize = 500;

/// An answer of success.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) path: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Status code.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// A header, where it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Body as it came.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Body as JSON of a type. Names the path of what does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        parse(&self.path, &self.body).map_err(|error| match page(self.status, &self.headers, &self.body) {
            Some(page) => page,
            None => error,
        })
    }
}

/// Reads JSON, and names the place of what does not fit.
pub(crate) fn parse<T: DeserializeOwned>(path: &str, body: &[u8]) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut reader);
    let outcome = parsed.and_then(|value| {
        let end = reader.end();
        end.map(|()| value)
            .map_err(|error| serde_path_to_error::Error::new(serde_path_to_error::Track::new().path(), error))
    });
    outcome.map_err(|error| {
        let (place, inner) = (error.path().to_string(), error.inner());
        if inner.is_eof() {
            return Error::Truncated(format!("{path} ({} bytes came)", body.len()));
        }
        let place = if place == "." {
            String::new()
        } else {
            format!("{place}: ")
        };
        Error::Shape {
            path: path.to_owned(),
            reason: clipped(&format!("{place}{inner}")),
        }
    })
}

/// What a status without success means.
pub(crate) fn refusal(path: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    if status == StatusCode::UNAUTHORIZED {
        let by_the_api = headers
            .get(header::WWW_AUTHENTICATE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.to_ascii_lowercase().contains("bitsight"));
        return Error::Unauthorized {
            detail: words(body)
                .detail
                .unwrap_or_else(|| "the server gives no reason".to_owned()),
            by_the_api,
        };
    }
    if let Some(page) = page(status, headers, body) {
        // A path that nobody serves is often answered by a page.
        return if status == StatusCode::NOT_FOUND {
            not_found(path, None, None)
        } else {
            page
        };
    }
    let Words { detail, code, field } = words(body);
    match status {
        StatusCode::FORBIDDEN => Error::Forbidden {
            detail: detail.unwrap_or_else(|| "the server gives no reason".to_owned()),
        },
        StatusCode::NOT_FOUND => not_found(path, detail, code),
        _ => Error::Refused {
            status: status.as_u16(),
            detail: detail.unwrap_or_else(|| "the server gives no reason".to_owned()),
            code,
            field,
        },
    }
}

fn not_found(path: &str, detail: Option<String>, code: Option<String>) -> Error {
    let detail = detail.map_or_else(|| path.to_owned(), |detail| format!("{path} ({detail})"));
    Error::NotFound { detail, code }
}

/// The page for people that came in place of JSON.
fn page(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Error> {
    let start = String::from_utf8_lossy(&body[..body.len().min(4096)]).into_owned();
    let typed = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let is_json = matches!(start.trim_start().chars().next(), Some('{' | '['));
    if is_json || !(typed.contains("text/html") || start.trim_start().starts_with('<')) {
        return None;
    }
    let lower = start.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|at| {
        let text = start.get(at + 7..)?;
        Some(clipped(text.get(..text.find('<')?)?.trim()))
    });
    Some(Error::WebPage {
        status: status.as_u16(),
        title,
    })
}

#[derive(Default)]
struct Words {
    detail: Option<String>,
    code: Option<String>,
    field: Option<String>,
}

/// The words of a refusal, in any of the shapes that the API is known to use.
fn words(body: &[u8]) -> Words {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        let text = String::from_utf8_lossy(&body[..body.len().min(4096)]);
        let text = text.trim();
        let detail = (!text.is_empty() && !text.starts_with('<')).then(|| clipped(text));
        return Words {
            detail,
            ..Words::default()
        };
    };
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(clipped);
    let listed = || value.pointer("/errors/0/detail").and_then(Value::as_str).map(clipped);
    let nested = || {
        value
            .get("detail")
            .filter(|detail| !detail.is_null())
            .map(|detail| clipped(&detail.to_string()))
    };
    let whole = || value.is_object().then(|| clipped(&value.to_string()));
    Words {
        detail: text("detail")
            .or_else(listed)
            .or_else(nested)
            .or_else(|| text("message"))
            .or_else(whole),
        code: text("code"),
        field: text("field"),
    }
}

/// A server's words, not too many.
pub(crate) fn clipped(text: &str) -> String {
    match text.char_indices().nth(DETAIL_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, content_type: &'static str, body: &str) -> Error {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
        refusal(
            "/v1/x",
            StatusCode::from_u16(status).unwrap(),
            &headers,
            body.as_bytes(),
        )
    }

    #[test]
    fn every_known_shape_of_a_refusal_is_read() {
        for (body, detail) in [
            (r#"{"detail":"No."}"#, "No."),
            (r#"{"status":400,"title":"x","detail":"No."}"#, "No."),
            (r#"{"errors":[{"detail":"No."}]}"#, "No."),
            (r#"{"message":"No."}"#, "No."),
            (r#"{"detail":{"name":["too long"]}}"#, r#"{"name":["too long"]}"#),
            (r#"{"domain":["bad"]}"#, r#"{"domain":["bad"]}"#),
            ("No.", "No."),
            ("", "the server gives no reason"),
        ] {
            let Error::Refused { detail: said, .. } = of(400, "application/json", body) else {
                panic!("{body}")
            };
            assert_eq!(said, detail, "{body}");
        }
    }

    #[test]
    fn a_firewall_is_told_from_the_api() {
        let page = "<!DOCTYPE html><html><TITLE>Attention</TITLE>";
        assert_eq!(
            of(403, "text/html", page),
            Error::WebPage {
                status: 403,
                title: Some("Attention".to_owned())
            }
        );
        assert!(matches!(
            of(403, "application/json", r#"{"detail":"x"}"#),
            Error::Forbidden { .. }
        ));
        assert!(matches!(of(404, "text/html", page), Error::NotFound { .. }));
        let Error::Unauthorized { by_the_api, .. } = of(401, "text/html", page) else {
            panic!()
        };
        assert!(!by_the_api);
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_place() {
        let wrong = parse::<Vec<Vec<u8>>>("/v1/x", b"[[1,2],[3,\"a\"]]").unwrap_err();
        assert!(wrong.to_string().contains("[1][1]"), "{wrong}");
        assert!(matches!(
            parse::<Value>("/v1/x", b"{\"a\": [1"),
            Err(Error::Truncated(_))
        ));
        assert!(matches!(parse::<Value>("/v1/x", b""), Err(Error::Truncated(_))));
        assert!(matches!(parse::<Value>("/v1/x", b"{} {}"), Err(Error::Shape { .. })));
        assert!(matches!(
            parse::<Value>("/v1/x", &[b'['; 100_000]),
            Err(Error::Shape { .. })
        ));
    }

    #[test]
    fn long_words_are_clipped() {
        let long = "é".repeat(10_000);
        assert_eq!(clipped(&long).chars().count(), DETAIL_CHARS + 1);
    }
}
