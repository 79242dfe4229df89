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

pub(crate) use fields::{EXCLUDE_FIELDS, FIELDS, Projected, Projection};
pub(crate) use format::{FORMAT, Format, table};
pub(crate) use page::{LIMIT, Links, OFFSET, Page, Place};
pub(crate) use range::Range;
pub(crate) use sort::{Direction, sort};
pub(crate) use streamed::streamed;
pub(crate) use whole::whole;

/// JSON as an answer.
pub(crate) fn json(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
