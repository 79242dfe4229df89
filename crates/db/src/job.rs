//! A closure on its way to a database thread, and its answer on the way back.
//! Not here: the threads.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Error, Tx};

/// What a closure made of its transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// Keep the work.
    Keep,
    /// Undo the work: it returned an error or panicked.
    Undo,
}

/// Which kind of transaction a closure wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    Read,
    Write,
}

/// A closure with its types forgotten. It may be run several times; the last outcome counts.
pub(crate) trait Job: Send {
    /// Runs the closure and keeps its outcome; a panic becomes [`Error::Panicked`].
    fn run(&mut self, tx: &mut Tx<'_>) -> Verdict;
    /// Replaces the outcome.
    fn fail(&mut self, error: Error);
    /// Hands the outcome to whoever waits for it, if somebody still does.
    fn answer(self: Box<Self>);
}

pub(crate) struct Task<W, R, T, E> {
    pub(crate) work: W,
    pub(crate) reply: R,
    pub(crate) outcome: Option<Result<T, E>>,
}

impl<W, R, T, E> Job for Task<W, R, T, E>
where
    W: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Verdict {
        // Whatever the closure shares with others it shares behind `Fn`; the transaction is rolled back.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(tx))).unwrap_or_else(|_| {
            tracing::error!("a database closure panicked; its work is rolled back");
            tx.forget_doom();
            Err(Error::Panicked.into())
        });
        let verdict = if outcome.is_ok() { Verdict::Keep } else { Verdict::Undo };
        self.outcome = Some(outcome);
        verdict
    }

    fn fail(&mut self, error: Error) {
        self.outcome = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>) {
        let Self { reply, outcome, .. } = *self;
        reply(outcome.unwrap_or_else(|| Err(Error::Unavailable("the closure was never run".into()).into())));
    }
}
