//! An outbox in numbers, for people: by week and status, days until acceptance, and how much of the portfolio.

use liaison_db::{Query, Tx};
use liaison_domain::access_requests::Status;
use liaison_domain::{Guid, Timestamp};

use super::list::push_side;
use super::sought::{NEWS, Sought, push_sought, status_number, stuck};
use super::{Filter, Side};
use crate::Result;

/// The requests that were sent in one week and have one status now.
#[derive(Clone, Copy, Debug)]
pub struct Cohort {
    /// Weeks since Monday, 29 December 1969.
    pub week: i64,
    /// The status now.
    pub status: Status,
    /// How many.
    pub count: i64,
    /// Of them: those that reached their recipient, by mail or otherwise.
    pub delivered: i64,
    /// Those that the recipient opened.
    pub opened: i64,
    /// Those that were accepted, and opened: who has an account is let in before they look.
    pub accepted: i64,
    /// Those that the recipient's side answered.
    pub answered: i64,
    /// Those that were resolved after an answer.
    pub resolved: i64,
    /// Those that need somebody of the sender, as one user sees it.
    pub needing: i64,
}

macro_rules! opened {
    () => {
        "(r.opened_at is not null or r.answered_at is not null or r.accepted_at > r.created_at)"
    };
}

/// The sent requests by week and status, whatever the filter says of status and need. One pass over the requests.
pub fn count_cohorts(
    tx: &mut Tx<'_>,
    customer: Guid,
    sought: &Sought,
    (user, now): (Guid, Timestamp),
) -> Result<Vec<Cohort>> {
    // Monday is the fourth day of the epoch: three days are added before the weeks are cut.
    let mut query = Query::new(concat!(
        "select (r.created_at + 259200000) / 604800000 * 10 + ",
        status_number!(),
        " as cohort, count(*), count(case when r.delivered_at is not null or ",
        opened!(),
        " then 1 end), count(case when ",
        opened!(),
        " then 1 end), count(case when r.accepted_at is not null and ",
        opened!(),
        " then 1 end), count(r.answered_at), count(case when r.resolved_at is not null then r.answered_at end), \
         count(case when ",
        stuck!(),
        " or ",
    ));
    query.given(now.0).push(NEWS).bind(user);
    query.push(
        "), 0)) then 1 end) from access_requests r left join users ru on ru.guid = r.requestee_user_guid \
         left join customers rc on rc.guid = r.requestee_customer_guid where true",
    );
    push_side(&mut query, &Side::Outbox { customer });
    push_sought(&mut query, customer, &without_status(sought));
    query.push(" group by 1 order by 1");
    tx.list_query(&query, |row| {
        let cohort: i64 = row.get(0)?;
        let place = usize::try_from(cohort.rem_euclid(10)).unwrap_or_default();
        Ok(Cohort {
            week: cohort.div_euclid(10),
            status: Status::ALL.get(place).copied().unwrap_or(Status::Inactive),
            count: row.get(1)?,
            delivered: row.get(2)?,
            opened: row.get(3)?,
            accepted: row.get(4)?,
            answered: row.get(5)?,
            resolved: row.get(6)?,
            needing: row.get(7)?,
        })
    })
}

fn without_status(sought: &Sought) -> Sought {
    Sought {
        filter: Filter {
            statuses: None,
            ..sought.filter.clone()
        },
        needing: None,
        ..sought.clone()
    }
}

/// How many requests were accepted so many whole days after they were sent, fewest days first. Without those whose
/// recipient was let in at once.
pub fn count_days_to_accept(
    tx: &mut Tx<'_>,
    customer: Guid,
    sought: &Sought,
    now: Timestamp,
) -> Result<Vec<(i64, i64)>> {
    let sought = without_status(sought);
    let mut query =
        Query::new("select (r.accepted_at - r.created_at) / 86400000, count(*) from access_requests r where ");
    query
        .push("r.accepted_at > r.created_at and r.accepted_at <= ")
        .bind(now.0);
    push_side(&mut query, &Side::Outbox { customer });
    push_sought(&mut query, customer, &sought);
    query.push(" group by 1 order by 1");
    tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Companies of the portfolio that were invited, and those that can be.
pub fn count_covered(tx: &mut Tx<'_>, customer: Guid) -> Result<(i64, i64)> {
    tx.one(
        "select count(case when i.company_guid is not null then 1 end), count(*) from portfolio pf \
         join companies co on co.guid = pf.company_guid left join \
         (select distinct requestee_company_guid as company_guid from access_requests where customer_guid = $1) i \
         on i.company_guid = pf.company_guid where pf.customer_guid = $1 and co.type = 'CURATED'",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
