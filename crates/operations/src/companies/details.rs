//! A company with everything that the API tells of it.

use liaison_db::Tx;
use liaison_domain::companies::CompanyType;
use liaison_domain::{Guid, Refusal, Timestamp, limits};
use liaison_store as store;
use liaison_store::companies::Company;
use liaison_store::portfolio::Entry;
use liaison_store::ratings::Rating;

use super::access::{Readable, find_readable, is_public, require_readable};
use crate::portfolio::hindrance;
use crate::{Call, Error, Result};

/// Days of ratings that a company's details have, counted back from the newest.
const DAYS: i64 = 366;

/// A company as its details show it.
#[derive(Clone, Debug)]
pub struct Details {
    /// The company.
    pub company: Company,
    /// What the caller may see beyond what everybody sees; none where that is nothing.
    pub inside: Option<Inside>,
}

/// What is known of a company to those who may read it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the answer")]
pub struct Inside {
    pub entry: Option<Entry>,
    pub is_own: bool,
    /// The newest rating with its grades.
    pub newest: Option<Rating>,
    /// By day, the newest first.
    pub ratings: Vec<(String, i64)>,
    pub customer_monitoring_count: i64,
    /// Whether its customer has somebody who is told of requests.
    pub has_preferred_contact: bool,
    /// Whether the customer calls it the primary company of another.
    pub is_primary: bool,
    pub primary_company: Option<(Guid, String)>,
    pub may_invite: bool,
    pub may_edit: bool,
}

/// What a customer changes of its notes on a company; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The customer's own number for it, or none.
    pub custom_id: Option<Option<String>>,
    /// The company that stands for it, or none.
    pub primary_company: Option<Option<Guid>>,
}

/// One company. With `unrestricted`, one that the caller may only find is shown as everybody sees it.
pub fn details(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, unrestricted: bool) -> Result<Details> {
    if unrestricted
        && let Some(guid) = guid
        && find_readable(tx, call, guid)?.is_none()
    {
        let company = store::companies::find(tx, guid)?
            .filter(is_public)
            .ok_or(Error::NotFound)?;
        return Ok(Details { company, inside: None });
    }
    let readable = require_readable(tx, call, guid)?;
    let company = store::companies::find(tx, readable.guid)?.ok_or(Error::NotFound)?;
    let inside = inside(tx, call, (&company, readable))?;
    Ok(Details {
        company,
        inside: Some(inside),
    })
}

fn inside(tx: &mut Tx<'_>, call: &Call<'_>, (company, readable): (&Company, Readable)) -> Result<Inside> {
    let (guid, customer) = (readable.guid, call.actor.customer_guid);
    let newest = store::ratings::find_newest(tx, guid)?;
    let since = newest.as_ref().and_then(|newest| Timestamp::parse(&newest.rating_date));
    let mut ratings = match since {
        Some(newest) => store::ratings::list_values_since(tx, guid, &newest.plus_days(-DAYS).date())?,
        None => Vec::new(),
    };
    ratings.reverse();
    let kind = CompanyType::parse(&company.kind).unwrap_or(CompanyType::Private);
    Ok(Inside {
        newest,
        ratings,
        customer_monitoring_count: store::portfolio::count_followers(tx, guid)?,
        has_preferred_contact: store::companies::has_collaboration_contact(tx, guid)?,
        is_primary: store::portfolio::is_primary(tx, customer, guid)?,
        primary_company: store::portfolio::find_primary(tx, customer, guid)?,
        may_invite: readable.entry.is_some() && hindrance(call.actor, kind).is_none(),
        may_edit: readable.entry.is_some() && call.actor.role.may_invite(),
        entry: readable.entry,
        is_own: readable.is_own,
    })
}

/// Changes what the customer notes of a company of its portfolio.
pub fn edit(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>, change: Change) -> Result<Details> {
    let readable = require_readable(tx, call, guid)?;
    let mut entry = readable.entry.ok_or(Error::Forbidden)?;
    let (guid, customer) = (readable.guid, call.actor.customer_guid);
    if let Some(custom_id) = change.custom_id {
        let is_long = custom_id
            .as_ref()
            .is_some_and(|id| id.chars().count() > limits::NAME_CHARS);
        if is_long {
            let rule = format!("must have {} characters at most", limits::NAME_CHARS);
            return Err(Refusal::field("contents.custom_id", rule).into());
        }
        entry.custom_id = custom_id.filter(|id| !id.trim().is_empty());
        store::portfolio::upsert(tx, customer, &entry)?;
    }
    if let Some(primary) = change.primary_company {
        let field = "contents.primary_company.guid";
        if primary == Some(guid) {
            return Err(Refusal::field(field, "must be another company").into());
        }
        if let Some(primary) = primary
            && find_readable(tx, call, primary)?.is_none()
        {
            return Err(Refusal::field(field, "must be a company of the portfolio").into());
        }
        store::portfolio::update_primary(tx, customer, guid, primary)?;
    }
    details(tx, call, Some(guid), false)
}
