//! `GET /openapi.json`: the document, made once and answered with its ETag.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, StatusCode, header};

use super::responses::ANY_OBJECT;
use super::{Answer, Operation, tag};
use crate::api::own;
use crate::state::Web;

/// Something that is the same for everybody as long as the server runs, made when it is first asked for.
#[derive(Clone, Default)]
pub(crate) struct Published(Arc<OnceLock<Made>>);

struct Made {
    plain: Bytes,
    zipped: Bytes,
    etag: String,
}

impl Published {
    /// The answer, zipped where the caller reads that, or 304 where it has it already.
    pub(crate) fn answer(&self, media: &'static str, headers: &HeaderMap, make: impl FnOnce() -> Vec<u8>) -> Response {
        let made = self.0.get_or_init(|| Made::of(make()));
        let asks = |name: HeaderName, wanted: &str| {
            let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            values
                .flat_map(|value| value.split(','))
                .any(|part| part.trim() == wanted)
        };
        let kept = [
            (header::CACHE_CONTROL, "public, no-cache"),
            (header::VARY, "accept-encoding"),
            (header::ETAG, &made.etag),
        ];
        if asks(header::IF_NONE_MATCH, &made.etag) || asks(header::IF_NONE_MATCH, "*") {
            return (StatusCode::NOT_MODIFIED, kept).into_response();
        }
        let media = [(header::CONTENT_TYPE, media)];
        if asks(header::ACCEPT_ENCODING, "gzip") && !made.zipped.is_empty() {
            return (kept, media, [(header::CONTENT_ENCODING, "gzip")], made.zipped.clone()).into_response();
        }
        (kept, media, made.plain.clone()).into_response()
    }
}

impl Made {
    fn of(plain: Vec<u8>) -> Made {
        Made {
            // Weak, since the zipped bytes are other ones.
            etag: format!("W/{}", own::etag(&plain)),
            zipped: zipped(&plain).unwrap_or_default().into(),
            plain: plain.into(),
        }
    }
}

fn zipped(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

pub(crate) const DOCUMENT: Operation = Operation::new("GET", "getDocument", tag::SERVER, "This document")
    .about("OpenAPI 3.1, made from the program itself. `/docs` shows it to people.")
    .answer(Answer {
        status: 200,
        about: "The document.",
        media_type: "application/json",
        schema: Some(ANY_OBJECT),
    })
    .conditional();

/// `GET /openapi.json`.
pub(crate) async fn document(State(web): State<Web>, headers: HeaderMap) -> Response {
    web.document.answer("application/json", &headers, || {
        super::document(web.public_url()).0.to_string().into_bytes()
    })
}
