//! Folders: how a customer sorts its portfolio.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::{Guid, ids};
use liaison_operations::folders::{self, Change};
use liaison_operations::{Actor, Result as OperationResult};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::company_actions::{CompaniesChanged, CompanyActions, CompanyActionsBody};
use super::conventions::{self, FIELDS, Projected, Projection};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Write, nullable, wrapped};
use crate::openapi::{Kind, Needs, Operation, example, query, tag};
use crate::state::Web;

/// A folder.
#[derive(Serialize, JsonSchema)]
struct Folder {
    guid: Guid,
    name: String,
    description: String,
    /// Guids of the companies in it.
    companies: Vec<Guid>,
    companies_count: i64,
    /// Address of the user who made it; none where a company token or an import did.
    owner: Option<String>,
    owner_guid: Option<Guid>,
    owner_name: Option<String>,
    /// Its place among the folders.
    order: i64,
    /// Always null: no folder is kept for a subscription type.
    subscription_type: Option<String>,
    /// Whether the caller may delete it.
    is_deletable: bool,
    /// Always false.
    is_my_company: bool,
    /// Always false.
    is_selected: bool,
    /// Always false.
    contains_all_companies: bool,
    /// Always false: every folder was made by somebody.
    customer_global: bool,
    /// Whether the caller may change it.
    can_edit_properties: bool,
    /// Always false: no mails are sent about folders.
    email_enabled: bool,
    /// Days after which a company leaves the folder by itself; null: it stays.
    content_expiry_days: Option<i64>,
    shared_options: SharedOptions,
}

/// Who has the folder: every user of the customer sees it, and those who may invite can change it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FolderSharedOptions")]
struct SharedOptions {
    /// Always true.
    is_shared: bool,
    /// Always true.
    shared_with_all_users: bool,
    /// Always empty: a folder is not shared with some users only.
    shared_with: Vec<SharedWith>,
    /// Always false: groups give no rights.
    group_can_edit_contents: bool,
    /// Always false: groups give no rights.
    group_can_edit_properties: bool,
    /// Whether the caller may change what is in it.
    user_can_edit_contents: bool,
    /// Always false: it is shared with everybody.
    user_can_share: bool,
}

/// A user with whom a folder is shared.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FolderSharedWith")]
struct SharedWith {
    email: String,
    can_edit_folder_contents: bool,
    can_edit_folder_properties: bool,
}

/// A folder as it is to be.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "FolderChange")]
struct Sent {
    /// Needed for a new one.
    #[schemars(length(min = 1, max = 255))]
    name: Option<String>,
    #[schemars(length(max = 1000))]
    description: Option<String>,
    /// 1 to 3650 days after which a company leaves the folder by itself; null: it stays.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<i64>", range(min = 1, max = 3650))]
    content_expiry_days: Option<Option<i64>>,
}

/// The body, with its name around it.
#[derive(JsonSchema)]
#[schemars(rename = "FolderBody")]
#[expect(
    dead_code,
    reason = "the wrapper may be left out, so it is read by hand; this is its schema"
)]
struct Body {
    folder: Sent,
}

impl From<Sent> for Change {
    fn from(sent: Sent) -> Change {
        Change {
            name: sent.name,
            description: sent.description,
            content_expiry_days: sent.content_expiry_days,
        }
    }
}

pub(crate) const LIST: Operation = Operation::new("GET", "listFolders", tag::ORGANISATION, "Folders")
    .about("The folders of the customer in their order, with the companies in them.")
    .query(&[
        FIELDS,
        query(
            "exclude_subscription_folders",
            Kind::Boolean,
            "Accepted; no folder is kept for a subscription type, so it leaves nothing out.",
        ),
    ])
    .answers::<Vec<Projected<Folder>>>(200, "The folders.")
    .refuses(&[400])
    .example(example!("listFolders"));

/// `GET /folders`: the folders of the caller's customer.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    caller
        .checked(&web, params.boolean("exclude_subscription_folders"))
        .await?;
    let fields = Projection::of(&params);
    conventions::read(&web, caller, move |tx, call| {
        let folders = folders::list(tx, call, fields.wants("companies"))?.into_iter();
        let folders: Vec<_> = folders.map(|folder| fields.apply(shown(folder, call.actor))).collect();
        wire::json(&folders)
    })
    .await
}

pub(crate) const CREATE: Operation = Operation::new("POST", "createFolder", tag::ORGANISATION, "Make a folder")
    .about("The fields may also stand in the body without `folder` around them. A customer has 1000 folders at most.")
    .body::<Body>()
    .may_be_bare()
    .body_requires(&["name"])
    .answers::<Folder>(201, "The folder.")
    .refuses(&[400, 403])
    .needs(Needs::Inviter)
    .example(example!("createFolder"));

