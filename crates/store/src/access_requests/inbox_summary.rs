//! An inbox in numbers.

use liaison_db::{Query, Tx};
use liaison_domain::Guid;

use super::Side;
use super::list::push_side;
use crate::Result;

/// Who sent the newest request of an inbox, by the names of that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    /// The user, or the company token.
    pub user_guid: Guid,
    /// Their name.
    pub user_name: String,
    /// Their company, where their customer is one.
    pub company_guid: Option<Guid>,
    /// Its name.
    pub company_name: String,
}

/// How many requests an inbox has, and how many customers sent them.
pub fn count_inbox(tx: &mut Tx<'_>, side: &Side) -> Result<(i64, i64)> {
    let mut query = Query::new("select count(*), count(distinct r.customer_guid) from access_requests r where true");
    push_side(&mut query, side);
    let counted = tx.find_query(&query, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counted.unwrap_or_default())
}

/// Who sent the newest request of an inbox.
pub fn find_latest_requester(tx: &mut Tx<'_>, side: &Side) -> Result<Option<Requester>> {
    let mut query = Query::new(
        "select r.requester_guid, r.requester_formal_name, r.requester_company_guid, r.requester_company_name \
         from access_requests r where true",
    );
    push_side(&mut query, side);
    query.push(" order by r.created_at desc, r.guid desc limit 1");
    tx.find_query(&query, |row| {
        Ok(Requester {
            user_guid: row.get(0)?,
            user_name: row.get(1)?,
            company_guid: row.get(2)?,
            company_name: row.get(3)?,
        })
    })
}
