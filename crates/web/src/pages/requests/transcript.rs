//! The record of a request to keep: as a PDF and as JSON, from either side. What only the sender's side knows stays
//! there, and its private notes come along only when they are asked for.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, header};
use liaison_db::Tx;
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::access_requests::FindingRow;
use liaison_operations::messages::{self, Message};
use liaison_operations::{Call, Credential, Result};
use liaison_transcript::{Created, Event, Finding, Grade, Record};

use super::facts::{self, Facts, Reading, day};
use super::{guid, history};
use crate::api::transcript as wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Visitor};
use crate::pages::Page;
use crate::printer::Turn;
use crate::state::Web;
use crate::tables::{MediaType, download};

/// Messages that are read at once, and at most.
const BATCH: i64 = 50;
const MOST: usize = 10_000;
/// Bytes of message text after which a PDF, and a JSON record, takes no further block of messages.
const PDF_BYTES: usize = 2_000_000;
const JSON_BYTES: usize = 20_000_000;

/// `GET …/transcript.pdf`, for the page of either side.
pub(crate) async fn pdf(visitor: Visitor, PathText(request): PathText, params: Params) -> Page {
    let turn = visitor.web.printer.turn().await?;
    let read = record_of(&visitor.web, guid(&request), wants_notes(&params));
    let record = visitor.web.app.read_as(visitor.credential(), read).await;
    let record = record.map_err(|error| visitor.refused(error))?;
    Ok(print(&visitor.web, turn, record).await?)
}

/// `GET …/transcript.json`, for the page of either side.
pub(crate) async fn json(visitor: Visitor, PathText(request): PathText, params: Params) -> Page {
    let made = write(
        &visitor.web,
        visitor.credential(),
        (guid(&request), wants_notes(&params)),
    )
    .await;
    made.map_err(|error| visitor.refused(error))
}

/// `GET /liaison/v1/access-requests/{guid}/transcript`: `format` or `Accept` say which form.
pub(crate) async fn get(
    State(web): State<Web>,
    caller: Caller,
    PathText(request): PathText,
    params: Params,
    headers: HeaderMap,
) -> std::result::Result<Response, ApiError> {
    let is_pdf = caller.checked(&web, wants_pdf(&params, &headers)).await?;
    let (request, notes) = (guid(&request), wants_notes(&params));
    if !is_pdf {
        return Ok(write(&web, caller.token_sha256.into(), (request, notes)).await?);
    }
    let turn = web.printer.turn().await?;
    let read = record_of(&web, request, notes);
    let record = web.app.read_as(caller.token_sha256, read).await?;
    print(&web, turn, record).await
}

fn wants_notes(params: &Params) -> bool {
    params.text("notes") == Some("yes")
}

fn wants_pdf(params: &Params, headers: &HeaderMap) -> std::result::Result<bool, ApiError> {
    match params.text("format") {
        Some("pdf") => Ok(true),
        Some("json") => Ok(false),
        Some(_) => Err(ApiError::parameter("format", "must be json or pdf")),
        None => {
            let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
            Ok(accepts.is_some_and(|value| value.contains("application/pdf")))
        }
    }
}

async fn print(web: &Web, turn: Turn, record: Record) -> std::result::Result<Response, ApiError> {
    let name = format!("{} {}.pdf", record.title, record.reference);
    Ok(download(&name, MediaType::Pdf, web.printer.pdf(turn, record).await?))
}

async fn write(web: &Web, credential: Credential, (request, notes): (Guid, bool)) -> Result<Response> {
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let thread = messages::open(tx, call, request)?;
        let (messages, _) = all_messages(tx, call, &thread, JSON_BYTES)?;
        wire::body(tx, call, (request, &messages, notes))
    };
    let body = web.app.read_as(credential, read).await?;
    Ok(download(&format!("transcript {request}.json"), MediaType::Json, body))
}

/// Every message of a thread, oldest first, and whether some are left out: of a very long one there are the first ten
/// thousand, and no more after `most_bytes` of text.
fn all_messages(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    thread: &messages::Thread,
    most_bytes: usize,
) -> Result<(Vec<Message>, bool)> {
    let mut all: Vec<Message> = Vec::new();
    let mut written = 0;
    loop {
        let after = all.last().map_or(0, |last| last.number);
        let found = messages::list(tx, call, thread, (after, BATCH))?;
        let is_last = i64::try_from(found.len()).unwrap_or(i64::MAX) < BATCH;
        written += found
            .iter()
            .filter_map(|message| message.body.as_ref())
            .map(String::len)
            .sum::<usize>();
        all.extend(found);
        if is_last || all.len() >= MOST || written >= most_bytes {
            return Ok((all, !is_last));
        }
    }
}

/// Reads a request and puts it into words.
fn record_of(
    web: &Web,
    request: Guid,
    notes: bool,
) -> impl Fn(&mut Tx<'_>, &Call<'_>) -> Result<Record> + Send + 'static + use<> {
    let server = web.public_url().to_owned();
    move |tx, call| {
        let reading = facts::read(tx, call, (request, None))?;
        let (messages, cut) = all_messages(tx, call, &reading.thread, PDF_BYTES)?;
        let mut record = record(&reading, &messages, (&server, call.now, notes));
        if cut {
            let words = format!("Everything after message {}: the JSON record has it", messages.len());
            record.facts.push(("Left out".to_owned(), words));
        }
        Ok(record)
    }
}

