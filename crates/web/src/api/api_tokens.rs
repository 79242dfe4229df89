//! The API tokens of a customer itself, as its administrators manage them. A token is shown once, when it is made.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::people::Role;
use liaison_domain::{Guid, ids};
use liaison_operations::Error;
use liaison_operations::settings::tokens::{self, CompanyToken};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, PathText, Write, typed};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

/// A token of the customer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ApiToken")]
struct Shown {
    guid: Guid,
    description: String,
    /// Whole in the answer that makes it, later eight stars and the last four characters.
    token: String,
    created_date: String,
    /// Who made it; null where the operator did.
    creator_name: Option<String>,
    /// Name of its group; null where it has none.
    group: Option<String>,
    /// What it may do: everything in the customer.
    roles: [TokenRole; 1],
}

/// A role.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ApiTokenRole")]
struct TokenRole {
    slug: &'static str,
    display_name: &'static str,
}

/// A token to be made.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ApiTokenBody")]
struct Sent {
    #[schemars(length(min = 1, max = 255))]
    description: String,
    /// Guid or name of an access group. It is noted, and gives or takes no rights.
    group: Option<String>,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listApiTokens", tag::USERS, "API tokens of the customer")
    .about("Those that work and belong to no user, newest first.")
    .answers::<Vec<Shown>>(200, "The tokens.")
    .refuses(&[403])
    .needs(Needs::Admin)
    .example(example!("listApiTokens"));

/// `GET /customers/current/api-tokens`.
pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Response, ApiError> {
    conventions::read(&web, caller, |tx, call| {
        let listed = tokens::list_company(tx, call)?.into_iter();
        wire::json(&listed.map(|token| shown(token, None)).collect::<Vec<_>>())
    })
    .await
}

pub(crate) const CREATE: Operation = Operation::new("POST", "createApiToken", tag::USERS, "Make an API token")
    .about(
        "The answer is the only one that shows the token. An Idempotency-Key is passed over: the answer is a secret \
            and kept nowhere, so a repeated call makes another token.",
    )
    .body::<Sent>()
    .answers::<Shown>(201, "The token.")
    .refuses(&[400, 403])
    .needs(Needs::Admin)
    .example(example!("createApiToken"));

/// `POST /customers/current/api-tokens`.
pub(crate) async fn create(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.without_key().run(StatusCode::CREATED, move |tx, call| {
        call.actor.require_admin()?;
        let sent: Sent = typed(&body)?;
        let made = tokens::create_in(tx, call, &sent.description, sent.group.as_deref())?;
        let token = tokens::find_company(tx, call, made.guid)?.ok_or(Error::NotFound)?;
        wire::json(&shown(token, Some(made.token)))
    });
    work.await
}

pub(crate) const DELETE: Operation = Operation::new("DELETE", "deleteApiToken", tag::USERS, "Revoke an API token")
    .about("It stops working at once.")
    .answers_nothing("It is gone.")
    .refuses(&[403, 404])
    .needs(Needs::Admin)
    .example(example!("deleteApiToken"));

/// `DELETE /customers/current/api-tokens/{guid}`.
pub(crate) async fn delete(PathText(guid): PathText, write: Write) -> Result<Response, ApiError> {
    let work = write.done(move |tx, call| {
        call.actor.require_admin()?;
        let guid = ids::parse_guid(&guid).ok_or(Error::NotFound)?;
        tokens::find_company(tx, call, guid)?.ok_or(Error::NotFound)?;
        tokens::revoke(tx, call, guid)?;
        Ok(())
    });
    work.await
}

fn shown(token: CompanyToken, whole: Option<String>) -> Shown {
    Shown {
        guid: token.token.guid,
        description: token.token.description,
        token: whole.unwrap_or_else(|| format!("********{}", token.token.last_four)),
        created_date: token.token.created_at.rfc3339(),
        creator_name: token.token.made_by_name,
        group: token.group,
        roles: [TokenRole {
            slug: Role::Admin.slug(),
            display_name: "Customer Admin",
        }],
    }
}
