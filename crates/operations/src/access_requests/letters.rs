//! The mails that a sent request caused, as the people of its sender follow them: who got which, and what is kept of it.

use liaison_db::Tx;
use liaison_domain::Guid;
pub use liaison_mail::Readable;
use liaison_store as store;
use liaison_store::mails::{Delivery, Filter};

use super::outbox;
use crate::{Call, Error, Result, mails};

/// Deliveries of one request that are read at most.
const MOST: i64 = 500;
/// The kinds of mail that a sender causes and follows.
const KINDS: [&str; 2] = ["introduction", "activation"];

/// A mail that is kept because there is no relay to send it.
#[derive(Clone, Debug)]
pub struct KeptLetter {
    /// To whom and since when.
    pub delivery: Delivery,
    /// The mail as its reader would see it.
    pub mail: Readable,
    /// The link of an activation mail: whoever has it can accept.
    pub link: Option<String>,
}

/// The invitations and links of a sent request, one row for each person and mail, oldest first.
pub fn list_letters(tx: &mut Tx<'_>, call: &Call<'_>, request: Guid) -> Result<Vec<Delivery>> {
    outbox::sent(tx, call, request, &|_| ())?;
    let filter = Filter {
        request: Some(request),
        limit: MOST,
        ..Filter::default()
    };
    let mut found = store::mail_deliveries::list_of_customer(tx, call.actor.customer_guid, &filter)?;
    found.retain(|delivery| KINDS.contains(&delivery.kind.as_str()));
    found.reverse();
    Ok(found)
}

/// One kept mail of a sent request. What a relay took is its recipient's alone, and is not found here.
pub fn find_kept_letter(tx: &mut Tx<'_>, call: &Call<'_>, (request, delivery): (Guid, Guid)) -> Result<KeptLetter> {
    outbox::sent(tx, call, request, &|_| ())?;
    call.actor.require_inviter()?;
    let customer = call.actor.customer_guid;
    let delivery = store::mail_deliveries::find_of_customer(tx, customer, delivery)?
        .filter(|found| found.request_guid == Some(request) && KINDS.contains(&found.kind.as_str()))
        .filter(|found| found.state == "kept")
        .ok_or(Error::NotFound)?;
    let bytes = store::mails::find_bytes(tx, delivery.message_guid)?.ok_or(Error::NotFound)?;
    let mail = liaison_mail::read(&bytes).map_err(|error| Error::Internal(format!("a kept mail: {error}")))?;
    let link = (delivery.kind == "activation").then(|| link_in(&mail.text)).flatten();
    let mail = mails::as_sender_reads(&delivery.kind, mail);
    Ok(KeptLetter { delivery, mail, link })
}

/// The personal link in the text of a mail: a word whose path is `/i/` and letters or digits.
fn link_in(text: &str) -> Option<String> {
    let is_link = |word: &&str| {
        let token = word
            .rsplit_once("/i/")
            .map(|(base, token)| (base.contains("://"), token));
        token.is_some_and(|(is_address, token)| {
            is_address && token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    };
    text.split_whitespace().find(is_link).map(str::to_owned)
}
