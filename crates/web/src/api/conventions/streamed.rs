//! An answer that is sent while it is read, so that memory does not grow with it.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::header;
use liaison_operations::Result;

/// JSON that begins with `first` and goes on with what `next` reads, until it leaves nothing to go on from. A failure
/// breaks the connection off, so that nobody takes half a list for a whole one.
pub(crate) fn streamed<S, N, F>(first: Vec<u8>, rest: Option<S>, next: N) -> Response
where
    S: Send + 'static,
    N: Fn(S) -> F + Send + 'static,
    F: Future<Output = Result<(Vec<u8>, Option<S>)>> + Send + 'static,
{
    let json = [(header::CONTENT_TYPE, "application/json")];
    if rest.is_none() {
        return (json, first).into_response();
    }
    let later = stream::unfold(rest, move |rest| {
        let read = rest.map(&next);
        async move {
            Some(match read?.await {
                Ok((bytes, rest)) => (Ok(Bytes::from(bytes)), rest),
                Err(error) => (Err(std::io::Error::other(error.to_string())), None),
            })
        }
    });
    let first = stream::iter([Ok(Bytes::from(first))]);
    (json, Body::from_stream(first.chain(later))).into_response()
}
