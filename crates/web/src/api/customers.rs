//! The caller's customer: `/customers/current`. A 400 of it names its fields as the keys of `detail`.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::{Guid, Refusal};
use liaison_operations::{Call, Result as OperationResult, customers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Write, typed};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

/// The caller's customer.
#[derive(Serialize, JsonSchema)]
struct Customer {
    guid: Guid,
    name: String,
    /// Always true: nobody can ask for a customer that is switched off.
    is_active: bool,
    date_joined: String,
    /// When its name or settings were changed last.
    last_modified: String,
    customer_settings: CustomerSettings,
}

/// Settings of a customer.
#[derive(Serialize, JsonSchema)]
struct CustomerSettings {
    /// Always true: whom an administrator invites comes in by the link of the mail, and nobody has to approve it.
    auto_approve_invited_users: bool,
}

/// Changes of a customer.
#[derive(Deserialize, JsonSchema)]
struct CustomerChange {
    customer_settings: Option<SettingsChange>,
}

/// Changes of settings.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CustomerSettingsChange")]
struct SettingsChange {
    /// Only true can be set.
    auto_approve_invited_users: Option<bool>,
}

pub(crate) const GET: Operation = Operation::new("GET", "getCurrentCustomer", tag::USERS, "The caller's customer")
    .answers::<Customer>(200, "The customer.")
    .example(example!("getCurrentCustomer"));

pub(crate) const UPDATE: Operation = Operation::new(
    "PATCH",
    "updateCurrentCustomer",
    tag::USERS,
    "Change the caller's customer",
)
.about(
    "There is one setting, and it has one value: Liaison has no step at which an invited user waits for an \
             approval. A 400 says in `detail` which field breaks which rules.",
)
.body::<CustomerChange>()
.answers::<Customer>(200, "The customer as it is now.")
.keys_errors()
.needs(Needs::Admin)
.example(example!("updateCurrentCustomer"));

/// `GET /customers/current`.
pub(crate) async fn get(State(web): State<Web>, caller: Caller) -> Result<Response, ApiError> {
    conventions::read(&web, caller, answered).await
}

/// `PATCH /customers/current`.
pub(crate) async fn update(write: Result<Write, ApiError>) -> Response {
    change(write).await.unwrap_or_else(ApiError::into_keyed)
}

async fn change(write: Result<Write, ApiError>) -> Result<Response, ApiError> {
    let mut write = write?;
    let body = write.body.take();
    write
        .run(StatusCode::OK, move |tx, call| {
            call.actor.require_account_admin()?;
            let CustomerChange { customer_settings } = typed(&body)?;
            let wanted = customer_settings.and_then(|settings| settings.auto_approve_invited_users);
            if wanted == Some(false) {
                let field = "customer_settings.auto_approve_invited_users";
                return Err(Refusal::field(field, "must be true: invited users need no approval here").into());
            }
            answered(tx, call)
        })
        .await
}

fn answered(tx: &mut Tx<'_>, call: &Call<'_>) -> OperationResult<Vec<u8>> {
    let customer = customers::get(tx, call.actor.customer_guid)?;
    let (joined, modified) = customers::times(tx, customer.guid)?;
    wire::json(&Customer {
        guid: customer.guid,
        name: customer.name,
        is_active: customer.is_active,
        date_joined: joined.date(),
        last_modified: modified.rfc3339(),
        customer_settings: CustomerSettings {
            auto_approve_invited_users: true,
        },
    })
}
