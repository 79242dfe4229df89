//! Subscriptions: how companies come into a portfolio.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::{Guid, ids, limits, portfolio};
use liaison_operations::subscriptions::{self, Addition, Replacement, Subscription, USUAL, Wishes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, PathText, Write, typed};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

/// The subscriptions of a customer, by the slug of their type.
#[derive(Serialize, JsonSchema)]
struct Subscriptions {
    #[serde(flatten)]
    by_type: BTreeMap<String, OfType>,
    /// Always false.
    event_forensics: bool,
    /// Always false.
    real_time_alerts: bool,
    /// Always false.
    user_behavior_forensics: bool,
    /// The day on which the access ends, where the account exists because its people were invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_end_date: Option<String>,
}

/// The subscriptions of one type.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SubscriptionsOfType")]
struct OfType {
    name: String,
    /// Always 1 000 000: there is no quota, and clients count with a number.
    quota: i64,
    /// What is left of it.
    remaining: i64,
    /// The newest first.
    companies: Vec<Company>,
}

/// A company that is followed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SubscribedCompany")]
struct Company {
    guid: Guid,
    name: String,
    /// Since when, `YYYY-MM-DD`.
    start_date: String,
}

/// One subscription.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SubscriptionDetail")]
struct Detail {
    company: Named,
    subscription: Shown,
}

/// A company.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SubscriptionCompany")]
struct Named {
    guid: Guid,
    name: String,
}

/// How it is followed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Subscription")]
struct Shown {
    /// Slug of the type.
    r#type: String,
    /// Since when, `YYYY-MM-DD`.
    start_date: String,
    /// Always null: a subscription does not end by itself.
    end_date: Option<String>,
    /// Always true.
    in_portfolio: bool,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listSubscriptions", tag::ORGANISATION, "Subscriptions")
    .about(
        "Every company of the portfolio is one subscription. A company without a type stands under \
         `continuous_monitoring`.",
    )
    .answers::<Subscriptions>(200, "The subscriptions, by type.")
    .example(example!("listSubscriptions"));

/// `GET /subscriptions`.
pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Response, ApiError> {
    conventions::read(&web, caller, |tx, call| {
        let listed = subscriptions::list(tx, call)?;
        let by_type = listed.by_type.into_iter();
        wire::json(&Subscriptions {
            by_type: by_type.map(|(slug, companies)| of_type(slug, companies)).collect(),
            event_forensics: false,
            real_time_alerts: false,
            user_behavior_forensics: false,
            trial_end_date: listed.trial_end_date,
        })
    })
    .await
}

fn of_type(slug: String, companies: Vec<Subscription>) -> (String, OfType) {
    let companies: Vec<Company> = companies
        .into_iter()
        .map(|subscription| Company {
            guid: subscription.company_guid,
            name: subscription.name,
            start_date: subscription.start_date,
        })
        .collect();
    let used = i64::try_from(companies.len()).unwrap_or(i64::MAX);
    let shown = OfType {
        name: portfolio::name(&portfolio::SUBSCRIPTION_TYPES, &slug).to_owned(),
        quota: limits::NO_QUOTA,
        remaining: (limits::NO_QUOTA - used).max(1),
        companies,
    };
    (slug, shown)
}

pub(crate) const GET: Operation = Operation::new("GET", "getSubscription", tag::ORGANISATION, "One subscription")
    .about("The guid is that of the company.")
    .answers::<Detail>(200, "The subscription.")
    .refuses(&[404])
    .example(example!("getSubscription"));

/// `GET /subscriptions/{guid}`.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
) -> Result<Response, ApiError> {
    conventions::read(&web, caller, move |tx, call| {
        let found = subscriptions::find(tx, call, ids::parse_guid(&guid))?;
        wire::json(&Detail {
            company: Named {
                guid: found.company_guid,
                name: found.name,
            },
            subscription: Shown {
                r#type: found.kind.unwrap_or_else(|| USUAL.to_owned()),
                start_date: found.start_date,
                end_date: None,
                in_portfolio: true,
            },
        })
    })
    .await
}

/// What is to happen to many companies.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SubscriptionsBulk")]
struct Sent {
    /// Companies to be followed.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    add: Vec<SentAddition>,
    /// Companies to be left.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    delete: Vec<SentDeletion>,
    /// Companies to be followed in place of others.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    update: Vec<SentReplacement>,
}

/// A company to be followed.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SubscriptionAddition")]
struct SentAddition {
    guid: String,
    /// Slug of the type.
    r#type: String,
    /// Guids or names of folders to put it in.
    folder: Option<Vec<String>>,
    /// Guid or name of a tier to put it in.
    tier: Option<String>,
}

/// A company to be left.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SubscriptionDeletion")]
struct SentDeletion {
    guid: String,
}

/// A company to be followed in place of another. Tier, folders, type and custom id go with it.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SubscriptionReplacement")]
struct SentReplacement {
    subscribed_company_guid: String,
    new_company_guid: String,
}

/// What happened.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SubscriptionsChanged")]
struct Changed {
    /// Companies that are followed now.
    added: Vec<Guid>,
    /// Companies that are not followed any more.
    deleted: Vec<Guid>,
    /// Companies whose subscription is another one now.
    modified: Vec<Guid>,
    /// What could not be done.
    errors: Vec<Failed>,
}

/// Why nothing was done about a company.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SubscriptionError")]
struct Failed {
    guid: String,
    message: String,
}

pub(crate) const BULK: Operation = Operation::new(
    "POST",
    "changeSubscriptions",
    tag::ORGANISATION,
    "Follow companies, leave others",
)
.about(
    "Companies are left first, then replaced, then followed. Each is judged by itself: what cannot be done stands in \
     `errors`, and the answer is 200. Any company of the inventory can be followed, but a private one only by those who \
     have it. Who leaves a company loses its place in folders and groups; contacts and requests stay.",
)
.body::<Sent>()
.answers::<Changed>(200, "What happened to each company.")
.refuses(&[400, 403])
.needs(Needs::Inviter)
.example(example!("changeSubscriptions"));

/// `POST /subscriptions/bulk`.
pub(crate) async fn change(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_account_inviter()?;
        let sent: Sent = typed(&body)?;
        let done = subscriptions::change(tx, call, &sent.into())?;
        let errors = done.failures.into_iter().map(|failure| Failed {
            guid: failure.guid,
            message: failure.message,
        });
        wire::json(&Changed {
            added: done.added,
            deleted: done.deleted,
            modified: done.modified,
            errors: errors.collect(),
        })
    });
    work.await
}

impl From<Sent> for Wishes {
    fn from(sent: Sent) -> Wishes {
        let add = sent.add.into_iter().map(|one| Addition {
            guid: one.guid,
            kind: one.r#type,
            folders: one.folder.unwrap_or_default(),
            tier: one.tier,
        });
        let update = sent.update.into_iter().map(|one| Replacement {
            old: one.subscribed_company_guid,
            new: one.new_company_guid,
        });
        Wishes {
            add: add.collect(),
            delete: sent.delete.into_iter().map(|one| one.guid).collect(),
            update: update.collect(),
        }
    }
}
