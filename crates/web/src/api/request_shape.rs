//! One request as Liaison's own API answers it. The recipient's side sees neither notes nor what became of the mails.

use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::access_requests::{AccessRequest, ContextNow, Details, FindingRow};
use liaison_operations::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{wire, words};

/// One request as a side sees it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequest")]
pub(super) struct Wire {
    #[serde(flatten)]
    request: Request,
    next: Next,
    /// The findings it is about. The sender sees IP addresses without their last part.
    findings: Vec<Finding>,
    context: Contexts,
}

/// The request's own row.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequestRow")]
pub(super) struct Request {
    guid: Guid,
    /// Whether the caller's side sent or received it.
    #[schemars(extend("enum" = ["client", "vendor"]))]
    side: &'static str,
    #[schemars(extend("enum" = words::statuses()))]
    status: &'static str,
    #[schemars(extend("enum" = words::reasons()))]
    reason: String,
    client: Client,
    vendor: Vendor,
    message: String,
    #[serde(flatten)]
    private: Option<Private>,
    ccs: Vec<String>,
    #[schemars(with = "Vec<words::Party>")]
    third_parties: Box<RawValue>,
    read: bool,
    trial_duration: i64,
    #[schemars(extend("format" = "date-time"))]
    created_time: String,
    #[schemars(extend("format" = "date-time"))]
    updated_time: String,
    #[schemars(extend("format" = "date-time"))]
    email_sent_time: String,
    #[schemars(extend("format" = "date-time"))]
    expires_time: String,
    #[schemars(extend("format" = "date-time"))]
    accepted_time: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    trial_ends_time: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    resolved_time: Option<String>,
    resolved_by: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    answered_time: Option<String>,
    messages_count: i64,
    #[schemars(extend("format" = "date-time"))]
    last_message_time: Option<String>,
    last_message_side: Option<String>,
    #[serde(skip)]
    context_then: Context,
}

