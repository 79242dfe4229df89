//! Why a command ends without having done its work, in sentences for the person who typed it.

use liaison_operations::Error;

/// The end of a command that did not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line or the settings cannot be used: one line for each problem.
    Usage(Vec<String>),
    /// Refused, or failed: one line.
    Refused(String),
    /// Everything was said already; only the exit code is left.
    Told,
    /// Whoever read the output has left.
    Unread,
}

impl Failure {
    /// One problem of the command line or the settings.
    pub(crate) fn usage(problem: impl Into<String>) -> Failure {
        Failure::Usage(vec![problem.into()])
    }

    /// A refusal.
    pub(crate) fn refused(reason: impl Into<String>) -> Failure {
        Failure::Refused(reason.into())
    }

    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            Failure::Refused(_) | Failure::Told => 1,
            // `liaison mail list | head` is no failure.
            Failure::Unread => 0,
        }
    }

    /// The lines that tell it.
    pub(crate) fn lines(&self) -> &[String] {
        match self {
            Failure::Usage(lines) => lines,
            Failure::Refused(line) => std::slice::from_ref(line),
            Failure::Told | Failure::Unread => &[],
        }
    }
}

impl From<liaison_db::Error> for Failure {
    fn from(error: liaison_db::Error) -> Failure {
        match error {
            liaison_db::Error::BadUrl(reason) => Failure::usage(format!("database: {reason}")),
            other => Failure::refused(other.to_string()),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Database(error) => error.into(),
            other => Failure::refused(other.to_string()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::Unread,
            _ => Failure::refused(error.to_string()),
        }
    }
}

/// Says what was not found, where an operation only says that nothing was.
pub(crate) trait OrMissing<T> {
    /// `what` is a sentence with the way out.
    fn or_missing(self, what: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T> OrMissing<T> for liaison_operations::Result<T> {
    fn or_missing(self, what: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|error| match error {
            Error::NotFound => Failure::Refused(what()),
            other => other.into(),
        })
    }
}
