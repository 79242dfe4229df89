//! Points of contact, the older set: `/portfolio/contacts`. They are the contacts of `/contacts`, in fewer words.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::{Guid, Refusal, Timestamp, ids};
use liaison_operations::Result as OperationResult;
use liaison_operations::contacts::{self, Address, Change, Filter, Kept};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::conventions::{LIMIT, OFFSET};
use super::{bare_list, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Write, typed};
use crate::openapi::{Kind, Needs, Operation, example, query, tag};
use crate::state::Web;

/// A point of contact at a company.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PointOfContact")]
struct Shown {
    guid: Guid,
    company_guid: Guid,
    /// Address of the user who wrote it down; null where an import or a company token did.
    creator: Option<String>,
    /// `YYYY-MM-DD`.
    creation_date: String,
    /// Address of the user who changed it last.
    last_editor: Option<String>,
    /// `YYYY-MM-DD`.
    last_edit_date: String,
    friendly_name: String,
    formal_name: String,
    email: String,
    /// May be empty.
    phone_number: String,
}

/// A point of contact as it is to be.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PointOfContactBody")]
struct Sent {
    /// May stand here, and is the one of the path then.
    guid: Option<String>,
    /// A company of the portfolio. Needed for a new one.
    company_guid: Option<String>,
    /// Where it is left out: the first word of `formal_name`.
    #[schemars(length(max = 255))]
    friendly_name: Option<String>,
    /// Needed for a new one.
    #[schemars(length(min = 1, max = 255))]
    formal_name: Option<String>,
    /// Needed for a new one, with a domain of the company.
    email: Option<String>,
    #[schemars(length(max = 64))]
    phone_number: Option<String>,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listPointsOfContact", tag::CONTACTS, "Points of contact")
    .about("The contacts of the customer, newest first.")
    .query(&[
        query("company_guid", Kind::List, "Only those at these companies."),
        LIMIT,
        OFFSET,
    ])
    .answers::<Vec<Shown>>(200, "The contacts.")
    .refuses(&[400])
    .example(example!("listPointsOfContact"));

/// `GET /portfolio/contacts`: the contacts of the caller's customer.
pub(crate) async fn list(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let read = caller.checked(&web, bare_list::limits(&params)).await?;
    let filter = Filter {
        companies: caller.checked(&web, super::contact_lists::companies(&params)).await?,
        latest: false,
    };
    bare_list::answer((web, caller), read, move |tx, call, (after, limit)| {
        let found = contacts::list_after(tx, call, &filter, (after, limit))?.into_iter();
        let rows = found.map(|kept| {
            let place = (kept.created_at, kept.contact.guid);
            Ok((place, wire::json(&shown(kept))?))
        });
        rows.collect::<OperationResult<Vec<_>>>()
    })
    .await
}

pub(crate) const CREATE: Operation = Operation::new(
    "POST",
    "createPointOfContact",
    tag::CONTACTS,
    "Assign a point of contact",
)
.about(
    "An invitation without a requestee goes to the oldest contact of the company. A company has 100 contacts \
             at most, each with an address of its own.",
)
.body::<Sent>()
.answers::<Shown>(201, "The contact.")
.refuses(&[400, 403])
.needs(Needs::Inviter)
.example(example!("createPointOfContact"));

/// `POST /portfolio/contacts`: assign a point of contact.
pub(crate) async fn create(mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::CREATED, move |tx, call| {
        call.actor.require_account_inviter()?;
        let sent: Sent = typed(&body)?;
        wire::json(&shown(contacts::create(tx, call, &sent.into(), Address::OfCompany)?))
    });
    work.await
}

pub(crate) const UPDATE: Operation = Operation::new(
    "PATCH",
    "updatePointOfContact",
    tag::CONTACTS,
    "Change a point of contact",
)
.about("What is left out stays as it is.")
.body::<Sent>()
.answers::<Shown>(200, "The contact.")
.refuses(&[400, 403, 404])
.needs(Needs::Inviter)
.example(example!("updatePointOfContact"));

/// `PATCH /portfolio/contacts/{guid}`: change a point of contact.
pub(crate) async fn update(PathText(guid): PathText, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_account_inviter()?;
        let guid = ids::parse_guid(&guid);
        contacts::find(tx, call, guid)?;
        let sent: Sent = typed(&body)?;
        if sent.guid.as_deref().is_some_and(|named| ids::parse_guid(named) != guid) {
            return Err(Refusal::field("guid", "must be that of the path").into());
        }
        let kept = contacts::update(tx, call, guid, (&sent.into(), Address::OfCompany))?;
        wire::json(&shown(kept))
    });
    work.await
}

impl From<Sent> for Change {
    fn from(sent: Sent) -> Change {
        Change {
            company: sent.company_guid.map(|text| ids::parse_guid(&text)),
            formal_name: sent.formal_name,
            friendly_name: sent.friendly_name,
            email: sent.email,
            phone_number: sent.phone_number,
            ..Change::default()
        }
    }
}

fn shown(kept: Kept) -> Shown {
    let contact = kept.contact;
    Shown {
        guid: contact.guid,
        company_guid: contact.company_guid,
        creator: kept.creator_email,
        creation_date: kept.created_at.date(),
        last_editor: kept.editor_email,
        last_edit_date: Timestamp::date(kept.edited_at),
        friendly_name: contact.friendly_name,
        formal_name: contact.formal_name,
        email: contact.email,
        phone_number: contact.phone_number.unwrap_or_default(),
    }
}
