//! Messages of a request's thread: what a text may be, and while which status one can write.

use crate::access_requests::Status;
use crate::{Refusal, limits};

/// A text as it is stored: line ends are LF, nothing but text stands at its end.
pub fn clean_body(text: &str) -> Result<String, Refusal> {
    if text.contains('\0') {
        return Err(Refusal::field("body", "must not contain NUL characters"));
    }
    let body = text.replace("\r\n", "\n").replace('\r', "\n");
    let body = body.trim_end();
    if body.trim_start().is_empty() {
        return Err(Refusal::field("body", "is required"));
    }
    if body.chars().count() > limits::TEXT_CHARS {
        let rule = format!("must have at most {} characters", limits::TEXT_CHARS);
        return Err(Refusal::field("body", rule));
    }
    Ok(body.to_owned())
}

/// Why nobody can write in a thread now, and what would change that; none while writing is possible.
pub fn closed(status: Status) -> Option<&'static str> {
    Some(match status {
        Status::Active => return None,
        Status::Pending => "Messages open when the recipient accepts the request. Send the link again if it got lost.",
        Status::Never => "The invitation ran out before anybody accepted it. Send the request again to open messages.",
        Status::Inactive => "The recipient's access has ended. Extend the trial or invite again to go on writing.",
        Status::Resolved => "The request is resolved, so its messages are closed. Send a new request to go on writing.",
        Status::Requested => "Nobody approved this request yet. Approve it, and messages open when it is accepted.",
        Status::Rejected => "The request was turned down, so it has no messages. Send a new request to write.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_the_end() {
        assert_eq!(clean_body(" a\r\nb\rc \n\r\n\t").unwrap(), " a\nb\nc");
        for empty in ["", " ", "\r\n\n\t", "\u{a0}"] {
            assert_eq!(
                clean_body(empty),
                Err(Refusal::field("body", "is required")),
                "{empty:?}"
            );
        }
        assert!(clean_body("a\0b").is_err());
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert!(clean_body(&"\u{1f680}".repeat(10_000)).is_ok());
        assert!(clean_body(&format!("{}\r\n", "a".repeat(10_000))).is_ok());
        assert!(clean_body(&"a".repeat(10_001)).is_err());
    }

    #[test]
    fn only_an_open_request_takes_messages() {
        let open: Vec<_> = Status::ALL
            .into_iter()
            .filter(|status| closed(*status).is_none())
            .collect();
        assert_eq!(open, [Status::Active]);
    }
}
