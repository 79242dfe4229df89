//! The machine's own time and randomness: the only place where the program reads either.

use std::sync::{Mutex, PoisonError};
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

/// The operating system's randomness, fetched in larger pieces: an invitation needs a dozen small ones, and a call of the
/// system for each would be a noticeable part of it. No byte is given out twice, and none stays here after that.
#[derive(Default)]
pub(crate) struct OsEntropy(Mutex<Vec<u8>>);

/// Bytes fetched at once; the system hands out up to 256 without interruption.
const PIECE: usize = 256;

impl Entropy for OsEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut stock = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for byte in buffer {
            if stock.is_empty() {
                stock.resize(PIECE, 0);
                fetch(&mut stock);
            }
            *byte = take(&mut stock);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the Entropy that everybody else is given"
)]
fn fetch(buffer: &mut [u8]) {
    // Going on with predictable links and tokens would be worse than stopping.
    getrandom::fill(buffer).expect("the operating system gives randomness");
}

/// The last byte, wiped where it stood.
fn take(stock: &mut Vec<u8>) -> u8 {
    let byte = stock.last_mut().map(std::mem::take).unwrap_or_default();
    stock.pop();
    byte
}

/// Waits, so that others get their turn.
pub(crate) fn pause(span: Duration) {
    std::thread::park_timeout(span);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_byte_is_given_out_twice() {
        let entropy = OsEntropy::default();
        let mut pieces = std::collections::HashSet::new();
        for _ in 0..1000 {
            let mut piece = [0; 20];
            entropy.fill(&mut piece);
            assert!(pieces.insert(piece));
        }
        let mut long = [0; 1000];
        entropy.fill(&mut long);
        assert!(long.iter().filter(|byte| **byte == 0).count() < 30, "{long:?}");
    }
}
