//! Findings of companies. They belong to no customer; who may see which is decided above.

mod search;

use liaison_db::{Engine, Query, Row, Tx};
use liaison_domain::{Guid, findings};

pub use self::search::{Bounds, Candidate, Key, Order, Search, count, each_candidate, list_ids};
use crate::{Result, bulk};

/// A finding, whole. `assets`, `details`, `remediation` and `tags` are JSON as imported.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the columns and of the bundle")]
pub struct Finding {
    pub company_guid: Guid,
    pub rolledup_observation_id: String,
    pub risk_vector: String,
    pub risk_category: Option<String>,
    pub severity: Option<f64>,
    pub severity_category: Option<String>,
    pub evidence_key: Option<String>,
    pub first_seen: Option<String>,
    pub last_seen: Option<String>,
    pub affects_rating: bool,
    pub assets: String,
    pub details: String,
    pub remediation: String,
    pub tags: String,
}

macro_rules! select_findings {
    ($tail:literal) => {
        select_findings!("findings ", $tail)
    };
    ($from:literal, $tail:literal) => {
        concat!(
            "select company_guid, rolledup_observation_id, risk_vector, risk_category, severity, severity_category, \
             evidence_key, first_seen, last_seen, affects_rating, assets, details, remediation, tags from ",
            $from,
            $tail
        )
    };
}

/// Those findings of a company that have one of `ids`, in no order.
pub fn list_of(tx: &mut Tx<'_>, company: Guid, ids: &[String]) -> Result<Vec<Finding>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::default();
    query.given(company);
    match tx.engine() {
        Engine::Sqlite => {
            query.push(select_findings!(
                "where company_guid = $1 and rolledup_observation_id in "
            ));
            query.bind_list(ids.iter().cloned());
        }
        // Left to choose, PostgreSQL reads all findings of the company: it takes every company for one with few of them.
        // A limit inside has it look up each id.
        Engine::Postgres => {
            query.push(select_findings!("(values ", "("));
            for (place, id) in ids.iter().enumerate() {
                query.push(if place == 0 { "" } else { "), (" }).bind(id.clone());
            }
            query.push(
                ")) wanted (id) cross join lateral (select * from findings f where f.company_guid = $1 \
                 and f.rolledup_observation_id = wanted.id limit 1) findings",
            );
        }
    }
    tx.list_query(&query, read)
}

/// Those findings of a company that have one of many ids, in no order.
pub fn list_by_ids(tx: &mut Tx<'_>, company: Guid, ids: &[String]) -> Result<Vec<Finding>> {
    let mut found = Vec::with_capacity(ids.len());
    for block in bulk::blocks(ids) {
        found.append(&mut list_of(tx, company, block)?);
    }
    Ok(found)
}

/// One finding.
pub fn find(tx: &mut Tx<'_>, company: Guid, id: &str) -> Result<Option<Finding>> {
    tx.find(
        select_findings!("where company_guid = $1 and rolledup_observation_id = $2"),
        &[&company, &id],
        read,
    )
}

/// Findings after a key, by key, for walking through all of them.
pub fn list_after(tx: &mut Tx<'_>, after: (Guid, &str), limit: i64) -> Result<Vec<Finding>> {
    tx.list(
        select_findings!(
            "where (company_guid, rolledup_observation_id) > ($1, $2) order by company_guid, rolledup_observation_id limit $3"
        ),
        &[&after.0, &after.1, &limit],
        read,
    )
}

/// Those findings of companies and ids that exist.
pub fn list_by_keys(tx: &mut Tx<'_>, keys: &[(Guid, &str)]) -> Result<Vec<Finding>> {
    bulk::prefer_indexes(tx)?;
    let mut found = Vec::new();
    for block in bulk::blocks(keys) {
        let mut query = Query::new(select_findings!("where "));
        for (place, (company, id)) in block.iter().enumerate() {
            query
                .push(if place == 0 {
                    "(company_guid = "
                } else {
                    " or (company_guid = "
                })
                .bind(*company);
            query
                .push(" and rolledup_observation_id = ")
                .bind((*id).to_owned())
                .push(")");
        }
        found.append(&mut tx.list_query(&query, read)?);
    }
    Ok(found)
}

/// Which findings of a company. A `None` filters nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Slug of the risk vector.
    pub risk_vector: Option<String>,
    /// Severity category; empty: those without one.
    pub severity: Option<String>,
}

/// The findings of a company that a filter leaves, the most severe first: `limit` of them after the first `offset`.
pub fn list(tx: &mut Tx<'_>, company: Guid, filter: &Filter, (limit, offset): (i64, i64)) -> Result<Vec<Finding>> {
    let mut query = Query::new(select_findings!("where company_guid = "));
    query.bind(company);
    if let Some(vector) = &filter.risk_vector {
        query.push(" and risk_vector = ").bind(vector.clone());
    }
    if let Some(severity) = &filter.severity {
        query
            .push(" and coalesce(severity_category, '') = ")
            .bind(severity.clone());
    }
    query
        .push(" order by coalesce(severity, 0) desc, coalesce(last_seen, '') desc, rolledup_observation_id limit ")
        .bind(limit)
        .push(" offset ")
        .bind(offset);
    tx.list_query(&query, read)
}

