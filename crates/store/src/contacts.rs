//! Contacts: points of contact that a customer preassigned to companies.

use liaison_db::{Query, Row, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::{Result, bulk};

/// A contact, without who wrote it down and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns and of the bundle")]
pub struct Contact {
    pub guid: Guid,
    pub company_guid: Guid,
    pub friendly_name: String,
    pub formal_name: String,
    pub email: String,
    pub phone_number: Option<String>,
    pub nickname: Option<String>,
    pub platform_id: Option<String>,
    pub relation_active: Option<bool>,
    pub relation_type: Option<String>,
    pub role: Option<String>,
    pub source: Option<String>,
    pub user_guid: Option<Guid>,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "select guid, company_guid, friendly_name, formal_name, email, phone_number, nickname, platform_id, \
             relation_active, relation_type, role, source, user_guid from contacts where customer_guid = ",
            $tail
        )
    };
}

/// The customer's contact at a company: the oldest where there are several.
pub fn find_for_company(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Option<Contact>> {
    tx.find(
        select!("$1 and company_guid = $2 order by created_at, guid limit 1"),
        &[&customer, &company],
        read,
    )
}

/// The customer's contacts at a company, oldest first.
pub fn list_of_company(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Vec<Contact>> {
    tx.list(
        select!("$1 and company_guid = $2 order by created_at, guid"),
        &[&customer, &company],
        read,
    )
}

/// The customer's contacts at some companies, oldest first.
pub fn list_of_companies(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<Vec<Contact>> {
    let mut found = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new(select!(""));
        query.bind(customer).push(" and company_guid in ");
        query
            .bind_list(block.iter().copied())
            .push(" order by created_at, guid");
        found.append(&mut tx.list_query(&query, read)?);
    }
    Ok(found)
}

/// Deletes a contact.
pub fn delete(tx: &mut Tx<'_>, customer: Guid, (company, guid): (Guid, Guid)) -> Result<u64> {
    tx.execute(
        "delete from contacts where customer_guid = $1 and company_guid = $2 and guid = $3",
        &[&customer, &company, &guid],
    )
}

/// Contacts after a guid, by guid.
pub fn list_after(tx: &mut Tx<'_>, customer: Guid, after: Option<Guid>, limit: i64) -> Result<Vec<Contact>> {
    tx.list(
        select!("$1 and guid > $2 order by guid limit $3"),
        &[&customer, &after.unwrap_or_default(), &limit],
        read,
    )
}

/// The customers of some contacts, whoever's they are: guids are unique on the server.
pub fn list_owners(tx: &mut Tx<'_>, guids: &[Guid]) -> Result<Vec<(Guid, Guid)>> {
    bulk::list_in(
        tx,
        "select guid, customer_guid from contacts where guid in ",
        guids,
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Those of some contacts that the customer has.
pub fn list_by_guids(tx: &mut Tx<'_>, customer: Guid, guids: &[Guid]) -> Result<Vec<Contact>> {
    bulk::list_of_customer(tx, (select!(""), customer, " and guid in "), guids, read)
}

/// Stores contacts, new or changed. Those whose guid is another customer's are left out.
pub fn upsert_all(tx: &mut Tx<'_>, customer: Guid, contacts: &[Contact], now: Timestamp) -> Result<u64> {
    let sql = (
        "insert into contacts (guid, customer_guid, company_guid, friendly_name, formal_name, email, phone_number, \
         nickname, platform_id, relation_active, relation_type, role, source, user_guid, created_at, edited_at) values ",
        ") on conflict (guid) do update set company_guid = excluded.company_guid, \
         friendly_name = excluded.friendly_name, formal_name = excluded.formal_name, email = excluded.email, \
         phone_number = excluded.phone_number, nickname = excluded.nickname, platform_id = excluded.platform_id, \
         relation_active = excluded.relation_active, relation_type = excluded.relation_type, role = excluded.role, \
         source = excluded.source, user_guid = excluded.user_guid, \
         edited_at = excluded.edited_at, editor_email = null where contacts.customer_guid = excluded.customer_guid",
    );
    bulk::insert(tx, sql, contacts, |values, contact| {
        values.add(contact.guid).add(customer).add(contact.company_guid);
        values.add(contact.friendly_name.clone());
        values.add(contact.formal_name.clone()).add(contact.email.clone());
        values.add(contact.phone_number.clone()).add(contact.nickname.clone());
        values.add(contact.platform_id.clone()).add(contact.relation_active);
        values.add(contact.relation_type.clone()).add(contact.role.clone());
        values.add(contact.source.clone()).add(contact.user_guid);
        values.add(now.0).add(now.0);
    })
}

fn read(row: &Row<'_>) -> Result<Contact> {
    Ok(Contact {
        guid: row.get(0)?,
        company_guid: row.get(1)?,
        friendly_name: row.get(2)?,
        formal_name: row.get(3)?,
        email: row.get(4)?,
        phone_number: row.get(5)?,
        nickname: row.get(6)?,
        platform_id: row.get(7)?,
        relation_active: row.get(8)?,
        relation_type: row.get(9)?,
        role: row.get(10)?,
        source: row.get(11)?,
        user_guid: row.get(12)?,
    })
}

/// A contact, who wrote it down, who changed it last, and when.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The contact.
    pub contact: Contact,
    /// The address of the user who wrote it down; none where an import or a company token did.
    pub creator_email: Option<String>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// The address of the user who changed it last.
    pub editor_email: Option<String>,
    /// When it was changed last.
    pub edited_at: Timestamp,
}

/// Which contacts of a customer.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// At these companies; none: at all.
    pub companies: Option<Vec<Guid>>,
    /// Only the one of each company that was changed last.
    pub latest: bool,
}

const SELECT_KEPT: &str = "select c.guid, c.company_guid, c.friendly_name, c.formal_name, c.email, c.phone_number, \
    c.nickname, c.platform_id, c.relation_active, c.relation_type, c.role, c.source, c.user_guid, c.creator_email, \
    c.created_at, c.editor_email, c.edited_at from contacts c where c.customer_guid = ";

/// The contacts that a filter leaves, newest first: `limit` of them after the first `offset`.
pub fn list_kept(tx: &mut Tx<'_>, customer: Guid, filter: &Filter, (limit, offset): (i64, i64)) -> Result<Vec<Kept>> {
    let mut query = Query::new(SELECT_KEPT);
    query.bind(customer);
    push_filter(&mut query, filter);
    query
        .push(" order by c.created_at desc, c.guid desc limit ")
        .bind(limit);
    query.push(" offset ").bind(offset);
    tx.list_query(&query, read_kept)
}

/// The contacts that a filter leaves and that come after one in the list, newest first.
pub fn list_kept_after(
    tx: &mut Tx<'_>,
    customer: Guid,
    filter: &Filter,
    (after, limit): (Option<(Timestamp, Guid)>, i64),
) -> Result<Vec<Kept>> {
    let mut query = Query::new(SELECT_KEPT);
    query.bind(customer);
    push_filter(&mut query, filter);
    if let Some((at, guid)) = after {
        query.push(" and (c.created_at, c.guid) < (").bind(at.0);
        query.push(", ").bind(guid).push(")");
    }
    query
        .push(" order by c.created_at desc, c.guid desc limit ")
        .bind(limit);
    tx.list_query(&query, read_kept)
}

/// How many contacts a filter leaves.
pub fn count_kept(tx: &mut Tx<'_>, customer: Guid, filter: &Filter) -> Result<i64> {
    let mut query = Query::new("select count(*) from contacts c where c.customer_guid = ");
    query.bind(customer);
    push_filter(&mut query, filter);
    Ok(tx.find_query(&query, |row| row.get(0))?.unwrap_or_default())
}

fn push_filter(query: &mut Query, filter: &Filter) {
    if let Some(companies) = &filter.companies {
        query
            .push(" and c.company_guid in ")
            .bind_list(companies.iter().copied());
    }
    if filter.latest {
        query.push(
            " and not exists (select 1 from contacts n where n.customer_guid = c.customer_guid \
             and n.company_guid = c.company_guid and (n.edited_at, n.guid) > (c.edited_at, c.guid))",
        );
    }
}

/// One contact.
pub fn find_kept(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Kept>> {
    let mut query = Query::new(SELECT_KEPT);
    query.bind(customer).push(" and c.guid = ").bind(guid);
    tx.find_query(&query, read_kept)
}

/// The customer's contacts at a company, oldest first.
pub fn list_kept_of_company(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Vec<Kept>> {
    let mut query = Query::new(SELECT_KEPT);
    query.bind(customer).push(" and c.company_guid = ").bind(company);
    query.push(" order by c.created_at, c.guid");
    tx.list_query(&query, read_kept)
}

fn read_kept(row: &Row<'_>) -> Result<Kept> {
    Ok(Kept {
        contact: read(row)?,
        creator_email: row.get(13)?,
        created_at: Timestamp(row.get(14)?),
        editor_email: row.get(15)?,
        edited_at: Timestamp(row.get(16)?),
    })
}

/// Stores a contact, new or changed; who wrote it down, and when, stays.
pub fn save(tx: &mut Tx<'_>, customer: Guid, kept: &Kept) -> Result<u64> {
    let contact = &kept.contact;
    tx.execute(
        "insert into contacts (guid, customer_guid, company_guid, friendly_name, formal_name, email, phone_number, \
         creator_email, created_at, editor_email, edited_at, nickname, platform_id, relation_active, relation_type, \
         role, source, user_guid) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18) on conflict (guid) do update set company_guid = excluded.company_guid, \
         friendly_name = excluded.friendly_name, formal_name = excluded.formal_name, email = excluded.email, \
         phone_number = excluded.phone_number, editor_email = excluded.editor_email, edited_at = excluded.edited_at, \
         nickname = excluded.nickname, platform_id = excluded.platform_id, \
         relation_active = excluded.relation_active, relation_type = excluded.relation_type, role = excluded.role, \
         source = excluded.source, user_guid = excluded.user_guid \
         where contacts.customer_guid = excluded.customer_guid",
        &[
            &contact.guid,
            &customer,
            &contact.company_guid,
            &contact.friendly_name,
            &contact.formal_name,
            &contact.email,
            &contact.phone_number,
            &kept.creator_email,
            &kept.created_at.0,
            &kept.editor_email,
            &kept.edited_at.0,
            &contact.nickname,
            &contact.platform_id,
            &contact.relation_active,
            &contact.relation_type,
            &contact.role,
            &contact.source,
            &contact.user_guid,
        ],
    )
}
