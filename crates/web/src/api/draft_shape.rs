//! Schemas of what is read field by field: invitations and status changes. `drafts` reads them, in the order in which
//! the contract refuses.

use liaison_domain::limits;
use schemars::JsonSchema;

use super::words;

/// One invitation, or up to 100: all are sent, or none.
#[derive(JsonSchema)]
#[schemars(rename = "InvitationBody")]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
pub(super) struct InviteBody {
    vendor_access_request: OneOrMany,
}

/// One invitation to be previewed.
#[derive(JsonSchema)]
#[schemars(rename = "PreviewBody")]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
pub(super) struct PreviewBody {
    vendor_access_request: Invitation,
}

#[derive(JsonSchema)]
#[schemars(untagged, rename = "InvitationOrInvitations")]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
enum OneOrMany {
    One(Box<Invitation>),
    Many(#[schemars(length(min = 1, max = limits::INVITATIONS_PER_POST))] Vec<Invitation>),
}

/// Who is invited, why, and about what. Without name and address the contact of the company is taken.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct Invitation {
    #[schemars(length(max = limits::NAME_CHARS))]
    requestee_friendly_name: Option<String>,
    #[schemars(length(max = limits::NAME_CHARS))]
    requestee_formal_name: Option<String>,
    /// Its domain has to be one of the company's.
    requestee_email: Option<String>,
    /// A company of the portfolio.
    requestee_company_guid: String,
    #[schemars(length(max = limits::PHONE_CHARS))]
    requestee_phone: Option<String>,
    /// Shown to the recipient.
    #[schemars(length(max = limits::TEXT_CHARS))]
    message: Option<String>,
    /// For the sender's organisation alone.
    #[schemars(length(max = limits::TEXT_CHARS))]
    notes: Option<String>,
    read: Option<bool>,
    ccs: Option<Ccs>,
    /// Findings of the company.
    #[schemars(length(max = limits::OBSERVATIONS))]
    rolledup_observation_ids: Option<Vec<String>>,
    /// Days of access from acceptance on; what is not said comes from the configuration.
    #[schemars(range(min = 1, max = 365))]
    trial_duration: Option<i64>,
    /// `other` where it is not said.
    #[schemars(extend("enum" = words::given_reasons()))]
    reason: Option<String>,
    context: Option<Subjects>,
    /// More people who get the introduction; they may be anybody.
    #[schemars(length(max = limits::THIRD_PARTIES))]
    third_parties: Option<Vec<ThirdParty>>,
}

/// More people who get the introduction: addresses with commas between them, or an array.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
enum Ccs {
    Text(#[schemars(length(max = limits::CCS_CHARS))] String),
    List(Vec<String>),
}

/// Risk vectors that the invitation is about.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct Subjects {
    #[schemars(length(max = limits::RISK_VECTORS))]
    risk_vectors: Option<Vec<Subject>>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct Subject {
    risk_vector: SubjectVector,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct SubjectVector {
    /// The slug of a risk vector, or its short id.
    slug: String,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
struct ThirdParty {
    email: String,
    #[schemars(length(max = limits::NAME_CHARS))]
    name: Option<String>,
}

/// A new status.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
pub(super) struct StatusBody {
    /// In any case.
    #[schemars(extend("enum" = words::changes()))]
    status: String,
}

/// New statuses of several requests.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
pub(super) enum BulkBody {
    Wrapped(BulkChanges),
    Bare(#[schemars(length(max = limits::BULK_CHANGES))] Vec<BulkChange>),
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
pub(super) struct BulkChanges {
    #[schemars(length(max = limits::BULK_CHANGES))]
    modify: Vec<BulkChange>,
}

/// The new status of one request.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the body is read field by field; this gives its schema")]
pub(super) struct BulkChange {
    guid: String,
    /// In any case.
    #[schemars(extend("enum" = words::changes()))]
    status: String,
}
