//! API tokens: made, listed, revoked. The token itself is shown once, when it is made.

use liaison_db::Tx;
use liaison_domain::{Entropy, Guid, Timestamp, emails, ids, limits};
use liaison_store as store;
pub use liaison_store::api_tokens::ApiToken;

use crate::{Error, Result, digest, new_guid};

/// What every token made here starts with, so that people and secret scanners recognise one.
const PREFIX: &str = "liaison_";

/// A token just made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its guid, for revoking it.
    pub guid: Guid,
    /// The token. Stored nowhere.
    pub token: String,
}

/// A new token: `liaison_` and 40 characters of base32 (200 bits).
pub fn generate(entropy: &dyn Entropy) -> String {
    let secret: [u8; 25] = ids::new_secret(entropy);
    let mut token = PREFIX.to_owned();
    token.push_str(&data_encoding::BASE32_NOPAD.encode(&secret).to_ascii_lowercase());
    token
}

/// Makes a token: for a user, whose earlier tokens end with it, or for the customer.
pub fn create(
    tx: &mut Tx<'_>,
    at: (Timestamp, &dyn Entropy),
    customer: Guid,
    user_email: Option<&str>,
    description: &str,
) -> Result<Made> {
    store::customers::find(tx, customer)?.ok_or(Error::NotFound)?;
    let user = match user_email {
        None => None,
        Some(email) => {
            let user = store::users::find_by_email(tx, customer, &emails::key(email))?.ok_or(Error::NotFound)?;
            Some(user.guid)
        }
    };
    let owner = Owner {
        customer,
        user,
        made_by_name: None,
    };
    make(tx, at, &owner, description)
}

/// Whose a new token is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner<'o> {
    pub(crate) customer: Guid,
    /// The user, none for a token of the customer.
    pub(crate) user: Option<Guid>,
    /// Who makes it; none where the operator does.
    pub(crate) made_by_name: Option<&'o str>,
}

/// Makes a token for an owner that exists. A user's earlier tokens end with it.
pub(crate) fn make(
    tx: &mut Tx<'_>,
    (now, entropy): (Timestamp, &dyn Entropy),
    owner: &Owner<'_>,
    description: &str,
) -> Result<Made> {
    liaison_domain::drafts::check_length("description", description, limits::NAME_CHARS)?;
    if let Some(user) = owner.user {
        store::api_tokens::update_revoked_of_user(tx, owner.customer, user, now)?;
    }
    let token = generate(entropy);
    let made = Made {
        guid: new_guid(now, entropy),
        token,
    };
    let new = store::api_tokens::New {
        guid: made.guid,
        user: owner.user,
        description,
        token_sha256: &digest(made.token.as_bytes()),
        last_four: &made.token[made.token.len() - 4..],
        made_by_name: owner.made_by_name,
        created_at: now,
    };
    store::api_tokens::insert(tx, owner.customer, &new)?;
    Ok(made)
}

/// The tokens of a customer, newest first.
pub fn list(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<ApiToken>> {
    store::customers::find(tx, customer)?.ok_or(Error::NotFound)?;
    Ok(store::api_tokens::list(tx, customer)?)
}

/// Revokes a token at once. Revoking it again is not an error.
pub fn revoke(tx: &mut Tx<'_>, guid: Guid, now: Timestamp) -> Result<()> {
    let customer = store::api_tokens::find_customer(tx, guid)?.ok_or(Error::NotFound)?;
    store::api_tokens::update_revoked(tx, customer, guid, now)?;
    Ok(())
}
