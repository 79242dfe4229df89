//! Tiers: how much the companies of a portfolio matter.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::action_plans::Plan;
use liaison_domain::{Guid, ids};
use liaison_operations::Result as OperationResult;
use liaison_operations::tiers::{self, Change};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::company_actions::{CompaniesChanged, CompanyActions, CompanyActionsBody};
use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, PathText, Write, wrapped};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

/// A tier.
#[derive(Serialize, JsonSchema)]
struct Tier {
    guid: Guid,
    name: String,
    description: String,
    /// The smallest matters most.
    rank: i64,
    /// Kept as it was sent; no mails are sent about tiers.
    email_enabled: bool,
    /// Guids of the companies in it.
    companies: Vec<Guid>,
}

/// A tier as it is to be.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "TierChange")]
struct Sent {
    /// Needed for a new one.
    #[schemars(length(min = 1, max = 255))]
    name: Option<String>,
    #[schemars(length(max = 1000))]
    description: Option<String>,
    /// The smallest matters most. A new tier comes last where it has none.
    #[schemars(range(min = 0, max = 999_999))]
    rank: Option<i64>,
    email_enabled: Option<bool>,
    /// Exactly the companies that are to be in it, by guid: all have to be in the portfolio.
    #[schemars(length(max = 10_000))]
    companies: Option<Vec<String>>,
}

/// The body, with its name around it.
#[derive(JsonSchema)]
#[schemars(rename = "TierBody")]
#[expect(
    dead_code,
    reason = "the wrapper may be left out, so it is read by hand; this is its schema"
)]
struct Body {
    tier: Sent,
}

impl From<Sent> for Change {
    fn from(sent: Sent) -> Change {
        Change {
            name: sent.name,
            description: sent.description,
            rank: sent.rank,
            email_enabled: sent.email_enabled,
            companies: sent.companies,
        }
    }
}

pub(crate) const LIST: Operation = Operation::new("GET", "listTiers", tag::ORGANISATION, "Tiers")
    .about("The tiers of the customer with the companies in them, the one that matters most first.")
    .answers::<Vec<Tier>>(200, "The tiers.")
    .example(example!("listTiers"));

/// `GET /tiers`: the tiers of the caller's customer.
pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Response, ApiError> {
    conventions::read(&web, caller, |tx, call| {
        let tiers: Vec<Tier> = tiers::list(tx, call)?.into_iter().map(shown).collect();
        wire::json(&tiers)
    })
    .await
}

/// What to do about companies.
#[derive(Serialize, JsonSchema)]
struct ActionPlan {
    /// Guids of companies.
    escalate: Vec<Guid>,
    /// Guids of companies.
    review: Vec<Guid>,
    /// Guids of companies.
    monitor: Vec<Guid>,
}

pub(crate) const ACTION_PLAN: Operation =
    Operation::new("GET", "getVendorActionPlan", tag::ORGANISATION, "What to do about companies")
        .about(
            "By how much a company matters and how it is rated. In the tier with the smallest rank: up to 639 escalate, \
             up to 739 review, else monitor. In the next tier: up to 639 review, else monitor. In all others: monitor. A \
             company without a tier or without a rating is in no list.",
        )
        .answers::<ActionPlan>(200, "The companies of the portfolio, by plan.")
        .example(example!("getVendorActionPlan"));

/// `GET /tiers/vendor-action-plan`: what to do about companies.
pub(crate) async fn action_plan(State(web): State<Web>, caller: Caller) -> Result<Response, ApiError> {
    conventions::read(&web, caller, |tx, call| {
        let mut plans = tiers::action_plan(tx, call)?;
        let mut take = |plan: Plan| plans.remove(plan.slug()).unwrap_or_default();
        wire::json(&ActionPlan {
            escalate: take(Plan::Escalate),
            review: take(Plan::Review),
            monitor: take(Plan::Monitor),
        })
    })
    .await
}

pub(crate) const CREATE: Operation = Operation::new("POST", "createTier", tag::ORGANISATION, "Make a tier")
    .about("The fields may also stand in the body without `tier` around them. A customer has 100 tiers at most.")
    .body::<Body>()
    .may_be_bare()
    .body_requires(&["name"])
    .answers::<Tier>(201, "The tier.")
    .refuses(&[400, 403])
    .needs(Needs::Inviter)
    .example(example!("createTier"));

