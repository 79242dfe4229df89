//! Tiers: how much the companies of a portfolio matter.

use axum::extract::State;
use axum::response::Response;
use liaison_domain::Guid;
use liaison_operations::tiers;
use schemars::JsonSchema;
use serde::Serialize;

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::Caller;
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

/// A tier.
#[derive(Serialize, JsonSchema)]
struct Tier {
    guid: Guid,
    name: String,
    description: String,
    /// 1 matters most.
    rank: i64,
    /// Always false: no mails are sent about tiers.
    email_enabled: bool,
    /// Guids of the companies in it.
    companies: Vec<Guid>,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listTiers", tag::ORGANISATION, "Tiers")
    .about("The tiers of the customer with the companies in them, the one that matters most first.")
    .answers::<Vec<Tier>>(200, "The tiers.")
    .example(example!("listTiers"));

/// `GET /tiers`: the tiers of the caller's customer.
pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Response, ApiError> {
    let body = web.app.read_as(caller.token_sha256, |tx, call| {
        let tiers: Vec<Tier> = tiers::list(tx, call)?.into_iter().map(tier).collect();
        wire::json(&tiers)
    });
    Ok(conventions::json(body.await?))
}

fn tier(tier: tiers::Tier) -> Tier {
    Tier {
        guid: tier.guid,
        name: tier.name,
        description: String::new(),
        rank: tier.rank,
        email_enabled: false,
        companies: tier.companies,
    }
}
