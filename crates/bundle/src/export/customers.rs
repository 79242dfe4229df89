//! Customers and what belongs to them, sorted by guid so that both engines give the same order.

use liaison_domain::Guid;
use liaison_store as store;

use super::shapes::{contact, customer_fields, entry, folder, group, tier, token, user};
use super::{ExportError, ROWS, Sheet};
use crate::Kind;

pub(super) fn write(sheet: &mut Sheet<'_>) -> Result<(), ExportError> {
    let mut customers = sheet.read(store::customers::list)?;
    customers.sort_unstable_by_key(|customer| customer.guid);
    for customer in customers {
        let fields = serde_json::to_string(&customer_fields(&customer))?;
        sheet.separate(Kind::Customers)?;
        // The object stays open for its lists.
        sheet.text(fields.trim_end_matches('}'))?;
        let guid = customer.guid;
        for kind in [
            Kind::Groups,
            Kind::Users,
            Kind::ApiTokens,
            Kind::Tiers,
            Kind::Folders,
            Kind::Portfolio,
            Kind::Contacts,
        ] {
            sheet.text(",\n ")?;
            sheet.list(kind.name(), |sheet| one_list(sheet, guid, kind))?;
        }
        sheet.text("}")?;
    }
    Ok(())
}

fn one_list(sheet: &mut Sheet<'_>, customer: Guid, kind: Kind) -> Result<(), ExportError> {
    match kind {
        Kind::Groups => {
            let mut rows = sheet.read(move |tx| store::user_groups::list(tx, customer))?;
            rows.sort_unstable_by_key(|row| row.guid);
            rows.iter().try_for_each(|row| {
                let guid = row.guid;
                let companies = sheet.read(move |tx| store::user_groups::list_companies(tx, customer, guid))?;
                sheet.row(kind, &group(row, &companies))
            })
        }
        Kind::Users => {
            let mut rows = sheet.read(move |tx| store::users::list(tx, customer))?;
            rows.sort_unstable_by_key(|row| row.guid);
            rows.iter().try_for_each(|row| sheet.row(kind, &user(row)))
        }
        Kind::Tiers => {
            let mut rows = sheet.read(move |tx| store::tiers::list(tx, customer))?;
            rows.sort_unstable_by_key(|row| row.guid);
            rows.iter().try_for_each(|row| sheet.row(kind, &tier(row)))
        }
        Kind::Folders => {
            let mut rows = sheet.read(move |tx| store::folders::list(tx, customer))?;
            rows.sort_unstable_by_key(|row| row.guid);
            rows.iter().try_for_each(|row| sheet.row(kind, &folder(row)))
        }
        Kind::ApiTokens => tokens(sheet, customer),
        Kind::Portfolio => portfolio(sheet, customer),
        _ => contacts(sheet, customer),
    }
}

/// Tokens that work, one for each description and user: an import makes no second one of a kind.
fn tokens(sheet: &mut Sheet<'_>, customer: Guid) -> Result<(), ExportError> {
    let rows = sheet.read(move |tx| store::api_tokens::list(tx, customer))?;
    let working = rows.into_iter().filter(|row| row.revoked_at.is_none());
    let mut rows: Vec<_> = working.map(|row| (row.description, row.user_email)).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.iter()
        .try_for_each(|(description, email)| sheet.row(Kind::ApiTokens, &token(description, email.as_deref())))
}

fn portfolio(sheet: &mut Sheet<'_>, customer: Guid) -> Result<(), ExportError> {
    let mut after = None;
    loop {
        let page = sheet.read(move |tx| store::portfolio::list_after(tx, customer, after, ROWS))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.company_guid);
        page.iter()
            .try_for_each(|row| sheet.row(Kind::Portfolio, &entry(row)))?;
    }
}

fn contacts(sheet: &mut Sheet<'_>, customer: Guid) -> Result<(), ExportError> {
    let mut after = None;
    loop {
        let page = sheet.read(move |tx| store::contacts::list_after(tx, customer, after, ROWS))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.guid);
        page.iter()
            .try_for_each(|row| sheet.row(Kind::Contacts, &contact(row)))?;
    }
}
