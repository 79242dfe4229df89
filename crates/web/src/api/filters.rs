//! The filters of the outbox and of its counts, from the query.

use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::{Guid, ids, limits, risk_vectors};
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
