//! Access groups: how a customer sorts its users.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use liaison_domain::{Guid, ids};
use liaison_operations::Result as OperationResult;
use liaison_operations::access_groups::{self, Change, Counted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::conventions::{self, FIELDS, FORMAT, Format, Projected, Projection};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Write, typed, wrapped};
use crate::openapi::{Kind, Needs, Operation, example, query, tag};
use crate::state::Web;

/// The groups of a customer.
#[derive(Serialize, JsonSchema)]
struct AccessGroups {
    /// Guid of the group in which new users land; null where there is none.
    default_group: Option<Guid>,
    groups: Vec<Projected<AccessGroup>>,
}

/// An access group.
#[derive(Serialize, JsonSchema)]
struct AccessGroup {
    guid: Guid,
    name: String,
    /// Users in it.
    user_count: i64,
    /// Companies that it notes; all of the portfolio for the default group.
    company_count: i64,
    /// Whether it stands for all companies: the default group does.
    all_companies: bool,
    is_default: bool,
    /// Kept as it was sent.
    allow_bundled_companies: bool,
    /// Kept as it was sent.
    can_set_tier_scope: bool,
    /// Always empty: subscriptions have no quota.
    subscription_types: NoQuotas,
    /// With `expand=users`: its users by name, 1000 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Member>>,
}

/// Quotas by subscription type, of which there are none.
#[derive(Serialize, JsonSchema)]
struct NoQuotas {}

/// A user in a group.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessGroupUser")]
struct Member {
    guid: Guid,
    email: String,
    formal_name: String,
}

/// A group as it is to be.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AccessGroupBody")]
struct Sent {
    /// Needed for a new one.
    #[schemars(length(min = 1, max = 255))]
    name: Option<String>,
    /// `true` puts it in the place of the default group.
    is_default: Option<bool>,
    allow_bundled_companies: Option<bool>,
    can_set_tier_scope: Option<bool>,
}

/// Companies for groups.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AccessGroupsCompanies")]
struct CompaniesSent {
    /// Guids of companies of the portfolio.
    #[schemars(length(max = 10_000))]
    companies: Vec<String>,
    /// Guids of groups, of which none is the default.
    #[schemars(length(max = 1000))]
    groups: Vec<String>,
}

/// Which groups.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AccessGroupsQuery")]
struct Asked {
    /// Guids of groups; nothing or null: all.
    guid: Option<Vec<String>>,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listAccessGroups", tag::ORGANISATION, "Access groups")
    .about(
        "The groups of the customer, by name. A group notes companies, but what its users may see does not depend on \
         it: users of a customer see all of its portfolio.",
    )
    .query(&[FIELDS, FORMAT])
    .answers::<AccessGroups>(200, "The groups.")
    .refuses(&[400])
    .example(example!("listAccessGroups"));

/// `GET /access-groups`: the groups of the caller's customer.
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let format = caller.checked(&web, Format::of(&params, &headers)).await?;
    let fields = Projection::of(&params);
    let answer = web.app.read_as(caller.token_sha256, move |tx, call| {
        let groups = access_groups::list(tx, call)?;
        if format == Format::Json {
            return Ok(conventions::json(wire::json(&listed(groups, &fields))?));
        }
        let rows: Vec<_> = groups.into_iter().map(|group| fields.apply(shown(group))).collect();
        conventions::table(format, ("access-groups", call.now), &rows)
    });
    Ok(answer.await?)
}

pub(crate) const QUERY: Operation = Operation::new(
    "POST",
    "queryAccessGroups",
    tag::ORGANISATION,
    "Access groups, for long lists",
)
.about("As the list, for the groups of the body.")
.optional_body::<Asked>()
.answers::<AccessGroups>(200, "The groups.")
.refuses(&[400])
.example(example!("queryAccessGroups"));

/// `POST /access-groups/query`: some groups.
pub(crate) async fn query_some(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, ApiError> {
    let asked = match &write.body {
        Value::Null => Ok(None),
        body => typed::<Asked>(body).map(|asked| asked.guid),
    };
    let asked = asked.map_err(|refusal| ApiError::from(liaison_operations::Error::from(refusal)));
    let asked = caller.checked(&web, asked).await?;
    conventions::read(&web, caller, move |tx, call| {
        let mut groups = access_groups::list(tx, call)?;
        if let Some(asked) = &asked {
            let asked: Vec<Option<Guid>> = asked.iter().map(|text| ids::parse_guid(text)).collect();
            groups.retain(|counted| asked.contains(&Some(counted.group.guid)));
        }
        wire::json(&listed(groups, &Projection::of(&Params::parse(""))))
    })
    .await
}

pub(crate) const CREATE: Operation = Operation::new("POST", "createAccessGroup", tag::ORGANISATION, "Make a group")
    .about("The fields may also stand inside `body`. A customer has 1000 groups at most.")
    .body::<Sent>()
    .body_requires(&["name"])
    .answers::<AccessGroup>(201, "The group.")
    .refuses(&[400, 403])
    .needs(Needs::Admin)
    .example(example!("createAccessGroup"));

/// `POST /access-groups`: make a group.
pub(crate) async fn create(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::CREATED, move |tx, call| {
        call.actor.require_admin()?;
        wire::json(&shown(access_groups::create(tx, call, &change(&body)?)?))
    });
    work.await
}

pub(crate) const GET: Operation = Operation::new("GET", "getAccessGroup", tag::ORGANISATION, "One group")
    .query(&[query(
        "expand",
        Kind::OneOf(&["users"]),
        "`users`: with the users that are in it.",
    )])
    .answers::<AccessGroup>(200, "The group.")
    .refuses(&[400, 404])
    .example(example!("getAccessGroup"));

