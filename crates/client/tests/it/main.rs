//! The client against servers that answer well, badly, slowly, or with malice.

#![expect(
    clippy::unwrap_used,
    reason = "this is the body of a test, whatever function it is in"
)]

mod answers;
mod paging;
mod patience;

use std::sync::Arc;
use std::time::Duration;

use liaison_client::{Client, Patience, Seams, Settings};
use liaison_testkit::domain::Timestamp;
use liaison_testkit::fake::Fake;
use liaison_testkit::seams::{ManualClock, SeededEntropy};

/// As impatient as a test.
const QUICK: Patience = Patience {
    tries: 4,
    first_pause: Duration::from_millis(2),
    longest_pause: Duration::from_secs(3),
    connecting: Duration::from_secs(5),
    silence: Duration::from_millis(400),
    one_try: Duration::from_millis(900),
    whole: Duration::from_secs(20),
};

fn seams() -> Seams {
    Seams {
        clock: Arc::new(ManualClock::at(Timestamp(1_795_000_000_000))),
        entropy: Arc::new(SeededEntropy::starting_at(1)),
    }
}

fn settings(server: &str) -> Settings {
    let mut settings = Settings::new(server, "the-token").unwrap();
    settings.patience = QUICK;
    settings.answer_bytes = 64 * 1024;
    settings
}

fn client(fake: &Fake) -> Client {
    Client::new(&settings(&fake.url), seams()).unwrap()
}
