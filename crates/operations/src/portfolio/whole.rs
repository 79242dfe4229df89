//! The portfolio as one list, and the ratings in it over time.

use std::collections::HashMap;

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};
use liaison_store as store;
use liaison_store::ratings::Rating;

use super::{Filter, Listed, Order};
use crate::{Call, Result};

/// Every company of the portfolio that a filter leaves, in its order.
pub fn companies(tx: &mut Tx<'_>, call: &Call<'_>, wish: (&Filter, Order<'_>)) -> Result<Vec<Guid>> {
    Ok(store::portfolio::list_sorted(tx, call.actor.customer_guid, wish)?)
}

/// How many companies of the portfolio a filter leaves.
pub fn count(tx: &mut Tx<'_>, call: &Call<'_>, filter: &Filter) -> Result<i64> {
    Ok(store::portfolio::count(tx, call.actor.customer_guid, filter)?)
}

/// The rows of some companies, in their order; with a day (`YYYY-MM-DD`), the ratings are those of that day.
pub fn rows(tx: &mut Tx<'_>, call: &Call<'_>, companies: &[Guid], day: Option<&str>) -> Result<Vec<Listed>> {
    let mut rows = store::portfolio::list_rows(tx, call.actor.customer_guid, companies)?;
    if let Some(day) = day {
        let dated = store::ratings::list_at(tx, companies, day)?.into_iter();
        let mut dated: HashMap<Guid, _> = dated.map(|(guid, day, rating)| (guid, (day, rating))).collect();
        for row in &mut rows {
            let then = dated.remove(&row.company_guid);
            (row.rating_date, row.rating) = then.map_or((None, None), |(day, rating)| (Some(day), rating));
        }
    }
    Ok(rows)
}

/// Since when the caller's customer has a portfolio.
pub fn created_at(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Timestamp> {
    let times = store::customers::find_times(tx, call.actor.customer_guid)?;
    Ok(times.map_or(call.now, |(created, _)| created))
}

/// How often a rating is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Every one there is.
    Daily,
    /// The last one of each week, Monday to Sunday.
    Weekly,
    /// The last one of each month.
    Monthly,
    /// The newest only.
    Latest,
}

/// A company with its ratings, the oldest first.
pub type Rated = (Listed, Vec<Rating>);

/// The ratings of some companies between two days (`YYYY-MM-DD`, both included), in the order of the companies. Risk
/// vectors are left out unless they are wanted: they are most of a rating.
pub fn ratings(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    companies: &[Guid],
    (period, days, with_details): (Period, (&str, &str), bool),
) -> Result<Vec<Rated>> {
    let mut ratings: HashMap<Guid, Vec<Rating>> = HashMap::new();
    store::ratings::each_between(tx, companies, days, |company, mut rating| {
        if !with_details {
            rating.risk_vectors = String::new();
        }
        let kept = ratings.entry(company).or_default();
        let place = period.of(&rating.rating_date);
        if kept.last().is_some_and(|last| period.of(&last.rating_date) == place) {
            kept.pop();
        }
        kept.push(rating);
    })?;
    let rows = store::portfolio::list_rows(tx, call.actor.customer_guid, companies)?.into_iter();
    let rated = rows.map(|row| {
        let ratings = ratings.remove(&row.company_guid).unwrap_or_default();
        (row, ratings)
    });
    Ok(rated.collect())
}

impl Period {
    /// What the ratings have in common of which one is kept.
    fn of(self, day: &str) -> String {
        match self {
            Period::Daily => day.to_owned(),
            Period::Monthly => day.chars().take(7).collect(),
            Period::Latest => String::new(),
            Period::Weekly => {
                const DAY: i64 = 86_400_000;
                // 1970 began on a Thursday.
                let days = Timestamp::parse(day).map_or(0, |at| at.0.div_euclid(DAY) + 3);
                days.div_euclid(7).to_string()
            }
        }
    }
}
