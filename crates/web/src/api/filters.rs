//! The filters of the outbox and of its counts, from the query.

use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::{Guid, ids, limits, risk_vectors};
use liaison_operations::access_requests::Filter;

use crate::errors::ApiError;
use crate::extract::Params;
use crate::openapi::{Kind, Parameter, query};

const COMPANY: Parameter = query("company_guid", Kind::Text, "Sent to this company.");
const RISK_VECTORS: Parameter = query(
    "context.risk_vectors.risk_vector.slug",
    Kind::List,
    "About one of these risk vectors; slugs with commas.",
);
const EXCLUDE_REQUESTER: Parameter = query("exclude_requesterid", Kind::Text, "Not sent by this user.");
const FOLDER: Parameter = query("folder_guid", Kind::Text, "Sent to a company in this folder.");
const GROUP: Parameter = query(
    "group",
    Kind::List,
    "Sent by a user of one of these groups, 100 at most.",
);
const REASON: Parameter = query("reason", Kind::List, "With one of these reasons.");
const REQUESTER: Parameter = query("requesterid", Kind::Text, "Sent by this user.");
const STATUS: Parameter = query("status", Kind::List, "With one of these statuses, in any case.");
const TIER: Parameter = query("tier_guid", Kind::Text, "Sent to a company in this tier.");
const UPDATED_SINCE: Parameter = query("updated_since", Kind::Moment, "Changed at this moment or later.");
const LIMIT: Parameter = query(
    "limit",
    Kind::Count,
    "Rows of a page, 500 at most. Without it everything comes.",
);
const OFFSET: Parameter = query("offset", Kind::Count, "Rows to leave out.");
const CURSOR: Parameter = query(
    "cursor",
    Kind::Text,
    "Where the page begins: from the `Link` header of the one before.",
);

/// The parameters of the outbox.
pub(crate) const OUTBOX_LIST: &[Parameter] = &[
    COMPANY,
    RISK_VECTORS,
    EXCLUDE_REQUESTER,
    FOLDER,
    GROUP,
    REASON,
    REQUESTER,
    STATUS,
    TIER,
    UPDATED_SINCE,
    LIMIT,
    OFFSET,
    CURSOR,
];

/// The parameters of the inbox.
pub(crate) const INBOX_LIST: &[Parameter] = &[UPDATED_SINCE, LIMIT, OFFSET, CURSOR];

/// The parameters of the counts.
pub(crate) const COUNTS: &[Parameter] = &[
    COMPANY,
    RISK_VECTORS,
    EXCLUDE_REQUESTER,
    FOLDER,
    GROUP,
    REASON,
    REQUESTER,
    STATUS,
    TIER,
    UPDATED_SINCE,
    query("start_date", Kind::Moment, "Created at this moment or later."),
    query("end_date", Kind::Moment, "Created before this moment."),
    query(
        "group_by",
        Kind::OneOf(&["company"]),
        "Adds the same numbers for each company.",
    ),
];

/// The nine documented filters, and `updated_since`. A value nobody knows matches nothing.
pub(crate) fn outbox(params: &Params) -> Result<Filter, ApiError> {
    let slugs = params.list("context.risk_vectors.risk_vector.slug");
    Ok(Filter {
        company: params.guid("company_guid"),
        risk_vectors: slugs.map(|slugs| risk_vectors::mask(slugs.into_iter().filter_map(risk_vectors::find))),
        exclude_requester: params.guid("exclude_requesterid"),
        requester: params.guid("requesterid"),
        folder: params.guid("folder_guid"),
        tier: params.guid("tier_guid"),
        groups: groups(params)?,
        reasons: params.list("reason").map(|list| without_repeats(list, Reason::parse)),
        statuses: params.list("status").map(|list| without_repeats(list, Status::parse)),
        created_from: None,
        created_until: None,
        updated_since: params.moment("updated_since")?,
    })
}

/// The filters of the counts: the same, and from when until when requests were created.
pub(crate) fn counts(params: &Params) -> Result<Filter, ApiError> {
    Ok(Filter {
        created_from: params.moment("start_date")?,
        created_until: params.moment("end_date")?,
        ..outbox(params)?
    })
}

/// The one filter of the inbox.
pub(crate) fn inbox(params: &Params) -> Result<Filter, ApiError> {
    Ok(Filter {
        updated_since: params.moment("updated_since")?,
        ..Filter::default()
    })
}

/// Repeated values would each make a statement of its own, and those are kept for the next time.
fn without_repeats<T: PartialEq>(texts: Vec<&str>, parse: fn(&str) -> Option<T>) -> Vec<T> {
    let mut values = Vec::new();
    for value in texts.into_iter().filter_map(parse) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

fn groups(params: &Params) -> Result<Option<Vec<Guid>>, ApiError> {
    let groups = params.list("group").map(|list| without_repeats(list, ids::parse_guid));
    let most = limits::FILTER_GROUPS;
    if groups.as_ref().is_some_and(|groups| groups.len() > most) {
        return Err(ApiError::parameter("group", &format!("at most {most} groups")));
    }
    Ok(groups)
}
