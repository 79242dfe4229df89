//! What mails a user wants. A mail about messages carries a link that switches such mails off without signing in.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_store as store;

use crate::server_keys::{self, SIGNATURE_BYTES};
use crate::{App, Env, Error, Result};

const KEY: &str = "unsubscribe";
const GUID_BYTES: usize = 16;

/// The token of a user's link: their guid and this server's signature of it.
pub(crate) fn unsubscribe_token(tx: &mut Tx<'_>, env: &Env, user: Guid) -> Result<String> {
    let key = server_keys::get_or_make(tx, env.entropy.as_ref(), KEY)?;
    let mut token = user.as_bytes().to_vec();
    token.extend_from_slice(&key.sign(user.as_bytes()));
    Ok(data_encoding::BASE32_NOPAD.encode(&token).to_ascii_lowercase())
}

/// Switches the mails about messages off for the user of a token. Once more is harmless; a token that this server did
/// not write is not found.
pub fn unsubscribe(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    let bytes = data_encoding::BASE32_NOPAD.decode(token.to_ascii_uppercase().as_bytes());
    let bytes = bytes.map_err(|_| Error::NotFound)?;
    let (user, signature) = bytes.split_at_checked(GUID_BYTES).ok_or(Error::NotFound)?;
    let signature: &[u8; SIGNATURE_BYTES] = signature.try_into().map_err(|_| Error::NotFound)?;
    let key = server_keys::find(tx, KEY)?.ok_or(Error::NotFound)?;
    if !key.recognises(user, signature) {
        return Err(Error::NotFound);
    }
    let user = Guid::from_slice(user).map_err(|_| Error::NotFound)?;
    let (_, customer) = store::users::list_owners(tx, &[user])?.pop().ok_or(Error::NotFound)?;
    store::users::update_mails_on_messages(tx, customer, user, false)?;
    Ok(())
}

impl App {
    /// Switches the mails about messages off for the user of a token.
    pub async fn unsubscribe(&self, token: String) -> Result<()> {
        self.db.write(move |tx| unsubscribe(tx, &token)).await
    }
}
