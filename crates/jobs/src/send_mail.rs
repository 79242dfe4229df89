//! Sends the mail that is due: claims it, one SMTP transaction for each recipient, records each fate.
//!
//! A claim is a short lease that is renewed while the delivery is under way. A worker that was killed leaves its
//! claims behind, and whoever works on after the lease sends the same bytes again: at least once, never lost.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use liaison_domain::{Guid, Timestamp};
use liaison_mail::{Outcome, Smtp, retry};
use liaison_operations::mails::{self, Claimed, Fate};
use liaison_operations::{App, Error, Result};
use tokio::sync::watch;
use tokio::task::{self, JoinSet};

use crate::Bell;

/// Deliveries under way at once: enough to keep every connection to the relay busy.
const UNDER_WAY: usize = 8;
/// Deliveries kept at once, where there is no relay any more: those that were queued while there was one.
const KEPT_AT_ONCE: i64 = 500;
/// Longest sleep: other processes queue mail too, and retries fall due.
const POLL: Duration = Duration::from_secs(1);
/// Pause after the relay refused us as a whole, or the database did.
const TROUBLE: Duration = Duration::from_secs(30);
/// How long deliveries under way may take after the end was asked for. Whatever is cut off is sent again.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// Where mail goes.
#[derive(Clone)]
pub enum Transport {
    /// To a relay.
    Smtp(Arc<Smtp>),
    /// Nowhere: it is kept and can be read.
    Kept,
}

/// Runs until `stop` turns true, and then until what is under way is done, for 10 seconds at most.
pub async fn run(app: &App, bell: &Bell, transport: &Transport, mut stop: watch::Receiver<bool>) {
    let mut ending = stop.clone();
    let deadline = async {
        // An error means that nobody can ask for the end any more, which is the end too.
        let _ = ending.wait_for(|stop| *stop).await;
        tokio::time::sleep_until(tokio::time::Instant::now() + DRAIN_TIME).await;
    };
    let work = async {
        while !*stop.borrow() {
            let pause = pause_after(send_due(app, transport, &stop).await);
            tokio::select! {
                () = bell.wait(pause) => {}
                // The sender is gone or says stop: both end the loop at its head.
                _ = stop.changed() => {}
            }
        }
    };
    tokio::select! {
        () = work => transport.close().await,
        () = deadline => tracing::warn!("some deliveries did not end in time; they are sent again after the next start"),
    }
}

impl Transport {
    /// Says good-bye to the relay.
    async fn close(&self) {
        if let Transport::Smtp(smtp) = self {
            smtp.close().await;
        }
    }
}

fn pause_after(sent: Result<Option<String>>) -> Duration {
    match sent {
        Ok(None) => POLL,
        Ok(Some(reply)) => {
            tracing::error!(reply, "the mail relay refuses this server; sending pauses");
            TROUBLE
        }
        Err(error) => {
            tracing::warn!(%error, "the mail outbox could not be worked on");
            TROUBLE
        }
    }
}

/// Sends everything that is due now. For commands and tests.
pub async fn drain(app: &App, transport: &Transport) -> Result<()> {
    let (_running, stop) = watch::channel(false);
    send_due(app, transport, &stop).await?;
    Ok(())
}

/// Sends until nothing is due. Gives the relay's words where it refuses us as a whole.
async fn send_due(app: &App, transport: &Transport, stop: &watch::Receiver<bool>) -> Result<Option<String>> {
    match transport {
        Transport::Kept => {
            while is_due(app).await? {
                let now = app.now();
                app.db.write(move |tx| mails::keep(tx, now, KEPT_AT_ONCE)).await?;
            }
            Ok(None)
        }
        Transport::Smtp(smtp) => Sending::new(app, smtp).run(stop).await,
    }
}

async fn is_due(app: &App) -> Result<bool> {
    let now = app.now();
    Ok(app.db.read(mails::next_due).await?.is_some_and(|due| due <= now))
}

/// Deliveries under way, and the claims that make them ours.
struct Sending<'s> {
    app: &'s App,
    smtp: &'s Arc<Smtp>,
    tasks: JoinSet<Result<Option<String>>>,
    claims: HashMap<task::Id, (Guid, i64)>,
    paused: Option<String>,
    /// The first thing that went wrong here. Nothing more is claimed then, but what is under way goes on.
    trouble: Option<Error>,
}

