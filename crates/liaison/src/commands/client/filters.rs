//! Flags that narrow lists, shared by the commands.

use std::time::Duration;

use clap::builder::PossibleValuesParser;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::{Clock as _, Timestamp};

use crate::system::SystemClock;

/// The words of a status.
pub(super) fn statuses() -> PossibleValuesParser {
    PossibleValuesParser::new(Status::ALL.map(Status::slug))
}

/// The words of a reason.
pub(super) fn reasons() -> PossibleValuesParser {
    PossibleValuesParser::new(Reason::ALL.map(Reason::slug))
}

/// A moment, or how long ago it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Since {
    /// That moment.
    At(Timestamp),
    /// So long before now.
    Ago(Duration),
}

impl Since {
    /// The moment it means now.
    pub(super) fn moment(self) -> Timestamp {
        match self {
            Since::At(at) => at,
            Since::Ago(span) => SystemClock.now() - span,
        }
    }
}

/// `2026-11-01`, an RFC 3339 time, `7d`, `2w`, `12h`.
pub(super) fn since(text: &str) -> Result<Since, String> {
    let text = text.trim();
    if let Some(at) = Timestamp::parse(text) {
        return Ok(Since::At(at));
    }
    let unit = match text.chars().last() {
        Some('h') => 3600,
        Some('d') => 24 * 3600,
        Some('w') => 7 * 24 * 3600,
        _ => 0,
    };
    let number = text
        .get(..text.len().saturating_sub(1))
        .and_then(|digits| digits.parse::<u32>().ok());
    match number {
        Some(number) if unit > 0 => Ok(Since::Ago(Duration::from_secs(u64::from(number) * unit))),
        _ => Err("write a date like 2026-11-01, or how long ago: 12h, 7d, 2w".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_a_date_or_a_span() {
        let date = Timestamp::parse("2026-11-01").unwrap();
        assert_eq!(since("2026-11-01"), Ok(Since::At(date)));
        assert_eq!(since(" 2w "), Ok(Since::Ago(Duration::from_secs(14 * 86_400))));
        assert_eq!(since("12h"), Ok(Since::Ago(Duration::from_secs(12 * 3600))));
        for wrong in ["", "d", "7", "-7d", "7m", "yesterday", "99999999999d", "\u{e9}"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }
}
