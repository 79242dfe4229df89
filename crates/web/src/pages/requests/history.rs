//! What happened to a request, in words: its events, and what became of the mails to each person.

use liaison_domain::Timestamp;
use liaison_operations::mails::Delivery;
use liaison_operations::timeline::{Entry, Mail};

use super::facts::Facts;

/// One line of a timeline.
pub(crate) struct Step {
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) words: String,
    pub(crate) at: Timestamp,
    /// Where the kept mail can be read.
    pub(crate) mail: Option<String>,
}

/// The events of a request, without its mails and messages, which stand in places of their own.
pub(crate) fn events(entries: &[Entry]) -> Vec<Step> {
    let shown = entries.iter().filter(|entry| entry.kind.starts_with("request."));
    shown.map(event).collect()
}

fn event(entry: &Entry) -> Step {
    let (tone, icon, words) = words(entry);
    Step {
        tone,
        icon,
        words,
        at: entry.at,
        mail: None,
    }
}

/// Tone, icon and words of an entry.
pub(crate) fn words(entry: &Entry) -> (&'static str, &'static str, String) {
    let who = entry.actor.as_deref().unwrap_or("Somebody");
    let detail = entry.detail.as_deref().unwrap_or_default();
    if let Some(mail) = &entry.mail {
        return of_mail(&entry.kind, mail);
    }
    let (tone, icon, words) = match entry.kind.as_str() {
        "request.sent" => ("accent", "send", format!("{who} sent the invitation")),
        "request.resent" => ("accent", "refresh", format!("{who} sent it again, with a new link")),
        "request.asked" => ("", "user", format!("{who} asked to be invited")),
        "request.asked_again" => ("", "refresh", format!("{who} asked for a new link")),
        "request.approved" => ("good", "check", format!("{who} approved it")),
        "request.rejected" => ("bad", "cross", format!("{who} turned it down")),
        "request.opened" => ("accent", "eye", format!("{who} opened it")),
        "request.accepted" => ("good", "check", format!("{who} accepted")),
        "request.delegated" | "request.handed_over" => ("", "handover", format!("{who} handed it {detail}")),
        "request.taken_over" => ("good", "handover", format!("{who} took it over {detail}")),
        "request.link_copied" => ("", "link", format!("{who} copied a new link")),
        "request.notes_changed" => ("", "note", format!("{who} changed the private notes")),
        "request.trial_extended" => ("", "calendar", format!("{who} made the trial longer {detail}")),
        "request.resolved" => ("good", "check", format!("{who} resolved it")),
        "message.posted" => ("", "message", format!("{who} wrote a message")),
        "message.edited" => ("", "pencil", format!("{who} edited a message")),
        "message.deleted" => ("", "trash", format!("{who} deleted a message")),
        other => ("", "info", format!("{who}: {other} {detail}")),
    };
    (tone, icon, words.trim_end().to_owned())
}

fn of_mail(kind: &str, mail: &Mail) -> (&'static str, &'static str, String) {
    let (what, to) = (name(&mail.kind), &mail.recipient);
    let reply = mail.reply.as_deref().unwrap_or_default();
    match kind {
        "mail.sent" => (
            "good",
            "check",
            format!("{what} to {to} accepted by the relay: {reply}"),
        ),
        "mail.failed" => ("bad", "danger", format!("{what} to {to} failed: {reply}")),
        "mail.kept" => ("warn", "mail", format!("{what} to {to} kept: no relay is configured")),
        "mail.replaced" => (
            "",
            "refresh",
            format!("{what} to {to} replaced: its link was used or replaced"),
        ),
        _ => ("", "clock", format!("{what} to {to} queued")),
    }
}

fn name(kind: &str) -> &'static str {
    if kind == "activation" {
        "Activation mail"
    } else {
        "Introduction"
    }
}

/// What became of the mails to one person.
pub(crate) struct Recipient {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: &'static str,
    pub(crate) steps: Vec<Step>,
    /// What to do, where the last mail failed.
    pub(crate) advice: Option<&'static str>,
}

const FAILED: &str = "Check the address. If it is right, send it again, or copy the link and bring it another way.";
const FAILED_COPY: &str = "Check the address. Nobody else is kept waiting: this person only reads the introduction.";

