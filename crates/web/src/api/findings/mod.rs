//! Findings of a company.

mod query;
mod shape;
pub(crate) mod summaries;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Uri};
use liaison_db::Tx;
use liaison_domain::ids;
use liaison_operations::findings::{self, Wanted};
use liaison_operations::{Call, Result as OperationResult};

use self::shape::{Expanded, Finding};
use super::conventions::{self, Format, Page, Place, Projected, Projection};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Asked, Caller, Params, PathText};
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

pub(crate) const LIST: Operation = Operation::new("GET", "listFindings", tag::FINDINGS, "Findings of a company")
    .about(
        "The findings of a company that the customer follows or is, those seen last first. Addresses of hosts are hidden \
         in whatever the answer says of a company that is not the caller's own, and filters see what the caller sees.",
    )
    .query(query::PARAMETERS)
    .answers::<Page<Projected<Finding>>>(200, "A page of findings.")
    .refuses(&[400, 403, 404])
    .example(example!("listFindings"));

pub(crate) const SEARCH: Operation =
    Operation::new("POST", "searchFindings", tag::FINDINGS, "Findings, with a long filter")
        .about("As the same path with GET; the body has the same names as the query and comes before it.")
        .query(query::PARAMETERS)
        .body::<serde_json::Map<String, serde_json::Value>>()
        .answers::<Page<Projected<Finding>>>(200, "A page of findings.")
        .refuses(&[400, 403, 404, 413, 415])
        .example(example!("searchFindings"));

/// What is asked for: which findings, which page, and how it is written.
struct Question {
    company: String,
    wanted: Wanted,
    place: Place,
    projection: Projection,
    expanded: Expanded,
    format: Format,
}

impl Question {
    fn of(
        web: &Web,
        (company, path): (String, &str),
        params: &Params,
        headers: &HeaderMap,
    ) -> Result<Question, ApiError> {
        let expand = params.list("expand").unwrap_or_default();
        Ok(Question {
            wanted: query::wanted(params)?,
            place: Place::of(params, (web.public_url(), path))?,
            projection: Projection::of(params),
            expanded: Expanded {
                history: expand.contains(&"remediation_history"),
                tags: expand.contains(&"tag_details"),
            },
            format: Format::of(params, headers)?,
            company,
        })
    }

    fn answer(&self, tx: &mut Tx<'_>, call: &Call<'_>) -> OperationResult<Response> {
        let company = ids::parse_guid(&self.company);
        let page = (self.place.limit, self.place.offset);
        let found = findings::search(tx, call, (company, &self.wanted), page)?;
        let shaped = found.findings.into_iter().map(|stored| {
            let finding = shape::finding(stored, &found.company, self.expanded)?;
            Ok(self.projection.apply(finding))
        });
        let rows = shaped.collect::<OperationResult<Vec<_>>>()?;
        match self.format {
            Format::Json => Ok(conventions::json(wire::json(&self.place.page(found.count, rows))?)),
            table => conventions::table(table, ("findings", call.now), &rows),
        }
    }
}

/// `GET /companies/{guid}/findings`: a page of findings.
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    (PathText(company), uri): (PathText, Uri),
    params: Params,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    answer(&web, caller, (company, uri.path()), (&params, &headers)).await
}

/// `POST /companies/{guid}/findings`: the same, asked for in a body.
pub(crate) async fn search(
    State(web): State<Web>,
    (PathText(company), uri): (PathText, Uri),
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, ApiError> {
    answer(&web, asked.caller, (company, uri.path()), (&asked.params, &headers)).await
}

async fn answer(
    web: &Web,
    caller: Caller,
    of: (String, &str),
    (params, headers): (&Params, &HeaderMap),
) -> Result<Response, ApiError> {
    let question = caller.checked(web, Question::of(web, of, params, headers)).await?;
    let read = web
        .app
        .read_as(caller.token_sha256, move |tx, call| question.answer(tx, call));
    Ok(read.await?)
}
