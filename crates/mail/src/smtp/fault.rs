//! What went wrong at which stage, and what that means for the mail.

use std::time::Duration;

use lettre::transport::smtp::Error;

use super::{Outcome, reply};

/// Replies that mean "sign in first" or "not with these credentials", wherever they come.
const AUTH_CODES: [u16; 4] = [530, 534, 535, 538];
/// "I am closing this connection."
const CLOSING: u16 = 421;

/// How far a session had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Connect,
    Greeting,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Dot,
    Reset,
    Noop,
}

impl Stage {
    pub(super) fn name(self) -> &'static str {
        match self {
            Stage::Connect => "connect",
            Stage::Greeting => "greeting and EHLO",
            Stage::StartTls => "STARTTLS",
            Stage::Auth => "AUTH",
            Stage::Mail => "MAIL FROM",
            Stage::Rcpt => "RCPT TO",
            Stage::Data => "DATA",
            Stage::Dot => "end of message",
            Stage::Reset => "RSET",
            Stage::Noop => "NOOP",
        }
    }

    /// Whether a 5xx here speaks about this mail, not about the connection.
    fn is_about_the_mail(self) -> bool {
        matches!(self, Stage::Mail | Stage::Rcpt | Stage::Data | Stage::Dot)
    }
}

/// A step that did not succeed.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) stage: Stage,
    pub(super) kind: Kind,
}

/// In which way it did not succeed.
#[derive(Debug)]
pub(super) enum Kind {
    /// The relay answered no.
    Reply { code: u16, words: String },
    /// No answer that can be understood: cut, stalled, TLS, garbage.
    Broken(String),
    /// We do not go on, although nothing was answered; the code is the one a relay would have used.
    Own { code: u16, words: &'static str },
}

impl Fault {
    pub(super) fn new(stage: Stage, error: &Error) -> Fault {
        let kind = match error.status() {
            Some(code) => Kind::Reply {
                code: code.into(),
                words: source_text(error),
            },
            None => {
                let cause = root_cause(error);
                Kind::Broken(format!("{}: {cause}{}", stage.name(), hint(&cause)))
            }
        };
        Fault { stage, kind }
    }

    pub(super) fn io(stage: Stage, error: &std::io::Error) -> Fault {
        Fault {
            stage,
            kind: Kind::Broken(format!("{}: {error}", stage.name())),
        }
    }

    pub(super) fn timeout(stage: Stage, limit: Duration) -> Fault {
        Fault {
            stage,
            kind: Kind::Broken(format!("{}: no answer within {} s", stage.name(), limit.as_secs_f32())),
        }
    }

    pub(super) fn own(stage: Stage, code: u16, words: &'static str) -> Fault {
        Fault {
            stage,
            kind: Kind::Own { code, words },
        }
    }

    /// Whether the connection can still be spoken to.
    pub(super) fn leaves_connection(&self) -> bool {
        match self.kind {
            Kind::Reply { code, .. } => code != CLOSING,
            Kind::Broken(_) => false,
            Kind::Own { .. } => true,
        }
    }

    /// The relay's words with their code, or ours.
    pub(super) fn text(&self) -> String {
        match &self.kind {
            Kind::Reply { code, words } => reply::with_code(*code, words),
            Kind::Broken(text) => text.clone(),
            Kind::Own { words, .. } => format!("{}: {words}", self.stage.name()),
        }
    }

    /// What it means for the mail.
    pub(super) fn outcome(&self) -> Outcome {
        let reply = self.text();
        match self.kind {
            Kind::Broken(_) => Outcome::Later { code: None, reply },
            Kind::Reply { code, .. } | Kind::Own { code, .. } => {
                let permanent = code >= 500;
                if AUTH_CODES.contains(&code) || (permanent && self.stage == Stage::Auth) {
                    Outcome::Paused { code, reply }
                } else if permanent && self.stage.is_about_the_mail() {
                    Outcome::Refused { code, reply }
                } else {
                    let answered = matches!(self.kind, Kind::Reply { .. });
                    Outcome::Later {
                        code: answered.then_some(code),
                        reply,
                    }
                }
            }
        }
    }
}

/// The reply's words: lettre keeps them as the error's source.
fn source_text(error: &Error) -> String {
    std::error::Error::source(error)
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// The innermost error: the outer ones only repeat "connection error".
fn root_cause(error: &Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// What the operator can do about a certificate that is not trusted.
fn hint(cause: &str) -> &'static str {
    if cause.contains("UnknownIssuer") {
        " (a private relay: name its root with tls_ca=PATH)"
    } else {
        ""
    }
}
