//! The filters of the outbox and of its counts, from the query.

use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::{Guid, ids, risk_vectors};
use liaison_operations::access_requests::Filter;

use crate::errors::ApiError;
use crate::extract::Params;

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
        groups: params.list("group").map(guids),
        reasons: params
            .list("reason")
            .map(|list| list.into_iter().filter_map(Reason::parse).collect()),
        statuses: params
            .list("status")
            .map(|list| list.into_iter().filter_map(Status::parse).collect()),
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

fn guids(texts: Vec<&str>) -> Vec<Guid> {
    texts.into_iter().filter_map(ids::parse_guid).collect()
}
