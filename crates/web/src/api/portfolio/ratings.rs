//! The ratings of the portfolio over time.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_operations::portfolio::{self, Filter, Period, Rated};
use liaison_operations::{Call, Error, Result as OperationResult};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::conventions::whole;
use crate::api::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params};
use crate::openapi::{Kind, Operation, example, query, tag};
use crate::state::Web;

/// Days that are told where nobody says from which day on.
const DAYS: i64 = 366;

/// A company with its ratings.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyRatings")]
struct Company {
    guid: Guid,
    name: String,
    /// The newest rating, 250 to 900.
    current_rating: Option<i64>,
    /// The oldest first.
    ratings: Vec<Dated>,
}

/// The rating of a day.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DatedRating")]
struct Dated {
    date: String,
    rating: Option<i64>,
    /// Always null: how many companies do worse is known of risk vectors only.
    percentile: Option<f64>,
    /// By the slug of the risk vector, with `expand=rating_details`.
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_details: Option<BTreeMap<String, Score>>,
}

/// The score in a risk vector.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RiskVectorScore")]
struct Score {
    rating: Option<i64>,
    grade: Option<String>,
    percentile: Option<f64>,
}

#[derive(Deserialize)]
struct Stored {
    slug: String,
    #[serde(flatten)]
    score: StoredScore,
}

#[derive(Deserialize)]
struct StoredScore {
    rating: Option<i64>,
    grade: Option<String>,
    percentile: Option<f64>,
}

pub(crate) const RATINGS: Operation = Operation::new(
    "GET",
    "getPortfolioRatings",
    tag::PORTFOLIO,
    "The ratings of the portfolio over time",
)
.about("Every company of the portfolio by name, with its ratings of the last 366 days where nothing else is said.")
.query(&[
    query(
        "period",
        Kind::OneOf(&["daily", "weekly", "monthly", "latest"]),
        "Every rating, the last of each week or month (the usual), or the newest only.",
    ),
    query("start_date", Kind::Date, "From this day on."),
    query("end_date", Kind::Date, "Up to this day, which is included."),
    query(
        "expand",
        Kind::List,
        "`rating_details`: the scores in each risk vector.",
    ),
])
.answers::<Vec<Company>>(200, "The companies.")
.refuses(&[400])
.example(example!("getPortfolioRatings"));

/// What is asked for.
#[derive(Clone)]
struct Wish {
    period: Period,
    from: Option<String>,
    to: Option<String>,
    with_details: bool,
}

/// `GET /portfolio/ratings`: the ratings of every company of the portfolio.
pub(crate) async fn ratings(State(web): State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    let wish = caller.checked(&web, wish(&params)).await?;
    let open = |tx: &mut Tx<'_>, call: &Call<'_>| {
        Ok((
            b"[".to_vec(),
            portfolio::companies(tx, call, (&Filter::default(), &[]))?,
        ))
    };
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>, companies: &[Guid]| {
        let from = wish.from.clone().unwrap_or_else(|| call.now.plus_days(-DAYS).date());
        let to = wish.to.clone().unwrap_or_else(|| "9999-12-31".to_owned());
        let rated =
            portfolio::ratings(tx, call, companies, (wish.period, (&from, &to), wish.with_details))?.into_iter();
        rated
            .map(|rated| wire::json(&shown(rated, wish.with_details)?))
            .collect()
    };
    whole((web, caller), open, read, "]").await
}

fn wish(params: &Params) -> Result<Wish, ApiError> {
    let period = match params.text("period") {
        None | Some("monthly") => Period::Monthly,
        Some("daily") => Period::Daily,
        Some("weekly") => Period::Weekly,
        Some("latest") => Period::Latest,
        Some(_) => {
            return Err(ApiError::parameter(
                "period",
                "must be daily, weekly, monthly or latest",
            ));
        }
    };
    Ok(Wish {
        period,
        from: params.date("start_date")?.map(str::to_owned),
        to: params.date("end_date")?.map(str::to_owned),
        with_details: params
            .list("expand")
            .is_some_and(|names| names.contains(&"rating_details")),
    })
}

fn shown((row, ratings): Rated, with_details: bool) -> OperationResult<Company> {
    let dated = ratings.into_iter().map(|rating| {
        let rating_details = match with_details {
            true => Some(scores(&rating.risk_vectors)?),
            false => None,
        };
        Ok(Dated {
            date: rating.rating_date,
            rating: rating.rating,
            percentile: None,
            rating_details,
        })
    });
    Ok(Company {
        guid: row.company_guid,
        name: row.name,
        current_rating: row.rating,
        ratings: dated.collect::<OperationResult<Vec<Dated>>>()?,
    })
}

fn scores(stored: &str) -> OperationResult<BTreeMap<String, Score>> {
    let stored: Vec<Stored> =
        serde_json::from_str(stored).map_err(|error| Error::Internal(format!("the grades of a rating: {error}")))?;
    let scores = stored.into_iter().map(|Stored { slug, score }| {
        let score = Score {
            rating: score.rating,
            grade: score.grade,
            percentile: score.percentile,
        };
        (slug, score)
    });
    Ok(scores.collect())
}
