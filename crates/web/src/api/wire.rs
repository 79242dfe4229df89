//! The access request as the API answers it. Field names, types and order are the contract's.

use std::time::Duration;

use liaison_domain::{Guid, Timestamp};
use liaison_operations::access_requests::AccessRequest;
use liaison_operations::{Call, Error, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde::ser::SerializeMap as _;
use serde_json::value::RawValue;

use super::words;

/// Which side reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The organisation that sent it.
    Sender,
    /// The organisation that received it: never sees notes.
    Recipient,
}

/// What the answer depends on besides the row.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: Timestamp,
    pub(crate) cool_down: Duration,
}

impl Moment {
    pub(crate) fn of(call: &Call<'_>) -> Moment {
        Moment {
            now: call.now,
            cool_down: call.env.resend_cool_down,
        }
    }
}

/// An access request. The sender's `notes` are null for the recipient.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessRequest")]
pub(crate) struct Wire<'r> {
    guid: Guid,
    /// The user who sent it, or the company token.
    requester_guid: Guid,
    /// Empty where a company token sent it.
    requester_email: &'r str,
    requester_first_name: &'r str,
    requester_last_name: &'r str,
    requester_friendly_name: &'r str,
    requester_formal_name: &'r str,
    requester_company_guid: Option<Guid>,
    requester_company_name: &'r str,
    requester_customer_guid: Guid,
    requester_customer_name: &'r str,
    requestee_first_name: &'r str,
    requestee_last_name: &'r str,
    requestee_friendly_name: &'r str,
    requestee_formal_name: &'r str,
    requestee_email: &'r str,
    requestee_phone: &'r str,
    requestee_company_guid: Guid,
    requestee_company_name: &'r str,
    /// The day on which the recipient accepted the terms; null until then.
    #[schemars(extend("format" = "date"))]
    requestee_tos_date: Option<&'r str>,
    #[schemars(extend("format" = "date"))]
    requestee_last_login: Option<&'r str>,
    message: &'r str,
    notes: Option<&'r str>,
    #[schemars(extend("format" = "date"))]
    created_date: String,
    #[schemars(extend("format" = "date-time"))]
    created_time: String,
    /// The day of the last invitation mail.
    #[schemars(extend("format" = "date"))]
    email_sent_date: String,
    /// Whether a new link can be mailed now.
    can_resend_email: bool,
    /// Whether the recipient had an account when it was sent.
    #[schemars(extend("enum" = ["CREATED", "EXISTING"]))]
    hubspot_status: &'r str,
    #[schemars(extend("enum" = words::statuses()))]
    status: &'static str,
    /// Always true.
    is_real: bool,
    has_shared_observations: bool,
    shared_observations_count: i64,
    has_preferred_contact: bool,
    /// The same as `has_preferred_contact`.
    has_preferred_contacts: bool,
    /// Whether the recipient's side has read it.
    read: bool,
    /// Addresses with commas between them.
    ccs: Option<&'r str>,
    #[schemars(with = "Vec<String>")]
    rolledup_observation_ids: &'r RawValue,
    /// Days in which it can be accepted.
    invitation_duration: i64,
    /// Days of access from acceptance on.
    trial_duration: i64,
    #[schemars(extend("enum" = words::reasons()))]
    reason: &'r str,
    context: Context<'r>,
    /// Who closed it; empty while nobody did.
    #[schemars(with = "words::ResolvedBy")]
    resolved_by: ResolvedBy<'r>,
    #[schemars(extend("format" = "date"))]
    resolved_date: Option<String>,
    /// Whether the recipient's access is open.
    #[schemars(extend("enum" = ["active", "inactive"]))]
    recipient_customer_access: &'static str,
    #[schemars(with = "Vec<words::Party>")]
    third_parties: &'r RawValue,
}