fn record(reading: &Reading, messages: &[Message], (server, now, notes): (&str, Timestamp, bool)) -> Record {
    let facts = &reading.facts;
    let shows_notes = notes && reading.side == Side::Client;
    Record {
        title: format!("{} and {}", facts.requester.company, facts.requestee.company),
        reference: facts.guid.to_string(),
        server: server.to_owned(),
        generated_at: now.for_people(),
        created: created(now),
        facts: table(facts, shows_notes),
        message: facts.message.clone(),
        findings: reading.findings.iter().map(finding).collect(),
        context: grades(facts),
        timeline: timeline(reading, shows_notes),
        messages: messages.iter().map(message).collect(),
    }
}

fn created(now: Timestamp) -> Option<Created> {
    let text = now.rfc3339();
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u8>().ok();
    Some(Created {
        year: text.get(0..4)?.parse().ok()?,
        month: part(5..7)?,
        day: part(8..10)?,
        hour: part(11..13)?,
        minute: part(14..16)?,
        second: part(17..19)?,
    })
}

fn table(facts: &Facts, shows_notes: bool) -> Vec<(String, String)> {
    let person = |person: &facts::Person| format!("{} <{}>, {}", person.name, person.email, person.company);
    let parties: Vec<_> = facts
        .third_parties
        .iter()
        .map(|party| format!("{} <{}>", party.name, party.email))
        .collect();
    let when = |at: Option<Timestamp>| at.map(Timestamp::for_people).unwrap_or_default();
    let resolved = match (facts.times.resolved, facts.resolved_by.as_str()) {
        (Some(at), "") => at.for_people(),
        (Some(at), by) => format!("{} by {by}", at.for_people()),
        (None, _) => String::new(),
    };
    let rating = match (facts.context.rating, &facts.context.date) {
        (Some(rating), Some(date)) => format!("{rating} on {}", day(date)),
        _ => String::new(),
    };
    let notes = if shows_notes {
        facts.notes.clone()
    } else {
        String::new()
    };
    let rows = [
        ("From", person(&facts.requester)),
        ("To", person(&facts.requestee)),
        ("Copies", facts.ccs.join(", ")),
        ("Third parties", parties.join(", ")),
        ("Reason", facts.reason.name().to_owned()),
        ("Status", facts.status.slug().to_owned()),
        ("Sent", facts.times.created.for_people()),
        ("Accepted", when(facts.times.accepted)),
        ("Access ends", when(facts.times.trial_ends)),
        ("Resolved", resolved),
        ("Rating", rating),
        ("Private notes", notes),
    ];
    let filled = rows.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(label, value)| (label.to_owned(), value)).collect()
}

fn finding(row: &FindingRow) -> Finding {
    let mut finding = Finding {
        id: row.rolledup_observation_id.clone(),
        ..Finding::default()
    };
    if let Some(known) = &row.known {
        let date = |date: &Option<String>| date.as_deref().map(day).unwrap_or_default();
        finding.risk_vector.clone_from(&known.risk_vector_name);
        finding.address.clone_from(&known.evidence);
        finding.severity = known.severity_category.clone().unwrap_or_default();
        finding.grade = known.grade.clone().unwrap_or_default();
        finding.first_seen = date(&known.first_seen);
        finding.last_seen = date(&known.last_seen);
    }
    finding
}

fn grades(facts: &Facts) -> Vec<Grade> {
    let graded = facts.context.vectors.iter().map(|vector| Grade {
        risk_vector: vector.risk_vector.name.clone(),
        grade: vector.grade.clone().unwrap_or_default(),
        percentile: vector
            .percentile
            .map(|percentile| format!("{percentile:.0}"))
            .unwrap_or_default(),
    });
    graded.collect()
}

/// The events, without the writing of messages, which the record has in full.
fn timeline(reading: &Reading, shows_notes: bool) -> Vec<Event> {
    let is_shown = |kind: &str| match kind {
        "message.posted" => false,
        "request.notes_changed" => shows_notes,
        _ => true,
    };
    let entries = reading.timeline.iter().filter(|entry| is_shown(&entry.kind));
    let events = entries.map(|entry| Event {
        at: entry.at.for_people(),
        what: history::words(entry).2,
        who: match entry.side.as_deref() {
            Some("client") => reading.facts.requester.company.clone(),
            Some(_) => reading.facts.requestee.company.clone(),
            None => String::new(),
        },
    });
    events.collect()
}

fn message(message: &Message) -> liaison_transcript::Message {
    liaison_transcript::Message {
        author: message.author_name.clone(),
        company: message.author_company.clone(),
        side: if message.side == "client" {
            "requester"
        } else {
            "recipient"
        }
        .to_owned(),
        at: message.created_at.for_people(),
        edited_at: message.edited_at.map(Timestamp::for_people),
        deleted: message.deleted_at.is_some(),
        body: message.body.clone().unwrap_or_default(),
    }
}
