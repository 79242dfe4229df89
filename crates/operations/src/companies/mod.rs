//! Companies: which of them a caller may read, one of the portfolio with everything its customer knows about it, and
//! the search of the inventory.

mod access;
mod assets;
mod details;
mod images;
mod search;
mod tree;

use liaison_db::Tx;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::companies::CompanyType;
use liaison_domain::{Guid, Timestamp};
use liaison_store as store;
use liaison_store::access_requests::{AccessRequest, Filter, Page};
pub use liaison_store::companies::Company;
use serde::Deserialize;

pub use self::access::{Readable, require_readable};
pub use self::assets::{Asset, assets};
pub use self::details::{Change, Details, Inside, details, edit};
pub use self::images::{course, name};
pub use self::search::{Hit, Hits, Query, search};
pub use self::tree::{Node, tree};
use crate::findings::vector_name;
use crate::portfolio::{Contact, Hindrance, LastRequest, hindrance};
use crate::{Call, Error, Result};

/// Requests that the page of a company shows.
const REQUESTS: i64 = 20;

/// A company with what a customer knows about it.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The company.
    pub company: Company,
    /// Why the caller cannot invite it.
    pub hindrance: Option<Hindrance>,
    /// The name of its tier.
    pub tier: Option<String>,
    /// The names of its folders, by name.
    pub folders: Vec<String>,
    /// The customer's own number for it.
    pub custom_id: Option<String>,
    /// Since when it is followed, `YYYY-MM-DD`.
    pub added_date: String,
    /// Its ratings by day, oldest first.
    pub ratings: Vec<(String, i64)>,
    /// The day of the grades.
    pub graded_on: Option<String>,
    /// The grades of that day, the worst first.
    pub grades: Vec<Grade>,
    /// The customer's contacts, oldest first.
    pub contacts: Vec<Contact>,
    /// The newest requests to it, newest first.
    pub requests: Vec<Sent>,
}

/// The grade of a risk vector.
#[derive(Clone, Debug)]
pub struct Grade {
    /// Slug.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// A, B, C, D or F.
    pub letter: Option<String>,
    /// 0 to 100: how many companies do worse.
    pub percentile: Option<f64>,
}

/// A request to the company.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the request")]
pub struct Sent {
    pub guid: Guid,
    pub requestee: String,
    pub requestee_email: String,
    pub requester: String,
    pub reason: &'static str,
    pub status: Status,
    pub created_at: Timestamp,
    pub observations_count: i64,
}

#[derive(Deserialize)]
struct Graded {
    slug: String,
    grade: Option<String>,
    percentile: Option<f64>,
}

/// What an invitation to a company starts from.
#[derive(Clone, Debug)]
pub struct Invitee {
    /// The company.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// Its domains, in their order.
    pub domains: Vec<String>,
    /// Why the caller cannot invite it.
    pub hindrance: Option<Hindrance>,
    /// The customer's contacts, oldest first.
    pub contacts: Vec<Contact>,
    /// The newest request to it.
    pub last_request: Option<LastRequest>,
    /// Days of trial that the account gives by itself.
    pub trial_duration: i64,
}

/// A company of the portfolio as an invitation needs it.
pub fn invitee(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Invitee> {
    let (guid, customer) = (guid.ok_or(Error::NotFound)?, call.actor.customer_guid);
    let company = store::companies::find_in_portfolio(tx, customer, guid)?.ok_or(Error::NotFound)?;
    Ok(Invitee {
        guid,
        name: company.name,
        domains: company.domains,
        hindrance: hindrance(
            call.actor,
            CompanyType::parse(&company.kind).unwrap_or(CompanyType::Private),
        ),
        contacts: store::contacts::list_of_company(tx, customer, guid)?,
        last_request: store::portfolio::list_last_requests(tx, customer, &[guid], call.now)?.pop(),
        trial_duration: call.actor.trial_duration,
    })
}

/// A company of the portfolio, whole.
pub fn profile(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Profile> {
    let (guid, customer) = (guid.ok_or(Error::NotFound)?, call.actor.customer_guid);
    let entry = store::portfolio::find(tx, customer, guid)?.ok_or(Error::NotFound)?;
    let company = store::companies::find(tx, guid)?.ok_or(Error::NotFound)?;
    let tier = match entry.tier_guid {
        Some(tier) => store::tiers::find(tx, customer, tier)?.map(|tier| tier.name),
        None => None,
    };
    let folders = store::folders::list_names_by_companies(tx, customer, &[guid])?;
    let newest = store::ratings::find_newest(tx, guid)?;
    Ok(Profile {
        hindrance: hindrance(
            call.actor,
            CompanyType::parse(&company.kind).unwrap_or(CompanyType::Private),
        ),
        company,
        tier,
        folders: folders.into_iter().map(|(_, name)| name).collect(),
        custom_id: entry.custom_id,
        added_date: entry.added_date,
        ratings: store::ratings::list_values(tx, guid)?,
        graded_on: newest.as_ref().map(|newest| newest.rating_date.clone()),
        grades: newest.map_or_else(|| Ok(Vec::new()), |newest| grades(&newest.risk_vectors))?,
        contacts: store::contacts::list_of_company(tx, customer, guid)?,
        requests: requests(tx, call, guid)?,
    })
}

fn grades(stored: &str) -> Result<Vec<Grade>> {
    let graded: Vec<Graded> =
        serde_json::from_str(stored).map_err(|error| Error::Internal(format!("the grades of a rating: {error}")))?;
    let mut grades: Vec<Grade> = graded
        .into_iter()
        .map(|graded| Grade {
            name: vector_name(&graded.slug).to_owned(),
            slug: graded.slug,
            letter: graded.grade,
            percentile: graded.percentile,
        })
        .collect();
    // F before A, and what has no grade at the end.
    grades.sort_by(|one, other| other.letter.cmp(&one.letter).then_with(|| one.name.cmp(&other.name)));
    Ok(grades)
}

fn requests(tx: &mut Tx<'_>, call: &Call<'_>, company: Guid) -> Result<Vec<Sent>> {
    let filter = Filter {
        company: Some(company),
        ..Filter::default()
    };
    let page = Page {
        after: None,
        offset: 0,
        limit: REQUESTS,
    };
    let mut found = Vec::new();
    store::access_requests::each(tx, &call.actor.outbox(), (&filter, page), call.now, |request| {
        found.push(sent(request));
        Ok::<_, Error>(())
    })?;
    Ok(found)
}

fn sent(request: &AccessRequest<'_>) -> Sent {
    Sent {
        guid: request.guid,
        requestee: request.requestee_formal_name.to_owned(),
        requestee_email: request.requestee_email.to_owned(),
        requester: request.requester_formal_name.to_owned(),
        reason: Reason::parse(request.reason).unwrap_or_default().name(),
        status: request.status,
        created_at: request.created_at,
        observations_count: request.observations_count,
    }
}
