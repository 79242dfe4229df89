//! The caller: `/v2/users/current`.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::people::LandingPage;
use liaison_operations::settings::profile::{self, Preferences};
use liaison_operations::users::directory;
use liaison_operations::{Call, Error, Result as OperationResult};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::write::{Landing, in_user};
use super::{User, user};
use crate::api::conventions::{self, FIELDS, Projected, Projection};
use crate::api::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, Write, wrapped};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

/// The caller as a user.
#[derive(Serialize, JsonSchema)]
struct CurrentUser {
    #[serde(flatten)]
    user: User,
    /// The mails they get beside those that somebody asks for, such as a link for a password.
    email_preferences: EmailPreferences,
}

/// Which mails a user gets.
#[derive(Serialize, JsonSchema)]
struct EmailPreferences {
    /// Always false: there are no such mails here.
    compromised_system_alerts: bool,
    notifications: Notifications,
    real_time_alerts: RealTimeAlerts,
}

/// Mails about what happens.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EmailNotifications")]
struct Notifications {
    /// Messages on the threads of their requests.
    annotation: bool,
    /// Requests that come in. Liaison's own; the others are documented ones.
    collaboration: bool,
    /// Always false: there are no such mails here.
    company_request: bool,
    /// Always false: there are no such mails here.
    folder: bool,
    /// Always false: there are no such mails here.
    issue_tracking: bool,
    /// Always false: there are no such mails here.
    report: bool,
}

/// Always off: there are no alerts here.
#[derive(Default, Serialize, JsonSchema)]
struct RealTimeAlerts {
    alerts_period: i64,
    is_enabled: bool,
}

/// Changes of one's own, with their name around them; what is missing stays as it is.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "the wrapper may be left out, so it is read by hand; this is its schema"
)]
struct OwnChange {
    user: OwnFields,
}

/// What a user may change of themselves.
#[derive(Deserialize, JsonSchema)]
struct OwnFields {
    #[schemars(length(min = 1, max = 255))]
    formal_name: Option<String>,
    #[schemars(length(max = 255))]
    friendly_name: Option<String>,
    landing_page: Option<Landing>,
    email_preferences: Option<OwnPreferences>,
}

/// Which mails are wanted.
#[derive(Deserialize, JsonSchema)]
struct OwnPreferences {
    notifications: Option<OwnNotifications>,
}

/// Mails about what happens; all others are passed over.
#[derive(Deserialize, JsonSchema)]
struct OwnNotifications {
    /// Messages on the threads of their requests.
    annotation: Option<bool>,
    /// Requests that come in.
    collaboration: Option<bool>,
}

pub(crate) const GET: Operation = Operation::new("GET", "getCurrentUser", tag::USERS, "The caller")
    .about("Who the token belongs to: a user, or the company token itself, which gets no mails.")
    .query(&[FIELDS])
    .answers::<Projected<CurrentUser>>(200, "The caller.")
    .example(example!("getCurrentUser"));

pub(crate) const UPDATE: Operation = Operation::new("PATCH", "updateCurrentUser", tag::USERS, "Change oneself")
    .about(
        "Names, where one begins, and the mails one gets. Rights are for administrators to give, by `/v2/users/{guid}`. \
         What is read-only or unknown is passed over.",
    )
    .body::<OwnChange>()
    .may_be_bare()
    .answers::<CurrentUser>(200, "The caller as it is now.")
    .refuses(&[400, 403])
    .needs(Needs::User)
    .example(example!("updateCurrentUser"));

/// `GET /v2/users/current`.
pub(crate) async fn get(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let projection = Projection::of(&params);
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| wire::json(&projection.apply(current(tx, call)?));
    conventions::read(&web, caller, read).await
}

/// `PATCH /v2/users/current`.
pub(crate) async fn update(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            call.actor.user.as_ref().ok_or(Error::Forbidden)?;
            let change: OwnFields = wrapped(&body, "user")?;
            let own = profile::OwnChange {
                formal_name: change.formal_name,
                friendly_name: change.friendly_name,
                landing_page: change.landing_page.map(LandingPage::from),
            };
            profile::change(tx, call, own).map_err(in_user(&body))?;
            let wanted = change.email_preferences.and_then(|wanted| wanted.notifications);
            if let Some(wanted) = wanted {
                let before = profile::preferences(tx, call)?;
                let preferences = Preferences {
                    on_messages: wanted.annotation.unwrap_or(before.on_messages),
                    on_requests: wanted.collaboration.unwrap_or(before.on_requests),
                };
                profile::update_preferences(tx, call, preferences)?;
            }
            wire::json(&current(tx, call)?)
        })
        .await
}

fn current(tx: &mut Tx<'_>, call: &Call<'_>) -> OperationResult<CurrentUser> {
    let preferences = match call.actor.user {
        Some(_) => profile::preferences(tx, call)?,
        None => Preferences {
            on_messages: false,
            on_requests: false,
        },
    };
    Ok(CurrentUser {
        user: user(call, directory::current(tx, call)?),
        email_preferences: EmailPreferences {
            compromised_system_alerts: false,
            notifications: Notifications {
                annotation: preferences.on_messages,
                collaboration: preferences.on_requests,
                company_request: false,
                folder: false,
                issue_tracking: false,
                report: false,
            },
            real_time_alerts: RealTimeAlerts::default(),
        },
    })
}