impl<'s> Sending<'s> {
    fn new(app: &'s App, smtp: &'s Arc<Smtp>) -> Sending<'s> {
        Sending {
            app,
            smtp,
            tasks: JoinSet::new(),
            claims: HashMap::new(),
            paused: None,
            trouble: None,
        }
    }

    async fn run(mut self, stop: &watch::Receiver<bool>) -> Result<Option<String>> {
        let mut renewal = tokio::time::interval(mails::LEASE / 3);
        loop {
            let may_claim = self.paused.is_none() && self.trouble.is_none() && !*stop.borrow();
            if may_claim && self.tasks.len() <= UNDER_WAY / 2 {
                self.trouble = self.claim().await.err();
            }
            tokio::select! {
                ended = self.tasks.join_next_with_id() => match ended {
                    None => return self.trouble.map_or(Ok(self.paused), Err),
                    Some(Ok((id, delivered))) => {
                        self.claims.remove(&id);
                        match delivered {
                            Ok(paused) => self.paused = paused.or(self.paused),
                            Err(error) => self.trouble = Some(error),
                        }
                    }
                    Some(Err(error)) => {
                        self.claims.remove(&error.id());
                        tracing::error!(%error, "a delivery stopped; its lease will run out");
                    }
                },
                _ = renewal.tick() => if let Err(error) = self.renew().await {
                    tracing::warn!(%error, "claims on mail could not be renewed");
                },
            }
        }
    }

    async fn claim(&mut self) -> Result<()> {
        if !is_due(self.app).await? {
            return Ok(());
        }
        let now = self.app.now();
        let most = i64::try_from(UNDER_WAY - self.tasks.len()).unwrap_or_default();
        for claimed in self.app.db.write(move |tx| mails::claim(tx, now, most)).await? {
            let claim = (claimed.guid, claimed.lease);
            let (app, smtp) = (self.app.clone(), self.smtp.clone());
            let delivery = self.tasks.spawn(async move { deliver(&app, &smtp, claimed).await });
            self.claims.insert(delivery.id(), claim);
        }
        Ok(())
    }

    async fn renew(&self) -> Result<()> {
        let claims: Vec<(Guid, i64)> = self.claims.values().copied().collect();
        let now = self.app.now();
        if claims.is_empty() {
            return Ok(());
        }
        self.app.db.write(move |tx| mails::renew(tx, &claims, now)).await
    }
}

/// Sends one delivery and records how it ended. Gives the relay's words where it refuses us as a whole.
async fn deliver(app: &App, smtp: &Smtp, claimed: Claimed) -> Result<Option<String>> {
    let sender = app.env.identity.from.email.to_string();
    let outcome = smtp.send(&sender, &claimed.recipient, &claimed.bytes).await;
    let (fate, paused) = judge(outcome, &claimed, app.now());
    let (claim, now) = ((claimed.guid, claimed.lease), app.now());
    if !app
        .db
        .write(move |tx| mails::record_fate(tx, claim, &fate, now))
        .await?
    {
        tracing::info!(delivery = %claim.0, "a delivery was taken over or replaced while it was sent");
    }
    Ok(paused)
}

fn judge(outcome: Outcome, claimed: &Claimed, now: Timestamp) -> (Fate, Option<String>) {
    match outcome {
        Outcome::Accepted { reply } => (Fate::Sent { reply }, None),
        Outcome::Refused { code, reply } => (
            Fate::Failed {
                code: Some(code),
                reply,
            },
            None,
        ),
        Outcome::Later { code, reply } => (later(claimed, (code, reply), now), None),
        Outcome::Paused { code, reply } => (
            Fate::Paused {
                code,
                reply: reply.clone(),
                next_at: now + TROUBLE,
            },
            Some(reply),
        ),
    }
}

fn later(claimed: &Claimed, (code, reply): (Option<u16>, String), now: Timestamp) -> Fate {
    let finished = u32::try_from(claimed.attempts).unwrap_or(u32::MAX).saturating_add(1);
    // The guid's last byte is random enough to spread retries, and the same for the same delivery.
    let jitter = claimed.guid.as_bytes()[15];
    match retry::next_attempt(finished, jitter) {
        Some(pause) => Fate::Later {
            code,
            reply,
            next_at: now + pause,
        },
        None => Fate::Failed {
            code,
            reply: format!("given up after 4 days: {reply}"),
        },
    }
}
