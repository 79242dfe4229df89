//! The mails of the play: a relay that nobody has takes them, all but those that it refuses.

use std::time::Duration;

use liaison_db::Tx;
use liaison_domain::Timestamp;
use liaison_operations::mails::{self, Fate};
use liaison_operations::{Error, Result};

use crate::commands::link_in_mail;

/// Mails claimed at once: more than one step of the play writes.
const MOST: i64 = 100;
/// How long the relay takes for a mail.
const TRANSIT: Duration = Duration::from_secs(3);

/// Mails that the relay has taken so far, for its numbers.
#[derive(Clone, Default)]
pub(super) struct Postman {
    taken: u32,
}

impl Postman {
    /// Brings everything that waits, except to the `refused` address. Gives the link in the last of the mails that has
    /// one: it leaves the database with that mail.
    pub(super) fn deliver(&mut self, tx: &mut Tx<'_>, at: Timestamp, refused: Option<&str>) -> Result<Option<String>> {
        let mut link = None;
        for claimed in mails::claim(tx, at, MOST)? {
            let mail = liaison_mail::read(&claimed.bytes).map_err(|error| Error::Internal(error.to_string()))?;
            link = link_in_mail(&mail.text).or(link);
            let fate = if refused == Some(claimed.recipient.as_str()) {
                unknown_user(&claimed.recipient)
            } else {
                self.taken += 1;
                // Queue numbers look random and are none; 40503 is odd, so that none comes twice.
                let number = self.taken.wrapping_mul(40_503) & 0xF_FFFF;
                Fate::Sent {
                    reply: format!("250 2.0.0 Ok: queued as {number:05X}"),
                }
            };
            mails::record_fate(tx, (claimed.guid, claimed.lease), &fate, at + TRANSIT)?;
        }
        Ok(link)
    }
}

fn unknown_user(recipient: &str) -> Fate {
    Fate::Failed {
        code: Some(550),
        reply: format!("550 5.1.1 <{recipient}>: Recipient address rejected: User unknown in virtual mailbox table"),
    }
}
