//! Contacts, the newer set: `/contacts`, with what other systems know of them.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::{Guid, ids};
use liaison_operations::contacts::{self, Address, Change, Kept};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::conventions::{self, Page, Place};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Write, nullable, typed};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

const PATH: &str = "/ratings/v1/contacts";

/// A contact at a company.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Contact")]
pub(crate) struct Shown {
    guid: Guid,
    company_guid: Guid,
    /// Always `Customer Created`.
    contact_type: &'static str,
    email: String,
    formal_name: String,
    friendly_name: String,
    nickname: Option<String>,
    /// May be empty.
    phone_number: String,
    /// Their id in the system they come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_id: Option<String>,
    relation_active: Option<bool>,
    /// `Primary` or `Backup`.
    relation_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// `Service Now`, where they come from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// A user of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_guid: Option<Guid>,
    created_time: String,
    updated_time: String,
}

/// A contact as it is to be.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ContactBody")]
struct Sent {
    /// In `PUT /contacts/bulk`: the contact to be changed.
    guid: Option<String>,
    /// A company of the portfolio. Needed for a new one.
    company_guid: Option<String>,
    contact_type: Option<ContactType>,
    /// Needed for a new one.
    email: Option<String>,
    /// Needed for a new one.
    #[schemars(length(min = 1, max = 255))]
    formal_name: Option<String>,
    /// Where it is empty: the first word of `formal_name`.
    #[schemars(length(max = 255))]
    friendly_name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<String>", length(max = 255))]
    nickname: Option<Option<String>>,
    #[schemars(length(max = 64))]
    phone_number: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<String>", length(max = 255))]
    platform_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<bool>")]
    relation_active: Option<Option<bool>>,
    /// `Primary` or `Backup`.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<String>")]
    relation_type: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<String>", length(max = 255))]
    role: Option<Option<String>>,
    /// `Service Now`.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<String>")]
    source: Option<Option<String>>,
    /// A user of the customer.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<String>")]
    user_guid: Option<Option<String>>,
}

/// The one kind of contacts that there is.
#[derive(Deserialize, JsonSchema)]
enum ContactType {
    #[serde(rename = "Customer Created")]
    CustomerCreated,
}

pub(crate) const CREATE: Operation = Operation::new("POST", "createContact", tag::CONTACTS, "Make a contact")
    .about("A company has 100 contacts at most, each with an address of its own.")
    .body::<Sent>()
    .answers::<Page<Shown>>(200, "A list with the contact.")
    .refuses(&[400, 403])
    .needs(Needs::Inviter)
    .example(example!("createContact"));

/// `POST /contacts`: answers 200 with a list, as it is documented.
pub(crate) async fn create(State(web): State<Web>, mut write: Write) -> Result<Response, ApiError> {
    let (body, place) = (
        write.body.take(),
        Place::of(&Params::parse(""), (web.public_url(), PATH))?,
    );
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_account_inviter()?;
        let sent: Sent = typed(&body)?;
        let kept = contacts::create(tx, call, &sent.into(), Address::Any)?;
        wire::json(&place.page(1, vec![shown(kept)]))
    });
    work.await
}

pub(crate) const GET: Operation = Operation::new("GET", "getContact", tag::CONTACTS, "One contact")
    .answers::<Shown>(200, "The contact.")
    .refuses(&[404])
    .example(example!("getContact"));

/// `GET /contacts/{guid}`.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
) -> Result<Response, ApiError> {
    conventions::read(&web, caller, move |tx, call| {
        wire::json(&shown(contacts::find(tx, call, ids::parse_guid(&guid))?))
    })
    .await
}

pub(crate) const UPDATE: Operation = Operation::new("PATCH", "updateContact", tag::CONTACTS, "Change a contact")
    .about("What is left out stays as it is.")
    .body::<Sent>()
    .answers::<Shown>(200, "The contact.")
    .refuses(&[400, 403, 404])
    .needs(Needs::Inviter)
    .example(example!("updateContact"));

/// `PATCH /contacts/{guid}`.
pub(crate) async fn update(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_account_inviter()?;
        let guid = ids::parse_guid(&guid);
        contacts::find(tx, call, guid)?;
        let sent: Sent = typed(&body)?;
        wire::json(&shown(contacts::update(tx, call, guid, (&sent.into(), Address::Any))?))
    });
    work.await
}

pub(crate) const DELETE: Operation = Operation::new("DELETE", "deleteContact", tag::CONTACTS, "Delete a contact")
    .about("Requests that were sent to it stay.")
    .answers::<Shown>(200, "What it was.")
    .refuses(&[403, 404])
    .needs(Needs::Inviter)
    .example(example!("deleteContact"));

/// `DELETE /contacts/{guid}`: answers 200 with the contact, as it is documented.
pub(crate) async fn delete(PathText(guid): PathText, write: Write) -> Result<Response, ApiError> {
    let work = write.run(StatusCode::OK, move |tx, call| {
        wire::json(&shown(contacts::take_away(tx, call, ids::parse_guid(&guid))?))
    });
    work.await
}

pub(crate) const BULK: Operation = Operation::new(
    "PUT",
    "saveContacts",
    tag::CONTACTS,
    "Make and change many contacts",
)
.about(
    "All or none, 1000 at most. A contact with a `guid` is changed. One without is changed where the company has a \
         contact with its address, and made where it has not.",
)
.body::<Vec<Sent>>()
.answers::<Vec<Shown>>(201, "The contacts, in the order of the body.")
.refuses(&[400, 403])
.needs(Needs::Inviter)
.example(example!("saveContacts"));

/// `PUT /contacts/bulk`: answers 201 with the contacts, as it is documented.
pub(crate) async fn bulk(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::CREATED, move |tx, call| {
        call.actor.require_account_inviter()?;
        let sent: Vec<Sent> = typed(&body)?;
        let wishes = sent.into_iter().map(|sent| {
            let guid = sent.guid.as_deref().map(ids::parse_guid);
            (guid, sent.into())
        });
        let saved = contacts::save_all(tx, call, &wishes.collect::<Vec<_>>())?;
        wire::json(&saved.into_iter().map(shown).collect::<Vec<_>>())
    });
    work.await
}

impl From<Sent> for Change {
    fn from(sent: Sent) -> Change {
        // There is one type only: it is read to refuse others.
        let _ = sent.contact_type;
        Change {
            company: sent.company_guid.map(|text| ids::parse_guid(&text)),
            formal_name: sent.formal_name,
            friendly_name: sent.friendly_name,
            email: sent.email,
            phone_number: sent.phone_number,
            nickname: sent.nickname,
            platform_id: sent.platform_id,
            relation_active: sent.relation_active,
            relation_type: sent.relation_type,
            role: sent.role,
            source: sent.source,
            user: sent.user_guid.map(|user| user.map(|text| ids::parse_guid(&text))),
        }
    }
}

pub(super) fn shown(kept: Kept) -> Shown {
    let contact = kept.contact;
    Shown {
        guid: contact.guid,
        company_guid: contact.company_guid,
        contact_type: "Customer Created",
        email: contact.email,
        formal_name: contact.formal_name,
        friendly_name: contact.friendly_name,
        nickname: contact.nickname,
        phone_number: contact.phone_number.unwrap_or_default(),
        platform_id: contact.platform_id,
        relation_active: contact.relation_active,
        relation_type: contact.relation_type,
        role: contact.role,
        source: contact.source,
        user_guid: contact.user_guid,
        created_time: kept.created_at.rfc3339(),
        updated_time: kept.edited_at.rfc3339(),
    }
}
