//! When something is tried again, and after which pause.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use liaison_domain::{Entropy, Timestamp};

use crate::Patience;

/// Whether a status may be gone at the next try.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504 | 524)
}

/// The pause that a server asks for, in seconds or until a date.
pub(crate) fn asked_for(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond();
    Some(Duration::from_millis(
        u64::try_from(until.saturating_sub(now.0)).unwrap_or(0),
    ))
}

/// The pause before a further try, `failed` of which have gone by: doubled each time, and of random length in its upper
/// half, so that many clients do not come back at once.
pub(crate) fn pause(patience: &Patience, failed: u32, entropy: &dyn Entropy) -> Duration {
    let doubled = patience
        .first_pause
        .saturating_mul(1 << failed.saturating_sub(1).min(20));
    let most = doubled.min(patience.longest_pause);
    let mut random = [0];
    entropy.fill(&mut random);
    most / 2 + (most / 2) * u32::from(random[0]) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl Entropy for Fixed {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    fn asked(value: &'static str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, header::HeaderValue::from_static(value));
        asked_for(&headers, Timestamp::parse("2026-11-29T10:00:00Z").unwrap())
    }

    #[test]
    fn a_server_asks_in_seconds_or_until_a_date() {
        assert_eq!(asked("7"), Some(Duration::from_secs(7)));
        assert_eq!(asked("Sun, 29 Nov 2026 10:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(asked("Sun, 29 Nov 2020 10:00:30 GMT"), Some(Duration::ZERO));
        assert_eq!(asked("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
        for nonsense in ["", "-1", "soon", "1.5"] {
            assert_eq!(asked(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let pauses = |fixed| [1, 2, 3, 60].map(|failed| pause(&Patience::PERSON, failed, &Fixed(fixed)).as_millis());
        assert_eq!(pauses(255), [300, 600, 1200, 30_000]);
        assert_eq!(pauses(0), [150, 300, 600, 15_000]);
    }
}
