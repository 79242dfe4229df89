//! One request in Liaison's own API: reading it from either side, changing it, copying its link, handing it on, and
//! what an invitation would mail.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};
use liaison_domain::{Guid, Refusal, limits};
use liaison_operations::access_requests::{self, Colleague, CopiedLink, Edit, PreviewRecipient};
use liaison_operations::{Call, Result as OperationResult};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::draft_shape::PreviewBody;
use super::messages::guid;
use super::request_shape::Wire;
use super::{conventions, drafts, own, request_shape, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, PathText, Write};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

type Answer = Result<Response, ApiError>;

pub(crate) const GET: Operation = Operation::new("GET", "getRequest", tag::OWN, "One request, from either side")
    .about(
        "`next` says what happens next, as a stable code and a sentence. Only the sender's side gets `notes`, `delivery`, \
         `delivered_time`, `opened_time` and `access_link_guid`.",
    )
    .answers::<Wire>(200, "The request.")
    .conditional()
    .refuses(&[404])
    .example(example!("getRequest"));

/// `GET /liaison/v1/access-requests/{guid}`: one request as the caller's side sees it.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(request): PathText,
    headers: HeaderMap,
) -> Answer {
    let request = guid(&request);
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| body(tx, call, request);
    Ok(own::conditional(
        &headers,
        web.app.read_as(caller.token_sha256, read).await?,
    ))
}

fn body(tx: &mut liaison_db::Tx<'_>, call: &Call<'_>, request: Guid) -> OperationResult<Vec<u8>> {
    let details = access_requests::details(tx, call, request, &request_shape::shape)?;
    request_shape::body(details)
}

/// What the sender can change.
#[derive(JsonSchema)]
#[schemars(rename = "OwnRequestBody", deny_unknown_fields)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct EditBody {
    /// Null clears them.
    #[schemars(length(max = limits::TEXT_CHARS))]
    notes: Option<String>,
    /// Days of access from acceptance on; it only gets longer.
    #[schemars(range(min = 1, max = 365))]
    trial_duration: Option<i64>,
}

pub(crate) const UPDATE: Operation = Operation::new("PATCH", "updateRequest", tag::OWN, "Change notes and trial")
    .about("A request that is `Inactive` is `Active` again where the new end of its trial is in the future.")
    .body::<EditBody>()
    .answers::<Wire>(200, "The request.")
    .refuses(&[404])
    .needs(Needs::Inviter)
    .example(example!("updateRequest"));

/// `PATCH /liaison/v1/access-requests/{guid}`: the sender's notes, and a longer trial.
pub(crate) async fn update(PathText(request): PathText, mut write: Write) -> Answer {
    let (request, given) = (guid(&request), write.body.take());
    write
        .run(StatusCode::OK, move |tx, call| {
            call.actor.require_inviter()?;
            access_requests::sent(tx, call, request, &|_| ())?;
            access_requests::edit(tx, call, request, &edit(&given)?)?;
            body(tx, call, request)
        })
        .await
}

fn edit(given: &Value) -> Result<Edit, Refusal> {
    let fields = own::fields(given, &["notes", "trial_duration"])?;
    let has_notes = given.get("notes").is_some();
    Ok(Edit {
        notes: match fields.text("notes")? {
            None => has_notes.then_some(None),
            Some(notes) => Some(Some(notes.to_owned())),
        },
        trial_duration: fields.integer("trial_duration")?,
    })
}

/// A body without fields.
#[derive(JsonSchema)]
#[schemars(rename = "NothingBody", deny_unknown_fields)]
struct NothingBody {}

/// A link to be brought by hand.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CopiedLink")]
struct LinkWire<'l> {
    /// Null where an `Idempotency-Key` came again: the link is kept nowhere.
    link: Option<&'l str>,
    /// Opens the request beside the address of its recipient.
    code: Option<&'l str>,
    #[schemars(extend("format" = "date-time"))]
    expires_time: String,
}

pub(crate) const COPY_LINK: Operation = Operation::new("POST", "copyLink", tag::OWN, "A new link, without a mail")
    .about("Replaces the link that was mailed and is shown once, 10 times in 24 hours at most.")
    .optional_body::<NothingBody>()
    .answers::<LinkWire<'_>>(200, "The link and its code.")
    .refuses(&[404, 429])
    .needs(Needs::Inviter)
    .example(example!("copyLink"));

