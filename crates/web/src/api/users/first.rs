//! Users as version 1 of the API has them: `/v1/users`.

use axum::extract::State;
use axum::response::Response;
use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_domain::people::UserStatus;
use liaison_operations::users::directory::{self, Entry};
use liaison_operations::{Call, Result as OperationResult, customers};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Group, last_login, named, role_name};
use crate::api::conventions::{self, EXCLUDE_FIELDS, FIELDS, Projected, Projection};
use crate::api::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText};
use crate::openapi::{Kind, Operation, example, query, tag};
use crate::state::Web;

/// What a customer without a limit answers: effectively as many as they like.
const UNLIMITED: i64 = 99_999;

/// A user of a list.
#[derive(Serialize, JsonSchema)]
struct ListedUser {
    guid: Guid,
    email: String,
    formal_name: String,
    friendly_name: String,
    first_name: String,
    last_name: String,
    #[serde(flatten)]
    details: Option<Details>,
}

/// What is shown with `include_details` only.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ListedUserDetails")]
struct Details {
    date_joined: String,
    group: Option<Group>,
    is_active: bool,
    is_available_for_contact: bool,
    is_customer_api_token: bool,
    last_login: Option<String>,
    /// Always null: a company token belongs to the customer.
    owner: Option<Guid>,
    roles: Vec<Role>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ListedUserRole")]
struct Role {
    /// Its slug.
    name: String,
    /// `invite` and `administer`, where the role may.
    permissions: Vec<&'static str>,
    /// Its name for people.
    presentation: String,
}

/// A user with their customer.
#[derive(Serialize, JsonSchema)]
struct UserWithCustomer {
    guid: Guid,
    email: String,
    formal_name: String,
    friendly_name: String,
    phone_number: Option<String>,
    /// `Created`, `Activated` or `Deactivated`.
    status: String,
    is_active: bool,
    joined_date: String,
    last_login_date: Option<String>,
    customer: Customer,
}

/// The customer of a user.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CustomerOfUser")]
struct Customer {
    guid: Guid,
    name: String,
    /// `Live` or `Vendor Access`.
    r#type: String,
    /// The company that the customer is, if it is one.
    my_company_guid: Option<Guid>,
    /// Always empty: companies have no subsidiaries here.
    my_company_subsidiaries: Vec<Guid>,
}

/// How many users a customer has, and may have.
#[derive(Serialize, JsonSchema)]
struct UserQuota {
    /// Those who came in and were not switched off.
    active_user_count: i64,
    /// The others.
    inactive_user_count: i64,
    remaining_active_quota: i64,
    /// 99999 stands for no limit.
    total_active_quota: i64,
    total_user_count: i64,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listUsersV1", tag::USERS, "Users, all at once")
    .about(
        "The active users of the customer, by address; 10 000 at most. `/v2/users` has pages, filters and more fields.",
    )
    .query(&[
        query("include_details", Kind::Boolean, "`true`: more of each user. Passed over unless an administrator or group administrator asks."),
        query("show_all", Kind::Boolean, "`true`: those who are not active, too, and company tokens at the end. Passed over unless an administrator or group administrator asks."),
        query("view_company", Kind::Text, "Guid of a company: only users who can see it, which are all or none of them."),
    ])
    .answers::<Vec<ListedUser>>(200, "The users.")
    .refuses(&[400])
    .example(example!("listUsersV1"));

pub(crate) const GET: Operation = Operation::new("GET", "getUserV1", tag::USERS, "One user with the customer")
    .query(&[FIELDS, EXCLUDE_FIELDS])
    .answers::<Projected<UserWithCustomer>>(200, "The user.")
    .refuses(&[404])
    .example(example!("getUserV1"));

pub(crate) const CURRENT: Operation =
    Operation::new("GET", "getCurrentUserV1", tag::USERS, "The caller with the customer")
        .query(&[FIELDS, EXCLUDE_FIELDS])
        .answers::<Projected<UserWithCustomer>>(200, "The caller.")
        .example(example!("getCurrentUserV1"));

pub(crate) const QUOTA: Operation = Operation::new("GET", "getUserQuota", tag::USERS, "How many users there are")
    .about("Liaison limits how many users are invited in a month, and not how many there are.")
    .answers::<UserQuota>(200, "The numbers.")
    .example(example!("getUserQuota"));

/// `GET /v1/users`.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let wish = params.boolean("include_details").and_then(|details| {
        Ok((
            details.unwrap_or_default(),
            params.boolean("show_all")?.unwrap_or_default(),
        ))
    });
    let (details, all) = caller.checked(&web, wish).await?;
    let company = params.guid("view_company");
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let is_seen = match company {
            Some(company) => directory::sees_company(tx, call, company)?,
            None => true,
        };
        let may = directory::may_see_details(call);
        let users = match is_seen {
            true => directory::list_all(tx, call, all && may)?,
            false => Vec::new(),
        };
        let users = users.into_iter().map(|entry| listed(entry, details && may));
        wire::json(&users.collect::<Vec<_>>())
    };
    conventions::read(&web, caller, read).await
}

