//! The feed of everything that happened to a customer's requests, to be followed with a cursor.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::Call;
use liaison_operations::events::{self, Happened};
use schemars::JsonSchema;
use serde::Serialize;

use super::{own, timeline, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Params};
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

/// Something that happened to one of the customer's requests.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Event")]
struct Wire<'h> {
    id: Guid,
    request_guid: Guid,
    /// Whether the customer sent or received the request.
    #[schemars(extend("enum" = ["client", "vendor"]))]
    my_side: &'static str,
    #[serde(flatten)]
    entry: timeline::Wire<'h>,
}

/// A page of the feed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Events")]
struct Page<'h> {
    results: Vec<Wire<'h>>,
    /// The cursor of the next page; null where there is nothing more yet.
    next: Option<String>,
    /// Where to go on, now or later.
    cursor: Option<String>,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listEvents", tag::THREADS, "What happened to all requests")
    .about(
        "A feed, oldest first. Keep `cursor` and ask again with it, at once where `next` is not null. An event stands in \
         the feed ten seconds after it happened, so that none can appear behind a cursor.",
    )
    .query(own::PAGE)
    .answers::<Page<'_>>(200, "A page of the feed.")
    .conditional()
    .refuses(&[400])
    .example(example!("listEvents"));

/// `GET /liaison/v1/events`: a page of the feed, oldest first. `cursor` is where to go on, now or later; `next` is the
/// same while there is more already.
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let limit = caller.checked(&web, own::limit(&params)).await?;
    let cursor = params.text("cursor").map(str::to_owned);
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
        let customer = call.actor.customer_guid;
        let after = match cursor.as_deref().map(|text| place(customer, text)) {
            Some(None) => return Ok(None),
            Some(after) => after,
            None => None,
        };
        let mut found = events::list_since(tx, call, (after, limit + 1))?;
        let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            found.pop();
        }
        let last = found.last().map(|last| written(customer, last));
        wire::json(&Page {
            next: last.clone().filter(|_| more),
            cursor: last.or_else(|| cursor.clone()),
            results: found.iter().map(shape).collect(),
        })
        .map(Some)
    };
    let body = web.app.read_as(caller.token_sha256, read).await?;
    Ok(own::conditional(&headers, body.ok_or_else(own::wrong_cursor)?))
}

fn shape(happened: &Happened) -> Wire<'_> {
    Wire {
        id: happened.guid,
        request_guid: happened.request,
        my_side: happened.side.slug(),
        entry: timeline::shape(&happened.entry),
    }
}

/// Time and guid of an event, as a cursor of this customer's feed.
fn written(customer: Guid, happened: &Happened) -> String {
    let mut place = happened.entry.at.0.to_be_bytes().to_vec();
    place.extend_from_slice(happened.guid.as_bytes());
    own::cursor(customer, &place)
}

fn place(customer: Guid, cursor: &str) -> Option<(Timestamp, Guid)> {
    let place: [u8; 24] = own::place(customer, cursor)?;
    let (at, guid) = place.split_first_chunk::<8>()?;
    Some((Timestamp(i64::from_be_bytes(*at)), Guid::from_slice(guid).ok()?))
}
