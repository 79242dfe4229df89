//! When a mail that could not be delivered yet is tried again.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// Waits after the first attempts; later ones wait [`LATER`].
const FIRST: [u64; 7] = [
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
];
const LATER: u64 = 4 * HOUR;
/// How long a mail is tried at all.
const GIVE_UP: u64 = 4 * 24 * HOUR;

/// How long to wait after `attempt` finished attempts (the first is 1), or none once the waits exceed four days.
///
/// `jitter` spreads mails that failed together: 0 is 20 % earlier, 255 is 20 % later.
pub fn next_attempt(attempt: u32, jitter: u8) -> Option<Duration> {
    let finished = u64::from(attempt.max(1));
    let early: u64 = FIRST.iter().take(usize::try_from(finished).ok()?).sum();
    let waited = early + LATER.checked_mul(finished.saturating_sub(FIRST.len() as u64))?;
    if waited > GIVE_UP {
        return None;
    }
    let index = usize::try_from(finished - 1).ok()?;
    let wait_ms = FIRST.get(index).unwrap_or(&LATER) * 1000;
    // 80 % and up to 40 % more.
    Some(Duration::from_millis(
        wait_ms * 4 / 5 + wait_ms * 2 / 5 * u64::from(jitter) / 255,
    ))
}
