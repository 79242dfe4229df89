//! HTTP: the compatible JSON API, Liaison's own API, and the pages. The only crate that knows what a status code is.
//!
//! A request goes `server` (connection) → `middleware` (path, headers, panics) → `routes` (which handler) →
//! `extract` (caller, query, body) → a handler in `api` or `pages` → one operation → `wire` or a template.

mod api;
mod errors;
mod extract;
mod middleware;
mod pages;
pub mod routes;
mod server;
mod state;

pub use errors::TABLE as ERRORS;
pub use server::{Options, Server};