/// The findings of a company counted by risk vector and severity category; only those that make the rating suffer, or
/// do not, where `affects_rating` says so.
pub fn count_by_kind(
    tx: &mut Tx<'_>,
    company: Guid,
    affects_rating: Option<bool>,
) -> Result<Vec<(String, Option<String>, i64)>> {
    let mut query = Query::new("select risk_vector, severity_category, count(*) from findings where company_guid = ");
    query.bind(company);
    if let Some(affects_rating) = affects_rating {
        query.push(" and affects_rating = ").bind(affects_rating);
    }
    query.push(" group by risk_vector, severity_category");
    tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// The findings of each of some companies counted by severity category.
pub fn count_by_severity(tx: &mut Tx<'_>, companies: &[Guid]) -> Result<Vec<(Guid, Option<String>, i64)>> {
    let mut found = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query =
            Query::new("select company_guid, severity_category, count(*) from findings where company_guid in ");
        query.bind_list(block.iter().copied());
        query.push(" group by company_guid, severity_category");
        found.append(&mut tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?);
    }
    Ok(found)
}

/// What one finding was seen on.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct AssetsOf<'r> {
    pub id: &'r str,
    pub severity_category: Option<&'r str>,
    pub affects_rating: bool,
    /// A JSON array of objects.
    pub assets: &'r str,
}

/// Visits what each finding of a company was seen on, by id.
pub fn each_assets(tx: &mut Tx<'_>, company: Guid, mut visit: impl FnMut(AssetsOf<'_>) -> Result<()>) -> Result<()> {
    tx.each(
        "select rolledup_observation_id, severity_category, affects_rating, assets from findings \
         where company_guid = $1 order by rolledup_observation_id",
        &[&company],
        |row| {
            visit(AssetsOf {
                id: row.str(0)?,
                severity_category: row.opt_str(1)?,
                affects_rating: row.get(2)?,
                assets: row.str(3)?,
            })
        },
    )
}

/// Stores findings, new or changed.
pub fn upsert_all(tx: &mut Tx<'_>, findings: &[Finding]) -> Result<()> {
    let sql = (
        "insert into findings (company_guid, rolledup_observation_id, risk_vector, risk_category, severity, \
         severity_category, evidence_key, first_seen, last_seen, affects_rating, assets, details, remediation, tags, grade) \
         values ",
        ") on conflict (company_guid, rolledup_observation_id) do update set risk_vector = excluded.risk_vector, \
         risk_category = excluded.risk_category, severity = excluded.severity, \
         severity_category = excluded.severity_category, evidence_key = excluded.evidence_key, \
         first_seen = excluded.first_seen, last_seen = excluded.last_seen, affects_rating = excluded.affects_rating, \
         assets = excluded.assets, details = excluded.details, remediation = excluded.remediation, \
         tags = excluded.tags, grade = excluded.grade",
    );
    bulk::insert(tx, sql, findings, |values, finding| {
        values
            .add(finding.company_guid)
            .add(finding.rolledup_observation_id.clone());
        values
            .add(finding.risk_vector.clone())
            .add(finding.risk_category.clone())
            .add(finding.severity);
        values
            .add(finding.severity_category.clone())
            .add(finding.evidence_key.clone());
        values
            .add(finding.first_seen.clone())
            .add(finding.last_seen.clone())
            .add(finding.affects_rating);
        values.add(finding.assets.clone()).add(finding.details.clone());
        values.add(finding.remediation.clone()).add(finding.tags.clone());
        values.add(grade(&finding.details).map(str::to_owned));
    })?;
    Ok(())
}

/// Stores a finding, new or changed.
pub fn upsert(tx: &mut Tx<'_>, finding: &Finding) -> Result<()> {
    upsert_all(tx, std::slice::from_ref(finding))
}

/// The grade that `details` names, kept in a column of its own to be filtered by.
fn grade(details: &str) -> Option<&'static str> {
    let details: serde_json::Map<String, serde_json::Value> = serde_json::from_str(details).ok()?;
    findings::grade(details.get("grade")?.as_str()?)
}

fn read(row: &Row<'_>) -> Result<Finding> {
    Ok(Finding {
        company_guid: row.get(0)?,
        rolledup_observation_id: row.get(1)?,
        risk_vector: row.get(2)?,
        risk_category: row.get(3)?,
        severity: row.get(4)?,
        severity_category: row.get(5)?,
        evidence_key: row.get(6)?,
        first_seen: row.get(7)?,
        last_seen: row.get(8)?,
        affects_rating: row.get(9)?,
        assets: row.get(10)?,
        details: row.get(11)?,
        remediation: row.get(12)?,
        tags: row.get(13)?,
    })
}
