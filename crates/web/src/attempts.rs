//! Wrong guesses, counted: how many an address or a network made lately. In memory, bounded, and forgotten with the
//! process.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use liaison_domain::Timestamp;

use crate::errors::ApiError;

/// How long a wrong guess counts: this long at least, twice as long at most.
const WINDOW: Duration = Duration::from_secs(600);
/// Wrong guesses that one network may make about one name in that time.
const FOR_ONE_NAME: u32 = 10;
/// Wrong guesses that one network may make about all names.
const FOR_ALL_NAMES: u32 = 30;
/// Entries kept for each half of the time. More than that, and the older half is forgotten early.
const ENTRIES: usize = 100_000;

/// The counts. One value for the whole server.
pub(crate) struct Attempts {
    hasher: RandomState,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    since: Timestamp,
    now: HashMap<u64, u32>,
    before: HashMap<u64, u32>,
}

/// Who guesses about whom.
pub(crate) struct Guess {
    name: u64,
    network: u64,
}

impl Attempts {
    pub(crate) fn new() -> Attempts {
        Attempts {
            hasher: RandomState::new(),
            counts: Mutex::default(),
        }
    }

    /// A guess from `peer` about `name`, e.g. an address of a person, for one `purpose`.
    pub(crate) fn guess(&self, purpose: &str, peer: IpAddr, name: &str) -> Guess {
        let network = network(peer);
        Guess {
            name: self.hasher.hash_one((purpose, network, name)),
            network: self.hasher.hash_one((purpose, network)),
        }
    }

    /// Refuses a guess where too many were wrong. One that is let through counts as wrong until [`Attempts::right`] takes
    /// it back, so that many sent at once are not judged by what was known before the first of them.
    pub(crate) fn admit(&self, guess: &Guess, now: Timestamp) -> Result<(), ApiError> {
        let mut counts = self.lock();
        counts.turn(now);
        if counts.of(guess.name) < FOR_ONE_NAME && counts.of(guess.network) < FOR_ALL_NAMES {
            for key in [guess.name, guess.network] {
                *counts.now.entry(key).or_default() += 1;
            }
            return Ok(());
        }
        // What was counted in this half is forgotten after the next one.
        let is_new = counts.now.get(&guess.name).is_some_and(|count| *count >= FOR_ONE_NAME)
            || counts
                .now
                .get(&guess.network)
                .is_some_and(|count| *count >= FOR_ALL_NAMES);
        let until = counts.since + WINDOW * if is_new { 2 } else { 1 };
        Err(ApiError::too_many_attempts(((until.0 - now.0) / 1000).max(1)))
    }

    /// Takes back the count of a guess that was right.
    pub(crate) fn right(&self, guess: &Guess) {
        let mut counts = self.lock();
        for key in [guess.name, guess.network] {
            counts.take_back(key);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Counts {
    /// Lets the older half go when its time is over, or when there is too much.
    fn turn(&mut self, now: Timestamp) {
        let age = now.0.saturating_sub(self.since.0);
        let window = i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX);
        if (0..window).contains(&age) && self.now.len() < ENTRIES {
            return;
        }
        self.before = std::mem::take(&mut self.now);
        if age >= 2 * window {
            self.before.clear();
        }
        self.since = now;
    }

    fn take_back(&mut self, key: u64) {
        for half in [&mut self.now, &mut self.before] {
            if let Some(count) = half.get_mut(&key).filter(|count| **count > 0) {
                *count -= 1;
                return;
            }
        }
    }

    fn of(&self, key: u64) -> u32 {
        let count = |half: &HashMap<u64, u32>| half.get(&key).copied().unwrap_or_default();
        count(&self.now).saturating_add(count(&self.before))
    }
}

/// What one customer of a provider usually has: an IPv4 address, or 64 bits of an IPv6 address.
fn network(peer: IpAddr) -> u128 {
    match peer.to_canonical() {
        IpAddr::V4(four) => u128::from(u32::from(four)),
        IpAddr::V6(six) => u128::from(six) >> 64 << 64 | 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
    const AWAY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 7));

    fn after(minutes: u64) -> Timestamp {
        Timestamp(1_000_000) + Duration::from_secs(60 * minutes)
    }

    #[test]
    fn ten_wrong_guesses_about_one_name_and_no_more() {
        let attempts = Attempts::new();
        let guess = attempts.guess("sign-in", HOME, "emma@blueseas.com");
        for _ in 0..FOR_ONE_NAME {
            assert!(attempts.admit(&guess, after(0)).is_ok());
        }
        assert!(attempts.admit(&guess, after(0)).is_err());
        let elsewhere = attempts.guess("sign-in", AWAY, "emma@blueseas.com");
        assert!(attempts.admit(&elsewhere, after(0)).is_ok());
        let other_purpose = attempts.guess("code", HOME, "emma@blueseas.com");
        assert!(attempts.admit(&other_purpose, after(0)).is_ok());
        assert!(attempts.admit(&guess, after(9)).is_err());
        assert!(attempts.admit(&guess, after(21)).is_ok());
    }

    #[test]
    fn thirty_wrong_guesses_about_all_names() {
        let attempts = Attempts::new();
        for number in 0..FOR_ALL_NAMES {
            let guess = attempts.guess("sign-in", HOME, &format!("{number}@blueseas.com"));
            assert!(attempts.admit(&guess, after(0)).is_ok());
        }
        let one_more = attempts.guess("sign-in", HOME, "new@blueseas.com");
        assert!(attempts.admit(&one_more, after(0)).is_err());
    }

    #[test]
    fn what_was_right_does_not_count() {
        let attempts = Attempts::new();
        let guess = attempts.guess("sign-in", HOME, "emma@blueseas.com");
        for minute in 0..3 * u64::from(FOR_ALL_NAMES) {
            assert!(attempts.admit(&guess, after(minute)).is_ok());
            attempts.right(&guess);
        }
        assert_eq!(attempts.lock().of(guess.name), 0);
    }

    #[test]
    fn memory_has_a_bound() {
        let attempts = Attempts::new();
        for number in 0..250_000_u32 {
            let guess = attempts.guess("sign-in", IpAddr::V4(number.into()), "x");
            assert!(attempts.admit(&guess, after(0)).is_ok());
        }
        let counts = attempts.lock();
        assert!(counts.now.len() <= ENTRIES + 2 && counts.before.len() <= ENTRIES + 2);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_together() {
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let two: IpAddr = "2001:db8::ffff".parse().unwrap();
        assert_eq!(network(one), network(two));
        assert_ne!(network(one), network("2001:db8:0:1::1".parse().unwrap()));
        assert_eq!(network("::ffff:192.0.2.7".parse().unwrap()), network(HOME));
    }
}