/// The company's rating and grades on the day of sending.
#[derive(Serialize, JsonSchema)]
struct Context<'r> {
    #[schemars(extend("format" = "date"))]
    date: Option<&'r str>,
    rating: Option<i64>,
    #[schemars(with = "Vec<words::GradedVector>")]
    risk_vectors: &'r RawValue,
}

/// `{guid, formal_name}`, or an empty object while the request is open.
struct ResolvedBy<'r>(Option<(Guid, &'r str)>);

impl Serialize for ResolvedBy<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some((guid, name)) = &self.0 {
            map.serialize_entry("guid", guid)?;
            map.serialize_entry("formal_name", name)?;
        }
        map.end()
    }
}

/// Appends one request to a buffer.
pub(crate) fn write(out: &mut Vec<u8>, request: &AccessRequest<'_>, reader: Reader, moment: Moment) -> Result<()> {
    let wire = wire(request, reader, moment).map_err(broken)?;
    serde_json::to_writer(out, &wire).map_err(broken)
}

/// One request as a whole body.
pub(crate) fn body(request: &AccessRequest<'_>, reader: Reader, moment: Moment) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(2048);
    write(&mut out, request, reader, moment)?;
    Ok(out)
}

/// Any other value as a whole body.
pub(crate) fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(broken)
}

fn wire<'r>(r: &AccessRequest<'r>, reader: Reader, moment: Moment) -> serde_json::Result<Wire<'r>> {
    let can_resend = r.status.awaits_recipient() && r.email_sent_at + moment.cool_down <= moment.now;
    let created_time = r.created_at.rfc3339();
    Ok(Wire {
        guid: r.guid,
        requester_guid: r.requester_guid,
        requester_email: r.requester_email,
        requester_first_name: r.requester_first_name,
        requester_last_name: r.requester_last_name,
        requester_friendly_name: r.requester_friendly_name,
        requester_formal_name: r.requester_formal_name,
        requester_company_guid: r.requester_company_guid,
        requester_company_name: r.requester_company_name,
        requester_customer_guid: r.customer_guid,
        requester_customer_name: r.requester_customer_name,
        requestee_first_name: r.requestee_first_name,
        requestee_last_name: r.requestee_last_name,
        requestee_friendly_name: r.requestee_friendly_name,
        requestee_formal_name: r.requestee_formal_name,
        requestee_email: r.requestee_email,
        requestee_phone: r.requestee_phone,
        requestee_company_guid: r.requestee_company_guid,
        requestee_company_name: r.requestee_company_name,
        requestee_tos_date: r.requestee_tos_date,
        requestee_last_login: r.requestee_last_login,
        message: r.message,
        notes: r.notes.filter(|_| reader == Reader::Sender),
        created_date: created_time[..10].to_owned(),
        created_time,
        email_sent_date: r.email_sent_at.date(),
        can_resend_email: can_resend,
        hubspot_status: r.hubspot_status,
        status: r.status.slug(),
        is_real: true,
        has_shared_observations: r.observations_count > 0,
        shared_observations_count: r.observations_count,
        has_preferred_contact: r.has_preferred_contact,
        has_preferred_contacts: r.has_preferred_contact,
        read: r.is_read,
        ccs: r.ccs,
        rolledup_observation_ids: serde_json::from_str(r.observations_json)?,
        invitation_duration: liaison_domain::limits::INVITATION_DAYS,
        trial_duration: r.trial_duration,
        reason: r.reason,
        context: Context {
            date: r.context_date,
            rating: r.context_rating,
            risk_vectors: serde_json::from_str(r.risk_vectors_json)?,
        },
        resolved_by: ResolvedBy(
            r.resolved_by_guid
                .map(|guid| (guid, r.resolved_by_name.unwrap_or_default())),
        ),
        resolved_date: r.resolved_at.map(Timestamp::date),
        recipient_customer_access: if r.portal_is_active { "active" } else { "inactive" },
        third_parties: serde_json::from_str(r.third_parties_json)?,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn broken(error: serde_json::Error) -> Error {
    Error::Internal(format!("JSON of an answer: {error}"))
}
