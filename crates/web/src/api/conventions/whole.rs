//! A list of any length as one answer: which companies it has is known at once, their rows are read in batches and sent
//! while they are read, so that memory does not grow with it.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::header;
use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_operations::{Call, Result};

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
    let has_rows = !rows.is_empty();
    let later = stream::unfold((rest, has_rows), move |(mut rest, has_rows)| {
        let (app, read) = (web.app.clone(), read.clone());
        async move {
            if rest.is_empty() {
                return None;
            }
            let later = rest.split_off(rest.len().min(BATCH));
            let rows = app
                .read_as(caller.token_sha256, move |tx, call| read(tx, call, &rest))
                .await;
            // A failure breaks the connection off, so that nobody takes half a list for a whole one.
            Some(match rows {
                Err(error) => (Err(std::io::Error::other(error.to_string())), (Vec::new(), has_rows)),
                Ok(rows) => {
                    let mut bytes = Vec::new();
                    for row in &rows {
                        if has_rows || !bytes.is_empty() {
                            bytes.push(b',');
                        }
                        bytes.extend_from_slice(row);
                    }
                    let has_rows = has_rows || !rows.is_empty();
                    (Ok(Bytes::from(bytes)), (later, has_rows))
                }
            })
        }
    });
    let head = stream::iter([Ok(Bytes::from(head))]);
    let end = stream::iter([Ok(Bytes::from_static(close.as_bytes()))]);
    let body = Body::from_stream(head.chain(later).chain(end));
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}
