//! Contacts: points of contact that a customer preassigned to companies.

use liaison_db::{Query, Row, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::{Result, bulk};

/// A contact, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns and of the bundle")]
pub struct Contact {
    pub guid: Guid,
    pub company_guid: Guid,
    pub friendly_name: String,
    pub formal_name: String,
    pub email: String,
    pub phone_number: Option<String>,
}

/// The customer's contact at a company: the oldest where there are several.
pub fn find_for_company(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Option<Contact>> {
    tx.find(
        "select guid, company_guid, friendly_name, formal_name, email, phone_number from contacts \
         where customer_guid = $1 and company_guid = $2 order by created_at, guid limit 1",
        &[&customer, &company],
        read,
    )
}

/// The customer's contacts at a company, oldest first.
pub fn list_of_company(tx: &mut Tx<'_>, customer: Guid, company: Guid) -> Result<Vec<Contact>> {
    tx.list(
        "select guid, company_guid, friendly_name, formal_name, email, phone_number from contacts \
         where customer_guid = $1 and company_guid = $2 order by created_at, guid",
        &[&customer, &company],
        read,
    )
}

/// The customer's contacts at some companies, oldest first.
pub fn list_of_companies(tx: &mut Tx<'_>, customer: Guid, companies: &[Guid]) -> Result<Vec<Contact>> {
    let mut found = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new(
            "select guid, company_guid, friendly_name, formal_name, email, phone_number from contacts \
             where customer_guid = ",
        );
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

/// One contact.
pub fn find(tx: &mut Tx<'_>, customer: Guid, guid: Guid) -> Result<Option<Contact>> {
    tx.find(
        "select guid, company_guid, friendly_name, formal_name, email, phone_number from contacts \
         where customer_guid = $1 and guid = $2",
        &[&customer, &guid],
        read,
    )
}

/// Contacts after a guid, by guid.
pub fn list_after(tx: &mut Tx<'_>, customer: Guid, after: Option<Guid>, limit: i64) -> Result<Vec<Contact>> {
    tx.list(
        "select guid, company_guid, friendly_name, formal_name, email, phone_number from contacts \
         where customer_guid = $1 and guid > $2 order by guid limit $3",
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
    let head = "select guid, company_guid, friendly_name, formal_name, email, phone_number from contacts \
                where customer_guid = ";
    bulk::list_of_customer(tx, (head, customer, " and guid in "), guids, read)
}

/// Stores contacts, new or changed. Those whose guid is another customer's are left out.
pub fn upsert_all(tx: &mut Tx<'_>, customer: Guid, contacts: &[Contact], now: Timestamp) -> Result<u64> {
    let sql = (
        "insert into contacts (guid, customer_guid, company_guid, friendly_name, formal_name, email, phone_number, \
         created_at) values ",
        ") on conflict (guid) do update set company_guid = excluded.company_guid, \
         friendly_name = excluded.friendly_name, formal_name = excluded.formal_name, email = excluded.email, \
         phone_number = excluded.phone_number where contacts.customer_guid = excluded.customer_guid",
    );
    bulk::insert(tx, sql, contacts, |values, contact| {
        values
            .add(contact.guid)
            .add(customer)
            .add(contact.company_guid)
            .add(contact.friendly_name.clone());
        values
            .add(contact.formal_name.clone())
            .add(contact.email.clone())
            .add(contact.phone_number.clone());
        values.add(now.0);
    })
}

/// Stores a contact, new or changed. Gives 0 where the guid is another customer's.
pub fn upsert(tx: &mut Tx<'_>, customer: Guid, contact: &Contact, now: Timestamp) -> Result<u64> {
    upsert_all(tx, customer, std::slice::from_ref(contact), now)
}

fn read(row: &Row<'_>) -> Result<Contact> {
    Ok(Contact {
        guid: row.get(0)?,
        company_guid: row.get(1)?,
        friendly_name: row.get(2)?,
        formal_name: row.get(3)?,
        email: row.get(4)?,
        phone_number: row.get(5)?,
    })
}
