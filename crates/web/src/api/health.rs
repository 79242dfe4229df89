//! Whether the process lives, and whether it can work.

use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

/// That the process answers.
#[derive(Serialize, JsonSchema)]
struct Alive<'v> {
    /// Always `ok`.
    status: &'static str,
    /// The version of the program.
    version: &'v str,
}

/// That the database answers.
#[derive(Serialize, JsonSchema)]
struct Ready {
    /// Always `ready`.
    status: &'static str,
}

pub(crate) const ALIVE: Operation = Operation::new("GET", "getHealth", tag::SERVER, "Whether the process lives")
    .answers::<Alive<'_>>(200, "The process answers.")
    .example(example!("getHealth"));

/// `GET /healthz`: the process answers.
pub(crate) async fn alive(State(web): State<Web>) -> Result<Response, ApiError> {
    let version = &web.options.version;
    Ok(conventions::json(wire::json(&Alive { status: "ok", version })?))
}

pub(crate) const READY: Operation = Operation::new("GET", "getReadiness", tag::SERVER, "Whether the server can work")
    .answers::<Ready>(200, "The database answers.")
    .refuses(&[500, 503])
    .example(example!("getReadiness"));

/// `GET /readyz`: the database answers.
pub(crate) async fn ready(State(web): State<Web>) -> Result<Response, ApiError> {
    web.app.ready().await?;
    Ok(conventions::json(wire::json(&Ready { status: "ready" })?))
}
