//! The companies that the caller's customer follows, as a list to choose from.

mod statistics;
mod whole;

use std::collections::HashMap;

use liaison_db::Tx;
use liaison_domain::companies::CompanyType;
use liaison_domain::people::{Role, UserStatus};
use liaison_domain::{Guid, Timestamp};
use liaison_store as store;
pub use liaison_store::contacts::Contact;
pub use liaison_store::portfolio::{Bounds, Choice, Direction, Filter, Grades, Key, LastRequest, Listed, Order};

pub use self::statistics::{Average, Occurring, Ratings, grade_averages, occurring, rating_statistics};
pub use self::whole::{Period, Rated, companies, count, created_at, ratings, rows};
use crate::{Actor, Call, Result};

/// Days over which the change of a rating is told.
pub const CHANGE_DAYS: i64 = 90;

/// Why a company cannot be invited by a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The account exists only because its people were invited.
    Guest,
    /// The caller may read and nothing else.
    Reader,
    /// Companies of this type cannot be invited.
    Kind(CompanyType),
}

/// Why the caller cannot invite a company of this type; none where they can.
pub fn hindrance(actor: &Actor, kind: CompanyType) -> Option<Hindrance> {
    if actor.is_guest {
        return Some(Hindrance::Guest);
    }
    if !actor.role.may_invite() {
        return Some(Hindrance::Reader);
    }
    (!kind.is_invitable()).then_some(Hindrance::Kind(kind))
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the severities")]
pub struct Severities {
    pub severe: i64,
    pub material: i64,
    pub moderate: i64,
    pub minor: i64,
    /// Without a severity, or with one of another name.
    pub other: i64,
}

impl Severities {
    pub(crate) fn add(&mut self, category: Option<&str>, count: i64) {
        *match category.unwrap_or_default() {
            "severe" => &mut self.severe,
            "material" => &mut self.material,
            "moderate" => &mut self.moderate,
            "minor" => &mut self.minor,
            _ => &mut self.other,
        } += count;
    }

    /// All of them.
    pub fn total(&self) -> i64 {
        self.severe + self.material + self.moderate + self.minor + self.other
    }
}

/// A company of the portfolio with what one wants to know before inviting it.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The company.
    pub guid: Guid,
    /// Its name.
    pub name: String,
    /// Its first domain.
    pub primary_domain: String,
    /// The name of its tier.
    pub tier: Option<String>,
    /// The names of its folders, by name.
    pub folders: Vec<String>,
    /// Its newest rating, 250 to 900.
    pub rating: Option<i64>,
    /// How far the rating moved in [`CHANGE_DAYS`].
    pub change: Option<i64>,
    /// Its findings.
    pub findings: Severities,
    /// The oldest contact.
    pub contact: Option<Contact>,
    /// The newest request to it.
    pub last_request: Option<LastRequest>,
    /// Why it cannot be invited.
    pub hindrance: Option<Hindrance>,
}

/// A part of the portfolio.
#[derive(Clone, Debug)]
pub struct Part {
    /// In the order asked for.
    pub companies: Vec<Followed>,
    /// How many companies the filter leaves in all.
    pub count: i64,
}

/// The companies that a filter leaves: `limit` of them after the first `offset`.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>, wish: (&Filter, Order<'_>), page: (i64, i64)) -> Result<Part> {
    let (rows, count) = list_rows(tx, call, wish, page)?;
    let guids: Vec<Guid> = rows.iter().map(|row| row.company_guid).collect();
    let mut extras = Extras::read(tx, call, &guids)?;
    let companies = rows.into_iter().map(|row| extras.complete(call.actor, row));
    Ok(Part {
        companies: companies.collect(),
        count,
    })
}

