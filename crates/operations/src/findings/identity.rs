//! Ids of findings that this server gave itself: the same company, vector, rule and place make the same id.
//!
//! They are signed, not only digested: whoever follows a company knows everything but the host part of an address, and
//! could otherwise try all 256 of them.

use data_encoding::BASE64URL;
use liaison_domain::Guid;

use crate::server_keys::ServerKey;

/// The name of the server's key for them.
pub const KEY_NAME: &str = "observations";

/// The id of what was observed: risk vector, rule and place.
pub fn observation_id(key: &[u8], company: Guid, observed: [&str; 3]) -> String {
    let mut bytes = company.as_bytes().to_vec();
    for part in observed {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    BASE64URL.encode(&ServerKey::of(key).sign(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let id = |observed| observation_id(b"key", Guid::nil(), observed);
        assert_eq!(id(["a", "b", "c"]), id(["a", "b", "c"]));
        assert_ne!(id(["a", "b", "c"]), id(["ab", "", "c"]));
        assert_ne!(
            id(["a", "b", "c"]),
            observation_id(b"other", Guid::nil(), ["a", "b", "c"])
        );
        assert!(id(["", "", ""]).len() == 24 && id(["", "", ""]).ends_with("=="));
    }
}
