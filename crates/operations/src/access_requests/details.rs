//! One request as the people of either side see it: what happens next, its findings in full, its context then and now.

use liaison_db::Tx;
use liaison_domain::access_requests::Status;
use liaison_domain::progress::{self, Facts, Next};
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp, addresses, risk_vectors};
use liaison_store as store;
use liaison_store::access_requests::AccessRequest;

use super::snapshot::{self, ContextNow};
use crate::{Call, Error, Result};

/// A finding of a request as one side may see it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the finding")]
pub struct FindingRow {
    pub rolledup_observation_id: String,
    /// None where the finding is no longer in the inventory; then only its id is known.
    pub known: Option<KnownFinding>,
}

/// What the inventory says of a finding.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the finding")]
pub struct KnownFinding {
    pub risk_vector_slug: String,
    pub risk_vector_name: String,
    pub severity: Option<f64>,
    pub severity_category: Option<String>,
    pub grade: Option<String>,
    pub first_seen: Option<String>,
    pub last_seen: Option<String>,
    pub affects_rating: bool,
    /// Address and port, or a name. The client sees IP addresses without their last part.
    pub evidence: Option<String>,
    /// How to fix it: JSON as imported.
    pub remediation: String,
}

/// A request with all that is read beside its row.
#[derive(Clone, Debug)]
pub struct Details<T> {
    /// What the caller made of the row.
    pub request: T,
    /// The caller's side.
    pub side: Side,
    /// What happens next.
    pub next: Next,
    /// Its findings, in the order in which they were chosen.
    pub findings: Vec<FindingRow>,
    /// The newest rating, with the risk vectors of the request. None where there is none, and for a client who no
    /// longer has the company in its portfolio.
    pub context_now: Option<ContextNow>,
}