/// The same without what is beside it: the rows, and how many the filter leaves in all.
pub fn list_rows(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (filter, order): (&Filter, Order<'_>),
    page: (i64, i64),
) -> Result<(Vec<Listed>, i64)> {
    let customer = call.actor.customer_guid;
    let rows = store::portfolio::list(tx, customer, (filter, order), page)?;
    let is_whole = page.1 == 0 && i64::try_from(rows.len()).is_ok_and(|found| found < page.0);
    let count = match is_whole {
        true => rows.len() as i64,
        false => store::portfolio::count(tx, customer, filter)?,
    };
    Ok((rows, count))
}

/// What is read for all companies of a page at once.
struct Extras {
    folders: HashMap<Guid, Vec<String>>,
    ratings: HashMap<Guid, (Option<i64>, Option<i64>)>,
    findings: HashMap<Guid, Severities>,
    contacts: HashMap<Guid, Contact>,
    requests: HashMap<Guid, LastRequest>,
}

impl Extras {
    fn read(tx: &mut Tx<'_>, call: &Call<'_>, companies: &[Guid]) -> Result<Extras> {
        let customer = call.actor.customer_guid;
        let mut folders: HashMap<Guid, Vec<String>> = HashMap::new();
        for (company, name) in store::folders::list_names_by_companies(tx, customer, companies)? {
            folders.entry(company).or_default().push(name);
        }
        let mut findings: HashMap<Guid, Severities> = HashMap::new();
        for (company, category, count) in store::findings::count_by_severity(tx, companies)? {
            findings.entry(company).or_default().add(category.as_deref(), count);
        }
        let mut contacts = HashMap::new();
        for contact in store::contacts::list_of_companies(tx, customer, companies)? {
            contacts.entry(contact.company_guid).or_insert(contact);
        }
        let ratings = store::ratings::list_newest(tx, companies, &before(call.now))?;
        let requests = store::portfolio::list_last_requests(tx, customer, companies, call.now)?;
        Ok(Extras {
            folders,
            ratings: ratings
                .into_iter()
                .map(|(guid, now, then)| (guid, (now, then)))
                .collect(),
            findings,
            contacts,
            requests: requests.into_iter().map(|last| (last.company_guid, last)).collect(),
        })
    }

    fn complete(&mut self, actor: &Actor, row: Listed) -> Followed {
        let guid = row.company_guid;
        let (rating, then) = self.ratings.remove(&guid).unwrap_or_default();
        Followed {
            guid,
            name: row.name,
            primary_domain: row.primary_domain,
            tier: row.tier_name,
            folders: self.folders.remove(&guid).unwrap_or_default(),
            rating,
            change: rating.zip(then).map(|(now, then)| now - then),
            findings: self.findings.remove(&guid).unwrap_or_default(),
            contact: self.contacts.remove(&guid),
            last_request: self.requests.remove(&guid),
            hindrance: hindrance(actor, CompanyType::parse(&row.kind).unwrap_or(CompanyType::Private)),
        }
    }
}

fn before(now: Timestamp) -> String {
    now.plus_days(-CHANGE_DAYS).date()
}

/// By what a portfolio can be filtered: guid and name of each tier and each folder.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Tiers, by rank.
    pub tiers: Vec<(Guid, String)>,
    /// Folders, by name.
    pub folders: Vec<(Guid, String)>,
}

/// The tiers and folders of the caller's customer.
pub fn choices(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Choices> {
    let customer = call.actor.customer_guid;
    let tiers = store::tiers::list(tx, customer)?;
    Ok(Choices {
        tiers: tiers.into_iter().map(|tier| (tier.guid, tier.name)).collect(),
        folders: store::portfolio::list_folders(tx, customer)?,
    })
}

/// Name and address of up to `most` colleagues of the caller who may invite, those with the widest role first.
pub fn list_inviters(tx: &mut Tx<'_>, call: &Call<'_>, most: usize) -> Result<Vec<(String, String)>> {
    let mut users = store::users::list(tx, call.actor.customer_guid)?;
    let role = |slug: &str| Role::parse(slug).unwrap_or(Role::User);
    users.retain(|user| user.status == UserStatus::Activated.slug() && role(&user.role).may_invite());
    users.sort_by_key(|user| std::cmp::Reverse(role(&user.role)));
    let named = users.into_iter().map(|user| (user.formal_name, user.email));
    Ok(named.take(most).collect())
}
