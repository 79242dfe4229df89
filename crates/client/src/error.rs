//! What can go wrong, in words for the person who waits.

use std::time::Duration;

/// Why there is no answer, or not the one that was wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address, the token or a certificate file cannot be used; nothing was sent.
    #[error("{0}")]
    Settings(String),
    /// No connection.
    #[error("{server} cannot be reached: {reason}")]
    Unreachable {
        /// Scheme, host and port.
        server: String,
        /// What the system said.
        reason: String,
    },
    /// A connection that cannot be trusted.
    #[error("{server} could not prove who it is: {reason}; a private certificate authority is named with a CA file")]
    Tls {
        /// Scheme, host and port.
        server: String,
        /// What TLS said.
        reason: String,
    },
    /// No valid token.
    #[error("the token is not accepted: {detail}{}", if *.by_the_api { "" } else { "; this came from something in front of the API" })]
    Unauthorized {
        /// What the server said.
        detail: String,
        /// Whether the refusal names the API, as the API's own do.
        by_the_api: bool,
    },
    /// The token's owner may not.
    #[error("not permitted: {detail}")]
    Forbidden {
        /// What the server said.
        detail: String,
    },
    /// It is not there, or this server has no such path.
    #[error("not found: {detail}")]
    NotFound {
        /// What the server said.
        detail: String,
        /// The stable word of the refusal, where there is one: then the path is known and the thing is not there.
        code: Option<String>,
    },
    /// A page for people where JSON belongs: a proxy or a firewall answered in place of the API.
    #[error("status {status} with a web page in place of JSON{}: a proxy or firewall in front of the API answered, or this is not the API's address", title.as_deref().map(|title| format!(" ({title})")).unwrap_or_default())]
    WebPage {
        /// Status code.
        status: u16,
        /// The title of the page.
        title: Option<String>,
    },
    /// A refusal with its reason.
    #[error("refused ({status}): {detail}{}", field.as_deref().map(|field| format!(" (field {field})")).unwrap_or_default())]
    Refused {
        /// Status code.
        status: u16,
        /// What the server said.
        detail: String,
        /// The stable word of the refusal, where there is one.
        code: Option<String>,
        /// The field that it is about, where it names one.
        field: Option<String>,
    },
    /// The server failed, each time it was tried.
    #[error("the server failed (status {status}), tried {tries} times: {detail}")]
    Failed {
        /// Status code.
        status: u16,
        /// How often it was tried.
        tries: u32,
        /// What the server said.
        detail: String,
    },
    /// The server asks to wait longer than is waited.
    #[error("the server asks to slow down{}, longer than is waited here; try later{}", after.map(|after| format!(" for {} s", after.as_secs())).unwrap_or_default(), if detail.is_empty() { String::new() } else { format!(" ({detail})") })]
    Throttled {
        /// The pause that it asked for.
        after: Option<Duration>,
        /// What the server said; empty where it said nothing.
        detail: String,
    },
    /// No answer in time.
    #[error("no answer in time: {0}")]
    TimedOut(String),
    /// The answer ends too early.
    #[error("the answer ends in the middle: {0}")]
    Truncated(String),
    /// The answer is longer than is read.
    #[error("the answer is longer than {most} bytes, which is the most that is read")]
    TooLarge {
        /// The limit.
        most: usize,
    },
    /// The server sends the caller elsewhere.
    #[error("the server leads to {to}; nothing was sent there. Name that address if it is the right one")]
    Redirected {
        /// Where.
        to: String,
    },
    /// The answer is not what the API promises.
    #[error("{path}: the answer does not have the promised shape: {reason}")]
    Shape {
        /// The path that was asked.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The pages of a list lead in a circle or never end.
    #[error("{path}: the pages of this list do not come to an end: {reason}")]
    Looping {
        /// The path that was asked.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    /// Whether the server does not have what was asked for.
    pub fn is_absent(&self) -> bool {
        match self {
            Error::NotFound { .. } => true,
            Error::Refused { status, .. } => matches!(status, 405 | 410 | 501),
            _ => false,
        }
    }

    /// Whether the server does not give it, for either reason.
    pub fn is_lacking(&self) -> bool {
        self.is_absent() || self.is_forbidden()
    }

    /// Whether the token's owner may not have it.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Error::Forbidden { .. } | Error::WebPage { status: 403, .. })
    }
}

/// An error with those behind it, for people.
pub(crate) fn with_sources(error: &dyn std::error::Error) -> String {
    let (mut text, mut source) = (error.to_string(), error.source());
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    text
}
