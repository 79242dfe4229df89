//! Which field of the form a refusal belongs to, and the sentence that stands there.

use liaison_domain::{Refusal, limits};
use liaison_operations::Error;
use liaison_operations::companies::Invitee;

use super::typed::Typed;

/// The field and the sentence; none where it is no refusal that the form can mend.
pub(super) fn placed(error: &Error, typed: &Typed, invitee: &Invitee) -> Option<(String, String)> {
    let Error::Refused(refusal) = error else { return None };
    let (field, words) = match refusal {
        Refusal::Field { field, rule } => return Some(named(field, rule)),
        Refusal::InvalidRequesteeEmail => ("email", format!("{} is not an e-mail address.", typed.email.trim())),
        Refusal::ToYourself => ("email", "This is your own address: invite somebody else.".to_owned()),
        Refusal::UnrelatedEmailDomain => ("email", unrelated(typed, invitee)),
        Refusal::EntityNotUsable | Refusal::NoEntity => (
            "company",
            format!("{} cannot be invited. Choose another company.", invitee.name),
        ),
        Refusal::CcsTooLong => (
            "cc",
            format!(
                "The copies are {} characters together; {} are the most. Take some out.",
                typed.ccs.join(",").chars().count(),
                limits::CCS_CHARS
            ),
        ),
        Refusal::TooManyObservations => (
            "findings",
            format!(
                "You ticked {} findings; {} are the most.",
                typed.findings.len(),
                limits::OBSERVATIONS
            ),
        ),
        Refusal::ObservationMismatch => (
            "findings",
            "A finding that you ticked is gone since you opened this page. The ones below are there now.".to_owned(),
        ),
        Refusal::IdempotencyMismatch => (
            "send",
            "This form was sent before, with other words in it. Your outbox has what was sent. Press Send again to \
             send this as a second invitation."
                .to_owned(),
        ),
        Refusal::IdempotencyRunning => (
            "send",
            "This invitation is being sent at this moment. Look into your outbox before you send it again.".to_owned(),
        ),
        _ => return None,
    };
    Some((field.to_owned(), words))
}

fn unrelated(typed: &Typed, invitee: &Invitee) -> String {
    let email = typed.email.trim();
    let host = email.rsplit_once('@').map_or(email, |(_, host)| host);
    let domains = match invitee.domains.as_slice() {
        [] => {
            return format!(
                "{} has no domain on this server, so nobody can be invited there.",
                invitee.name
            );
        }
        [only] => only.clone(),
        [more @ .., last] => format!("{} or {last}", more.join(", ")),
    };
    format!(
        "The address must be at {domains}, which belong to {}. You wrote {host}.",
        invitee.name
    )
}

/// A refused field of the API under its name in the form.
fn named(field: &str, rule: &str) -> (String, String) {
    let place = |text: &str| {
        text.split_once('[')
            .and_then(|(_, rest)| rest.split_once(']'))
            .map(|(place, _)| place.to_owned())
    };
    let (name, subject) = match field {
        "requestee_formal_name" => ("name".to_owned(), "The name"),
        "requestee_friendly_name" => ("friendly".to_owned(), "The short name"),
        "requestee_email" => ("email".to_owned(), "The address"),
        "ccs" => ("cc".to_owned(), "In the copies"),
        "trial_duration" => ("trial".to_owned(), "The trial"),
        "message" => ("message".to_owned(), "The message"),
        "notes" => ("notes".to_owned(), "The notes"),
        "reason" => ("reason".to_owned(), "The reason"),
        "third_parties" => ("party-0".to_owned(), "Others who are told"),
        other if other.starts_with("third_parties") => {
            let row = place(other).unwrap_or_else(|| "0".to_owned());
            let subject = if other.ends_with("name") {
                "The name of this person"
            } else {
                "The address of this person"
            };
            (format!("party-{row}"), subject)
        }
        other if other.starts_with("context") => ("vectors".to_owned(), "One of the risk vectors"),
        other => (other.to_owned(), "This"),
    };
    let rule = match rule {
        "is required where no contact of the company is known" => "is needed",
        other => other,
    };
    let joint = if rule.starts_with("at most") { ":" } else { "" };
    (name, format!("{subject}{joint} {rule}."))
}
