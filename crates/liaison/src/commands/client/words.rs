//! Words for people: days, moments, names, and what happens next with a request.

use comfy_table::{Attribute, Cell, Color};
use liaison_domain::Timestamp;
use serde_json::Value;

use super::json;
use crate::output;

/// `12 Nov 2026`, of a date or a moment; what is neither comes back as it is.
pub(super) fn day(text: &str) -> String {
    match Timestamp::parse(text) {
        Some(at) => at.for_people().split(',').next().unwrap_or_default().to_owned(),
        None => text.to_owned(),
    }
}

/// `12 Nov 2026, 09:00 UTC`; of a date alone, the day.
pub(super) fn moment(text: &str) -> String {
    match Timestamp::parse(text) {
        Some(at) if text.contains('T') => at.for_people(),
        _ => day(text),
    }
}

/// `Emma Waters <emma@blueseas.com>`, or what of it is known.
pub(super) fn person(name: &str, address: &str) -> String {
    match (name.trim(), address.trim()) {
        ("", address) => address.to_owned(),
        (name, "") => name.to_owned(),
        (name, address) => format!("{name} <{address}>"),
    }
}

/// A status in its colour.
pub(super) fn status(word: &str) -> Cell {
    let cell = output::line(word);
    match word {
        "Active" => cell.fg(Color::Green),
        "Pending" | "Requested" => cell.fg(Color::Yellow),
        "Never" | "Inactive" => cell.fg(Color::Red),
        "Resolved" | "Rejected" => cell.add_attribute(Attribute::Dim),
        _ => cell,
    }
}

/// A letter of a grade in its colour.
pub(super) fn grade(letter: &str) -> Cell {
    let cell = output::line(letter);
    match letter {
        "A" | "B" | "GOOD" => cell.fg(Color::Green),
        "C" | "FAIR" | "WARN" => cell.fg(Color::Yellow),
        "D" | "F" | "BAD" => cell.fg(Color::Red),
        _ => cell,
    }
}

/// What happens next with a received request, in the words of who received it.
pub(super) fn next_here(request: &Value) -> String {
    match json::str(request, "status") {
        "Requested" => "waits for the other company to let you in".to_owned(),
        "Pending" => match last_day(request) {
            Some(day) => format!("accept it until {day}, by the link in the mail"),
            None => "accept it, by the link in the mail".to_owned(),
        },
        "Never" => "ran out; ask for a new link".to_owned(),
        "Active" => "you are in; answer in the thread".to_owned(),
        _ => next(request),
    }
}

/// What happens next with a request, as far as its row tells: any server's does.
pub(super) fn next(request: &Value) -> String {
    match json::str(request, "status") {
        "Requested" => "asks to be let in: approve or reject".to_owned(),
        "Rejected" => "was turned down".to_owned(),
        "Pending" => match last_day(request) {
            Some(day) => format!("can accept until {day}"),
            None => "has not accepted yet".to_owned(),
        },
        "Never" => "ran out; resend it if it still matters".to_owned(),
        "Active" => "they are in; write to them".to_owned(),
        "Inactive" => "access ended".to_owned(),
        "Resolved" => {
            let who = json::str(request, "resolved_by.formal_name");
            let when = day(json::str(request, "resolved_date"));
            match (who, when.as_str()) {
                ("", "") => "closed".to_owned(),
                ("", when) => format!("closed {when}"),
                (who, when) => format!("closed {when} by {who}"),
            }
        }
        _ => String::new(),
    }
}

/// The day on which the invitation runs out.
fn last_day(request: &Value) -> Option<String> {
    let days = json::at(request, "invitation_duration")
        .as_i64()
        .filter(|days| (0..=3650).contains(days))?;
    let sent = Timestamp::parse(json::str(request, "email_sent_date"))?;
    Some(day(&sent.plus_days(days).date()))
}

/// Numbers as a small curve, one sign for each.
pub(super) fn curve(numbers: &[i64]) -> String {
    const SIGNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let least = numbers.iter().min().copied().unwrap_or_default();
    let span = numbers.iter().max().copied().unwrap_or_default().saturating_sub(least);
    let sign = |number: &i64| match span {
        // Nothing moved: a line in the middle.
        0 => SIGNS[3],
        _ => {
            let step = (number.saturating_sub(least)).saturating_mul(7) / span;
            SIGNS[usize::try_from(step).unwrap_or_default().min(7)]
        }
    };
    numbers.iter().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn days_and_moments() {
        assert_eq!(day("2026-11-12T09:00:00Z"), "12 Nov 2026");
        assert_eq!(
            (day("2026-11-02"), day("soon")),
            ("2 Nov 2026".to_owned(), "soon".to_owned())
        );
        assert_eq!(moment("2026-11-12T09:00:00.094183Z"), "12 Nov 2026, 09:00 UTC");
        assert_eq!(moment("2026-11-12"), "12 Nov 2026");
        assert_eq!(person("", "e@x"), "e@x");
    }

    #[test]
    fn what_happens_next_needs_nothing_that_may_be_absent() {
        let of = |request: Value| next(&request);
        assert_eq!(
            of(json!({"status": "Pending", "email_sent_date": "2026-11-12", "invitation_duration": 14})),
            "can accept until 26 Nov 2026"
        );
        assert_eq!(of(json!({"status": "Pending"})), "has not accepted yet");
        assert_eq!(of(json!({"status": "Resolved"})), "closed");
        assert_eq!(
            of(json!({"status": "Resolved", "resolved_date": "2026-11-14", "resolved_by": {"formal_name": "Emma"}})),
            "closed 14 Nov 2026 by Emma"
        );
        assert_eq!(
            (of(json!({})), of(json!({"status": 7}))),
            (String::new(), String::new())
        );
    }

    #[test]
    fn a_curve_has_a_sign_for_each_number() {
        assert_eq!(curve(&[250, 500, 900]), "▁▃█");
        assert_eq!((curve(&[700, 700]), curve(&[])), ("▄▄".to_owned(), String::new()));
        assert_eq!(curve(&[i64::MIN, i64::MAX]).chars().count(), 2);
    }
}
