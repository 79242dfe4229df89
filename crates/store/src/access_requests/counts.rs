//! Counts over sent access requests.

use liaison_db::{Query, Tx};
use liaison_domain::access_requests::Status;
use liaison_domain::{Guid, Timestamp};

use super::list::{push_filter, push_side};
use super::{Filter, Side, status_now};
use crate::Result;

/// Requests in one state.
#[derive(Clone, Copy, Debug)]
pub struct StatusCount {
    /// The state.
    pub status: Status,
    /// How many.
    pub count: i64,
}

/// Requests to one company in one state.
#[derive(Clone, Debug)]
pub struct CompanyCount {
    /// The invited company.
    pub company_guid: Guid,
    /// Its name today.
    pub company_name: String,
    /// The state and how many.
    pub status: StatusCount,
}

macro_rules! from_requests {
    () => {
        concat!(
            status_now!(),
            " as status_now from access_requests r left join users ru on ru.guid = r.requestee_user_guid \
             left join customers rc on rc.guid = r.requestee_customer_guid "
        )
    };
}

/// How many requests of a side are in each state.
pub fn count_by_status(tx: &mut Tx<'_>, side: &Side, filter: &Filter, now: Timestamp) -> Result<Vec<StatusCount>> {
    let mut query = Query::new(concat!(
        "select status_now, count(*) from (select ",
        from_requests!(),
        "where true "
    ));
    query.given(now.0);
    push_side(&mut query, side);
    push_filter(&mut query, side, filter);
    query.push(") as counted group by status_now");
    tx.list_query(&query, |row| {
        Ok(StatusCount {
            status: Status::parse(row.str(0)?).unwrap_or(Status::Inactive),
            count: row.get(1)?,
        })
    })
}

/// The same for each invited company, by its name.
pub fn count_by_company(tx: &mut Tx<'_>, side: &Side, filter: &Filter, now: Timestamp) -> Result<Vec<CompanyCount>> {
    let mut query = Query::new(concat!(
        "select counted.company_guid, co.name, status_now, count(*) from \
         (select r.requestee_company_guid as company_guid, ",
        from_requests!(),
        "where true "
    ));
    query.given(now.0);
    push_side(&mut query, side);
    push_filter(&mut query, side, filter);
    query.push(
        ") as counted join companies co on co.guid = counted.company_guid \
         group by counted.company_guid, co.name, status_now order by co.name, counted.company_guid",
    );
    tx.list_query(&query, |row| {
        Ok(CompanyCount {
            company_guid: row.get(0)?,
            company_name: row.get(1)?,
            status: StatusCount {
                status: Status::parse(row.str(2)?).unwrap_or(Status::Inactive),
                count: row.get(3)?,
            },
        })
    })
}

/// Companies that were invited, and how many of them are in the customer's portfolio.
pub fn count_invited_portfolio(tx: &mut Tx<'_>, customer: Guid, filter: &Filter, now: Timestamp) -> Result<(i64, i64)> {
    let side = Side::Outbox { customer };
    let mut query = Query::new(
        "select count(*), count(pf.company_guid) from (select distinct r.requestee_company_guid as company_guid \
         from access_requests r left join users ru on ru.guid = r.requestee_user_guid \
         left join customers rc on rc.guid = r.requestee_customer_guid where cast($1 as bigint) is not null ",
    );
    query.given(now.0);
    push_side(&mut query, &side);
    push_filter(&mut query, &side, filter);
    query.push(") as invited left join portfolio pf on pf.company_guid = invited.company_guid and pf.customer_guid = ");
    query.bind(customer);
    Ok(tx
        .find_query(&query, |row| Ok((row.get(0)?, row.get(1)?)))?
        .unwrap_or((0, 0)))
}
