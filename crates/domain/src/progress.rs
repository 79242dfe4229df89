//! What happens next with a request: one code for machines, one sentence for the person who looks at it.

use crate::Timestamp;
use crate::access_requests::Status;
use crate::sides::Side;

/// Days before the end of a trial from which it is worth a word.
const ENDING_DAYS: i64 = 7;

/// What decides what happens next.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'f> {
    /// The status at the moment of reading.
    pub status: Status,
    /// Where the newest mail to the requestee stands: `queued`, `sent`, `failed`, `kept`, or `copied` where somebody
    /// took the link to hand it over.
    pub delivery: &'f str,
    /// The relay's last words, where the mail failed.
    pub relay_words: Option<&'f str>,
    /// When the recipient first opened it.
    pub opened_at: Option<Timestamp>,
    /// When the invitation runs out.
    pub expires_at: Timestamp,
    /// When the trial ends, where there is one.
    pub trial_ends_at: Option<Timestamp>,
    /// When it was closed.
    pub resolved_at: Option<Timestamp>,
    /// When the recipient's side first wrote.
    pub answered_at: Option<Timestamp>,
    /// The side that wrote last: `client` or `vendor`.
    pub last_message_side: Option<&'f str>,
    /// Name of the person who sent it.
    pub requester: &'f str,
    /// Name of the person who received it.
    pub requestee: &'f str,
}

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Stable, snake case.
    pub code: &'static str,
    /// For the person who looks.
    pub sentence: String,
}

fn next(code: &'static str, sentence: impl Into<String>) -> Next {
    Next {
        code,
        sentence: sentence.into(),
    }
}

/// What happens next, as the people of one side read it. The recipient's side hears nothing of deliveries.
pub fn what_next(facts: &Facts<'_>, viewer: Side, now: Timestamp) -> Next {
    let (requester, requestee) = (facts.requester, facts.requestee);
    let is_client = viewer == Side::Client;
    match facts.status {
        Status::Requested => next(
            "requested",
            format!("{requestee} asks to be invited. Approve or reject it."),
        ),
        Status::Rejected => next(
            "rejected",
            format!("{requestee} asked to be invited and was turned down."),
        ),
        Status::Resolved => next("resolved", closed(facts.resolved_at)),
        Status::Never => {
            let end = facts.expires_at.for_people();
            let way_out = if is_client {
                "Send it again if it still matters.".to_owned()
            } else {
                format!("Ask {requester} to send it again.")
            };
            next("expired", format!("The invitation ran out on {end}. {way_out}"))
        }
        Status::Inactive => inactive(facts, is_client, now),
        Status::Pending if is_client => pending(facts),
        Status::Pending => next(
            "not_accepted",
            format!("{requestee} was invited and has not accepted yet."),
        ),
        Status::Active => active(facts, is_client, now),
    }
}

fn closed(at: Option<Timestamp>) -> String {
    at.map_or_else(
        || "Closed.".to_owned(),
        |at| format!("Closed on {}. Nothing is left to do.", at.for_people()),
    )
}

fn inactive(facts: &Facts<'_>, is_client: bool, now: Timestamp) -> Next {
    let requester = facts.requester;
    match facts.trial_ends_at.filter(|end| *end <= now) {
        Some(end) => {
            let end = end.for_people();
            let way_out = if is_client {
                "Make the trial longer to go on.".to_owned()
            } else {
                format!("Ask {requester} for more time.")
            };
            next("inactive", format!("Access ended on {end}. {way_out}"))
        }
        None => next(
            "switched_off",
            "The recipient's account was switched off on this server. Its operator can switch it on again.",
        ),
    }
}

fn pending(facts: &Facts<'_>) -> Next {
    let requestee = facts.requestee;
    let end = facts.expires_at.for_people();
    if facts.opened_at.is_some() {
        return next(
            "not_accepted",
            format!("{requestee} opened the invitation and has not accepted it. It can be accepted until {end}."),
        );
    }
    match facts.delivery {
        "failed" => not_delivered(facts),
        "kept" => next(
            "link_to_copy",
            format!("This server sends no mail. Copy the link and give it to {requestee} yourself."),
        ),
        "copied" => next(
            "link_copied",
            format!("The link was copied. Once {requestee} has it, it can be accepted until {end}."),
        ),
        "sent" => next(
            "not_opened",
            format!("The mail was delivered. {requestee} has not opened it yet."),
        ),
        _ => next("mail_waiting", "The mail waits to be sent."),
    }
}

fn not_delivered(facts: &Facts<'_>) -> Next {
    let words = facts.relay_words.unwrap_or_default().trim();
    let said = if words.is_empty() {
        String::new()
    } else {
        format!(" The mail relay said: \u{201c}{words}\u{201d}.")
    };
    next(
        "not_delivered",
        format!(
            "The mail to {} could not be delivered.{said} Check the address, or bring the link another way.",
            facts.requestee
        ),
    )
}

fn active(facts: &Facts<'_>, is_client: bool, now: Timestamp) -> Next {
    let unheard = facts.opened_at.is_none() && facts.answered_at.is_none();
    if is_client && unheard && facts.delivery == "failed" {
        return not_delivered(facts);
    }
    let ending = ending(facts.trial_ends_at, now);
    let turn = if facts.last_message_side == Some("vendor") {
        waiting_for_client(facts, is_client)
    } else if let Some(ending) = &ending {
        return next("trial_ending", ending.clone());
    } else if facts.answered_at.is_none() {
        not_answered(facts, is_client)
    } else {
        waiting_for_vendor(facts, is_client)
    };
    match ending {
        Some(ending) => next(turn.code, format!("{} {ending}", turn.sentence)),
        None => turn,
    }
}

fn waiting_for_client(facts: &Facts<'_>, is_client: bool) -> Next {
    let sentence = if is_client {
        format!("{}'s side answered. It is your turn.", facts.requestee)
    } else {
        format!("You answered. It is {}'s turn.", facts.requester)
    };
    next("waiting_for_client", sentence)
}

fn not_answered(facts: &Facts<'_>, is_client: bool) -> Next {
    let sentence = if is_client {
        format!("{} has access and has not answered yet.", facts.requestee)
    } else {
        format!("{} waits for your first answer.", facts.requester)
    };
    next("not_answered", sentence)
}

fn waiting_for_vendor(facts: &Facts<'_>, is_client: bool) -> Next {
    let sentence = if is_client {
        format!("You wrote last. It is {}'s turn.", facts.requestee)
    } else {
        format!("{} wrote last. It is your turn.", facts.requester)
    };
    next("waiting_for_vendor", sentence)
}

/// A word on a trial that ends soon.
fn ending(trial_ends_at: Option<Timestamp>, now: Timestamp) -> Option<String> {
    let end = trial_ends_at?;
    if end > now.plus_days(ENDING_DAYS) {
        return None;
    }
    let days = end.0.saturating_sub(now.0) / 86_400_000;
    let when = end.for_people();
    Some(match days {
        0 => format!("Access ends in less than a day, on {when}."),
        1 => format!("Access ends in 1 day, on {when}."),
        days => format!("Access ends in {days} days, on {when}."),
    })
}

#[cfg(test)]
mod tests;
