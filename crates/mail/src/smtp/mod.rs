//! Sending through a relay: what became of one mail to one recipient.

mod fault;
mod line_stream;
mod outcome;
mod pool;
mod reply;
mod session;

pub use outcome::Outcome;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;

use crate::{Relay, address};
use fault::{Fault, Stage};
use pool::Pool;
use reply::Secrets;
use session::{Parcel, Session};

/// How long each step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name resolution and TCP.
    pub connect: Duration,
    /// Each command and its reply, the greeting, and the TLS handshake.
    pub command: Duration,
    /// The message itself and the reply to its final dot.
    pub data: Duration,
    /// How long a connection that nobody uses is kept.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            connect: Duration::from_secs(15),
            command: Duration::from_secs(60),
            data: Duration::from_secs(120),
            idle: Duration::from_secs(30),
        }
    }
}

/// A relay's client: at most four connections at a time, used again for the next mail.
pub struct Smtp {
    relay: Relay,
    hello: ClientId,
    timeouts: Timeouts,
    secrets: Secrets,
    pool: Arc<Pool>,
}

impl Smtp {
    /// A client that greets with `hello_name`. It connects when the first mail is sent.
    pub fn new(relay: Relay, hello_name: String) -> Smtp {
        Smtp::with_timeouts(relay, hello_name, Timeouts::default())
    }

    /// As [`Smtp::new`], with other patience.
    pub fn with_timeouts(relay: Relay, hello_name: String, timeouts: Timeouts) -> Smtp {
        let secrets = Secrets::new(relay.login.as_ref());
        Smtp {
            hello: hello(hello_name),
            secrets,
            pool: Pool::new(timeouts.idle),
            relay,
            timeouts,
        }
    }

    /// Sends one message to one recipient in one transaction. `from` is the envelope sender.
    pub async fn send(&self, from: &str, recipient: &str, bytes: &[u8]) -> Outcome {
        let Some(leave) = self.pool.leave().await else {
            return Outcome::Later {
                code: None,
                reply: "the client was closed".to_owned(),
            };
        };
        let outcome = match self.attempt(from, recipient, bytes).await {
            Ok(reply) => Outcome::Accepted {
                reply: self.secrets.clean(&reply),
            },
            Err(fault) => fault.outcome().map_reply(|reply| self.secrets.clean(&reply)),
        };
        drop(leave);
        tracing::debug!(relay = %self.relay, ?outcome, "one attempt");
        outcome
    }

    async fn attempt(&self, from: &str, recipient: &str, bytes: &[u8]) -> Result<String, Fault> {
        // 530 pauses: no mail can go with such a sender.
        let from = address::envelope(from)
            .ok_or_else(|| Fault::own(Stage::Mail, 530, "the envelope sender is not a mail address"))?;
        let recipient = address::envelope(recipient)
            .ok_or_else(|| Fault::own(Stage::Rcpt, 553, "the recipient is not a mail address"))?;
        let parcel = || Parcel {
            from: from.clone(),
            recipient: recipient.clone(),
            bytes,
        };
        if let Some(session) = self.pool.take() {
            match self.deliver(session, parcel()).await {
                // The relay may have closed a kept connection at any time; nothing was sent over it.
                Err(fault) if fault.stage == Stage::Mail && !fault.leaves_connection() => {}
                done => return done,
            }
        }
        let session = Session::open(&self.relay, &self.hello, self.timeouts).await?;
        self.deliver(session, parcel()).await
    }

    async fn deliver(&self, mut session: Session, parcel: Parcel<'_>) -> Result<String, Fault> {
        let done = session.deliver(parcel).await;
        let usable = match &done {
            Ok(_) => true,
            Err(fault) => fault.leaves_connection() && session.reset().await.is_ok(),
        };
        if usable {
            self.pool.put(session);
        }
        done
    }

    /// Connects, signs in, asks for nothing and leaves again; sends no mail.
    ///
    /// Gives the relay's greeting; under implicit TLS the name it gave in reply to EHLO.
    ///
    /// # Errors
    /// What the relay said, or what went wrong, as one line.
    pub async fn check(&self) -> Result<String, String> {
        let clean = |fault: Fault| self.secrets.clean(&fault.text());
        let mut session = Session::open(&self.relay, &self.hello, self.timeouts)
            .await
            .map_err(clean)?;
        session.noop().await.map_err(clean)?;
        let greeting = self.secrets.clean(&session.greeting());
        session.quit().await;
        Ok(greeting)
    }

    /// Takes leave of the relay on every connection that is not in use. For shutting down.
    pub async fn close(&self) {
        for session in self.pool.drain() {
            session.quit().await;
        }
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("relay", &self.relay)
            .finish_non_exhaustive()
    }
}

/// The name for EHLO; anything that is not part of a host name would be a second command.
fn hello(name: String) -> ClientId {
    if let Ok(address) = name.parse() {
        return ClientId::Ipv4(address);
    }
    let usable = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte));
    ClientId::Domain(if usable { name } else { "localhost".to_owned() })
}
