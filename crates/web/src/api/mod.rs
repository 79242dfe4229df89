//! The JSON API: the compatible paths and Liaison's own. One file for each noun, and the shapes in `wire`.

pub(crate) mod access_requests;
pub(crate) mod drafts;
pub(crate) mod filters;
pub(crate) mod health;
pub(crate) mod lists;
pub(crate) mod wire;
