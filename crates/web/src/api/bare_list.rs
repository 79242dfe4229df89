//! A bare array of any length, newest first: read in batches and sent while it is read, so that memory does not grow
//! with it.

use axum::response::Response;
use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp, limits};
use liaison_operations::{Call, Result};

use super::conventions::streamed;
use crate::errors::ApiError;
use crate::extract::{Caller, Params};
use crate::state::Web;

/// Rows read in one transaction.
const BATCH: i64 = limits::PAGE_ROWS;

/// The place of a row: when it was made, and its guid.
pub(crate) type Place = (Timestamp, Guid);

/// Rows as JSON, each with its place.
pub(crate) type Rows = Vec<(Place, Vec<u8>)>;

/// How many rows are wanted, where somebody says, and how many are left out before them.
pub(crate) fn limits(params: &Params) -> std::result::Result<(Option<i64>, i64), ApiError> {
    let limit = params.count("limit")?.map(|limit| limit.clamp(1, BATCH));
    Ok((limit, params.count("offset")?.unwrap_or_default()))
}

struct List<F> {
    web: Web,
    caller: Caller,
    read: F,
    after: Option<Place>,
    left: Option<i64>,
    skip: i64,
    opening: &'static str,
}

/// Answers with the rows that `read` gives: those after a place, and at most so many.
pub(crate) async fn answer<F>(
    (web, caller): (Web, Caller),
    (left, skip): (Option<i64>, i64),
    read: F,
) -> std::result::Result<Response, ApiError>
where
    F: Fn(&mut Tx<'_>, &Call<'_>, (Option<Place>, i64)) -> Result<Rows> + Clone + Send + 'static,
{
    let mut list = List {
        web,
        caller,
        read,
        after: None,
        left,
        skip,
        opening: "[",
    };
    let (first, more) = list.batch().await?;
    Ok(streamed(first, more.then_some(list), |mut list| async move {
        let (bytes, more) = list.batch().await?;
        Ok((bytes, more.then_some(list)))
    }))
}

impl<F> List<F>
where
    F: Fn(&mut Tx<'_>, &Call<'_>, (Option<Place>, i64)) -> Result<Rows> + Clone + Send + 'static,
{
    /// The next rows as JSON, brackets included, and whether there are more.
    async fn batch(&mut self) -> Result<(Vec<u8>, bool)> {
        let mut bytes = Vec::with_capacity(16 * 1024);
        loop {
            let (read, after) = (self.read.clone(), self.after);
            let rows = self
                .web
                .app
                .read_as(self.caller.token_sha256, move |tx, call| read(tx, call, (after, BATCH)));
            let rows = rows.await?;
            let mut more = rows.len() as i64 == BATCH;
            for (place, row) in rows {
                self.after = Some(place);
                if self.skip > 0 {
                    self.skip -= 1;
                } else if self.left != Some(0) {
                    bytes.extend_from_slice(self.opening.as_bytes());
                    bytes.extend_from_slice(&row);
                    self.opening = ",";
                    self.left = self.left.map(|left| left - 1);
                }
            }
            more &= self.left != Some(0);
            if !more {
                if self.opening == "[" {
                    bytes.push(b'[');
                }
                bytes.push(b']');
            }
            // Whoever leaves many rows out waits for the first that is not.
            if !more || !bytes.is_empty() {
                return Ok((bytes, more));
            }
        }
    }
}
