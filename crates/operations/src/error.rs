//! The one error of operations. Which status code belongs to which case is the web's business.

use liaison_domain::Refusal;

/// Why an operation did not happen. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is behind the credentials, or they are switched off.
    #[error("Authentication credentials were not provided or are not valid.")]
    Unauthenticated,
    /// The account's time is over.
    #[error("The access of this account ended on {0}.")]
    AccessEnded(String),
    /// The role does not allow it.
    #[error("You do not have permission to perform this action.")]
    Forbidden,
    /// There is no such object for this caller.
    #[error("Not found.")]
    NotFound,
    /// The input or the state of things does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// One of several inputs was refused.
    #[error("{refusal}")]
    RefusedAt {
        /// Its place, from 0.
        index: usize,
        /// Why.
        refusal: Refusal,
    },
    /// The database did not do it.
    #[error(transparent)]
    Database(#[from] liaison_db::Error),
    /// Something that should not happen.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// Puts the place of the input to a refusal.
    #[must_use]
    pub fn at(self, index: usize) -> Error {
        match self {
            Error::Refused(refusal) => Error::RefusedAt { index, refusal },
            other => other,
        }
    }
}

impl From<liaison_mail::ComposeError> for Error {
    fn from(error: liaison_mail::ComposeError) -> Error {
        Error::Internal(format!("a mail could not be written: {error}"))
    }
}
