//! Connections kept for the next mail: few, and not for long.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::session::Session;

/// Most connections at a time.
const LIVE: usize = 4;

/// Open connections that nobody uses right now, and leave to use one.
pub(super) struct Pool {
    leave: Semaphore,
    state: Mutex<State>,
    idle: Duration,
}

#[derive(Default)]
struct State {
    /// The longest unused first.
    kept: Vec<(Instant, Session)>,
    /// Whether a task is waiting to drop what has been unused for too long.
    sweeping: bool,
}

impl Pool {
    pub(super) fn new(idle: Duration) -> Arc<Pool> {
        Arc::new(Pool {
            leave: Semaphore::new(LIVE),
            state: Mutex::default(),
            idle,
        })
    }

    /// Waits until fewer than four connections are in use.
    pub(super) async fn leave(&self) -> Option<SemaphorePermit<'_>> {
        self.leave.acquire().await.ok()
    }

    /// The connection used last, if one is young enough.
    pub(super) fn take(&self) -> Option<Session> {
        let (since, session) = self.state().kept.pop()?;
        (since.elapsed() < self.idle).then_some(session)
    }

    /// Keeps a connection for the next mail.
    pub(super) fn put(self: &Arc<Pool>, session: Session) {
        let mut state = self.state();
        state.kept.push((Instant::now(), session));
        if !state.sweeping {
            state.sweeping = true;
            tokio::spawn(sweep(Arc::downgrade(self), self.idle));
        }
    }

    /// Everything that is kept.
    pub(super) fn drain(&self) -> Vec<Session> {
        self.state().kept.drain(..).map(|(_, session)| session).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes what has been unused for too long, and says when to look again.
    fn expired(&self) -> (Vec<Session>, Option<Instant>) {
        let mut state = self.state();
        let young = state
            .kept
            .iter()
            .position(|(since, _)| since.elapsed() < self.idle)
            .unwrap_or(state.kept.len());
        let old = state.kept.drain(..young).map(|(_, session)| session).collect();
        let next = state.kept.first().map(|(since, _)| *since + self.idle);
        state.sweeping = next.is_some();
        (old, next)
    }
}

/// Takes leave of unused connections until none is left; ends with the pool.
async fn sweep(pool: std::sync::Weak<Pool>, idle: Duration) {
    let mut wake = Instant::now() + idle;
    loop {
        tokio::time::sleep_until(wake).await;
        let Some(pool) = pool.upgrade() else { return };
        let (old, next) = pool.expired();
        drop(pool);
        for session in old {
            session.quit().await;
        }
        match next {
            Some(next) => wake = next,
            None => return,
        }
    }
}
