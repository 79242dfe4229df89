//! Writing users: made, changed, removed, mailed again. Administrators only.

use axum::response::Response;
use http::StatusCode;
use liaison_domain::people::{LandingPage, Role};
use liaison_domain::{Guid, Refusal};
use liaison_operations::users::manage::{self, Change, Group, Invitation};
use liaison_operations::{Call, Error, Result as OperationResult};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{User, answered, named};
use crate::errors::ApiError;
use crate::extract::{PathText, Write, nullable, wrapped};
use crate::openapi::{Needs, Operation, example, tag};

/// A user to be made, with its name around it.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "the wrapper may be left out, so it is read by hand; this is its schema"
)]
pub(super) struct NewUser {
    user: NewUserFields,
}

/// What is said of a new user.
#[derive(Deserialize, JsonSchema)]
struct NewUserFields {
    /// Unique in the customer.
    email: String,
    #[schemars(length(min = 1, max = 255))]
    formal_name: String,
    /// The first word of the full name where it is missing.
    #[schemars(length(max = 255))]
    friendly_name: Option<String>,
    /// A group of the customer; `null` for none. The default group where nothing is said.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<GroupNamed>")]
    group: Option<Option<GroupNamed>>,
    /// One role. `customer_user` where nothing is said.
    #[schemars(length(min = 1, max = 1))]
    roles: Option<Vec<RoleNamed>>,
    landing_page: Option<Landing>,
    is_available_for_contact: Option<bool>,
    /// The customer's own company, for somebody who is to be told of requests that come in for it; or nothing.
    #[schemars(length(max = 1))]
    preferred_contact_for_entities: Option<Vec<String>>,
}

/// Changes of a user, with its name around them; what is missing stays as it is.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "the wrapper may be left out, so it is read by hand; this is its schema"
)]
pub(super) struct UserChange {
    user: UserChangeFields,
}

/// What is to be different about a user.
#[derive(Deserialize, JsonSchema)]
struct UserChangeFields {
    /// Only the address that the user has: it cannot be changed.
    email: Option<String>,
    #[schemars(length(min = 1, max = 255))]
    formal_name: Option<String>,
    #[schemars(length(min = 1, max = 255))]
    friendly_name: Option<String>,
    /// A group of the customer; `null` for none.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<GroupNamed>")]
    group: Option<Option<GroupNamed>>,
    /// One role.
    #[schemars(length(min = 1, max = 1))]
    roles: Option<Vec<RoleNamed>>,
    landing_page: Option<Landing>,
    is_available_for_contact: Option<bool>,
    /// The customer's own company, for somebody who is to be told of requests that come in for it; or nothing.
    #[schemars(length(max = 1))]
    preferred_contact_for_entities: Option<Vec<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "UserGroupChosen")]
struct GroupNamed {
    guid: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "UserRoleChosen")]
struct RoleNamed {
    slug: RoleSlug,
}

/// A role.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
enum RoleSlug {
    #[serde(rename = "customer_user")]
    User,
    #[serde(rename = "customer_portfolio_manager")]
    PortfolioManager,
    #[serde(rename = "customer_group_admin")]
    GroupAdmin,
    #[serde(rename = "customer_admin")]
    Admin,
}

/// Where somebody begins after signing in.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schemars(rename = "LandingPage")]
pub(super) enum Landing {
    Default,
    Spm,
    Tprm,
}

impl From<Landing> for LandingPage {
    fn from(landing: Landing) -> LandingPage {
        match landing {
            Landing::Default => LandingPage::Default,
            Landing::Spm => LandingPage::OwnSecurity,
            Landing::Tprm => LandingPage::Vendors,
        }
    }
}

impl From<RoleSlug> for Role {
    fn from(slug: RoleSlug) -> Role {
        match slug {
            RoleSlug::User => Role::User,
            RoleSlug::PortfolioManager => Role::PortfolioManager,
            RoleSlug::GroupAdmin => Role::GroupAdmin,
            RoleSlug::Admin => Role::Admin,
        }
    }
}

pub(crate) const CREATE: Operation = Operation::new("POST", "createUser", tag::USERS, "Make a user")
    .about(
        "Makes a user and mails them a link to set a password: 300 in 30 days at most. The address of somebody who was \
         removed makes the same user again, who begins anew. What is read-only or unknown is passed over.",
    )
    .body::<NewUser>()
    .may_be_bare()
    .answers::<User>(201, "The new user.")
    .refuses(&[400, 403, 429])
    .needs(Needs::Admin)
    .example(example!("createUser"));

pub(crate) const UPDATE: Operation = Operation::new("PATCH", "updateUser", tag::USERS, "Change a user")
    .about("The last active administrator stays one. What is read-only or unknown is passed over.")
    .body::<UserChange>()
    .may_be_bare()
    .answers::<User>(200, "The user as it is now.")
    .refuses(&[400, 403, 404])
    .needs(Needs::Admin)
    .example(example!("updateUser"));

pub(crate) const DELETE: Operation = Operation::new("DELETE", "deleteUser", tag::USERS, "Remove a user")
    .about(
        "The user is `Deactivated` from now on: sessions, tokens, links and the password are gone at once. What they \
         did stays under their name. Nobody removes themselves, nor the last active administrator.",
    )
    .answers_nothing("Removed.")
    .refuses(&[400, 403, 404])
    .needs(Needs::Admin)
    .example(example!("deleteUser"));

