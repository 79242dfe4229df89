//! Waking the mail worker: rung after writes, heard at once, never lost.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

/// A bell that remembers one ring while nobody listens.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// A new bell.
    pub fn new() -> Bell {
        Bell::default()
    }

    /// The function that rings it, as the application wants it.
    pub fn ringer(&self) -> Arc<dyn Fn() + Send + Sync> {
        let notify = self.0.clone();
        Arc::new(move || notify.notify_one())
    }

    /// Waits for a ring, at most `longest`.
    pub async fn wait(&self, longest: Duration) {
        // A time-out is as good as a ring: another process may have queued something.
        let _ = tokio::time::timeout(longest, self.0.notified()).await;
    }
}
