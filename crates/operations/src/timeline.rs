//! What happened to a request, in one list, oldest first: its events, and for the client what became of its mails.

use liaison_db::Tx;
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp, events};
use liaison_store as store;

use crate::{Call, Result, messages};

/// Events and mails of a request that are read at most, each.
const MOST: i64 = 2000;

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// An event's kind, or `mail.queued`, `mail.sent`, `mail.failed`, `mail.kept`, `mail.replaced`.
    pub kind: String,
    /// Which side did it; none where time or the relay did.
    pub side: Option<String>,
    /// The name of who did it.
    pub actor: Option<String>,
    /// What else there is to say.
    pub detail: Option<String>,
    /// The mail, where it is about one.
    pub mail: Option<Mail>,
}

/// One mail to one person.
#[derive(Clone, Debug)]
pub struct Mail {
    /// `introduction` or `activation`.
    pub kind: String,
    /// Who gets it.
    pub recipient: String,
    /// How often it was tried.
    pub attempts: i64,
    /// The relay's last code.
    pub reply_code: Option<i64>,
    /// The relay's last words.
    pub reply: Option<String>,
    /// When it is tried again, while it waits for that.
    pub next_attempt_at: Option<Timestamp>,
}

/// Everything of a request that the caller's side may know.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>, request: Guid) -> Result<Vec<Entry>> {
    let thread = messages::open(tx, call, request)?;
    let reach = messages::reach(call.actor, thread.side);
    let mut entries: Vec<_> = store::events::list(tx, &reach, request, MOST)?
        .into_iter()
        .map(entry)
        .collect();
    if thread.side == Side::Client {
        let deliveries = store::timeline::list_deliveries(tx, call.actor.customer_guid, request, MOST)?;
        entries.extend(deliveries.iter().flat_map(of_delivery));
    }
    entries.sort_by_key(|entry| (entry.at, events::rank(&entry.kind)));
    Ok(entries)
}

pub(crate) fn entry(event: store::events::Event) -> Entry {
    Entry {
        at: event.at,
        kind: event.kind,
        side: event.side,
        actor: event.actor_name,
        detail: event.detail,
        mail: None,
    }
}

/// That a mail was written, and how it ended.
fn of_delivery(delivery: &store::timeline::Delivery) -> Vec<Entry> {
    let waits = delivery.state == "queued";
    let mail = |is_last: bool| Mail {
        kind: delivery.kind.clone(),
        recipient: delivery.recipient.clone(),
        attempts: if is_last { delivery.attempts } else { 0 },
        reply_code: delivery.reply_code.filter(|_| is_last),
        reply: delivery.reply.clone().filter(|_| is_last),
        next_attempt_at: (waits && delivery.attempts > 0).then_some(delivery.next_at),
    };
    let at = |at: Timestamp, state: &str, is_last: bool| Entry {
        at,
        kind: format!("mail.{state}"),
        side: None,
        actor: None,
        detail: None,
        mail: Some(mail(is_last)),
    };
    let written = delivery.created_at;
    match delivery.ended_at {
        // Kept at once, or still waiting: one entry says it all.
        None => vec![at(written, &delivery.state, true)],
        Some(ended) => vec![at(written, "queued", false), at(ended, &delivery.state, true)],
    }
}
