//! A finished file as an answer, to be saved under its name. That it is neither cached nor guessed at is said by the
//! middleware, as for every answer.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaType {
    Csv,
    Xlsx,
    Pdf,
    Json,
}

impl MediaType {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            MediaType::Csv => "text/csv; charset=utf-8; header=present",
            MediaType::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            MediaType::Pdf => "application/pdf",
            MediaType::Json => "application/json",
        })
    }
}

/// The longest name, in characters; file systems allow 255 bytes.
const LONGEST: usize = 60;

/// The bytes as a file to be saved under `filename`, in which characters that could do harm are replaced.
pub(crate) fn download(filename: &str, media_type: MediaType, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.header()),
        (header::CONTENT_DISPOSITION, disposition(filename)),
    ];
    (headers, bytes).into_response()
}

/// RFC 6266: the name in ASCII for all, and in RFC 8187's form (formerly RFC 5987) where ASCII is not enough.
fn disposition(filename: &str) -> HeaderValue {
    let name = file_name(filename);
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii() && c != '%' { c } else { '_' })
        .collect();
    let mut text = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        text.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    HeaderValue::try_from(text).expect("only printable ASCII is left")
}

/// A name every file system takes: no separators, no control or direction marks, no dots or spaces at its ends. An
/// ending survives the cut.
fn file_name(text: &str) -> String {
    let is_ending = |ending: &str| (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    let (stem, ending) = match text.rsplit_once('.') {
        Some((stem, ending)) if is_ending(ending) => (stem, format!(".{ending}")),
        _ => (text, String::new()),
    };
    let kept = stem.chars().map(|c| if refused(c) { '-' } else { c });
    let short: String = kept.take(LONGEST).collect();
    match short.trim_matches([' ', '.', '-']) {
        "" => format!("download{ending}"),
        stem => format!("{stem}{ending}"),
    }
}

fn refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | ';')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{061C}' | '\u{FEFF}')
}
