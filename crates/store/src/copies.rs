//! What came from another server, and what of it other customers of this server have a part in.

use liaison_db::{Query, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::{Result, access_requests, bulk};

/// Those of some companies that another customer follows, or is.
pub fn list_shared(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<Vec<Guid>> {
    bulk::prefer_indexes(tx)?;
    let mut shared = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new("select company_guid from portfolio where customer_guid <> ");
        query
            .bind(customer)
            .push(" and company_guid in ")
            .bind_list(block.iter().copied());
        query
            .push(" union select my_company_guid from customers where guid <> ")
            .bind(customer);
        query.push(" and my_company_guid in ").bind_list(block.iter().copied());
        shared.append(&mut tx.list_query(&query, |row| row.get(0))?);
    }
    Ok(shared)
}

/// Where a customer was copied from.
pub fn find_source(tx: &mut Tx<'_>, customer: Guid) -> Result<Option<String>> {
    tx.find(
        "select source from copied_customers where customer_guid = $1",
        &[&customer],
        |row| row.get(0),
    )
}

/// Whether a customer only stands here as a sender of copied requests.
pub fn is_sender_only(tx: &mut Tx<'_>, customer: Guid) -> Result<bool> {
    let found = tx.find(
        "select 1 from copied_senders where customer_guid = $1",
        &[&customer],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Whether another customer is this company.
pub fn is_anothers_company(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<bool> {
    let found = tx.find(
        "select 1 from customers where my_company_guid = $2 and guid <> $1 limit 1",
        &[&customer, &company],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Remembers where a customer was copied from, the first time.
pub fn insert_source(tx: &mut Tx<'_>, customer: Guid, (source, now): (&str, Timestamp)) -> Result<u64> {
    tx.execute(
        "insert into copied_customers (customer_guid, source, copied_at) values ($1, $2, $3) on conflict do nothing",
        &[&customer, &source, &now.0],
    )
}

/// Marks a customer as a sender of copied requests only.
pub fn insert_sender(tx: &mut Tx<'_>, customer: Guid, source: &str) -> Result<u64> {
    tx.execute(
        "insert into copied_senders (customer_guid, source) values ($1, $2) on conflict do nothing",
        &[&customer, &source],
    )
}

/// A sender becomes a customer like others.
pub fn delete_sender(tx: &mut Tx<'_>, customer: Guid) -> Result<u64> {
    tx.execute("delete from copied_senders where customer_guid = $1", &[&customer])
}

/// A copied request as it is stored. Where nothing is said, the columns have the names of the fields.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Request<'n> {
    pub new: access_requests::New<'n>,
    pub email_sent_at: Timestamp,
    pub updated_at: Timestamp,
    pub resolved_at: Option<Timestamp>,
    pub resolved_by_guid: Option<Guid>,
    pub resolved_by_name: Option<&'n str>,
}

/// What is stored of a request that another server tells of.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The customer that sent it.
    pub customer: Guid,
    /// The company that it was sent to.
    pub requestee_company: Guid,
    /// Status as it is stored.
    pub status: String,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Digest of what was told of it, and when it last changed as of then; none where it was not copied.
    pub told: Option<(Vec<u8>, Timestamp)>,
}

/// A request, whoever it belongs to: guids are unique on the server.
pub fn find_request(tx: &mut Tx<'_>, guid: Guid) -> Result<Option<Stored>> {
    tx.find(
        "select r.customer_guid, r.requestee_company_guid, r.status, r.updated_at, c.told_sha256, c.updated_at \
         from access_requests r left join copied_requests c on c.request_guid = r.guid where r.guid = $1",
        &[&guid],
        |row| {
            let sha256: Option<Vec<u8>> = row.get(4)?;
            let updated_at: Option<i64> = row.get(5)?;
            Ok(Stored {
                customer: row.get(0)?,
                requestee_company: row.get(1)?,
                status: row.get(2)?,
                updated_at: Timestamp(row.get(3)?),
                told: sha256.zip(updated_at.map(Timestamp)),
            })
        },
    )
}

/// Stores a copied request that is new here. Its mails were sent elsewhere.
pub fn insert_request(tx: &mut Tx<'_>, request: &Request<'_>) -> Result<()> {
    access_requests::insert(tx, &request.new)?;
    update_past(tx, request)
}

/// Brings a copied request to what is told of it now.
pub fn update_request(tx: &mut Tx<'_>, request: &Request<'_>) -> Result<()> {
    let new = &request.new;
    tx.execute(
        "update access_requests set requestee_first_name = $3, requestee_last_name = $4, requestee_friendly_name = $5, \
         requestee_formal_name = $6, requestee_email = $7, requestee_phone = $8, requestee_tos_date = $9, message = $10, \
         notes = $11, ccs = $12, reason = $13, status = $14, is_read = $15, expires_at = $16, trial_duration = $17, \
         accepted_at = $18, context_date = $19, context_rating = $20, risk_vectors_mask = $21, risk_vectors_json = $22, \
         observations_count = $23, observations_json = $24, third_parties_json = $25, hubspot_status = $26 \
         where customer_guid = $1 and guid = $2",
        &[
            &new.customer_guid,
            &new.guid,
            &new.requestee_first_name,
            &new.requestee_last_name,
            &new.requestee_friendly_name,
            &new.requestee_formal_name,
            &new.requestee_email,
            &new.requestee_phone,
            &new.requestee_tos_date,
            &new.message,
            &new.notes,
            &new.ccs,
            &new.reason,
            &new.status,
            &new.is_read,
            &new.expires_at.0,
            &new.trial_duration,
            &new.accepted_at.map(|at| at.0),
            &new.context_date,
            &new.context_rating,
            &new.risk_vectors_mask,
            &new.risk_vectors_json,
            &new.observations_count,
            &new.observations_json,
            &new.third_parties_json,
            &new.hubspot_status,
        ],
    )?;
    update_past(tx, request)
}

/// What happened to a request before it came here.
fn update_past(tx: &mut Tx<'_>, request: &Request<'_>) -> Result<()> {
    let new = &request.new;
    tx.execute(
        "update access_requests set email_sent_at = $3, updated_at = $4, resolved_at = $5, resolved_by_guid = $6, \
         resolved_by_name = $7, delivery = 'sent', delivered_at = $3, opened_at = accepted_at \
         where customer_guid = $1 and guid = $2",
        &[
            &new.customer_guid,
            &new.guid,
            &request.email_sent_at.0,
            &request.updated_at.0,
            &request.resolved_at.map(|at| at.0),
            &request.resolved_by_guid,
            &request.resolved_by_name,
        ],
    )?;
    Ok(())
}

/// Remembers what was told of a request.
pub fn upsert_told(tx: &mut Tx<'_>, customer: Guid, request: Guid, (sha256, now): (&[u8], Timestamp)) -> Result<u64> {
    tx.execute(
        "insert into copied_requests (request_guid, customer_guid, told_sha256, updated_at) values ($1, $2, $3, $4) \
         on conflict (request_guid) do update set told_sha256 = excluded.told_sha256, updated_at = excluded.updated_at",
        &[&request, &customer, &sha256, &now.0],
    )
}