/// The mails of a request by person: the requestee first, the others in the order of their mails.
pub(crate) fn recipients(facts: &Facts, letters: &[Delivery], may_read: bool) -> Vec<Recipient> {
    let mut found: Vec<Recipient> = Vec::new();
    for letter in letters {
        let known = found
            .iter()
            .position(|one| one.email.eq_ignore_ascii_case(&letter.recipient));
        let place = known.unwrap_or_else(|| {
            found.push(recipient(facts, &letter.recipient));
            found.len() - 1
        });
        let one = &mut found[place];
        one.steps.extend(delivery(facts, letter, may_read));
        one.advice = (letter.state == "failed").then_some(if one.role == REQUESTEE { FAILED } else { FAILED_COPY });
    }
    found.sort_by_key(|one| one.role != REQUESTEE);
    if let Some(first) = found.first_mut().filter(|one| one.role == REQUESTEE) {
        first.steps.extend(reached(facts));
        first.steps.sort_by_key(|step| step.at);
    }
    found
}

const REQUESTEE: &str = "Recipient";

fn recipient(facts: &Facts, email: &str) -> Recipient {
    let is = |other: &str| other.eq_ignore_ascii_case(email);
    let party = facts.third_parties.iter().find(|party| is(&party.email));
    let (name, role) = if is(&facts.requestee.email) {
        (facts.requestee.name.clone(), REQUESTEE)
    } else if let Some(party) = party {
        (party.name.clone(), "Third party")
    } else if facts.ccs.iter().any(|cc| is(cc)) {
        (email.to_owned(), "Copy")
    } else {
        (email.to_owned(), "Earlier recipient")
    };
    Recipient {
        name,
        email: email.to_owned(),
        role,
        steps: Vec::new(),
        advice: None,
    }
}

/// What the recipient did with it.
fn reached(facts: &Facts) -> Vec<Step> {
    let step = |at: Option<Timestamp>, tone, icon, words: &str| {
        at.map(|at| Step {
            tone,
            icon,
            words: words.to_owned(),
            at,
            mail: None,
        })
    };
    let times = &facts.times;
    let at_once = times.accepted == Some(times.created);
    let accepted = if at_once {
        "Has an account: access is open"
    } else {
        "Accepted"
    };
    let steps = [
        step(times.opened, "accent", "eye", "Opened in a browser"),
        step(times.accepted, "good", "check", accepted),
    ];
    steps.into_iter().flatten().collect()
}

fn delivery(facts: &Facts, letter: &Delivery, may_read: bool) -> Vec<Step> {
    let what = name(&letter.kind);
    let reply = letter.reply.as_deref().unwrap_or_default();
    let queued = |words: String| Step {
        tone: "",
        icon: "clock",
        words,
        at: letter.created_at,
        mail: None,
    };
    let ended = |tone, icon, words: String| Step {
        tone,
        icon,
        words,
        at: letter.ended_at.unwrap_or(letter.created_at),
        mail: None,
    };
    match letter.state.as_str() {
        "sent" => vec![
            queued(format!("{what} queued")),
            ended("good", "check", format!("{what} accepted by the relay: {reply}")),
        ],
        "failed" => vec![
            queued(format!("{what} queued")),
            ended("bad", "danger", format!("{what} not delivered: {}", or_unknown(reply))),
        ],
        "replaced" => vec![ended("", "refresh", format!("{what} stopped: {}", or_unknown(reply)))],
        "kept" => {
            let mail = may_read.then(|| format!("/requests/{}/mails/{}", facts.guid, letter.guid));
            vec![Step {
                mail,
                ..ended("warn", "mail", format!("{what} kept here: this server sends no mail"))
            }]
        }
        _ if letter.attempts > 0 => vec![queued(format!(
            "{what} waits for attempt {} at {}. The relay said: {}",
            letter.attempts + 1,
            letter.next_at.for_people(),
            or_unknown(reply)
        ))],
        _ => vec![queued(format!("{what} queued"))],
    }
}

fn or_unknown(reply: &str) -> &str {
    if reply.is_empty() { "nothing" } else { reply }
}
