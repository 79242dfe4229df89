//! The outbox in numbers.

use axum::extract::State;
use liaison_domain::Guid;
use liaison_operations::access_requests::{self, Buckets, Summary};
use schemars::JsonSchema;
use serde::Serialize;

use super::Answer;
use crate::api::{conventions, filters, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Params};
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

pub(crate) const COUNTS: Operation =
    Operation::new("GET", "countOutbox", tag::ACCESS_REQUESTS, "The outbox in numbers")
        .about("Requests that are neither of the five statuses count in `total` alone.")
        .query(filters::COUNTS)
        .answers::<Counts<'_>>(200, "The numbers.")
        .example(example!("countOutbox"));

/// `GET /access-requests/counts`: the outbox in numbers.
pub(crate) async fn counts(State(web): State<Web>, caller: Caller, params: Params) -> Answer {
    let filter = caller.checked(&web, filters::counts(&params)).await?;
    let by_company = match params.text("group_by") {
        None => Ok(false),
        Some("company") => Ok(true),
        Some(_) => Err(ApiError::parameter("group_by", "must be company")),
    };
    let by_company = caller.checked(&web, by_company).await?;
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| {
        wire::json(&summary(&access_requests::summarise(tx, call, &filter, by_company)?))
    };
    conventions::read(&web, caller, read).await
}

/// The outbox in numbers.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OutboxCounts")]
struct Counts<'s> {
    total: i64,
    /// Companies that were invited.
    company_count: i64,
    status: StatusCounts,
    /// Companies of the portfolio that were invited.
    invited_eva_portfolio_companies: i64,
    /// Companies of the portfolio that can be invited.
    eligible_eva_portfolio_companies: i64,
    /// Always 0: there are none here.
    mock_requests: i64,
    /// With `group_by=company` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    companies: Option<Vec<CompanyCounts<'s>>>,
}

#[derive(Serialize, JsonSchema)]
struct CompanyCounts<'s> {
    company_guid: Guid,
    company_name: &'s str,
    total: i64,
    status: StatusCounts,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct StatusCounts {
    inactive: i64,
    active: i64,
    pending: i64,
    never: i64,
    resolved: i64,
}

fn summary(summary: &Summary) -> Counts<'_> {
    let companies = summary.companies.as_ref().map(|companies| {
        let companies = companies.iter().map(|company| CompanyCounts {
            company_guid: company.company_guid,
            company_name: &company.company_name,
            total: company.total,
            status: buckets(&company.status),
        });
        companies.collect()
    });
    Counts {
        total: summary.total,
        company_count: summary.company_count,
        status: buckets(&summary.status),
        invited_eva_portfolio_companies: summary.invited_portfolio_companies,
        eligible_eva_portfolio_companies: summary.eligible_portfolio_companies,
        mock_requests: 0,
        companies,
    }
}

fn buckets(status: &Buckets) -> StatusCounts {
    StatusCounts {
        inactive: status.inactive,
        active: status.active,
        pending: status.pending,
        never: status.never,
        resolved: status.resolved,
    }
}
