//! A token in memory: nothing that is printed or logged shows it by accident.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An API token.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// The token itself: for the header, and for the file of profiles.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nobody gave one.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A sentence where the text is none that could be a token. It does not show it.
    pub(super) fn check(&self) -> Result<(), String> {
        let fits = |byte: u8| byte.is_ascii_graphic() && byte != b':';
        if self.0.is_empty() {
            return Err("the token is empty".to_owned());
        }
        if self.0.len() > 4096 || !self.0.bytes().all(fits) {
            return Err(
                "this is no API token: one has letters, digits and signs, no spaces and no colon; \
                 was something else pasted with it?"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret(text.trim().to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn it_is_not_shown() {
        let secret = Secret::from(" hunter2 \n".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.reveal(), "hunter2");
    }

    #[test]
    fn what_is_no_token_is_refused_without_being_shown() {
        for text in ["", "two words", "user:password", "t\u{f6}ken", "a\nb"] {
            let problem = Secret::from(text.to_owned()).check().unwrap_err();
            assert!(text.is_empty() || !problem.contains(text), "{problem}");
        }
        assert!(Secret::from("abcDEF123-_.~+/=".to_owned()).check().is_ok());
    }
}
