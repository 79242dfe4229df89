//! What a running Liaison consists of, and what one call of an operation is given.

use std::sync::Arc;
use std::time::Duration;

use liaison_db::{Db, Tx};
use liaison_domain::{Clock, Entropy, Timestamp};
use liaison_mail::Identity;
use liaison_mail::domains::MailDomains;

use crate::authentication::{Credential, authenticate};
use crate::idempotency::{self, Answer, Key};
use crate::{Actor, Result};

/// Settings and sources that operations use. None of them changes while the program runs.
pub struct Env {
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// How this server names itself in mails and links.
    pub identity: Identity,
    /// Whether there is a relay to send mail by; without one, mail is kept to be read.
    pub has_relay: bool,
    /// How old the last mail has to be before a request can be sent again.
    pub resend_cool_down: Duration,
}

/// The program: the database, the time, the settings, and the bell of the mail worker.
#[derive(Clone)]
pub struct App {
    /// The door to the database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Settings and randomness.
    pub env: Arc<Env>,
    /// Who knows whether domains take mail; none where nobody is to be asked.
    pub mail_domains: Option<Arc<dyn MailDomains>>,
    /// Rung after every write that may have queued a mail.
    pub mail_bell: Arc<dyn Fn() + Send + Sync>,
}

impl App {
    /// The moment it is now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// One call: who asks, when, and the settings.
#[derive(Clone, Copy)]
pub struct Call<'c> {
    /// Who asks.
    pub actor: &'c Actor,
    /// The moment of the call; the same for everything it does.
    pub now: Timestamp,
    /// Settings and randomness.
    pub env: &'c Env,
}

impl App {
    /// Runs a reading operation for the holder of a token or a session.
    pub async fn read_as<T, F>(&self, credential: impl Into<Credential>, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, &Call<'_>) -> Result<T> + Send + 'static,
    {
        let (now, env, credential) = (self.now(), self.env.clone(), credential.into());
        self.db
            .read(move |tx| as_holder(tx, &credential, (now, &env), |tx, call| work(tx, call)))
            .await
    }

    /// Runs a writing operation for the holder of a session or a token, and rings for the mail.
    pub async fn act_as<T, F>(&self, credential: impl Into<Credential>, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, &Call<'_>) -> Result<T> + Send + 'static,
    {
        let (now, env, credential) = (self.now(), self.env.clone(), credential.into());
        let done = self
            .db
            .write(move |tx| as_holder(tx, &credential, (now, &env), |tx, call| work(tx, call)))
            .await?;
        (self.mail_bell)();
        Ok(done)
    }

    /// Runs a writing operation for the holder of a token, once for each idempotency key, and rings for the mail.
    pub async fn write_as<F>(&self, credential: impl Into<Credential>, key: Option<Key>, work: F) -> Result<Answer>
    where
        F: Fn(&mut Tx<'_>, &Call<'_>) -> Result<Answer> + Send + 'static,
    {
        let (now, env, credential) = (self.now(), self.env.clone(), credential.into());
        let answer = self
            .db
            .write(move |tx| {
                as_holder(tx, &credential, (now, &env), |tx, call| {
                    idempotency::once(tx, (call.actor, now), key.as_ref(), |tx| work(tx, call))
                })
            })
            .await?;
        (self.mail_bell)();
        Ok(answer)
    }

    /// Runs a step of an operation for the holder of a token until it says that nothing is left. Each step is a
    /// transaction of its own: others write in between, and doing it again is harmless.
    pub async fn repeat_as(
        &self,
        credential: impl Into<Credential>,
        step: fn(&mut Tx<'_>, &Call<'_>) -> Result<bool>,
    ) -> Result<()> {
        let (now, credential) = (self.now(), credential.into());
        loop {
            let env = self.env.clone();
            let write = move |tx: &mut Tx<'_>| as_holder(tx, &credential, (now, &env), step);
            if !self.db.write(write).await? {
                return Ok(());
            }
        }
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<()> {
        self.db.read(|_| Ok(())).await
    }
}

/// Finds who holds the credential, and works in their name.
fn as_holder<T>(
    tx: &mut Tx<'_>,
    credential: &Credential,
    (now, env): (Timestamp, &Env),
    work: impl FnOnce(&mut Tx<'_>, &Call<'_>) -> Result<T>,
) -> Result<T> {
    let actor = authenticate(tx, credential, now)?;
    let call = Call {
        actor: &actor,
        now,
        env,
    };
    work(tx, &call)
}
