//! Why a server did not do what it was asked, in words that say what to do now.

use liaison_client::Error;

use crate::failure::Failure;

/// A call that was no success.
#[derive(Debug)]
pub(super) struct Trouble {
    /// What went wrong.
    pub(super) error: Box<Error>,
    /// The server's address.
    pub(super) server: String,
    /// Where the token came from.
    pub(super) source: String,
}

impl Trouble {
    /// Whether the server does not have the path or the thing.
    pub(super) fn is_not_found(&self) -> bool {
        self.error.is_absent()
    }

    /// Whether it is Liaison, and does not have the thing: others have no word for it.
    pub(super) fn is_liaisons_not_found(&self) -> bool {
        matches!(&*self.error, Error::NotFound { code: Some(code), .. } if code == "not_found")
    }

    /// Whether the token is not one of the server's.
    pub(super) fn is_refused_token(&self) -> bool {
        matches!(*self.error, Error::Unauthorized { .. })
    }

    /// Whether nobody answered, or nobody who is this API.
    pub(super) fn is_no_answer(&self) -> bool {
        !matches!(
            *self.error,
            Error::Unauthorized { .. } | Error::Forbidden { .. } | Error::NotFound { .. } | Error::Refused { .. }
        )
    }

    /// Whether the server may have done what it was asked although it did not say so.
    pub(super) fn is_end_unknown(&self) -> bool {
        match &*self.error {
            Error::Settings(_) | Error::Tls { .. } | Error::Redirected { .. } | Error::Throttled { .. } => false,
            Error::Refused { code, .. } => code.as_deref() == Some("idempotency_running"),
            _ => self.is_no_answer(),
        }
    }

    /// Whether it may be over in a while.
    pub(super) fn passes(&self) -> bool {
        matches!(
            *self.error,
            Error::Unreachable { .. }
                | Error::Failed { .. }
                | Error::Throttled { .. }
                | Error::TimedOut(_)
                | Error::Truncated(_)
        )
    }

    /// The failure of reading a company, which a server keeps back in two ways.
    pub(super) fn or_unfollowed(self) -> Failure {
        if matches!(*self.error, Error::Forbidden { .. }) {
            return Failure::refused(
                "the company is not in your portfolio; who does not follow a company reads nothing of it",
            );
        }
        self.or_missing(|| "there is no such company, or it is not in your portfolio".to_owned())
    }

    /// The failure, with a sentence of the caller's where the thing was not found.
    pub(super) fn or_missing(self, what: impl FnOnce() -> String) -> Failure {
        if self.is_not_found() {
            Failure::refused(what())
        } else {
            self.into()
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        let Trouble { error, server, source } = trouble;
        Failure::refused(match &*error {
            Error::Unreachable { reason, .. } => {
                format!("no connection to {server} ({reason}); is the address right, and is the server running?")
            }
            Error::Unauthorized { detail, by_the_api } => {
                let by = if *by_the_api {
                    ""
                } else {
                    "; something in front of the API may have said so"
                };
                format!("{server} refuses {source} ({detail}): it was revoked, or it is of another server{by}")
            }
            Error::Forbidden { detail } => format!("{source} does not allow it: {detail}"),
            Error::WebPage { .. } => {
                format!("{server}: {error}; ask whoever runs it to let this machine through, or check the address")
            }
            Error::Throttled {
                after: Some(after),
                detail,
            } => {
                format!("{server} asks to wait {} s, then try again: {detail}", after.as_secs())
            }
            Error::Throttled { after: None, detail } => {
                format!("{server} asks to wait, try again in a minute: {detail}")
            }
            Error::Refused {
                status, detail, field, ..
            } => {
                let names_field = field.as_ref().is_none_or(|field| detail.contains(field.as_str()));
                if (400..500).contains(status) && names_field {
                    detail.clone()
                } else {
                    error.to_string()
                }
            }
            _ => format!("{server}: {error}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn line(error: Error) -> String {
        let trouble = Trouble {
            error: Box::new(error),
            server: "https://l.example".to_owned(),
            source: "the token of profile work".to_owned(),
        };
        Failure::from(trouble).lines().join(" ")
    }

    #[test]
    fn every_refusal_says_what_to_do() {
        let detail = || "No.".to_owned();
        let refused = |field: Option<&str>| Error::Refused {
            status: 400,
            detail: detail(),
            code: None,
            field: field.map(str::to_owned),
        };
        for (error, wanted) in [
            (
                Error::Unauthorized {
                    detail: detail(),
                    by_the_api: true,
                },
                "refuses the token of profile work",
            ),
            (
                Error::Forbidden { detail: detail() },
                "the token of profile work does not allow it: No.",
            ),
            (
                Error::WebPage {
                    status: 403,
                    title: None,
                },
                "proxy or firewall",
            ),
            (
                Error::Throttled {
                    after: Some(Duration::from_secs(7)),
                    detail: detail(),
                },
                "asks to wait 7 s, then try again: No.",
            ),
            (
                Error::Redirected {
                    to: "https://m.example".to_owned(),
                },
                "https://m.example",
            ),
            (
                Error::Failed {
                    status: 503,
                    tries: 4,
                    detail: detail(),
                },
                "tried 4 times",
            ),
            (refused(None), "No."),
            (refused(Some("message")), "(field message)"),
        ] {
            let line = line(error);
            assert!(line.contains(wanted), "{line}");
        }
    }
}
