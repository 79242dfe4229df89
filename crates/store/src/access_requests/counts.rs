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

/// How many requests of an inbox nobody has read, counted up to `most`.
pub fn count_unread(tx: &mut Tx<'_>, side: &Side, most: i64) -> Result<i64> {
    let mut query = Query::new("select count(*) from (select 1 as one from access_requests r where not r.is_read");
    push_side(&mut query, side);
    query.push(" limit ").bind(most).push(") u");
    Ok(tx.find_query(&query, |row| row.get(0))?.unwrap_or_default())
}

/// Requests to one company in one state.
#[derive(Clone, Debug)]
pub struct CompanyCount {
    /// The invited company.
    pub company_guid: Guid,
    /// Its name today.
    pub company_name: String,
    /// Whether it is in the sender's portfolio today.
    pub in_portfolio: bool,
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

/// How many requests a customer sent to each company, by state; companies by name. One pass over the requests.
pub fn count_sent(tx: &mut Tx<'_>, customer: Guid, filter: &Filter, now: Timestamp) -> Result<Vec<CompanyCount>> {
    let side = Side::Outbox { customer };
    let mut query = Query::new(concat!(
        "select counted.company_guid, co.name, counted.status_now, counted.requests, pf.company_guid is not null \
         from (select company_guid, status_now, count(*) as requests from \
         (select r.requestee_company_guid as company_guid, ",
        from_requests!(),
        "where true "
    ));
    query.given(now.0);
    push_side(&mut query, &side);
    push_filter(&mut query, &side, filter);
    query.push(
        ") as one group by company_guid, status_now) as counted join companies co on co.guid = counted.company_guid \
         left join portfolio pf on pf.company_guid = counted.company_guid and pf.customer_guid = ",
    );
    query.bind(customer).push(" order by co.name, counted.company_guid");
    tx.list_query(&query, |row| {
        let status = Status::parse(row.str(2)?).unwrap_or(Status::Inactive);
        Ok(CompanyCount {
            company_guid: row.get(0)?,
            company_name: row.get(1)?,
            in_portfolio: row.get(4)?,
            status: StatusCount {
                status,
                count: row.get(3)?,
            },
        })
    })
}
