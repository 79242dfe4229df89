//! HTTP: the compatible JSON API, Liaison's own API, and the pages. The only crate that knows what a status code is.
//!
//! A request goes `server` (connection) → `middleware` (path, headers, panics) → `routes` (which handler) →
//! `extract` (caller, query, body) → a handler in `api` or `pages` → one operation → `wire` or a template.

mod api;
mod attempts;
mod cookies;
mod errors;
mod extract;
mod images;
mod live;
mod middleware;
pub mod openapi;
mod pages;
mod peer;
mod printer;
pub mod routes;
mod server;
mod shell;
mod state;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the pages that hand out the other kinds of files come next")
)]
mod tables;

pub use errors::TABLE as ERRORS;
pub use server::{Options, Server};