/// `POST /liaison/v1/access-requests/{guid}/link`: a new link to be brought by hand. The link is shown here and kept
/// nowhere: a key that comes again is answered without it.
pub(crate) async fn copy_link(PathText(request): PathText, mut write: Write) -> Answer {
    let (request, given) = (guid(&request), write.body.take());
    let copied: Arc<Mutex<Option<CopiedLink>>> = Arc::default();
    let place = copied.clone();
    let answer = write
        .run(StatusCode::OK, move |tx, call| {
            call.actor.require_inviter()?;
            access_requests::sent(tx, call, request, &|_| ())?;
            nothing(&given)?;
            let link = access_requests::copy_link(tx, call, request)?;
            let kept = link_body(&link, None)?;
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(link);
            Ok(kept)
        })
        .await?;
    let made = copied.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(link) = made else { return Ok(answer) };
    let shown = link_body(&link, Some((&link.link, &link.code)))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, shown).into_response())
}

fn link_body(link: &CopiedLink, secrets: Option<(&str, &str)>) -> OperationResult<Vec<u8>> {
    wire::json(&LinkWire {
        link: secrets.map(|(link, _)| link),
        code: secrets.map(|(_, code)| code),
        expires_time: link.expires_at.rfc3339(),
    })
}

/// A body without fields, or none.
fn nothing(given: &Value) -> Result<(), Refusal> {
    if given.is_null() {
        return Ok(());
    }
    own::fields(given, &[]).map(|_| ())
}

/// Who gets it.
#[derive(JsonSchema)]
#[schemars(rename = "ColleagueBody", deny_unknown_fields)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct ColleagueBody {
    #[schemars(length(min = 1, max = limits::NAME_CHARS))]
    formal_name: String,
    /// Of the company's own domains.
    email: String,
}

pub(crate) const DELEGATE: Operation = Operation::new(
    "POST",
    "delegateRequest",
    tag::OWN,
    "Hand a received request on",
)
.about(
    "To a colleague, while it is `Active`, 5 times at most. For the requestee and everybody of their side who may \
         invite.",
)
.body::<ColleagueBody>()
.answers::<Wire>(200, "The request.")
.refuses(&[404])
.example(example!("delegateRequest"));

/// `POST /liaison/v1/access-requests/{guid}/delegate`: hand a received request to a colleague.
pub(crate) async fn delegate(PathText(request): PathText, mut write: Write) -> Answer {
    let (request, given) = (guid(&request), write.body.take());
    write
        .run(StatusCode::OK, move |tx, call| {
            access_requests::received(tx, call, request, &|_| ())?;
            let fields = own::fields(&given, &["formal_name", "email"])?;
            let colleague = Colleague {
                formal_name: fields.text_or_empty("formal_name")?,
                email: fields.text_or_empty("email")?,
            };
            access_requests::delegate(tx, call, request, &colleague)?;
            body(tx, call, request)
        })
        .await
}

/// What one person would get.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MailPreview")]
struct PreviewWire<'p> {
    recipient: RecipientWire<'p>,
    mails: Vec<MailWire<'p>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MailPreviewRecipient")]
struct RecipientWire<'p> {
    name: &'p str,
    email: &'p str,
    #[schemars(extend("enum" = ["requestee", "cc", "third_party", "collaboration_contact"]))]
    role: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MailPreviewMail")]
struct MailWire<'p> {
    kind: &'p str,
    subject: &'p str,
    text: &'p str,
    html: &'p str,
}

pub(crate) const PREVIEW: Operation =
    Operation::new("POST", "previewInvitation", tag::OWN, "What an invitation would mail")
        .about(
            "The body is that of one invitation, and what sending would refuse is refused. Nothing is stored or sent; \
         placeholders stand for link and code.",
        )
        .body::<PreviewBody>()
        .answers::<Vec<PreviewWire<'_>>>(200, "Each person with their mails.")
        .needs(Needs::Inviter)
        .example(example!("previewInvitation"));

/// `POST /liaison/v1/access-requests/preview`: what an invitation would mail to whom. Stores and sends nothing.
pub(crate) async fn preview(State(web): State<Web>, caller: Caller, mut write: Write) -> Answer {
    let given = write.body.take();
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
        call.actor.require_inviter()?;
        let (mut drafts, _) = drafts::drafts(&given)?;
        let draft = drafts.pop().filter(|_| drafts.is_empty());
        let one = || Refusal::field("vendor_access_request", "must be one invitation to be previewed");
        let recipients = access_requests::preview(tx, call, draft.ok_or_else(one)?)?;
        wire::json(&recipients.iter().map(recipient).collect::<Vec<_>>())
    };
    conventions::read(&web, caller, read).await
}

fn recipient(recipient: &PreviewRecipient) -> PreviewWire<'_> {
    let mails = recipient.mails.iter().map(|mail| MailWire {
        kind: mail.kind,
        subject: &mail.subject,
        text: &mail.text,
        html: &mail.html,
    });
    PreviewWire {
        recipient: RecipientWire {
            name: &recipient.name,
            email: &recipient.email,
            role: recipient.role.slug(),
        },
        mails: mails.collect(),
    }
}
