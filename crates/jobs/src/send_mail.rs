//! Sends the mail that is due: claims a batch, one SMTP transaction for each recipient, records each fate.

use std::sync::Arc;
use std::time::Duration;

use liaison_domain::Timestamp;
use liaison_mail::{Outcome, Smtp, retry};
use liaison_operations::mails::{self, Claimed, Fate};
use liaison_operations::{App, Result};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Bell;

/// Deliveries claimed at once: few, so that even a relay that lets every command time out is done with them
/// within the lease.
const BATCH: i64 = 8;
/// Deliveries kept at once, where there is no relay.
const KEPT_AT_ONCE: i64 = 500;
/// Longest sleep: other processes queue mail too, and retries fall due.
const POLL: Duration = Duration::from_secs(1);
/// Pause after the relay refused us as a whole, or the database did.
const TROUBLE: Duration = Duration::from_secs(30);

/// Where mail goes.
#[derive(Clone)]
pub enum Transport {
    /// To a relay.
    Smtp(Arc<Smtp>),
    /// Nowhere: it is kept and can be read.
    Kept,
}

/// Runs until `stop` turns true.
pub async fn run(app: &App, bell: &Bell, transport: &Transport, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let pause = match send_batch(app, transport).await {
            Ok(Progress::More) => continue,
            Ok(Progress::Done) => POLL,
            Ok(Progress::Paused(reply)) => {
                tracing::error!(reply, "the mail relay refuses this server; sending pauses");
                TROUBLE
            }
            Err(error) => {
                tracing::warn!(%error, "the mail outbox could not be worked on");
                TROUBLE
            }
        };
        tokio::select! {
            () = bell.wait(pause) => {}
            // The sender is gone or says stop: both end the loop at its head.
            _ = stop.changed() => {}
        }
    }
}

/// Sends everything that is due now. For commands and tests.
pub async fn drain(app: &App, transport: &Transport) -> Result<()> {
    while matches!(send_batch(app, transport).await?, Progress::More) {}
    Ok(())
}

enum Progress {
    More,
    Done,
    Paused(String),
}

async fn send_batch(app: &App, transport: &Transport) -> Result<Progress> {
    let now = app.now();
    if app
        .db
        .read(move |tx| mails::next_due(tx))
        .await?
        .is_none_or(|due| due > now)
    {
        return Ok(Progress::Done);
    }
    match transport {
        Transport::Kept => {
            app.db.write(move |tx| mails::keep(tx, now, KEPT_AT_ONCE)).await?;
            Ok(Progress::More)
        }
        Transport::Smtp(smtp) => send_claimed(app, smtp, now).await,
    }
}

async fn send_claimed(app: &App, smtp: &Arc<Smtp>, now: Timestamp) -> Result<Progress> {
    let batch = app.db.write(move |tx| mails::claim(tx, now, BATCH)).await?;
    let mut sending = JoinSet::new();
    for claimed in batch {
        let (app, smtp) = (app.clone(), smtp.clone());
        sending.spawn(async move { deliver(&app, &smtp, claimed).await });
    }
    let mut paused = None;
    while let Some(ended) = sending.join_next().await {
        match ended {
            Ok(delivered) => paused = delivered?.or(paused),
            Err(error) => tracing::error!(%error, "a delivery stopped; its lease will run out"),
        }
    }
    Ok(paused.map_or(Progress::More, Progress::Paused))
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
        Outcome::Paused { code, reply } => {
            // The fault is ours, not the mail's: it costs no attempt's worth of waiting.
            let next_at = now + TROUBLE;
            (
                Fate::Later {
                    code: Some(code),
                    reply: reply.clone(),
                    next_at,
                },
                Some(reply),
            )
        }
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
