//! What goes on in the background of a running server: sending mail, and upkeep. One file for each job.
//!
//! Jobs call operations and never the store. Both stop between two steps when they are told to; killed in the middle
//! they lose nothing, because what they were doing is still written as not done.

pub mod bell;
pub mod send_mail;
pub mod upkeep;

pub use bell::Bell;
pub use send_mail::Transport;

use liaison_operations::App;
use tokio::sync::watch;

/// Runs both jobs until `stop` turns true.
pub async fn run(app: App, bell: Bell, transport: Transport, stop: watch::Receiver<bool>) {
    tokio::join!(
        send_mail::run(&app, &bell, &transport, stop.clone()),
        upkeep::run(&app, stop)
    );
}
