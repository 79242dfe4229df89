//! Stores what time made true, once a minute.

use std::time::Duration;

use liaison_operations::{App, upkeep};
use tokio::sync::watch;

const PAUSE: Duration = Duration::from_secs(60);

/// Runs until `stop` turns true.
pub async fn run(app: &App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = catch_up(app).await {
            tracing::warn!(%error, "upkeep failed and is tried again in a minute");
        }
        // Both ways to wake up are fine: the pause is over, or it is time to stop.
        let _ = tokio::time::timeout(PAUSE, stop.changed()).await;
    }
}

/// Does all that is due.
pub async fn catch_up(app: &App) -> liaison_operations::Result<()> {
    loop {
        let now = app.now();
        if !app.db.write(move |tx| upkeep::step(tx, now)).await? {
            return Ok(());
        }
    }
}
