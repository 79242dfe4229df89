//! The findings of one company, narrowed and in order. Filters and the order read columns of an index only, so that
//! what a page costs does not follow from how wide the rows are.

use liaison_db::{Query, Tx};
use liaison_domain::{Guid, risk_vectors};

use crate::Result;

/// Bounds of a column; those that are none bound nothing.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Bounds<T> {
    pub equal: Option<T>,
    pub below: Option<T>,
    pub at_most: Option<T>,
    pub above: Option<T>,
    pub at_least: Option<T>,
}

impl<T> Default for Bounds<T> {
    fn default() -> Bounds<T> {
        Bounds {
            equal: None,
            below: None,
            at_most: None,
            above: None,
            at_least: None,
        }
    }
}

/// Which findings. A `None` filters nothing; an empty list matches nothing.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Slugs of risk vectors, one of them.
    pub risk_vectors: Option<Vec<String>>,
    /// Severity from 0 to 10.
    pub severity: Bounds<f64>,
    /// Severity categories, one of them.
    pub severity_categories: Option<Vec<String>>,
    /// Whether the rating suffers.
    pub affects_rating: Option<bool>,
    /// Days, `YYYY-MM-DD`.
    pub first_seen: Bounds<String>,
    /// Days, `YYYY-MM-DD`.
    pub last_seen: Bounds<String>,
    /// Grades, one of them.
    pub grades: Option<Vec<String>>,
}

/// What findings can be put in order by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named like its column")]
pub enum Key {
    AffectsRating,
    FirstSeen,
    Grade,
    Id,
    LastSeen,
    RiskVector,
    /// By its name for people.
    RiskVectorName,
    Severity,
    SeverityCategory,
}

/// Keys of an order, each with whether its largest value comes first.
pub type Order = Vec<(Key, bool)>;

/// What of a finding has to be looked at where words are searched.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are those of the finding")]
pub struct Candidate<'r> {
    pub id: &'r str,
    pub risk_vector: &'r str,
    pub severity_category: Option<&'r str>,
    pub evidence_key: Option<&'r str>,
    pub assets: &'r str,
    pub details: &'r str,
    pub tags: &'r str,
}

/// Ids of findings in their order: `limit` of them after the first `offset`.
pub fn list_ids(
    tx: &mut Tx<'_>,
    company: Guid,
    (search, order): (&Search, &Order),
    (limit, offset): (i64, i64),
) -> Result<Vec<String>> {
    let mut query = Query::new("select rolledup_observation_id from findings where company_guid = ");
    query.bind(company);
    narrow(&mut query, search);
    put_in_order(&mut query, order);
    query.push(" limit ").bind(limit).push(" offset ").bind(offset);
    tx.list_query(&query, |row| row.get(0))
}

/// How many findings a search leaves.
pub fn count(tx: &mut Tx<'_>, company: Guid, search: &Search) -> Result<i64> {
    let mut query = Query::new("select count(*) from findings where company_guid = ");
    query.bind(company);
    narrow(&mut query, search);
    Ok(tx.find_query(&query, |row| row.get(0))?.unwrap_or_default())
}

/// Visits what a search leaves in its order, with the columns in which words can stand.
pub fn each_candidate<E: From<liaison_db::Error>>(
    tx: &mut Tx<'_>,
    company: Guid,
    (search, order): (&Search, &Order),
    mut visit: impl FnMut(Candidate<'_>) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut query = Query::new(
        "select rolledup_observation_id, risk_vector, severity_category, evidence_key, assets, details, tags \
         from findings where company_guid = ",
    );
    query.bind(company);
    narrow(&mut query, search);
    put_in_order(&mut query, order);
    tx.each_query(&query, |row| {
        visit(Candidate {
            id: row.str(0)?,
            risk_vector: row.str(1)?,
            severity_category: row.opt_str(2)?,
            evidence_key: row.opt_str(3)?,
            assets: row.str(4)?,
            details: row.str(5)?,
            tags: row.str(6)?,
        })
    })
}

fn narrow(query: &mut Query, search: &Search) {
    let lists = [
        (" and risk_vector in ", &search.risk_vectors),
        (" and severity_category in ", &search.severity_categories),
        (" and grade in ", &search.grades),
    ];
    for (condition, values) in lists {
        if let Some(values) = values {
            query.push(condition).bind_list(values.iter().cloned());
        }
    }
    if let Some(affects_rating) = search.affects_rating {
        query.push(" and affects_rating = ").bind(affects_rating);
    }
    bound(query, " and severity ", &search.severity);
    bound(query, " and first_seen ", &search.first_seen);
    bound(query, " and last_seen ", &search.last_seen);
}

fn bound<T>(query: &mut Query, column: &'static str, bounds: &Bounds<T>)
where
    T: liaison_db::Param + Clone + Send + Sync + 'static,
{
    let bounds = [
        ("= ", &bounds.equal),
        ("< ", &bounds.below),
        ("<= ", &bounds.at_most),
        ("> ", &bounds.above),
        (">= ", &bounds.at_least),
    ];
    for (sign, value) in bounds {
        if let Some(value) = value {
            query.push(column).push(sign).bind(value.clone());
        }
    }
}

/// The place of a risk vector among all by name, but for the ` end`; unknown ones come last.
fn push_vector_place(query: &mut Query) {
    let mut vectors: Vec<_> = risk_vectors::ALL.iter().collect();
    vectors.sort_unstable_by_key(|vector| vector.name);
    query.push("case risk_vector");
    for (place, vector) in (1_i64..).zip(vectors) {
        query.push(" when ").bind(vector.slug.to_owned());
        query.push(" then ").bind(place);
    }
    query.push(" else 1000");
}

/// Without keys: the newest first. What is absent counts as the smallest.
fn put_in_order(query: &mut Query, order: &Order) {
    query.push(" order by ");
    let usual = vec![(Key::LastSeen, true)];
    for (key, descending) in if order.is_empty() { &usual } else { order } {
        let column = match key {
            Key::AffectsRating => "affects_rating",
            Key::FirstSeen => "coalesce(first_seen, '')",
            Key::Grade => {
                "case grade when 'NEUTRAL' then 1 when 'BAD' then 2 when 'WARN' then 3 when 'FAIR' then 4 \
                 when 'GOOD' then 5 else 0 end"
            }
            Key::Id => "rolledup_observation_id",
            Key::LastSeen => "coalesce(last_seen, '')",
            Key::RiskVector => "risk_vector",
            Key::RiskVectorName => {
                push_vector_place(query);
                " end"
            }
            Key::Severity => "coalesce(severity, 0)",
            Key::SeverityCategory => {
                "case severity_category when 'minor' then 1 when 'moderate' then 2 when 'material' then 3 \
                 when 'severe' then 4 else 0 end"
            }
        };
        query.push(column);
        query.push(if *descending { " desc, " } else { ", " });
    }
    query.push("rolledup_observation_id");
}