/// `GET /v1/users/{guid}`.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
    params: Params,
) -> Result<Response, ApiError> {
    let projection = Projection::with_exclusions(&params);
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let entry = directory::find(tx, call, named(call, &guid))?;
        wire::json(&projection.apply(with_customer(tx, call, entry)?))
    };
    conventions::read(&web, caller, read).await
}

/// `GET /v1/users/current`.
pub(crate) async fn current(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let projection = Projection::with_exclusions(&params);
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let entry = directory::current(tx, call)?;
        wire::json(&projection.apply(with_customer(tx, call, entry)?))
    };
    conventions::read(&web, caller, read).await
}

/// `GET /v1/users/quota`.
pub(crate) async fn quota(State(web): State<Web>, caller: Caller) -> Result<Response, ApiError> {
    let read = |tx: &mut Tx<'_>, call: &Call<'_>| {
        let numbers = directory::count(tx, call)?;
        wire::json(&UserQuota {
            active_user_count: numbers.active,
            inactive_user_count: numbers.inactive,
            remaining_active_quota: (UNLIMITED - numbers.active).max(0),
            total_active_quota: UNLIMITED,
            total_user_count: numbers.active + numbers.inactive,
        })
    };
    conventions::read(&web, caller, read).await
}

fn listed(entry: Entry, with_details: bool) -> ListedUser {
    let last_login = last_login(&entry);
    let details = with_details.then(|| Details {
        date_joined: entry.joined_at.date(),
        group: entry.group.map(|(guid, name)| Group { guid, name }),
        is_active: entry.status == UserStatus::Activated.slug(),
        is_available_for_contact: entry.is_available_for_contact,
        is_customer_api_token: entry.is_company_token,
        last_login,
        owner: None,
        roles: vec![role(&entry.role)],
    });
    ListedUser {
        guid: entry.guid,
        email: entry.email,
        formal_name: entry.formal_name,
        friendly_name: entry.friendly_name,
        first_name: entry.first_name,
        last_name: entry.last_name,
        details,
    }
}

fn role(slug: &str) -> Role {
    let known = liaison_domain::people::Role::parse(slug);
    let permissions = [
        ("invite", known.is_some_and(liaison_domain::people::Role::may_invite)),
        (
            "administer",
            known.is_some_and(liaison_domain::people::Role::may_administer),
        ),
    ];
    Role {
        name: slug.to_owned(),
        permissions: permissions
            .into_iter()
            .filter(|(_, may)| *may)
            .map(|(name, _)| name)
            .collect(),
        presentation: role_name(slug),
    }
}

fn with_customer(tx: &mut Tx<'_>, call: &Call<'_>, entry: Entry) -> OperationResult<UserWithCustomer> {
    let customer = customers::get(tx, call.actor.customer_guid)?;
    Ok(UserWithCustomer {
        guid: entry.guid,
        last_login_date: entry.last_login,
        email: entry.email,
        formal_name: entry.formal_name,
        friendly_name: entry.friendly_name,
        phone_number: entry.phone_number,
        is_active: entry.status == UserStatus::Activated.slug(),
        status: entry.status,
        joined_date: entry.joined_at.date(),
        customer: Customer {
            guid: customer.guid,
            name: customer.name,
            r#type: customer.kind,
            my_company_guid: customer.my_company_guid,
            my_company_subsidiaries: Vec::new(),
        },
    })
}
