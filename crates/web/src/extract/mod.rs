//! From a raw request to what a handler works with: the caller, the query, the body.

mod asked;
mod body;
mod caller;
mod fields;
mod form;
mod path;
mod query;
mod typed;
mod visitor;

pub(crate) use asked::Asked;
pub(crate) use body::{Write, collect};
pub(crate) use caller::Caller;
pub(crate) use fields::Fields;
pub(crate) use form::{FormFields, OpenForm, Submission};
pub(crate) use path::{PathPair, PathText};
pub(crate) use query::Params;
pub(crate) use typed::{nullable, typed, wrapped};
pub(crate) use visitor::{Guest, Visitor};