/// What only the client's side sees.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequestOfClient", transform = words::without_required)]
struct Private {
    notes: Option<String>,
    /// Where the newest mail to the requestee stands: `queued`, `sent`, `failed`, `kept`, or `copied`.
    delivery: String,
    #[schemars(extend("format" = "date-time"))]
    delivered_time: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    opened_time: Option<String>,
    access_link_guid: Option<Guid>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequestClient")]
struct Client {
    customer_guid: Guid,
    customer_name: String,
    company_guid: Option<Guid>,
    company_name: String,
    requester: Person,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequestVendor")]
struct Vendor {
    company_guid: Guid,
    company_name: String,
    requestee: Person,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequestPerson")]
struct Person {
    user_guid: Option<Guid>,
    formal_name: String,
    friendly_name: String,
    email: String,
    phone: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequestNext")]
struct Next {
    /// Stable: `not_opened`, `waiting_for_vendor`, …
    code: &'static str,
    /// For the person who looks.
    sentence: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequestFinding")]
struct Finding {
    rolledup_observation_id: String,
    risk_vector: Option<words::VectorName>,
    severity: Option<f64>,
    severity_category: Option<String>,
    grade: Option<String>,
    #[schemars(extend("format" = "date"))]
    first_seen: Option<String>,
    #[schemars(extend("format" = "date"))]
    last_seen: Option<String>,
    affects_rating: Option<bool>,
    evidence: Option<String>,
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    remediation: Option<Box<RawValue>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequestContexts")]
struct Contexts {
    /// On the day of sending.
    then: Context,
    /// The newest of the same risk vectors.
    now: Option<Context>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnRequestContext")]
struct Context {
    #[schemars(extend("format" = "date"))]
    date: Option<String>,
    rating: Option<i64>,
    #[schemars(with = "Vec<words::GradedVector>")]
    risk_vectors: Box<RawValue>,
}

fn time(at: Option<Timestamp>) -> Option<String> {
    at.map(Timestamp::rfc3339)
}

fn raw(stored: &str) -> Result<Box<RawValue>> {
    RawValue::from_string(stored.to_owned()).map_err(|error| Error::Internal(format!("stored JSON: {error}")))
}

/// The row of a request as one side sees it.
pub(super) fn shape(r: &AccessRequest<'_>, side: Side) -> Result<Request> {
    Ok(Request {
        guid: r.guid,
        side: side.slug(),
        status: r.status.slug(),
        reason: r.reason.to_owned(),
        client: client(r),
        vendor: vendor(r),
        message: r.message.to_owned(),
        private: (side == Side::Client).then(|| private(r)),
        ccs: r
            .ccs
            .map_or_else(Vec::new, |ccs| ccs.split(',').map(str::to_owned).collect()),
        third_parties: raw(r.third_parties_json)?,
        read: r.is_read,
        trial_duration: r.trial_duration,
        created_time: r.created_at.rfc3339(),
        updated_time: r.updated_at.rfc3339(),
        email_sent_time: r.email_sent_at.rfc3339(),
        expires_time: r.expires_at.rfc3339(),
        accepted_time: time(r.accepted_at),
        trial_ends_time: time(r.trial_ends_at),
        resolved_time: time(r.resolved_at),
        resolved_by: r.resolved_by_name.map(str::to_owned),
        answered_time: time(r.answered_at),
        messages_count: r.messages_count,
        last_message_time: time(r.last_message_at),
        last_message_side: r.last_message_side.map(str::to_owned),
        context_then: Context {
            date: r.context_date.map(str::to_owned),
            rating: r.context_rating,
            risk_vectors: raw(r.risk_vectors_json)?,
        },
    })
}

fn client(r: &AccessRequest<'_>) -> Client {
    Client {
        customer_guid: r.customer_guid,
        customer_name: r.requester_customer_name.to_owned(),
        company_guid: r.requester_company_guid,
        company_name: r.requester_company_name.to_owned(),
        requester: Person {
            user_guid: Some(r.requester_guid),
            formal_name: r.requester_formal_name.to_owned(),
            friendly_name: r.requester_friendly_name.to_owned(),
            email: r.requester_email.to_owned(),
            phone: None,
        },
    }
}

fn vendor(r: &AccessRequest<'_>) -> Vendor {
    Vendor {
        company_guid: r.requestee_company_guid,
        company_name: r.requestee_company_name.to_owned(),
        requestee: Person {
            user_guid: r.requestee_user_guid,
            formal_name: r.requestee_formal_name.to_owned(),
            friendly_name: r.requestee_friendly_name.to_owned(),
            email: r.requestee_email.to_owned(),
            phone: Some(r.requestee_phone.to_owned()).filter(|phone| !phone.is_empty()),
        },
    }
}

fn private(r: &AccessRequest<'_>) -> Private {
    Private {
        notes: r.notes.map(str::to_owned),
        delivery: r.delivery.to_owned(),
        delivered_time: time(r.delivered_at),
        opened_time: time(r.opened_at),
        access_link_guid: r.access_link_guid,
    }
}

/// A request with its details as a whole body.
pub(super) fn body(details: Details<Result<Request>>) -> Result<Vec<u8>> {
    let mut request = details.request?;
    let none = Context {
        date: None,
        rating: None,
        risk_vectors: raw("[]")?,
    };
    let context = Contexts {
        then: std::mem::replace(&mut request.context_then, none),
        now: details.context_now.map(now).transpose()?,
    };
    wire::json(&Wire {
        request,
        next: Next {
            code: details.next.code,
            sentence: details.next.sentence,
        },
        findings: details.findings.into_iter().map(finding).collect::<Result<_>>()?,
        context,
    })
}

fn now(context: ContextNow) -> Result<Context> {
    Ok(Context {
        date: Some(context.date),
        rating: context.rating,
        risk_vectors: raw(&context.risk_vectors_json)?,
    })
}

fn finding(row: FindingRow) -> Result<Finding> {
    let mut finding = Finding {
        rolledup_observation_id: row.rolledup_observation_id,
        risk_vector: None,
        severity: None,
        severity_category: None,
        grade: None,
        first_seen: None,
        last_seen: None,
        affects_rating: None,
        evidence: None,
        remediation: None,
    };
    if let Some(known) = row.known {
        finding.risk_vector = Some(words::VectorName {
            name: known.risk_vector_name,
            slug: known.risk_vector_slug,
        });
        finding.severity = known.severity;
        finding.severity_category = known.severity_category;
        finding.grade = known.grade;
        finding.first_seen = known.first_seen;
        finding.last_seen = known.last_seen;
        finding.affects_rating = Some(known.affects_rating);
        finding.evidence = known.evidence;
        finding.remediation = Some(raw(&known.remediation)?);
    }
    Ok(finding)
}
