//! What is shown beside the companies of a portfolio: folders, and the newest requests to them.

use liaison_db::{Query, Tx};
use liaison_domain::access_requests::Status;
use liaison_domain::{Guid, Timestamp};

use crate::access_requests::status_now;
use crate::{Result, bulk};

/// The newest request of a customer to a company.
#[derive(Clone, Debug)]
pub struct LastRequest {
    /// The company.
    pub company_guid: Guid,
    /// The request.
    pub guid: Guid,
    /// Its status at the moment of reading.
    pub status: Status,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Who was invited.
    pub requestee: String,
}

/// The folders of a customer, by name: guid and name.
pub fn list_folders(tx: &mut Tx<'_>, customer: Guid) -> Result<Vec<(Guid, String)>> {
    tx.list(
        "select guid, name from folders where customer_guid = $1 order by lower(name), guid",
        &[&customer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The customer's newest request to each of some companies.
pub fn list_last_requests(
    tx: &mut Tx<'_>,
    customer: Guid,
    companies: &[Guid],
    now: Timestamp,
) -> Result<Vec<LastRequest>> {
    let mut found = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new(concat!(
            "select r.requestee_company_guid, r.guid, ",
            status_now!(),
            ", r.created_at, r.requestee_formal_name from access_requests r \
             left join users ru on ru.guid = r.requestee_user_guid \
             left join customers rc on rc.guid = r.requestee_customer_guid \
             where r.customer_guid = $2 and r.guid in (select (select a.guid from access_requests a \
             where a.requestee_company_guid = co.guid and a.customer_guid = $2 \
             order by a.created_at desc, a.guid desc limit 1) from companies co where co.guid in ",
        ));
        query.given(now.0).given(customer).bind_list(block.iter().copied());
        query.push(")");
        found.append(&mut tx.list_query(&query, |row| {
            Ok(LastRequest {
                company_guid: row.get(0)?,
                guid: row.get(1)?,
                status: Status::parse(row.str(2)?).unwrap_or(Status::Inactive),
                created_at: Timestamp(row.get(3)?),
                requestee: row.get(4)?,
            })
        })?);
    }
    Ok(found)
}
