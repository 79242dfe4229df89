//! Ratings of companies by date, with the grades of their risk vectors as JSON.

use std::collections::BTreeSet;

use liaison_db::{Query, Tx};
use liaison_domain::Guid;

use crate::{Result, bulk};

/// The rating of one company on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// `YYYY-MM-DD`.
    pub rating_date: String,
    /// 250 to 900, or none.
    pub rating: Option<i64>,
    /// JSON array of `{slug, grade, percentile, rating}`.
    pub risk_vectors: String,
}

/// The newest rating of a company.
pub fn find_newest(tx: &mut Tx<'_>, company: Guid) -> Result<Option<Rating>> {
    tx.find(
        "select rating_date, rating, risk_vectors from company_ratings where company_guid = $1 \
         order by rating_date desc limit 1",
        &[&company],
        read,
    )
}

/// Every rating of a company, oldest first.
pub fn list(tx: &mut Tx<'_>, company: Guid) -> Result<Vec<Rating>> {
    tx.list(
        "select rating_date, rating, risk_vectors from company_ratings where company_guid = $1 order by rating_date",
        &[&company],
        read,
    )
}

/// The values of a company's ratings by day, oldest first; days without a value are left out.
pub fn list_values(tx: &mut Tx<'_>, company: Guid) -> Result<Vec<(String, i64)>> {
    tx.list(
        "select rating_date, rating from company_ratings where company_guid = $1 and rating is not null \
         order by rating_date",
        &[&company],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The same from a day on (`YYYY-MM-DD`).
pub fn list_values_since(tx: &mut Tx<'_>, company: Guid, day: &str) -> Result<Vec<(String, i64)>> {
    tx.list(
        "select rating_date, rating from company_ratings where company_guid = $1 and rating is not null \
         and rating_date >= $2 order by rating_date",
        &[&company, &day],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// A company, its newest rating, and an earlier one.
pub type NowAndThen = (Guid, Option<i64>, Option<i64>);

/// For each of some companies: its newest rating, and the newest one of `before` (`YYYY-MM-DD`) or earlier.
pub fn list_newest(tx: &mut Tx<'_>, companies: &[Guid], before: &str) -> Result<Vec<NowAndThen>> {
    let mut found = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new(
            "select co.guid, co.current_rating, (select cr.rating from company_ratings cr \
             where cr.company_guid = co.guid and cr.rating_date <= $1 order by cr.rating_date desc limit 1) \
             from companies co where co.guid in ",
        );
        query.given(before.to_owned()).bind_list(block.iter().copied());
        found.append(&mut tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?);
    }
    Ok(found)
}

/// The ratings of some companies as they were on a day (`YYYY-MM-DD`): company, day of the rating, rating.
pub fn list_at(tx: &mut Tx<'_>, companies: &[Guid], day: &str) -> Result<Vec<(Guid, String, Option<i64>)>> {
    let mut found = Vec::new();
    for block in bulk::blocks(companies) {
        let mut query = Query::new(
            "select cr.company_guid, cr.rating_date, cr.rating from company_ratings cr where cr.rating_date = (select \
             max(d.rating_date) from company_ratings d where d.company_guid = cr.company_guid and d.rating_date <= $1) \
             and cr.company_guid in ",
        );
        query.given(day.to_owned()).bind_list(block.iter().copied());
        found.append(&mut tx.list_query(&query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?);
    }
    Ok(found)
}

/// Visits the ratings of some companies from one day to another (`YYYY-MM-DD`, both included), by company and day.
pub fn each_between(
    tx: &mut Tx<'_>,
    companies: &[Guid],
    (from, to): (&str, &str),
    mut visit: impl FnMut(Guid, Rating),
) -> Result<()> {
    for block in bulk::blocks(companies) {
        let mut query = Query::new(
            "select rating_date, rating, risk_vectors, company_guid from company_ratings where rating_date >= $1 \
             and rating_date <= $2 and company_guid in ",
        );
        query.given(from.to_owned()).given(to.to_owned());
        query
            .bind_list(block.iter().copied())
            .push(" order by company_guid, rating_date");
        tx.each_query(&query, |row| {
            visit(row.get(3)?, read(row)?);
            Ok::<_, liaison_db::Error>(())
        })?;
    }
    Ok(())
}

/// Those ratings of companies and days that exist, with their companies.
pub fn list_by_keys(tx: &mut Tx<'_>, keys: &[(Guid, &str)]) -> Result<Vec<(Guid, Rating)>> {
    bulk::prefer_indexes(tx)?;
    let mut found = Vec::new();
    for block in bulk::blocks(keys) {
        let mut query =
            Query::new("select rating_date, rating, risk_vectors, company_guid from company_ratings where ");
        for (place, (company, date)) in block.iter().enumerate() {
            query
                .push(if place == 0 {
                    "(company_guid = "
                } else {
                    " or (company_guid = "
                })
                .bind(*company);
            query.push(" and rating_date = ").bind((*date).to_owned()).push(")");
        }
        found.append(&mut tx.list_query(&query, |row| Ok((row.get(3)?, read(row)?)))?);
    }
    Ok(found)
}

/// Stores ratings of companies by day, new or changed.
pub fn upsert_all(tx: &mut Tx<'_>, ratings: &[(Guid, Rating)]) -> Result<()> {
    let sql = (
        "insert into company_ratings (company_guid, rating_date, rating, risk_vectors) values ",
        ") on conflict (company_guid, rating_date) do update set rating = excluded.rating, \
         risk_vectors = excluded.risk_vectors",
    );
    bulk::insert(tx, sql, ratings, |values, (company, rating)| {
        values
            .add(*company)
            .add(rating.rating_date.clone())
            .add(rating.rating)
            .add(rating.risk_vectors.clone());
    })?;
    let companies: BTreeSet<Guid> = ratings.iter().map(|(company, _)| *company).collect();
    keep_newest(tx, &companies.into_iter().collect::<Vec<Guid>>())
}

/// Brings the newest rating beside each of some companies, and in the portfolios they are in.
fn keep_newest(tx: &mut Tx<'_>, companies: &[Guid]) -> Result<()> {
    for block in bulk::blocks(companies) {
        let mut query = Query::new(
            "update companies set (rating_date, current_rating) = (select cr.rating_date, cr.rating \
             from company_ratings cr where cr.company_guid = companies.guid order by cr.rating_date desc limit 1) \
             where guid in ",
        );
        query.bind_list(block.iter().copied());
        tx.execute_query(&query)?;
    }
    crate::portfolio::copy_keys(tx, None, companies)
}

/// Stores the rating of a day.
pub fn upsert(tx: &mut Tx<'_>, company: Guid, rating: &Rating) -> Result<()> {
    upsert_all(tx, &[(company, rating.clone())])
}

fn read(row: &liaison_db::Row<'_>) -> Result<Rating> {
    Ok(Rating {
        rating_date: row.get(0)?,
        rating: row.get(1)?,
        risk_vectors: row.get(2)?,
    })
}
