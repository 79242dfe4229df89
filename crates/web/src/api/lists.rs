//! Lists as bare JSON arrays, read in batches and sent while they are read: memory does not grow with the list.

use axum::response::{IntoResponse as _, Response};
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderValue, header};
use liaison_domain::{Guid, Timestamp, limits};
use liaison_operations::access_requests::{self, AccessRequest, Filter, Page};
use liaison_operations::{Call, Result};

use super::conventions::streamed;
use super::wire::{self, Moment, Reader};
use crate::errors::ApiError;
use crate::extract::{Caller, Params};
use crate::openapi::{Kind, Parameter, query};
use crate::state::Web;

/// Rows read in one transaction, which is also the longest page: the link to the next one has to be known before the
/// first byte goes out.
const BATCH: i64 = limits::PAGE_ROWS;

/// The header of a page that is not the last.
pub(crate) const LINK: &[Parameter] = &[query(
    "Link",
    Kind::Text,
    "Where the next page is (`rel=\"next\"`), where `limit` was given and there is one.",
)];

/// A list that is being answered.
#[derive(Clone)]
struct List {
    web: Web,
    caller: Caller,
    reader: Reader,
    filter: Filter,
    after: Option<(Timestamp, Guid)>,
    offset: i64,
    /// Rows still wanted; none: all.
    left: Option<i64>,
    started: bool,
}

/// What one batch came to.
struct Batch {
    bytes: Vec<u8>,
    rows: i64,
    last: Option<(Timestamp, Guid)>,
    more: bool,
}

/// Answers the requests of one side. `path` is where the next page is.
pub(crate) async fn answer(
    (web, caller, params): (Web, Caller, Params),
    (reader, filter, path): (Reader, Filter, &str),
) -> std::result::Result<Response, ApiError> {
    let (left, offset, after) = caller.checked(&web, place(&params)).await?;
    let mut list = List {
        web,
        caller,
        reader,
        filter,
        after,
        offset,
        left,
        started: false,
    };
    let first = list.batch().await?;
    let complete = !first.more || list.left == Some(0);
    if complete {
        let next = first.last.filter(|_| first.more);
        let mut body = first.bytes;
        body.push(b']');
        let mut response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
        if let (Some(last), Some(limit)) = (next, left) {
            link(&mut response, &list.web, (path, &params, last, limit));
        }
        return Ok(response);
    }
    Ok(streamed(first.bytes, Some(list), |mut list| async move {
        let mut batch = list.batch().await?;
        let ends = !batch.more || list.left == Some(0);
        if ends {
            batch.bytes.push(b']');
        }
        Ok((batch.bytes, (!ends).then_some(list)))
    }))
}

impl List {
    /// Reads the next rows as JSON, the opening bracket included in the first.
    async fn batch(&mut self) -> Result<Batch> {
        let wanted = self.left.map_or(BATCH, |left| left.min(BATCH));
        let page = Page {
            after: self.after,
            offset: self.offset,
            limit: wanted + 1,
        };
        let (reader, filter, started) = (self.reader, self.filter.clone(), self.started);
        let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
            let mut batch = Batch {
                bytes: Vec::with_capacity(8 * 1024),
                rows: 0,
                last: None,
                more: false,
            };
            if !started {
                batch.bytes.push(b'[');
            }
            let moment = Moment::of(call);
            let visit = |request: &AccessRequest<'_>| batch.push(request, (wanted, started, reader), moment);
            match reader {
                Reader::Sender => access_requests::each_sent(tx, call, &filter, page, visit)?,
                Reader::Recipient => access_requests::each_received(tx, call, &filter, page, visit)?,
            }
            Ok(batch)
        };
        let batch = self.web.app.read_as(self.caller.token_sha256, read).await?;
        self.started = true;
        self.offset = 0;
        self.after = batch.last.or(self.after);
        self.left = self.left.map(|left| left - batch.rows);
        Ok(batch)
    }
}

impl Batch {
    fn push(
        &mut self,
        request: &AccessRequest<'_>,
        (wanted, started, reader): (i64, bool, Reader),
        moment: Moment,
    ) -> Result<()> {
        if self.rows == wanted {
            self.more = true;
            return Ok(());
        }
        if started || self.rows > 0 {
            self.bytes.push(b',');
        }
        self.rows += 1;
        self.last = Some((request.created_at, request.guid));
        wire::write(&mut self.bytes, request, reader, moment)
    }
}

/// `limit`, `offset` and `cursor`.
type Place = (Option<i64>, i64, Option<(Timestamp, Guid)>);

fn place(params: &Params) -> std::result::Result<Place, ApiError> {
    let offset = params.count("offset")?.unwrap_or_default();
    let limit = params.count("limit")?.map(|limit| limit.min(BATCH));
    Ok((limit, offset, cursor(params)?))
}

/// `cursor`: the place of the last row of the page before.
fn cursor(params: &Params) -> std::result::Result<Option<(Timestamp, Guid)>, ApiError> {
    let Some(text) = params.text("cursor") else {
        return Ok(None);
    };
    let wrong = || ApiError::parameter("cursor", "is not a cursor of this server; take it from the Link header");
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| wrong())?;
    let (at, guid) = bytes.split_at_checked(8).ok_or_else(wrong)?;
    let at = i64::from_be_bytes(at.try_into().map_err(|_| wrong())?);
    let guid = Guid::from_slice(guid).map_err(|_| wrong())?;
    Ok(Some((Timestamp(at), guid)))
}

fn link(
    response: &mut Response,
    web: &Web,
    (path, params, (at, guid), limit): (&str, &Params, (Timestamp, Guid), i64),
) {
    let mut place = at.0.to_be_bytes().to_vec();
    place.extend_from_slice(guid.as_bytes());
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in params.others(&["cursor", "offset", "limit"]) {
        query.append_pair(name, value);
    }
    query
        .append_pair("limit", &limit.to_string())
        .append_pair("cursor", &BASE64URL_NOPAD.encode(&place));
    let link = format!("<{}{path}?{}>; rel=\"next\"", web.public_url(), query.finish());
    if let Ok(value) = HeaderValue::from_str(&link) {
        response.headers_mut().insert(header::LINK, value);
    }
}
