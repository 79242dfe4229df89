//! Users: `/v2/users`, and in `first` what version 1 of the API has of them.

pub(crate) mod current;
pub(crate) mod first;
pub(crate) mod write;

use axum::extract::State;
use axum::response::Response;
use liaison_db::Tx;
use liaison_domain::people::{Role, UserStatus};
use liaison_domain::{Guid, emails, ids};
use liaison_operations::users::directory::{self, Entry, Filter, Key};
use liaison_operations::{Call, Result as OperationResult};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::conventions::{self, FIELDS, LIMIT, OFFSET, Page, Place, Projected, Projection, sort};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText};
use crate::openapi::{Kind, Operation, Parameter, example, query, tag};
use crate::state::Web;

/// A user, or a company token, which stands where a user stands.
#[derive(Serialize, JsonSchema)]
struct User {
    guid: Guid,
    /// Empty for a company token.
    email: String,
    /// How to address them.
    friendly_name: String,
    /// Full name; the description of a company token.
    formal_name: String,
    /// Their group, if they are in one.
    group: Option<Group>,
    /// Where they begin after signing in: `DEFAULT`, `SPM` (the inbox) or `TPRM` (the outbox).
    landing_page: String,
    /// `Created` until they set a password, then `Activated`; `Deactivated` when they were switched off or removed.
    status: String,
    joined_time: String,
    /// The last sign-in in a browser; calls with a token do not count.
    last_login_time: Option<String>,
    /// Always `Disabled`: there is no second factor here.
    mfa_status: &'static str,
    /// One role.
    roles: Vec<RoleNamed>,
    /// Whether colleagues may ask them for more companies. Only kept and shown.
    is_available_for_contact: bool,
    is_company_api_token: bool,
    /// Always empty: nothing is switched on for single users here.
    features: Vec<Value>,
    /// The customer's own company, where the user is told of requests that come in for it.
    preferred_contact_for_entities: Vec<Guid>,
}

/// The group of a user.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UserGroup")]
struct Group {
    guid: Guid,
    name: String,
}

/// A role with its name.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UserRole")]
struct RoleNamed {
    name: String,
    slug: String,
}

const FILTERS: &[Parameter] = &[
    LIMIT,
    OFFSET,
    FIELDS,
    query(
        "sort",
        Kind::List,
        "`formal_name`, `last_login_time`, `guid`, `email`, `group.name`, `status`, `joined_time`; a `-` before one turns it around. The newest first where nothing is said.",
    ),
    query("q", Kind::Text, "Part of the name or of the address."),
    query("guid", Kind::List, "Guids of users; `current` is the caller."),
    query("email", Kind::Text, "The whole address, in any case."),
    query("email_q", Kind::Text, "Part of the address."),
    query("formal_name_q", Kind::Text, "Part of the full name."),
    query("status", Kind::List, "`Created`, `Activated`, `Deactivated`."),
    query("roles.slug", Kind::List, "Slugs of roles."),
    query(
        "group.guid",
        Kind::List,
        "Guids of groups; `null` for users without one.",
    ),
    query(
        "is_company_api_token",
        Kind::Boolean,
        "`true`: the company tokens in place of the users.",
    ),
    query(
        "is_available_for_contact",
        Kind::Boolean,
        "`true`: only those whom colleagues may ask for more companies.",
    ),
    query(
        "is_preferred_contact",
        Kind::Boolean,
        "Whether they are told of incoming requests.",
    ),
];

pub(crate) const LIST: Operation = Operation::new("GET", "listUsers", tag::USERS, "Users")
    .about(
        "The users of the customer. In an account that exists only because its people were invited, everybody sees \
         themselves alone.",
    )
    .query(FILTERS)
    .answers::<Page<Projected<User>>>(200, "A page of users.")
    .refuses(&[400])
    .example(example!("listUsers"));

pub(crate) const GET: Operation = Operation::new("GET", "getUser", tag::USERS, "One user")
    .about("A user, or a company token by its guid. `current` is the caller.")
    .query(&[FIELDS])
    .answers::<Projected<User>>(200, "The user.")
    .refuses(&[404])
    .example(example!("getUser"));

const KEYS: [(&str, Key); 7] = [
    ("formal_name", Key::FormalName),
    ("last_login_time", Key::LastLogin),
    ("guid", Key::Guid),
    ("email", Key::Email),
    ("group.name", Key::GroupName),
    ("status", Key::Status),
    ("joined_time", Key::Joined),
];

/// What a query asks for. Guids that stand for the caller are not known before the caller is.
#[derive(Clone)]
struct Wish {
    filter: Filter,
    names_caller: bool,
    keys: Vec<(Key, bool)>,
    place: Place,
    projection: Projection,
}

