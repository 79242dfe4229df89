//! A PostgreSQL thread: one transaction per closure, repeated after a collision or a lost connection.
//! Not here: what counts as either, see the parent module.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use super::{Purpose, Session, Target};
use crate::Error;
use crate::job::{Access, Job, Verdict};
use crate::tx::{Class, Connection, Doom, Tx};

/// A closure and the transaction it wants.
pub(crate) type Envelope = (Access, Box<dyn Job>);

/// Times a closure is run when it collides with others.
const TRIES: u32 = 12;
/// How long a lost connection is replaced before the closure fails.
const PATIENCE: Duration = Duration::from_secs(5);

/// Serves until every sender is gone and the queue is empty.
pub(crate) fn run_worker(target: Target, session: Option<Session>, jobs: &Receiver<Envelope>) {
    let mut worker = Worker { target, session };
    while let Ok((access, mut job)) = jobs.recv() {
        if let Err(error) = worker.run(access, job.as_mut()) {
            job.fail(error);
        }
        job.answer();
    }
}

struct Worker {
    target: Target,
    session: Option<Session>,
}

impl Worker {
    fn run(&mut self, access: Access, job: &mut dyn Job) -> Result<(), Error> {
        let started = Instant::now();
        let (mut collisions, mut losses) = (0, 0);
        loop {
            let Err(Doom { class, error }) = self.attempt(access, job) else {
                return Ok(());
            };
            match class {
                Class::Final => return Err(error),
                Class::Conflict | Class::Stale => {
                    collisions += 1;
                    if collisions == TRIES {
                        return Err(error);
                    }
                    // The others are done after a moment; an outdated statement is prepared anew at once.
                    if class == Class::Conflict {
                        pause(Duration::from_millis(1), collisions);
                    } else if let Some(session) = &mut self.session {
                        session.forget_statements();
                    }
                }
                Class::Lost => {
                    self.session = None;
                    losses += 1;
                    if started.elapsed() > PATIENCE {
                        return Err(error);
                    }
                    tracing::warn!(%error, losses, "the connection to PostgreSQL was lost; connecting again");
                    if losses > 1 {
                        pause(Duration::from_millis(20), losses);
                    }
                }
            }
        }
    }

    fn attempt(&mut self, access: Access, job: &mut dyn Job) -> Result<(), Doom> {
        if self.session.as_ref().is_none_or(Session::is_closed) {
            self.session = Some(Session::connect(&self.target, Purpose::Serving)?);
        }
        let session = self.session.as_mut().expect("it was connected just above");
        session.batch(match access {
            Access::Read => "begin isolation level repeatable read read only",
            Access::Write => "begin isolation level serializable read write",
        })?;
        let mut tx = Tx::new(Connection::Postgres(session));
        let verdict = job.run(&mut tx);
        match tx.into_doom() {
            None if verdict == Verdict::Keep => self.commit(access),
            // The closure failed for a reason of its own, and keeps it.
            None => {
                self.roll_back();
                Ok(())
            }
            Some(doom) => {
                self.roll_back();
                // A server that became a standby: the next connection may find the new primary.
                if access == Access::Write && matches!(doom.error, Error::ReadOnly) {
                    self.session = None;
                }
                if doom.class == Class::Final && verdict == Verdict::Undo {
                    Ok(())
                } else {
                    Err(doom)
                }
            }
        }
    }

    fn commit(&mut self, access: Access) -> Result<(), Doom> {
        let Some(session) = self.session.as_mut() else {
            return Ok(());
        };
        if session.is_closed() {
            let error = Error::Unavailable("the connection was lost before the change was to be kept".into());
            return Err(Doom {
                class: Class::Lost,
                error,
            });
        }
        let Err(doom) = session.batch("commit") else {
            return Ok(());
        };
        if doom.class != Class::Lost {
            return Err(doom);
        }
        self.session = None;
        if access == Access::Read {
            // Everything asked for was read before.
            return Ok(());
        }
        let reason = "the connection was lost while the change was being kept, so it is not known whether it was; look before repeating it";
        Err(Doom {
            class: Class::Final,
            error: Error::Unavailable(reason.into()),
        })
    }

    fn roll_back(&mut self) {
        let done = self
            .session
            .as_mut()
            .is_some_and(|session| session.batch("rollback").is_ok());
        if !done {
            self.session = None;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the thread of a connection has nothing else to do, and no event tells when rivals are done"
)]
/// Sleeps up to `base` doubled for each earlier try, half of it at random so that rivals part.
fn pause(base: Duration, tries: u32) {
    let longest = base.saturating_mul(1 << tries.min(8));
    // A fresh state hashes nothing to a number nobody can foresee.
    let chance = RandomState::new().hash_one(tries) % 1000;
    let share = u32::try_from(500 + chance / 2).expect("below a thousand");
    std::thread::sleep(longest.saturating_mul(share) / 1000);
}
