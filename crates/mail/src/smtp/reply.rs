//! A relay's words as they may be kept and shown: one line, short, without our password.

use data_encoding::BASE64;

use crate::relay::Login;
use crate::text;

/// Most characters kept of a reply.
const REPLY_CHARS: usize = 500;

/// `550 no such user`.
pub(super) fn with_code(code: u16, words: &str) -> String {
    format!("{code} {words}")
}

/// What must never appear in a reply: a relay that echoes a refused command would show it.
#[derive(Clone, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn new(login: Option<&Login>) -> Secrets {
        let Some(Login { user, password }) = login else {
            return Secrets::default();
        };
        let plain = format!("\0{user}\0{password}");
        // The longest first: the others may be part of it.
        Secrets(vec![
            BASE64.encode(plain.as_bytes()),
            BASE64.encode(password.as_bytes()),
            password.clone(),
        ])
    }

    /// `text` on one line, at most 500 characters, secrets replaced.
    pub(super) fn clean(&self, text: &str) -> String {
        let mut cleaned = text::line(text);
        for secret in &self.0 {
            cleaned = cleaned.replace(secret, "***");
        }
        text::cut(&cleaned, REPLY_CHARS)
    }
}
