//! One request in Liaison's own API: reading it from either side, changing it, copying its link, handing it on, and
//! what an invitation would mail.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};
use liaison_domain::{Guid, Refusal};
use liaison_operations::access_requests::{self, Colleague, CopiedLink, Edit, PreviewRecipient};
use liaison_operations::{Call, Result as OperationResult};
use serde_json::{Value, json};

use super::messages::guid;
use super::{drafts, own, request_shape, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, PathText, Write};
use crate::state::Web;

type Answer = Result<Response, ApiError>;

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
    wire::json(&json!({
        "link": secrets.map(|(link, _)| link),
        "code": secrets.map(|(_, code)| code),
        "expires_time": link.expires_at.rfc3339(),
    }))
}

/// A body without fields, or none.
fn nothing(given: &Value) -> Result<(), Refusal> {
    if given.is_null() {
        return Ok(());
    }
    own::fields(given, &[]).map(|_| ())
}

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

/// `POST /liaison/v1/access-requests/preview`: what an invitation would mail to whom. Stores and sends nothing.
pub(crate) async fn preview(State(web): State<Web>, caller: Caller, mut write: Write) -> Answer {
    let given = write.body.take();
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
        call.actor.require_inviter()?;
        let (mut drafts, _) = drafts::drafts(&given)?;
        let draft = drafts.pop().filter(|_| drafts.is_empty());
        let one = || Refusal::field("vendor_access_request", "must be one invitation to be previewed");
        let recipients = access_requests::preview(tx, call, draft.ok_or_else(one)?)?;
        wire::json(&recipients.iter().map(recipient).collect::<Value>())
    };
    let shown = web.app.read_as(caller.token_sha256, read).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], shown).into_response())
}

fn recipient(recipient: &PreviewRecipient) -> Value {
    let mails: Value = recipient
        .mails
        .iter()
        .map(|mail| json!({"kind": mail.kind, "subject": mail.subject, "text": mail.text, "html": mail.html}))
        .collect();
    json!({
        "recipient": {"name": recipient.name, "email": recipient.email, "role": recipient.role.slug()},
        "mails": mails,
    })
}
