//! The rows of the outbox, as its table and its files show them.

use std::collections::{HashMap, HashSet};

use liaison_db::Tx;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::access_requests::{AccessRequest, Part, Place, Sought, each_of_outbox, next_of, places};
use liaison_operations::{Call, Result, messages};
use serde::Deserialize;

use super::columns::Column;

/// One sent request.
pub(super) struct Row {
    pub(super) guid: Guid,
    pub(super) recipient: String,
    pub(super) email: String,
    company_guid: Guid,
    pub(super) company: String,
    pub(super) reason: &'static str,
    pub(super) items: i64,
    pub(super) status: Status,
    pub(super) next: String,
    /// State and words; none where nothing was sent.
    pub(super) delivery: Option<(&'static str, &'static str)>,
    pub(super) sent: Timestamp,
    /// For people: how long ago it was sent.
    pub(super) age: String,
    pub(super) messages: i64,
    /// When, and whether the vendor wrote it.
    pub(super) last_message: Option<(Timestamp, bool)>,
    pub(super) is_unread: bool,
    /// Name and address.
    pub(super) requester: (String, String),
    pub(super) accepted: Option<Timestamp>,
    /// None once somebody accepted, or where nothing was sent.
    pub(super) expires: Option<Timestamp>,
    pub(super) trial_ends: Option<Timestamp>,
    pub(super) rating: Option<i64>,
    /// Read where their columns are chosen.
    pub(super) vectors: Vec<String>,
    pub(super) place: Place,
    pub(super) notes: Option<String>,
}

impl Row {
    fn of(r: &AccessRequest<'_>, columns: &[Column], now: Timestamp) -> Row {
        let was_sent = !matches!(r.status, Status::Requested | Status::Rejected);
        let with = |column: Column| columns.contains(&column);
        Row {
            guid: r.guid,
            recipient: r.requestee_formal_name.to_owned(),
            email: r.requestee_email.to_owned(),
            company_guid: r.requestee_company_guid,
            company: r.requestee_company_name.to_owned(),
            reason: Reason::parse(r.reason).unwrap_or_default().name(),
            items: r.observations_count,
            status: r.status,
            next: next_of(r, Side::Client, now).sentence,
            delivery: was_sent.then(|| delivery(r)),
            sent: r.created_at,
            age: age(r.created_at, now),
            messages: r.messages_count,
            last_message: r.last_message_at.map(|at| (at, r.last_message_side == Some("vendor"))),
            is_unread: false,
            requester: (r.requester_formal_name.to_owned(), r.requester_email.to_owned()),
            accepted: r.accepted_at,
            expires: Some(r.expires_at).filter(|_| was_sent && r.accepted_at.is_none()),
            trial_ends: r.trial_ends_at,
            rating: r.context_rating,
            vectors: if with(Column::RiskVectors) {
                vectors(r.risk_vectors_json)
            } else {
                Vec::new()
            },
            place: Place::default(),
            notes: r.notes.filter(|_| with(Column::Notes)).map(str::to_owned),
        }
    }
}

fn delivery(r: &AccessRequest<'_>) -> (&'static str, &'static str) {
    if r.opened_at.is_some() {
        return ("opened", "Opened");
    }
    match r.delivery {
        "sent" => ("delivered", "Delivered"),
        "failed" => ("failed", "Failed"),
        "kept" => ("kept", "Kept here"),
        "copied" => ("sent", "Link copied"),
        _ => ("queued", "Queued"),
    }
}

fn age(at: Timestamp, now: Timestamp) -> String {
    match now.0.saturating_sub(at.0) / 86_400_000 {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}

#[derive(Deserialize)]
struct Graded {
    risk_vector: Named,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

fn vectors(stored: &str) -> Vec<String> {
    let vectors: Vec<Graded> = serde_json::from_str(stored).unwrap_or_default();
    vectors.into_iter().map(|graded| graded.risk_vector.name).collect()
}

/// The rows of a part, with what these columns need.
pub(super) fn read(tx: &mut Tx<'_>, call: &Call<'_>, part: (&Sought, Part), columns: &[Column]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    each_of_outbox(tx, call, part, |request| {
        rows.push(Row::of(request, columns, call.now));
        Ok(())
    })?;
    let written: Vec<Guid> = rows
        .iter()
        .filter(|row: &&Row| matches!(row.last_message, Some((_, true))))
        .map(|row| row.guid)
        .collect();
    let unread: HashSet<Guid> = messages::list_unread(tx, call, Side::Client, &written)?
        .into_iter()
        .collect();
    for row in &mut rows {
        row.is_unread = unread.contains(&row.guid);
    }
    if columns.contains(&Column::Tier) || columns.contains(&Column::Folder) {
        place(tx, call, &mut rows)?;
    }
    Ok(rows)
}

fn place(tx: &mut Tx<'_>, call: &Call<'_>, rows: &mut [Row]) -> Result<()> {
    let companies: HashSet<Guid> = rows.iter().map(|row| row.company_guid).collect();
    let companies: Vec<Guid> = companies.into_iter().collect();
    let places: HashMap<Guid, Place> = places(tx, call, &companies)?;
    for row in rows {
        row.place = places.get(&row.company_guid).cloned().unwrap_or_default();
    }
    Ok(())
}