/// `GET /v2/users`.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let wish = caller.checked(&web, wish(&web, &params)).await?;
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let mut filter = wish.filter.clone();
        if wish.names_caller {
            filter.guids.get_or_insert_default().push(call.actor.guid());
        }
        let part = (wish.place.limit, wish.place.offset);
        let (users, count) = directory::list(tx, call, filter, (&wish.keys, part))?;
        let users = users
            .into_iter()
            .map(|entry| wish.projection.apply(user(call, entry)))
            .collect();
        wire::json(&wish.place.page(count, users))
    };
    conventions::read(&web, caller, read).await
}

/// `GET /v2/users/{guid}`.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
    params: Params,
) -> Result<Response, ApiError> {
    let projection = Projection::of(&params);
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let entry = directory::find(tx, call, named(call, &guid))?;
        wire::json(&projection.apply(user(call, entry)))
    };
    conventions::read(&web, caller, read).await
}

fn wish(web: &Web, params: &Params) -> Result<Wish, ApiError> {
    let guids = params.list("guid");
    let names_caller = guids.as_ref().is_some_and(|guids| guids.contains(&"current"));
    let read = |guids: Vec<&str>| guids.into_iter().map(guid).collect();
    let text = |name: &str| params.text(name).map(str::to_owned);
    let known = |words: Vec<&str>| words.into_iter().map(status_word).collect();
    let groups = |groups: Vec<&str>| {
        let groups = groups.into_iter();
        groups.map(|group| (group != "null").then(|| guid(group))).collect()
    };
    Ok(Wish {
        filter: Filter {
            company_tokens: params.boolean("is_company_api_token")?.unwrap_or_default(),
            only: None,
            text: text("q"),
            guids: guids.map(read),
            email_key: params.text("email").map(emails::key),
            email_part: text("email_q"),
            name_part: text("formal_name_q"),
            statuses: params.list("status").map(known),
            roles: params
                .list("roles.slug")
                .map(|roles| roles.into_iter().map(str::to_owned).collect()),
            groups: params.list("group.guid").map(groups),
            available: params.boolean("is_available_for_contact")?.unwrap_or_default(),
            collaboration_contacts: params.boolean("is_preferred_contact")?,
        },
        names_caller,
        keys: sort(params, &KEYS)?,
        place: Place::of(params, (web.public_url(), "/ratings/v2/users"))?,
        projection: Projection::of(params),
    })
}

/// A status in its own spelling; a word that is none matches nothing.
fn status_word(word: &str) -> String {
    let known = UserStatus::ALL.into_iter().map(UserStatus::slug);
    let found = known.into_iter().find(|slug| slug.eq_ignore_ascii_case(word));
    found.unwrap_or(word).to_owned()
}

/// A guid; what is none is the nil guid, which nothing has.
fn guid(text: &str) -> Guid {
    ids::parse_guid(text).unwrap_or_default()
}

/// The user that a path names.
fn named(call: &Call<'_>, text: &str) -> Guid {
    if text == "current" {
        call.actor.guid()
    } else {
        guid(text)
    }
}

/// A user as an answer, read anew.
fn answered(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> OperationResult<Vec<u8>> {
    let entry = directory::find(tx, call, guid)?;
    wire::json(&user(call, entry))
}

fn user(call: &Call<'_>, entry: Entry) -> User {
    let my_company = call.actor.my_company.as_ref().map(|company| company.guid);
    User {
        guid: entry.guid,
        last_login_time: last_login(&entry),
        email: entry.email,
        friendly_name: entry.friendly_name,
        formal_name: entry.formal_name,
        group: entry.group.map(|(guid, name)| Group { guid, name }),
        landing_page: entry.landing_page,
        status: entry.status,
        joined_time: entry.joined_at.rfc3339(),
        mfa_status: "Disabled",
        roles: vec![RoleNamed {
            name: role_name(&entry.role),
            slug: entry.role,
        }],
        is_available_for_contact: entry.is_available_for_contact,
        is_company_api_token: entry.is_company_token,
        features: Vec::new(),
        preferred_contact_for_entities: my_company
            .filter(|_| entry.is_collaboration_contact)
            .into_iter()
            .collect(),
    }
}

/// The moment of the last sign-in; midnight where only the day is known.
fn last_login(entry: &Entry) -> Option<String> {
    let day = entry.last_login.as_deref()?;
    let exact = entry.last_login_at.map(liaison_domain::Timestamp::rfc3339);
    Some(
        exact
            .filter(|exact| exact.starts_with(day))
            .unwrap_or_else(|| format!("{day}T00:00:00Z")),
    )
}

/// The name of a role; one that this release does not know as it stands there.
fn role_name(slug: &str) -> String {
    let known = Role::parse(slug).map(Role::name);
    known.unwrap_or(slug).to_owned()
}
