//! Makes PDFs on threads of their own, a few at a time, with fonts that are looked for once.

use std::sync::{Arc, OnceLock};

use liaison_transcript::{Fonts, Record};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::errors::ApiError;

/// PDFs that are made at the same time.
const AT_ONCE: usize = 2;

/// The right to make one PDF, until it is dropped.
pub(crate) struct Turn(#[expect(dead_code, reason = "it is held, not read")] OwnedSemaphorePermit);

/// The maker of PDFs; one for the server.
#[derive(Clone)]
pub(crate) struct Printer {
    fonts: Arc<OnceLock<Fonts>>,
    turns: Arc<Semaphore>,
}

impl Printer {
    pub(crate) fn new() -> Printer {
        Printer {
            fonts: Arc::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Waits for a turn. To be had before a record is read: those who wait must not hold one in memory.
    pub(crate) async fn turn(&self) -> Result<Turn, ApiError> {
        let turn = self.turns.clone().acquire_owned().await;
        turn.map(Turn).map_err(|error| failed(&error.to_string()))
    }

    /// The PDF of a record.
    pub(crate) async fn pdf(&self, turn: Turn, record: Record) -> Result<Vec<u8>, ApiError> {
        let fonts = self.fonts.clone();
        let work = move || {
            let made = liaison_transcript::pdf(fonts.get_or_init(Fonts::load), &record);
            drop(turn);
            made
        };
        let made = tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| failed(&error.to_string()))?;
        Ok(made.map_err(|error| failed(&error.to_string()))?.bytes)
    }
}

fn failed(why: &str) -> ApiError {
    tracing::error!(why, "a transcript could not be made");
    let detail = "The PDF could not be made. Its cause is in the server's log.";
    ApiError::new("internal_error", detail)
}