/// `POST /folders`: make a folder.
pub(crate) async fn create(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::CREATED, move |tx, call| {
        call.actor.require_account_inviter()?;
        let folder = folders::create(tx, call, &change(&body)?)?;
        wire::json(&shown(folder, call.actor))
    });
    work.await
}

pub(crate) const GET: Operation = Operation::new("GET", "getFolder", tag::ORGANISATION, "One folder")
    .query(&[FIELDS])
    .answers::<Projected<Folder>>(200, "The folder.")
    .refuses(&[404])
    .example(example!("getFolder"));

/// `GET /folders/{guid}`: one folder.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
    params: Params,
) -> Result<Response, ApiError> {
    let fields = Projection::of(&params);
    conventions::read(&web, caller, move |tx, call| {
        let folder = folders::find(tx, call, ids::parse_guid(&guid))?;
        wire::json(&fields.apply(shown(folder, call.actor)))
    })
    .await
}

pub(crate) const UPDATE: Operation = Operation::new("PATCH", "updateFolder", tag::ORGANISATION, "Change a folder")
    .about("What is left out stays as it is. The fields may also stand in the body without `folder` around them.")
    .body::<Body>()
    .may_be_bare()
    .answers::<Folder>(200, "The folder.")
    .refuses(&[400, 403, 404])
    .needs(Needs::Inviter)
    .example(example!("updateFolder"));

/// `PATCH /folders/{guid}`: change a folder.
pub(crate) async fn update(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_account_inviter()?;
        let guid = ids::parse_guid(&guid);
        folders::find_kept(tx, call, guid)?;
        let folder = folders::update(tx, call, guid, &change(&body)?)?;
        wire::json(&shown(folder, call.actor))
    });
    work.await
}

pub(crate) const DELETE: Operation = Operation::new("DELETE", "deleteFolder", tag::ORGANISATION, "Delete a folder")
    .about("The companies in it stay in the portfolio.")
    .answers_nothing("It is gone.")
    .refuses(&[403, 404])
    .needs(Needs::Inviter)
    .example(example!("deleteFolder"));

/// `DELETE /folders/{guid}`: delete a folder.
pub(crate) async fn delete(PathText(guid): PathText, write: Write) -> Result<Response, ApiError> {
    write
        .done(move |tx, call| folders::delete(tx, call, ids::parse_guid(&guid)))
        .await
}

pub(crate) const COMPANIES: Operation = Operation::new(
    "PATCH",
    "updateFolderCompanies",
    tag::ORGANISATION,
    "Put companies into a folder, take others out",
)
.about("The lists may also stand in the body without `company_actions` around them.")
.body::<CompanyActionsBody>()
.may_be_bare()
.answers::<CompaniesChanged>(200, "What became of each company.")
.refuses(&[400, 403, 404])
.needs(Needs::Inviter)
.example(example!("updateFolderCompanies"));

/// `PATCH /folders/{guid}/companies`: put companies in, take others out.
pub(crate) async fn change_companies(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_account_inviter()?;
        let guid = ids::parse_guid(&guid);
        folders::find_kept(tx, call, guid)?;
        let actions: CompanyActions = wrapped(&body, "company_actions")?;
        let outcome = folders::change_companies(tx, call, guid, &actions.into())?;
        wire::json(&CompaniesChanged::from(outcome))
    });
    work.await
}

fn change(body: &Value) -> OperationResult<Change> {
    let sent: Sent = wrapped(body, "folder")?;
    Ok(sent.into())
}

fn shown(folder: folders::Folder, caller: &Actor) -> Folder {
    let (kept, may_change) = (folder.kept, caller.role.may_invite());
    let (owner_guid, owner, owner_name) = match kept.owner {
        None => (None, None, None),
        Some(owner) => (Some(owner.guid), Some(owner.email), Some(owner.formal_name)),
    };
    Folder {
        guid: kept.guid,
        name: kept.name,
        description: kept.description,
        companies: folder.companies,
        companies_count: kept.companies_count,
        owner,
        owner_guid,
        owner_name,
        order: kept.position,
        subscription_type: None,
        is_deletable: may_change,
        is_my_company: false,
        is_selected: false,
        contains_all_companies: false,
        customer_global: false,
        can_edit_properties: may_change,
        email_enabled: false,
        content_expiry_days: kept.content_expiry_days,
        shared_options: SharedOptions {
            is_shared: true,
            shared_with_all_users: true,
            shared_with: Vec::new(),
            group_can_edit_contents: false,
            group_can_edit_properties: false,
            user_can_edit_contents: may_change,
            user_can_share: false,
        },
    }
}
