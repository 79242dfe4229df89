//! What the calls of the compatible API have in common: pages, the choice and order of rows and fields, and the format
//! of the answer.

mod fields;
mod format;
mod page;
mod range;
mod sort;
mod streamed;
mod whole;

use axum::response::{IntoResponse as _, Response};
use http::header;
use liaison_db::Tx;
use liaison_operations::{Call, Result as OperationResult};

use crate::errors::ApiError;
use crate::extract::Caller;
use crate::state::Web;

pub(crate) use fields::{EXCLUDE_FIELDS, FIELDS, Projected, Projection};
pub(crate) use format::{FORMAT, Format, table};
pub(crate) use page::{LIMIT, Links, OFFSET, Page, Place};
pub(crate) use range::Range;
pub(crate) use sort::sort;
pub(crate) use streamed::streamed;
pub(crate) use whole::whole;

/// Answers with the JSON that `work` reads for the caller.
pub(crate) async fn read<F>(web: &Web, caller: Caller, work: F) -> Result<Response, ApiError>
where
    F: Fn(&mut Tx<'_>, &Call<'_>) -> OperationResult<Vec<u8>> + Send + 'static,
{
    Ok(json(web.app.read_as(caller.token_sha256, work).await?))
}

/// JSON as an answer.
pub(crate) fn json(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
