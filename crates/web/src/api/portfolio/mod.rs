//! The portfolio: the companies that the caller's customer follows.

mod filters;
mod parameters;
mod row;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use liaison_domain::Guid;
use liaison_operations::portfolio;
use schemars::JsonSchema;
use serde::Serialize;

use self::row::Row;
use super::conventions::{self, Format, Links, Place, Projected, Projection};
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
    results: Vec<Projected<Row>>,
    summaries: Summaries,
}

/// What is said of the whole portfolio.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortfolioPageSummaries")]
struct Summaries {
    /// The customer's own company.
    #[serde(rename = "my-company")]
    my_company: Option<Guid>,
}

pub(crate) const LIST: Operation = Operation::new("GET", "listPortfolio", tag::PORTFOLIO, "Portfolio")
    .about("The companies that the customer follows, by name where nothing else is asked for.")
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

async fn answer(web: &Web, caller: Caller, (params, headers): (&Params, &HeaderMap)) -> Result<Response, ApiError> {
    let asked = || {
        let place = Place::of(params, (web.public_url(), "/ratings/v2/portfolio"))?;
        Ok((filters::wish(params)?, place, Format::of(params, headers)?))
    };
    let (wish, place, format) = caller.checked(web, asked()).await?;
    let (projection, public_url) = (Projection::of(params), web.public_url().to_owned());
    let read = web.app.read_as(caller.token_sha256, move |tx, call| {
        let page = (place.limit, place.offset);
        let (rows, count) = portfolio::list_rows(tx, call, (&wish.filter, &wish.order), page)?;
        let rows = rows.into_iter().map(|row| projection.apply(Row::new(&public_url, row)));
        let results: Vec<Projected<Row>> = rows.collect();
        if format != Format::Json {
            return conventions::table(format, ("portfolio", call.now), &results);
        }
        let page = Page {
            links: place.links(count),
            count,
            results,
            summaries: Summaries {
                my_company: call.actor.my_company.as_ref().map(|company| company.guid),
            },
        };
        Ok(conventions::json(wire::json(&page)?))
    });
    Ok(read.await?.into_response())
}