/// What a caller makes of a request's row, given their side.
pub type SidedView<'v, T> = &'v dyn Fn(&AccessRequest<'_>, Side) -> T;

/// One request of the caller's outbox or inbox, and which of them.
pub fn find_sided<T>(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, view: SidedView<'_, T>) -> Result<(Side, T)> {
    let (outbox, inbox) = (call.actor.outbox(), call.actor.inbox());
    let sent = store::access_requests::find(tx, &outbox, guid, call.now, |row| view(row, Side::Client))?;
    if let Some(found) = sent {
        return Ok((Side::Client, found));
    }
    let received = store::access_requests::find(tx, &inbox, guid, call.now, |row| view(row, Side::Vendor))?;
    received.map(|found| (Side::Vendor, found)).ok_or(Error::NotFound)
}

/// One request with its details.
pub fn details<T>(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, view: SidedView<'_, T>) -> Result<Details<T>> {
    let (side, (request, row)) = find_sided(tx, call, guid, &|request, side| (view(request, side), Row::of(request)))?;
    let ids: Vec<String> = snapshot::read(&row.observations_json)?;
    let words = relay_words(tx, guid, &row)?;
    Ok(Details {
        request,
        side,
        next: progress::what_next(&row.facts(words.as_deref()), side, call.now),
        findings: findings(tx, row.company_guid, &ids, side)?,
        context_now: context_now(tx, call, side, &row)?,
    })
}

/// What of a row the details are made from.
struct Row {
    customer_guid: Guid,
    company_guid: Guid,
    status: Status,
    delivery: String,
    moments: Moments,
    last_message_side: Option<String>,
    requester: String,
    requestee: String,
    requestee_email: String,
    observations_json: String,
    risk_vectors_json: String,
}

struct Moments {
    opened_at: Option<Timestamp>,
    expires_at: Timestamp,
    trial_ends_at: Option<Timestamp>,
    resolved_at: Option<Timestamp>,
    answered_at: Option<Timestamp>,
}

impl Row {
    fn of(request: &AccessRequest<'_>) -> Row {
        Row {
            customer_guid: request.customer_guid,
            company_guid: request.requestee_company_guid,
            status: request.status,
            delivery: request.delivery.to_owned(),
            moments: Moments {
                opened_at: request.opened_at,
                expires_at: request.expires_at,
                trial_ends_at: request.trial_ends_at,
                resolved_at: request.resolved_at,
                answered_at: request.answered_at,
            },
            last_message_side: request.last_message_side.map(str::to_owned),
            requester: request.requester_formal_name.to_owned(),
            requestee: request.requestee_formal_name.to_owned(),
            requestee_email: request.requestee_email.to_owned(),
            observations_json: request.observations_json.to_owned(),
            risk_vectors_json: request.risk_vectors_json.to_owned(),
        }
    }

    fn facts<'r>(&'r self, relay_words: Option<&'r str>) -> Facts<'r> {
        Facts {
            status: self.status,
            delivery: &self.delivery,
            relay_words,
            opened_at: self.moments.opened_at,
            expires_at: self.moments.expires_at,
            trial_ends_at: self.moments.trial_ends_at,
            resolved_at: self.moments.resolved_at,
            answered_at: self.moments.answered_at,
            last_message_side: self.last_message_side.as_deref(),
            requester: &self.requester,
            requestee: &self.requestee,
        }
    }
}

/// What happens next with a request of a list, from its row alone; the relay's words stand in the request itself.
pub fn next_of(request: &AccessRequest<'_>, side: Side, now: Timestamp) -> Next {
    let facts = Facts {
        status: request.status,
        delivery: request.delivery,
        relay_words: None,
        opened_at: request.opened_at,
        expires_at: request.expires_at,
        trial_ends_at: request.trial_ends_at,
        resolved_at: request.resolved_at,
        answered_at: request.answered_at,
        last_message_side: request.last_message_side,
        requester: request.requester_formal_name,
        requestee: request.requestee_formal_name,
    };
    progress::what_next(&facts, side, now)
}

fn relay_words(tx: &mut Tx<'_>, guid: Guid, row: &Row) -> Result<Option<String>> {
    if row.delivery != "failed" {
        return Ok(None);
    }
    let words = store::mail_deliveries::find_words_of_customer(tx, row.customer_guid, (guid, &row.requestee_email))?;
    Ok(words)
}

fn findings(tx: &mut Tx<'_>, company: Guid, ids: &[String], side: Side) -> Result<Vec<FindingRow>> {
    let stored = store::findings::list_of(tx, company, ids)?;
    let row = |id: &String| FindingRow {
        rolledup_observation_id: id.clone(),
        known: stored
            .iter()
            .find(|finding| finding.rolledup_observation_id == *id)
            .map(|finding| known(finding, side)),
    };
    Ok(ids.iter().map(row).collect())
}

fn known(finding: &store::findings::Finding, side: Side) -> KnownFinding {
    let vector = risk_vectors::find(&finding.risk_vector);
    let evidence = finding.evidence_key.as_deref();
    KnownFinding {
        risk_vector_slug: finding.risk_vector.clone(),
        risk_vector_name: vector.map_or_else(|| finding.risk_vector.clone(), |vector| vector.name.to_owned()),
        severity: finding.severity,
        severity_category: finding.severity_category.clone(),
        grade: snapshot::grade_of(&finding.details),
        first_seen: finding.first_seen.clone(),
        last_seen: finding.last_seen.clone(),
        affects_rating: finding.affects_rating,
        evidence: match side {
            Side::Client => evidence.map(addresses::mask),
            Side::Vendor => evidence.map(str::to_owned),
        },
        remediation: match side {
            Side::Client => addresses::mask(&finding.remediation),
            Side::Vendor => finding.remediation.clone(),
        },
    }
}

fn context_now(tx: &mut Tx<'_>, call: &Call<'_>, side: Side, row: &Row) -> Result<Option<ContextNow>> {
    let sees = match side {
        Side::Vendor => true,
        Side::Client => store::companies::find_in_portfolio(tx, call.actor.customer_guid, row.company_guid)?.is_some(),
    };
    if !sees {
        return Ok(None);
    }
    snapshot::context_now(tx, row.company_guid, &row.risk_vectors_json)
}
