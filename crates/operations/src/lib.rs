//! What the product does: one public function for each use, and each use one transaction.
//!
//! An operation takes the transaction, the [`Call`] (who, when, with what randomness) and its input. It never
//! awaits, sends, or reads a clock: what has to happen outside the database is a row written in the same transaction.
//! Errors: [`Error`] everywhere; the web turns it into status codes, commands into sentences.

pub mod access_requests;
pub mod app;
pub mod authentication;
pub mod customers;
pub mod error;
pub mod idempotency;
pub mod mails;
pub mod passwords;
pub mod tokens;
pub mod upkeep;
pub mod users;

pub use app::{App, Call, Env};
pub use authentication::Actor;
pub use error::Error;
/// The migrations of this release, oldest first.
pub use liaison_store::MIGRATIONS;

/// What an operation came to.
pub type Result<T> = std::result::Result<T, Error>;

use liaison_domain::{Entropy, Guid, Timestamp, ids};

/// SHA-256, the form in which tokens and links are stored and looked up.
pub fn digest(secret: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(secret).into()
}

fn record(
    tx: &mut liaison_db::Tx<'_>,
    call: &Call<'_>,
    request: Guid,
    kind: &'static str,
) -> std::result::Result<(), liaison_db::Error> {
    let event = liaison_store::events::New {
        guid: new_guid(call.now, call.env.entropy.as_ref()),
        request,
        kind,
        actor: Some(call.actor.guid()),
        at: call.now,
    };
    liaison_store::events::insert(tx, call.actor.customer_guid, &event)
}

fn new_guid(now: Timestamp, entropy: &dyn Entropy) -> Guid {
    ids::new_guid(now, entropy)
}