/// `POST /tiers`: make a tier.
pub(crate) async fn create(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::CREATED, move |tx, call| {
        call.actor.require_account_inviter()?;
        wire::json(&shown(tiers::create(tx, call, &change(&body)?)?))
    });
    work.await
}

pub(crate) const GET: Operation = Operation::new("GET", "getTier", tag::ORGANISATION, "One tier")
    .answers::<Tier>(200, "The tier.")
    .refuses(&[404])
    .example(example!("getTier"));

/// `GET /tiers/{guid}`: one tier.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
) -> Result<Response, ApiError> {
    conventions::read(&web, caller, move |tx, call| {
        wire::json(&shown(tiers::find(tx, call, ids::parse_guid(&guid))?))
    })
    .await
}

pub(crate) const UPDATE: Operation = Operation::new("PATCH", "updateTier", tag::ORGANISATION, "Change a tier")
    .about("What is left out stays as it is. The fields may also stand in the body without `tier` around them.")
    .body::<Body>()
    .may_be_bare()
    .answers::<Tier>(200, "The tier.")
    .refuses(&[400, 403, 404])
    .needs(Needs::Inviter)
    .example(example!("updateTier"));

/// `PATCH /tiers/{guid}`: change a tier.
pub(crate) async fn update(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_account_inviter()?;
        let guid = ids::parse_guid(&guid);
        tiers::find_kept(tx, call, guid)?;
        wire::json(&shown(tiers::update(tx, call, guid, &change(&body)?)?))
    });
    work.await
}

pub(crate) const REPLACE: Operation = Operation::new("PUT", "replaceTier", tag::ORGANISATION, "Replace a tier")
    .about(
        "As a change, but `name` is needed, and `description` and `email_enabled` are empty and false where they are \
         left out.",
    )
    .body::<Body>()
    .may_be_bare()
    .body_requires(&["name"])
    .answers::<Tier>(200, "The tier.")
    .refuses(&[400, 403, 404])
    .needs(Needs::Inviter)
    .example(example!("replaceTier"));

/// `PUT /tiers/{guid}`: replace a tier.
pub(crate) async fn replace(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_account_inviter()?;
        let guid = ids::parse_guid(&guid);
        tiers::find_kept(tx, call, guid)?;
        wire::json(&shown(tiers::replace(tx, call, guid, &change(&body)?)?))
    });
    work.await
}

pub(crate) const DELETE: Operation = Operation::new("DELETE", "deleteTier", tag::ORGANISATION, "Delete a tier")
    .about("The companies in it stay in the portfolio, in no tier.")
    .answers_nothing("It is gone.")
    .refuses(&[403, 404])
    .needs(Needs::Inviter)
    .example(example!("deleteTier"));

/// `DELETE /tiers/{guid}`: delete a tier.
pub(crate) async fn delete(PathText(guid): PathText, write: Write) -> Result<Response, ApiError> {
    write
        .done(move |tx, call| tiers::delete(tx, call, ids::parse_guid(&guid)))
        .await
}

pub(crate) const COMPANIES: Operation = Operation::new(
    "PATCH",
    "updateTierCompanies",
    tag::ORGANISATION,
    "Put companies into a tier, take others out",
)
.about(
    "A company is in one tier at most: whoever comes in leaves another. The lists may also stand in the body without \
     `company_actions` around them.",
)
.body::<CompanyActionsBody>()
.may_be_bare()
.answers::<CompaniesChanged>(200, "What became of each company.")
.refuses(&[400, 403, 404])
.needs(Needs::Inviter)
.example(example!("updateTierCompanies"));

/// `PATCH /tiers/{guid}/companies`: put companies in, take others out.
pub(crate) async fn change_companies(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_account_inviter()?;
        let guid = ids::parse_guid(&guid);
        tiers::find_kept(tx, call, guid)?;
        let actions: CompanyActions = wrapped(&body, "company_actions")?;
        let outcome = tiers::change_companies(tx, call, guid, &actions.into())?;
        wire::json(&CompaniesChanged::from(outcome))
    });
    work.await
}

fn change(body: &Value) -> OperationResult<Change> {
    let sent: Sent = wrapped(body, "tier")?;
    Ok(sent.into())
}

fn shown(tier: tiers::Tier) -> Tier {
    Tier {
        guid: tier.kept.guid,
        name: tier.kept.name,
        description: tier.kept.description,
        rank: tier.kept.rank,
        email_enabled: tier.kept.email_enabled,
        companies: tier.companies,
    }
}
