//! The portfolio: the companies that the caller's customer follows.

mod filters;
mod numbers;
mod older;
mod parameters;
mod ratings;
mod row;

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_operations::portfolio::{self, Listed};
use liaison_operations::{Call, Result as OperationResult};
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use self::numbers::{OLDER_SUMMARIES, STATISTICS, SUMMARIES, statistics, summaries};
pub(crate) use self::older::{COMPANIES, OLDER, older};
pub(crate) use self::ratings::{RATINGS, ratings};
use self::row::Row;
use super::conventions::{self, Format, Links, Place, Projected, Projection, whole};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Asked, Caller, Params};
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

/// A page of the portfolio.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortfolioPage")]
struct Page {
    links: Links,
    /// Companies of the whole list.
    count: i64,
    summaries: Summaries,
    results: Vec<Projected<Row>>,
}

/// Rows of a file.
const FILE_ROWS: i64 = 50_000;

/// What is said of the whole portfolio.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortfolioPageSummaries")]
struct Summaries {
    /// The customer's own company.
    #[serde(rename = "my-company")]
    my_company: Option<Guid>,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listPortfolio", tag::PORTFOLIO, "Portfolio")
    .about(
        "The companies that the customer follows, by name where nothing else is asked for. Without `limit` and \
         `offset` all of them come at once; a file has 50 000 rows at most.",
    )
    .query(parameters::LIST)
    .answers::<Page>(200, "A page of the list.")
    .refuses(&[400])
    .example(example!("listPortfolio"));

pub(crate) const QUERY: Operation = Operation::new(
    "POST",
    "queryPortfolio",
    tag::PORTFOLIO,
    "Portfolio, asked in a body",
)
.about(
    "The same list for questions that are too long for an address. The links to other pages have the whole question.",
)
.query(parameters::LIST)
.body::<parameters::PortfolioQuery>()
.answers::<Page>(200, "A page of the list.")
.refuses(&[400, 413, 415])
.example(example!("queryPortfolio"));

/// `GET /v2/portfolio`: the companies of the portfolio, filtered, sorted, in pages.
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, ApiError> {
    answer(&web, caller, (&params, &headers)).await
}

/// `POST /v2/portfolio`: the same, asked in a body.
pub(crate) async fn query(State(web): State<Web>, headers: HeaderMap, asked: Asked) -> Result<Response, ApiError> {
    answer(&web, asked.caller, (&asked.params, &headers)).await
}

/// What is asked for.
#[derive(Clone)]
struct Asking {
    wish: filters::Wish,
    place: Place,
    projection: Projection,
    public_url: String,
}

async fn answer(web: &Web, caller: Caller, (params, headers): (&Params, &HeaderMap)) -> Result<Response, ApiError> {
    let asked = || {
        let place = Place::of(params, (web.public_url(), "/ratings/v2/portfolio"))?;
        let asking = Asking {
            wish: filters::wish(params)?,
            place,
            projection: Projection::of(params),
            public_url: web.public_url().to_owned(),
        };
        Ok((asking, Format::of(params, headers)?))
    };
    let (mut asking, format) = caller.checked(web, asked()).await?;
    let is_whole = params.text("limit").is_none();
    if is_whole && format == Format::Json && asking.place.offset == 0 {
        let rows = asking.clone();
        return whole(
            (web.clone(), caller),
            move |tx, call| asking.open(tx, call),
            move |tx, call, companies| {
                let read = portfolio::rows(tx, call, companies, None)?;
                rows.rows(read).iter().map(wire::json).collect()
            },
            "]}",
        )
        .await;
    }
    if is_whole && format != Format::Json {
        asking.place.limit = FILE_ROWS;
    }
    let read = web.app.read_as(caller.token_sha256, move |tx, call| {
        let page = (asking.place.limit, asking.place.offset);
        let (rows, count) = portfolio::list_rows(tx, call, (&asking.wish.filter, &asking.wish.order), page)?;
        let results = asking.rows(rows);
        if format != Format::Json {
            return conventions::table(format, ("portfolio", call.now), &results);
        }
        let page = Page {
            links: asking.place.links(count),
            count,
            results,
            summaries: Summaries::of(call),
        };
        Ok(conventions::json(wire::json(&page)?))
    });
    Ok(read.await?)
}

impl Summaries {
    fn of(call: &Call<'_>) -> Summaries {
        Summaries {
            my_company: call.actor.my_company.as_ref().map(|company| company.guid),
        }
    }
}

impl Asking {
    fn rows(&self, rows: Vec<Listed>) -> Vec<Projected<Row>> {
        let rows = rows.into_iter();
        rows.map(|row| self.projection.apply(Row::new(&self.public_url, row)))
            .collect()
    }

    /// The envelope of the whole list up to its rows, and whose rows they are.
    fn open(&self, tx: &mut Tx<'_>, call: &Call<'_>) -> OperationResult<(Vec<u8>, Vec<Guid>)> {
        let companies = portfolio::companies(tx, call, (&self.wish.filter, &self.wish.order))?;
        let page = Page {
            links: Links {
                next: None,
                previous: None,
            },
            count: companies.len() as i64,
            results: Vec::new(),
            summaries: Summaries::of(call),
        };
        let mut head = wire::json(&page)?;
        // The rows come last, in front of the two brackets that are cut off here.
        head.truncate(head.len() - 2);
        Ok((head, companies))
    }
}
