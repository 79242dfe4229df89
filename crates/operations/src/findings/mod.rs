//! The findings of a company in the caller's portfolio, as a client sees them: without whole IP addresses. Programs
//! ([`search()`]) see those of the caller's own company whole.

mod identity;
pub(crate) mod masked;
mod search;
mod words;

use liaison_db::Tx;
use liaison_domain::{Guid, addresses, risk_vectors};
use liaison_store as store;
pub use liaison_store::findings::Finding;
pub use liaison_store::findings::{Bounds, Filter, Key, Order, Search};

pub use self::identity::{KEY_NAME, observation_id};
pub use self::search::{Found, Wanted, search};
pub use self::words::Words;
use crate::companies::require_readable;
use crate::{Call, Error, Result};

/// A finding in a list.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the finding")]
pub struct Listed {
    pub id: String,
    pub risk_vector_slug: String,
    pub risk_vector_name: String,
    pub severity: Option<f64>,
    pub severity_category: Option<String>,
    /// Address and port, or a name; the last part of an IP address is hidden.
    pub evidence: String,
    pub first_seen: Option<String>,
    pub last_seen: Option<String>,
    pub affects_rating: bool,
}

/// How many findings a company has of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Slug of the risk vector.
    pub risk_vector: String,
    /// Severity category, empty where there is none.
    pub severity: String,
    /// Findings.
    pub count: i64,
}

/// The findings that a filter leaves, the most severe first: `limit` of them after the first `offset`.
pub fn list(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (company, filter): (Guid, &Filter),
    page: (i64, i64),
) -> Result<Vec<Listed>> {
    require_followed(tx, call, company)?;
    let found = store::findings::list(tx, company, filter, page)?;
    Ok(found.into_iter().map(shown).collect())
}

/// Those of some findings that are the company's, in the order of their ids.
pub fn list_chosen(tx: &mut Tx<'_>, call: &Call<'_>, company: Guid, ids: &[String]) -> Result<Vec<Listed>> {
    require_followed(tx, call, company)?;
    let mut found = store::findings::list_of(tx, company, ids)?;
    found.sort_by_key(|finding| ids.iter().position(|id| *id == finding.rolledup_observation_id));
    Ok(found.into_iter().map(shown).collect())
}

/// The findings of a company by risk vector and severity.
pub fn count(tx: &mut Tx<'_>, call: &Call<'_>, company: Guid) -> Result<Vec<Count>> {
    require_followed(tx, call, company)?;
    counted(tx, company, None)
}

/// The same for programs, of companies that the caller follows or is.
pub fn summary(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    company: Option<Guid>,
    affects_rating: Option<bool>,
) -> Result<Vec<Count>> {
    let readable = require_readable(tx, call, company)?;
    counted(tx, readable.guid, affects_rating)
}

fn counted(tx: &mut Tx<'_>, company: Guid, affects_rating: Option<bool>) -> Result<Vec<Count>> {
    let counted = store::findings::count_by_kind(tx, company, affects_rating)?;
    let counts = counted.into_iter().map(|(risk_vector, severity, count)| Count {
        risk_vector,
        severity: severity.unwrap_or_default(),
        count,
    });
    Ok(counts.collect())
}

/// The name of a risk vector for people, its slug where it has none.
pub fn vector_name(slug: &str) -> &str {
    risk_vectors::find(slug).map_or(slug, |vector| vector.name)
}

pub(crate) fn require_followed(tx: &mut Tx<'_>, call: &Call<'_>, company: Guid) -> Result<()> {
    store::portfolio::find(tx, call.actor.customer_guid, company)?.ok_or(Error::NotFound)?;
    Ok(())
}

fn shown(finding: Finding) -> Listed {
    Listed {
        risk_vector_name: vector_name(&finding.risk_vector).to_owned(),
        id: finding.rolledup_observation_id,
        risk_vector_slug: finding.risk_vector,
        severity: finding.severity,
        severity_category: finding.severity_category,
        evidence: finding.evidence_key.as_deref().map(addresses::mask).unwrap_or_default(),
        first_seen: finding.first_seen,
        last_seen: finding.last_seen,
        affects_rating: finding.affects_rating,
    }
}
