//! A list of any length as one answer: which companies it has is known at once, their rows are read in batches and sent
//! while they are read, so that memory does not grow with it.

use axum::response::Response;
use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_operations::{Call, Result};

use super::streamed;
use crate::errors::ApiError;
use crate::extract::Caller;
use crate::state::Web;

/// Rows read in one transaction.
const BATCH: usize = 500;

/// What an answer begins with, and the companies whose rows follow.
pub(crate) type Opening = (Vec<u8>, Vec<Guid>);

/// Answers with what `open` gives, the rows of its companies with commas between them, and `close`.
pub(crate) async fn whole<O, R>(
    (web, caller): (Web, Caller),
    open: O,
    read: R,
    close: &'static str,
) -> std::result::Result<Response, ApiError>
where
    O: Fn(&mut Tx<'_>, &Call<'_>) -> Result<Opening> + Send + 'static,
    R: Fn(&mut Tx<'_>, &Call<'_>, &[Guid]) -> Result<Vec<Vec<u8>>> + Clone + Send + 'static,
{
    let first = read.clone();
    let opened = web.app.read_as(caller.token_sha256, move |tx, call| {
        let (head, companies) = open(tx, call)?;
        let now = companies.len().min(BATCH);
        let rows = first(tx, call, &companies[..now])?;
        Ok((head, rows, companies[now..].to_vec()))
    });
    let (mut head, rows, rest) = opened.await?;
    head.extend(rows.join(&b','));
    if rest.is_empty() {
        head.extend_from_slice(close.as_bytes());
    }
    let rest = (!rest.is_empty()).then_some((rest, !rows.is_empty()));
    Ok(streamed(head, rest, move |(mut now, had_rows)| {
        let (app, read) = (web.app.clone(), read.clone());
        async move {
            let rest = now.split_off(now.len().min(BATCH));
            let rows = app
                .read_as(caller.token_sha256, move |tx, call| read(tx, call, &now))
                .await?;
            let mut bytes = Vec::new();
            if had_rows && !rows.is_empty() {
                bytes.push(b',');
            }
            bytes.extend(rows.join(&b','));
            if rest.is_empty() {
                bytes.extend_from_slice(close.as_bytes());
            }
            let had_rows = had_rows || !rows.is_empty();
            Ok((bytes, (!rest.is_empty()).then_some((rest, had_rows))))
        }
    }))
}
