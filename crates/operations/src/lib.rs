//! What the product does: one public function for each use, and each use one transaction.
//!
//! An operation takes the transaction, the [`Call`] (who, when, with what randomness) and its input. It never
//! awaits, sends, or reads a clock: what has to happen outside the database is a row written in the same transaction.
//! Errors: [`Error`] everywhere; the web turns it into status codes, commands into sentences.

pub mod access_groups;
pub mod access_links;
pub mod access_requests;
pub mod app;
pub mod authentication;
pub mod companies;
pub mod company_actions;
pub mod company_requests;
pub mod contacts;
pub mod copies;
pub mod customers;
pub mod error;
pub mod events;
pub mod findings;
pub mod folders;
pub mod idempotency;
pub mod inbox_counts;
pub mod mails;
mod message_notices;
pub mod messages;
pub mod notifications;
mod outgoing;
pub mod password_links;
pub mod passwords;
pub mod portfolio;
pub mod preferences;
pub mod recipients;
mod server_keys;
pub mod sessions;
pub mod settings;
pub mod subscriptions;
pub mod tiers;
pub mod timeline;
pub mod tokens;
pub mod upkeep;
pub mod users;

pub use app::{App, Call, Env};
pub use authentication::{Actor, Credential};
pub use error::Error;
/// The migrations of this release, oldest first.
pub use liaison_store::MIGRATIONS;

/// What an operation came to.
pub type Result<T> = std::result::Result<T, Error>;

use liaison_domain::sides::Side;
use liaison_domain::{Entropy, Guid, Timestamp, ids};

/// A new secret for a session, a link or a form: 160 bits as 32 characters of base32.
pub fn new_token(entropy: &dyn Entropy) -> String {
    let secret: [u8; 20] = ids::new_secret(entropy);
    data_encoding::BASE32_NOPAD.encode(&secret).to_ascii_lowercase()
}

/// SHA-256, the form in which tokens and links are stored and looked up.
pub fn digest(secret: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(secret).into()
}

/// Something that happened to a request, by the caller.
#[derive(Clone, Copy)]
pub(crate) struct Happening<'h> {
    /// The customer that sent the request.
    pub(crate) customer: Guid,
    /// The request.
    pub(crate) request: Guid,
    /// What happened, one of `liaison_domain::events` or a private kind.
    pub(crate) kind: &'static str,
    /// The caller's side.
    pub(crate) side: Side,
    /// What else there is to say, for people.
    pub(crate) detail: Option<&'h str>,
}

/// Stores what the caller did to a request that the caller's customer sent.
fn record(
    tx: &mut liaison_db::Tx<'_>,
    call: &Call<'_>,
    request: Guid,
    kind: &'static str,
) -> std::result::Result<(), liaison_db::Error> {
    let happening = Happening {
        customer: call.actor.customer_guid,
        request,
        kind,
        side: Side::Client,
        detail: None,
    };
    record_happening(tx, call, &happening)
}

/// Stores what the caller did to a request, from either side.
pub(crate) fn record_happening(
    tx: &mut liaison_db::Tx<'_>,
    call: &Call<'_>,
    happening: &Happening<'_>,
) -> std::result::Result<(), liaison_db::Error> {
    let event = liaison_store::events::New {
        guid: new_guid(call.now, call.env.entropy.as_ref()),
        request: happening.request,
        kind: happening.kind,
        actor: Some(call.actor.guid()),
        actor_name: Some(call.actor.formal_name()),
        side: Some(happening.side.slug()),
        detail: happening.detail,
        at: call.now,
    };
    liaison_store::events::insert(tx, happening.customer, &event)
}

fn new_guid(now: Timestamp, entropy: &dyn Entropy) -> Guid {
    ids::new_guid(now, entropy)
}
