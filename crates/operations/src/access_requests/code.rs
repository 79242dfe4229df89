//! The six digits of an activation mail: what its link does, for people whose mail program breaks links.

use liaison_db::Tx;
use liaison_domain::{Refusal, Timestamp, emails, limits};
use liaison_store as store;

use crate::{App, Env, Error, Result, digest};

/// Digits of a code.
const DIGITS: usize = 6;

/// Exchanges an address and its code for a token that opens the request as its link does. None where they do not
/// belong together; that has to be committed, because wrong codes are counted.
pub fn enter(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), (email, code): (&str, &str)) -> Result<Option<String>> {
    let Some(code) = digits(code) else {
        return Ok(None);
    };
    let limits = (limits::CODE_ATTEMPTS, limits::CODE_CANDIDATES);
    let candidates = store::activation_links::list_candidates(tx, &emails::key(email.trim()), now, limits)?;
    let opens = |candidate: &&store::activation_links::Candidate| {
        let given = digest(format!("{}:{code}", candidate.request_guid).as_bytes());
        candidate.code_sha256 == given
    };
    if let Some(right) = candidates.iter().find(opens) {
        let token = crate::new_token(env.entropy.as_ref());
        store::activation_links::update_entry(tx, right.request_guid, &digest(token.as_bytes()))?;
        return Ok(Some(token));
    }
    for candidate in &candidates {
        store::activation_links::update_tried(tx, candidate.request_guid)?;
    }
    Ok(None)
}

/// The digits of a code as people type it, with spaces and dashes between.
fn digits(code: &str) -> Option<String> {
    let bare: String = code
        .chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '-' | '\u{2010}'..='\u{2015}'))
        .collect();
    (bare.len() == DIGITS && bare.bytes().all(|byte| byte.is_ascii_digit())).then_some(bare)
}

impl App {
    /// Exchanges an address and its code for the token of an activation page. An unknown address, a wrong code and
    /// one that was tried too often are refused alike.
    pub async fn enter_code(&self, email: String, code: String) -> Result<String> {
        let (now, env) = (self.now(), self.env.clone());
        let entered = self.db.write(move |tx| enter(tx, (now, &env), (&email, &code))).await?;
        entered.ok_or(Error::Refused(Refusal::CodeWrong))
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn codes_as_people_type_them() {
        for code in [
            "042137",
            "042 137",
            " 042-137 ",
            "0 4 2 1 3 7",
            "042\u{2013}137",
            "042\u{a0}137",
        ] {
            assert_eq!(digits(code).as_deref(), Some("042137"), "{code}");
        }
        for wrong in [
            "",
            "42137",
            "0421370",
            "04213a",
            "\u{664}\u{664}\u{664}",
            "042.137",
            "------",
        ] {
            assert_eq!(digits(wrong), None, "{wrong}");
        }
    }
}
