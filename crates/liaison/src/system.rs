//! The machine's own time and randomness: the only place where the program reads either.

use std::time::Duration;

use liaison_domain::{Clock, Entropy, Timestamp};

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Clock that everybody else is given"
    )]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_millisecond())
    }
}

/// The operating system's randomness.
pub(crate) struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Entropy that everybody else is given"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        // Going on with predictable links and tokens would be worse than stopping.
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }
}

/// Waits, so that others get their turn.
pub(crate) fn pause(span: Duration) {
    std::thread::park_timeout(span);
}
