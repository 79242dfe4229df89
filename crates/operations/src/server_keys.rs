//! Keys of this server by which it recognises what it signed itself. Made when they are first needed.

use hmac::{Hmac, KeyInit as _, Mac as _};
use liaison_db::Tx;
use liaison_domain::{Entropy, ids};
use liaison_store as store;
use sha2::Sha256;

use crate::{Error, Result};

/// Bytes of a signature: half of an HMAC-SHA256, which nobody guesses.
pub(crate) const SIGNATURE_BYTES: usize = 16;

/// A key of this server.
pub(crate) struct ServerKey(Vec<u8>);

/// The key of a name; made now where there is none.
pub(crate) fn get_or_make(tx: &mut Tx<'_>, entropy: &dyn Entropy, name: &str) -> Result<ServerKey> {
    if let Some(key) = find(tx, name)? {
        return Ok(key);
    }
    let key: [u8; 32] = ids::new_secret(entropy);
    store::server_keys::insert(tx, name, &key)?;
    find(tx, name)?.ok_or_else(|| Error::Internal(format!("the server key {name} was stored and is not there")))
}

/// The key of a name; none where nothing was signed with it yet.
pub(crate) fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<ServerKey>> {
    Ok(store::server_keys::find(tx, name)?.map(ServerKey))
}

impl ServerKey {
    /// A key that was read elsewhere.
    pub(crate) fn of(bytes: &[u8]) -> ServerKey {
        ServerKey(bytes.to_vec())
    }

    /// The signature of some bytes.
    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; SIGNATURE_BYTES] {
        let whole = self.mac(bytes).finalize().into_bytes();
        let mut signature = [0; SIGNATURE_BYTES];
        signature.copy_from_slice(&whole[..SIGNATURE_BYTES]);
        signature
    }

    /// Whether a signature is that of some bytes, in a time that tells nothing.
    pub(crate) fn recognises(&self, bytes: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        self.mac(bytes).verify_truncated_left(signature).is_ok()
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(bytes);
        mac
    }
}