pub(crate) const RESEND: Operation = Operation::new(
    "POST",
    "resendActivationEmail",
    tag::USERS,
    "Mail the activation link again",
)
.about(
    "For a user who never came in. The link of the mail before stops working. A mail younger than the cool-down (five \
     minutes, unless the operator says otherwise) is not followed by another one: 429 with `Retry-After`.",
)
.answers::<User>(200, "The user.")
.refuses(&[400, 403, 404, 429])
.needs(Needs::Admin)
.example(example!("resendActivationEmail"));

/// `POST /v2/users`.
pub(crate) async fn create(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    write
        .run(StatusCode::CREATED, move |tx, call| {
            call.actor.require_account_admin()?;
            let user: NewUserFields = wrapped(&body, "user")?;
            let decided = Decided {
                group: user.group,
                roles: user.roles,
                landing_page: user.landing_page,
                is_available_for_contact: user.is_available_for_contact,
                entities: user.preferred_contact_for_entities,
            };
            let change = change(call, decided).map_err(in_user(&body))?;
            let new = Invitation {
                email: user.email,
                formal_name: user.formal_name,
                friendly_name: user.friendly_name,
                role: change.role.unwrap_or(Role::User),
                group: change.group.unwrap_or(Group::Default),
                is_collaboration_contact: change.is_collaboration_contact.unwrap_or_default(),
                is_available_for_contact: change.is_available_for_contact.unwrap_or_default(),
                landing_page: change.landing_page.unwrap_or_default(),
            };
            let guid = manage::invite(tx, call, &new).map_err(in_user(&body))?;
            answered(tx, call, guid)
        })
        .await
}

/// `PATCH /v2/users/{guid}`.
pub(crate) async fn update(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            let guid = named(call, &guid);
            manage::find(tx, call, guid)?;
            let user: UserChangeFields = wrapped(&body, "user")?;
            let decided = Decided {
                group: user.group,
                roles: user.roles,
                landing_page: user.landing_page,
                is_available_for_contact: user.is_available_for_contact,
                entities: user.preferred_contact_for_entities,
            };
            let change = Change {
                email: user.email,
                formal_name: user.formal_name,
                friendly_name: user.friendly_name,
                ..change(call, decided).map_err(in_user(&body))?
            };
            manage::update(tx, call, guid, &change).map_err(in_user(&body))?;
            answered(tx, call, guid)
        })
        .await
}

/// `DELETE /v2/users/{guid}`.
pub(crate) async fn delete(PathText(guid): PathText, write: Write) -> Result<Response, ApiError> {
    write
        .done(move |tx, call| manage::remove(tx, call, named(call, &guid)).map_err(in_user(&Value::Null)))
        .await
}

/// `POST /v2/users/{guid}/resend-activation-email`.
pub(crate) async fn resend(PathText(guid): PathText, write: Write) -> Result<Response, ApiError> {
    write
        .run(StatusCode::OK, move |tx, call| {
            let guid = named(call, &guid);
            manage::activate_again(tx, call, guid)?;
            answered(tx, call, guid)
        })
        .await
}

/// What both bodies may say.
struct Decided {
    group: Option<Option<GroupNamed>>,
    roles: Option<Vec<RoleNamed>>,
    landing_page: Option<Landing>,
    is_available_for_contact: Option<bool>,
    entities: Option<Vec<String>>,
}

fn change(call: &Call<'_>, decided: Decided) -> OperationResult<Change> {
    let role = match decided.roles.as_deref() {
        None => None,
        Some([role]) => Some(role.slug.into()),
        Some(_) => return Err(Refusal::field("roles", "must be one role").into()),
    };
    let contact = decided.entities.map(|entities| contact_for(call, &entities));
    Ok(Change {
        role,
        group: decided.group.map(|group| match group {
            None => Group::None,
            Some(group) => Group::Given(super::guid(&group.guid)),
        }),
        is_collaboration_contact: contact.transpose()?,
        is_available_for_contact: decided.is_available_for_contact,
        landing_page: decided.landing_page.map(LandingPage::from),
        ..Change::default()
    })
}

/// Whether a user is to be told of what comes in for the customer's own company, the only one they can be told about.
fn contact_for(call: &Call<'_>, entities: &[String]) -> OperationResult<bool> {
    let own: Option<Guid> = call.actor.my_company.as_ref().map(|company| company.guid);
    let stranger = entities.iter().position(|entity| own != Some(super::guid(entity)));
    match stranger {
        Some(at) => {
            let field = format!("preferred_contact_for_entities[{at}]");
            Err(Refusal::field(field, "must be the company that this account is").into())
        }
        None => Ok(!entities.is_empty()),
    }
}

/// Gives a refusal the name that the field has in a body of these paths, which may come without `user` around it.
pub(super) fn in_user(body: &Value) -> impl Fn(Error) -> Error {
    let around = if body.get("user").is_some() { "user." } else { "" };
    move |error| {
        let Error::Refused(Refusal::Field { field, rule }) = error else {
            return error;
        };
        let name = match field.as_str() {
            "role" => "roles",
            "group" => "group.guid",
            "switch" => "user",
            other => other,
        };
        Error::Refused(Refusal::field(format!("{around}{name}"), rule))
    }
}
