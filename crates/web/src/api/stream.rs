//! The live stream of a thread, for the holder of a token.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use super::messages;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText};
use crate::live;
use crate::state::Web;

/// `GET …/messages/stream`: what is written or changed from now on, or after `Last-Event-ID`.
pub(crate) async fn follow(
    State(web): State<Web>,
    caller: Caller,
    PathText(request): PathText,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let after = caller.checked(&web, live::after(&headers, &params)).await?;
    live::stream(&web, caller.token_sha256, messages::guid(&request), after).await
}
