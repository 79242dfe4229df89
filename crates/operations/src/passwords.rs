//! Passwords: their rule, and their hash (Argon2id). Slow on purpose: never inside a transaction.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version};
use liaison_domain::{Entropy, Refusal, ids, limits};

use crate::{Error, Result};

/// Memory in KiB, passes and lanes: OWASP's first recommendation for Argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Refuses passwords that are too short or too long.
pub fn check(password: &str) -> std::result::Result<(), Refusal> {
    let allowed = limits::PASSWORD_CHARS;
    if allowed.contains(&password.chars().count()) {
        return Ok(());
    }
    let (least, most) = (allowed.start(), allowed.end());
    Err(Refusal::field(
        "password",
        format!("must have {least} to {most} characters"),
    ))
}

/// The hash of a password, with a new salt.
pub fn hash(password: &str, entropy: &dyn Entropy) -> Result<String> {
    let salt: [u8; 16] = ids::new_secret(entropy);
    let hash = hasher()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| Error::Internal(format!("the password could not be hashed: {error}")))?;
    Ok(hash.to_string())
}

/// Whether a password belongs to a hash.
pub fn verify(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else {
        return false;
    };
    hasher().is_ok_and(|hasher| hasher.verify_password(password.as_bytes(), &parsed).is_ok())
}

fn hasher() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None)
        .map_err(|error| Error::Internal(format!("the cost of hashing is wrong: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeroes;

    impl Entropy for Zeroes {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0);
        }
    }

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let hash = hash("correct horse battery", &Zeroes).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery", &hash));
        assert!(!verify("correct horse batterz", &hash));
        assert!(!verify("anything", "not a hash"));
    }

    #[test]
    fn lengths_count_in_characters() {
        assert!(check(&"\u{e9}".repeat(11)).is_err());
        assert!(check(&"\u{e9}".repeat(12)).is_ok());
        assert!(check(&"x".repeat(256)).is_ok());
        assert!(check(&"x".repeat(257)).is_err());
    }
}
