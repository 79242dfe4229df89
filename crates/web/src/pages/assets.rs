//! What pages load: the stylesheet, the script, the icons and the mark. Compiled in, each under an address that changes
//! with its content, so that browsers may keep it for ever.

use std::io::Write as _;

use axum::extract::RawQuery;
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, StatusCode, header};

const CSS: &str = concat!(
    include_str!("../../assets/liaison.css"),
    include_str!("../../assets/forms.css"),
    include_str!("../../assets/lists.css"),
    include_str!("../../assets/room.css"),
    include_str!("../../assets/charts.css"),
    include_str!("../../assets/docs.css"),
);
const JS: &str = concat!(
    include_str!("../../assets/liaison.js"),
    include_str!("../../assets/docs.js"),
);
const ICONS_SVG: &str = include_str!("../../assets/icons.svg");
const LOGO_SVG: &str = include_str!("../../assets/logo.svg");

/// Address of the stylesheet, with the version of its content.
pub(crate) const STYLESHEET: &str = text(&STYLESHEET_BYTES);
/// Address of the script module, with the version of its content.
pub(crate) const SCRIPT: &str = text(&SCRIPT_BYTES);
/// Address of the icons, with the version of their content; `#name` selects one.
pub(crate) const ICONS: &str = text(&ICONS_BYTES);
/// Address of the mark, with the version of its content.
pub(crate) const LOGO: &str = text(&LOGO_BYTES);

const STYLESHEET_BYTES: [u8; 30] = address("/assets/liaison.css?v=", CSS);
const SCRIPT_BYTES: [u8; 29] = address("/assets/liaison.js?v=", JS);
const ICONS_BYTES: [u8; 28] = address("/assets/icons.svg?v=", ICONS_SVG);
const LOGO_BYTES: [u8; 27] = address("/assets/logo.svg?v=", LOGO_SVG);

/// `GET /assets/liaison.css`.
pub(crate) async fn stylesheet(query: RawQuery, headers: HeaderMap) -> Response {
    answer("text/css; charset=utf-8", CSS, (&query, &headers))
}

/// `GET /assets/liaison.js`.
pub(crate) async fn script(query: RawQuery, headers: HeaderMap) -> Response {
    answer("text/javascript; charset=utf-8", JS, (&query, &headers))
}

/// `GET /assets/icons.svg`.
pub(crate) async fn icons(query: RawQuery, headers: HeaderMap) -> Response {
    answer("image/svg+xml", ICONS_SVG, (&query, &headers))
}

/// `GET /assets/logo.svg`.
pub(crate) async fn logo(query: RawQuery, headers: HeaderMap) -> Response {
    answer("image/svg+xml", LOGO_SVG, (&query, &headers))
}

/// Kept for ever under the address that names this content, for an hour under any other.
fn answer(media: &'static str, content: &'static str, (query, headers): (&RawQuery, &HeaderMap)) -> Response {
    let version = version(content);
    let version = text(&version);
    let asked = query.0.as_deref().and_then(|query| query.strip_prefix("v="));
    let keep = match asked {
        Some(asked) if asked == version => "public, max-age=31536000, immutable",
        _ => "public, max-age=3600",
    };
    let asks = |name: HeaderName, is_it: &dyn Fn(&str) -> bool| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.split(',').any(|part| is_it(part.trim())))
    };
    let tag = format!("W/\"{version}\"");
    let kept: [(HeaderName, &str); 3] = [
        (header::CACHE_CONTROL, keep),
        (header::VARY, "accept-encoding"),
        (header::ETAG, &tag),
    ];
    if asks(header::IF_NONE_MATCH, &|known| known == tag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let media = [(header::CONTENT_TYPE, media)];
    match asks(header::ACCEPT_ENCODING, &|known| known == "gzip").then(|| zipped(content)) {
        Some(Ok(zipped)) => (kept, media, [(header::CONTENT_ENCODING, "gzip")], zipped).into_response(),
        _ => (kept, media, content).into_response(),
    }
}

/// Done anew for each browser that has not got it: it keeps the answer for ever.
fn zipped(content: &str) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content.as_bytes())?;
    encoder.finish()
}

/// Eight hexadecimal digits that differ when the content does (FNV-1a): it only has to tell releases apart.
const fn version(content: &str) -> [u8; 8] {
    let bytes = content.as_bytes();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    let folded = hash ^ (hash >> 32);
    let mut digits = [0; 8];
    let mut at = 0;
    while at < 8 {
        digits[at] = b"0123456789abcdef"[(folded >> (4 * at)) as usize & 0xf];
        at += 1;
    }
    digits
}

/// The path with the version of the content behind it.
const fn address<const N: usize>(path: &str, content: &str) -> [u8; N] {
    assert!(path.len() + 8 == N, "N is the length of the address");
    let mut whole = [0; N];
    let (before, rest) = whole.split_at_mut(path.len());
    before.copy_from_slice(path.as_bytes());
    rest.copy_from_slice(&version(content));
    whole
}

const fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("paths and digits are ASCII"),
    }
}

#[cfg(test)]
mod tests {
    use super::{CSS, ICONS_SVG, JS, SCRIPT, STYLESHEET, text, version};

    #[test]
    fn another_content_has_another_address() {
        assert_ne!(version("a"), version("b"));
        assert_eq!(STYLESHEET, format!("/assets/liaison.css?v={}", text(&version(CSS))));
        assert_eq!(SCRIPT, format!("/assets/liaison.js?v={}", text(&version(JS))));
    }

    /// The content security policy refuses addresses like these; they would only fail in the browser.
    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        assert!(!CSS.contains("url(") && !CSS.contains("@import"));
        assert!(!JS.contains("import ") && !JS.contains("innerHTML") && !JS.contains("eval("));
        assert_eq!(
            ICONS_SVG.matches("<symbol id=").count(),
            ICONS_SVG.matches("</symbol>").count()
        );
    }

    /// A name without a drawing would leave a hole that nobody sees in a test.
    #[test]
    fn every_icon_that_a_template_names_is_drawn() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let mut named = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for call in text.split("icon(\"").skip(1) {
                let name = call.split('"').next().unwrap();
                named += 1;
                assert!(
                    ICONS_SVG.contains(&format!("id=\"{name}\"")),
                    "{name} in {}",
                    path.display()
                );
            }
        }
        assert!(named > 20, "{named}");
    }
}
