//! From a raw request to what a handler works with: the caller, the query, the body.

mod body;
mod caller;
mod fields;
mod path;
mod query;

pub(crate) use body::{Unread, Write, collect};
pub(crate) use caller::Caller;
pub(crate) use fields::Fields;
pub(crate) use path::PathText;
pub(crate) use query::Params;
