//! Passwords of users. Hashing is slow, so it happens outside of the transaction that writes.

use liaison_domain::Guid;
use liaison_operations::passwords;
use liaison_store as store;
use liaison_store::users::User;

use super::writer::Writer;
use crate::ImportError;

/// The user with the hash of a given password: the stored one where it fits, else a new one.
pub(super) fn with_password(
    writer: &Writer<'_>,
    customer: Guid,
    user: User,
    password: Option<String>,
) -> Result<User, ImportError> {
    let Some(password) = password else { return Ok(user) };
    let guid = user.guid;
    let stored = writer
        .db
        .read_blocking(move |tx| store::users::find(tx, customer, guid))?;
    let stored = stored.and_then(|stored| stored.password_hash);
    let password_hash = match stored.filter(|hash| passwords::verify(&password, hash)) {
        Some(hash) => hash,
        None => {
            passwords::hash(&password, writer.env.entropy).map_err(|error| ImportError::Hashing(error.to_string()))?
        }
    };
    Ok(User {
        password_hash: Some(password_hash),
        ..user
    })
}
