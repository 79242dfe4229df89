//! Guids and secrets, made from an injected source of randomness.

use crate::Timestamp;

/// A 128-bit identifier, written as 36 characters on the wire.
pub type Guid = uuid::Uuid;

/// Where randomness comes from: the operating system in production, a seeded one in tests.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer with unpredictable bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// A new guid, version 7: sorts by the time it was made, which it also shows.
pub fn new_guid(now: Timestamp, entropy: &dyn Entropy) -> Guid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.0).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// A new guid, version 4: nothing in it can be guessed. For guids that open something by themselves.
pub fn random_guid(entropy: &dyn Entropy) -> Guid {
    uuid::Builder::from_random_bytes(new_secret(entropy)).into_uuid()
}

/// `N` unpredictable bytes, for links and tokens.
pub fn new_secret<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut secret = [0; N];
    entropy.fill(&mut secret);
    secret
}

/// Reads a guid in its 36-character form, any case. Other spellings of a UUID are not guids here.
pub fn parse_guid(text: &str) -> Option<Guid> {
    (text.len() == 36).then(|| Guid::try_parse(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_is_a_guid() {
        assert!(parse_guid("A5E23BF0-38d4-4cea-aa50-19ee75da481d").is_some());
        assert!(parse_guid("a5e23bf038d44ceaaa5019ee75da481d").is_none());
        assert!(parse_guid("{a5e23bf0-38d4-4cea-aa50-19ee75da481d}").is_none());
    }
}