/// `GET /access-groups/{guid}`: one group.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
    params: Params,
) -> Result<Response, ApiError> {
    let expand = match params.text("expand") {
        None => Ok(false),
        Some("users") => Ok(true),
        Some(_) => Err(ApiError::parameter("expand", "must be users")),
    };
    let expand = caller.checked(&web, expand).await?;
    conventions::read(&web, caller, move |tx, call| {
        let mut group = shown(access_groups::find(tx, call, ids::parse_guid(&guid))?);
        if expand {
            let users = access_groups::list_users(tx, call, group.guid)?.into_iter();
            let users = users.map(|user| Member {
                guid: user.guid,
                email: user.email,
                formal_name: user.formal_name,
            });
            group.users = Some(users.collect());
        }
        wire::json(&group)
    })
    .await
}

pub(crate) const UPDATE: Operation = Operation::new("PATCH", "updateAccessGroup", tag::ORGANISATION, "Change a group")
    .about("What is left out stays as it is. The fields may also stand inside `body`.")
    .body::<Sent>()
    .answers::<AccessGroup>(200, "The group.")
    .refuses(&[400, 403, 404])
    .needs(Needs::Admin)
    .example(example!("updateAccessGroup"));

/// `PATCH /access-groups/{guid}`: change a group.
pub(crate) async fn update(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_admin()?;
        let guid = ids::parse_guid(&guid);
        access_groups::find(tx, call, guid)?;
        wire::json(&shown(access_groups::update(tx, call, guid, &change(&body)?)?))
    });
    work.await
}

pub(crate) const DELETE: Operation = Operation::new("DELETE", "deleteAccessGroup", tag::ORGANISATION, "Delete a group")
    .about("Neither the default group nor one with users in it can be deleted.")
    .answers_nothing("It is gone.")
    .refuses(&[403, 404, 409])
    .needs(Needs::Admin)
    .example(example!("deleteAccessGroup"));

/// `DELETE /access-groups/{guid}`: delete a group.
pub(crate) async fn delete(PathText(guid): PathText, write: Write) -> Result<Response, ApiError> {
    write
        .done(move |tx, call| access_groups::delete(tx, call, ids::parse_guid(&guid)))
        .await
}

pub(crate) const ADD_COMPANIES: Operation = Operation::new(
    "PUT",
    "addAccessGroupsCompanies",
    tag::ORGANISATION,
    "Have groups note companies",
)
.about("Adds the companies to what each of the groups notes. The fields may also stand inside `body`.")
.body::<CompaniesSent>()
.answers::<AccessGroups>(200, "The groups that were named.")
.refuses(&[400, 403])
.needs(Needs::Admin)
.example(example!("addAccessGroupsCompanies"));

/// `PUT /access-groups/companies`: have groups note companies.
pub(crate) async fn add_companies(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_admin()?;
        let sent: CompaniesSent = wrapped(&body, "body")?;
        let changed = access_groups::add_companies(tx, call, &sent.companies, &sent.groups)?;
        wire::json(&listed(changed, &Projection::of(&Params::parse(""))))
    });
    work.await
}

pub(crate) const LIST_COMPANIES: Operation = Operation::new(
    "GET",
    "listAccessGroupCompanies",
    tag::ORGANISATION,
    "The companies of a group",
)
.answers::<Vec<Guid>>(
    200,
    "Guids of the companies that it notes; all of the portfolio for the default group.",
)
.refuses(&[404])
.example(example!("listAccessGroupCompanies"));

/// `GET /access-groups/{guid}/companies/guids`: the companies of a group.
pub(crate) async fn list_companies(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
) -> Result<Response, ApiError> {
    conventions::read(&web, caller, move |tx, call| {
        wire::json(&access_groups::list_companies(tx, call, ids::parse_guid(&guid))?)
    })
    .await
}

pub(crate) const SET_COMPANIES: Operation = Operation::new(
    "PUT",
    "setAccessGroupCompanies",
    tag::ORGANISATION,
    "Have a group note exactly these companies",
)
.body::<Vec<String>>()
.answers::<Vec<Guid>>(200, "Guids of the companies that it notes.")
.refuses(&[400, 403, 404])
.needs(Needs::Admin)
.example(example!("setAccessGroupCompanies"));

/// `PUT /access-groups/{guid}/companies/guids`: have a group note exactly these companies.
pub(crate) async fn set_companies(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_admin()?;
        let guid = ids::parse_guid(&guid);
        access_groups::find(tx, call, guid)?;
        let sent: Vec<String> = typed(&body)?;
        wire::json(&access_groups::set_companies(tx, call, guid, &sent)?)
    });
    work.await
}

fn change(body: &Value) -> OperationResult<Change> {
    let sent: Sent = wrapped(body, "body")?;
    Ok(Change {
        name: sent.name,
        is_default: sent.is_default,
        allow_bundled_companies: sent.allow_bundled_companies,
        can_set_tier_scope: sent.can_set_tier_scope,
    })
}

fn listed(groups: Vec<Counted>, fields: &Projection) -> AccessGroups {
    let default = groups.iter().find(|counted| counted.group.is_default);
    AccessGroups {
        default_group: default.map(|counted| counted.group.guid),
        groups: groups.into_iter().map(|counted| fields.apply(shown(counted))).collect(),
    }
}

fn shown(counted: Counted) -> AccessGroup {
    let group = counted.group;
    AccessGroup {
        guid: group.guid,
        name: group.name,
        user_count: counted.user_count,
        company_count: counted.company_count,
        all_companies: group.is_default,
        is_default: group.is_default,
        allow_bundled_companies: group.allow_bundled_companies,
        can_set_tier_scope: group.can_set_tier_scope,
        subscription_types: NoQuotas {},
        users: None,
    }
}
