//! The numbers over an outbox.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_domain::access_requests::Status;
use liaison_store as store;
use liaison_store::access_requests::{Filter, StatusCount};

use crate::{Call, Result};

/// Requests by status, and how far the portfolio is covered.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// All requests, whatever their status.
    pub total: i64,
    /// Companies that were invited.
    pub company_count: i64,
    /// The five statuses that are always reported, in the documented order.
    pub status: Buckets,
    /// Companies of the portfolio that were invited.
    pub invited_portfolio_companies: i64,
    /// Companies of the portfolio that can be invited.
    pub eligible_portfolio_companies: i64,
    /// The same for each company, where asked for.
    pub companies: Option<Vec<CompanySummary>>,
}

/// Number of requests in each of the five reported statuses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Buckets {
    /// `Inactive`.
    pub inactive: i64,
    /// `Active`.
    pub active: i64,
    /// `Pending`.
    pub pending: i64,
    /// `Never`.
    pub never: i64,
    /// `Resolved`.
    pub resolved: i64,
}

/// The requests to one company.
#[derive(Clone, Debug)]
pub struct CompanySummary {
    /// The company.
    pub company_guid: Guid,
    /// Its name.
    pub company_name: String,
    /// All requests to it.
    pub total: i64,
    /// The five statuses.
    pub status: Buckets,
}

impl Buckets {
    fn add(&mut self, counted: StatusCount) {
        match counted.status {
            Status::Inactive => self.inactive += counted.count,
            Status::Active => self.active += counted.count,
            Status::Pending => self.pending += counted.count,
            Status::Never => self.never += counted.count,
            Status::Resolved => self.resolved += counted.count,
            Status::Requested | Status::Rejected => {}
        }
    }
}

/// Counts the sent requests that a filter leaves.
pub fn summarise(tx: &mut Tx<'_>, call: &Call<'_>, filter: &Filter, by_company: bool) -> Result<Summary> {
    let customer = call.actor.customer_guid;
    let mut summary = Summary::default();
    let mut companies: Vec<CompanySummary> = Vec::new();
    for counted in store::access_requests::count_sent(tx, customer, filter, call.now)? {
        summary.total += counted.status.count;
        summary.status.add(counted.status);
        if companies
            .last()
            .is_none_or(|last| last.company_guid != counted.company_guid)
        {
            summary.company_count += 1;
            summary.invited_portfolio_companies += i64::from(counted.in_portfolio);
            companies.push(CompanySummary {
                company_guid: counted.company_guid,
                company_name: counted.company_name,
                total: 0,
                status: Buckets::default(),
            });
        }
        if let Some(company) = companies.last_mut() {
            company.total += counted.status.count;
            company.status.add(counted.status);
        }
    }
    summary.eligible_portfolio_companies = store::portfolio::count_invitable(tx, customer)?;
    summary.companies = by_company.then_some(companies);
    Ok(summary)
}
