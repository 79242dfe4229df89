//! Following a thread: what is there, then what comes, over server-sent events, going on where a connection broke.

use std::time::Duration;

use serde_json::Value;

use super::super::answers::Printer;
use super::super::json;
use super::super::server::Events;
use super::super::trouble::Trouble;
use super::{Thread, live};
use crate::failure::Failure;
use crate::output;
use crate::system::pause;

/// Waits between tries to come back, the last one again and again.
const PAUSES: [u64; 5] = [1, 2, 5, 10, 30];

/// Shows the thread and stays. Ends when it is interrupted, when nobody reads any more, or when the server refuses.
pub(super) fn run(thread: &Thread<'_>, printer: Printer) -> Result<(), Failure> {
    let (_, messages) = thread.read()?;
    for message in &messages {
        live(message, &message.to_string(), printer)?;
    }
    let mut after = messages.iter().map(revision).max().unwrap_or_default();
    let mut failed = 0_usize;
    let path = format!("{}/stream", thread.path());
    loop {
        let ended = thread.server.follow(&path, after).and_then(|mut events| {
            failed = 0;
            shows(&mut events, &mut after, printer)
        });
        match ended {
            // A stream ends by itself now and then.
            Ok(printed) => printed?,
            // The server says no, and will say it again.
            Err(trouble) if !trouble.passes() => return Err(thread.failure(trouble)),
            Err(_) => {
                if failed == 0 {
                    output::note("The connection is lost; trying again.");
                }
                pause(Duration::from_secs(PAUSES[failed.min(PAUSES.len() - 1)]));
                failed += 1;
            }
        }
    }
}

/// Shows events until the stream ends. Inside: whether they could be printed.
fn shows(events: &mut Events<'_>, after: &mut i64, printer: Printer) -> Result<Result<(), Failure>, Trouble> {
    while let Some(event) = events.next()? {
        let message = serde_json::from_str::<Value>(&event.data).unwrap_or_default();
        if event.name == "message"
            && let Err(failure) = live(&message, &event.data, printer)
        {
            return Ok(Err(failure));
        }
        if let Some(id) = event.id.as_deref().and_then(|id| id.parse().ok()) {
            *after = id;
        }
    }
    Ok(Ok(()))
}

fn revision(message: &Value) -> i64 {
    json::at(message, "revision").as_i64().unwrap_or_default()
}
