//! The seams through which the product gets time and randomness, with test ends.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use liaison_domain::{Clock, Entropy, Timestamp};
use liaison_mail::domains::{Answer, Deliverability, MailDomains};

/// A clock that stands still until it is moved.
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> ManualClock {
        ManualClock(AtomicI64::new(now.0))
    }

    /// Moves the clock forward.
    pub fn advance(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).expect("tests do not wait that long");
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Moves the clock forward by whole days.
    pub fn advance_days(&self, days: u64) {
        self.advance(Duration::from_secs(days * 86_400));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes that look random and are the same in every run: SHA-256 of a counter.
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// Another start gives other bytes.
    pub fn starting_at(start: u64) -> SeededEntropy {
        SeededEntropy(AtomicU64::new(start))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let number = self.0.fetch_add(1, Ordering::SeqCst);
            let bytes = liaison_operations::digest(&number.to_be_bytes());
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

/// Domains of which the first label says what is known: `nomail.` takes none, `silent.` does not answer, all others do.
pub struct FixedDomains;

impl MailDomains for FixedDomains {
    fn look_up<'a>(&'a self, domain: &'a str) -> Answer<'a> {
        let answer = match domain.split('.').next() {
            Some("nomail") => Deliverability::No,
            Some("silent") => Deliverability::Unknown,
            _ => Deliverability::Yes,
        };
        Box::pin(std::future::ready(answer))
    }
}
