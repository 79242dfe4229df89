//! Companies: their details, the search of the inventory, their trees, assets and images.

mod assets;
mod images;
mod search;
mod shape;
mod tree;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_domain::{Guid, ids};
use liaison_operations::companies::{self, Change};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::assets::{ASSETS, assets};
pub(crate) use self::images::{LOGO, SPARKLINE, logo, sparkline};
pub(crate) use self::search::{QUERY, SEARCH, query, search};
pub(crate) use self::tree::{TREE, tree};

use self::shape::Company;
use super::conventions::{self, FIELDS, Projected, Projection};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText, Write, nullable, wrapped};
use crate::openapi::{Kind, Needs, Operation, example, query as parameter, tag};
use crate::state::Web;

/// Where a company is found.
pub(crate) struct Links {
    /// Its page in the browser.
    pub(crate) page: String,
    /// An image made of its name.
    pub(crate) logo: String,
    /// A plot of its ratings.
    pub(crate) sparkline: String,
}

/// The addresses of one company.
pub(crate) fn links(public_url: &str, company: Guid) -> Links {
    Links {
        page: format!("{public_url}/companies/{company}"),
        logo: format!("{public_url}/ratings/v1/companies/{company}/logo-image"),
        sparkline: format!("{public_url}/ratings/v1/companies/{company}/sparkline"),
    }
}

pub(crate) const FIND: Operation = Operation::new("GET", "getCompany", tag::COMPANIES, "One company")
    .about(
        "For customers that follow the company, and for the company itself. Others are refused, and where only its own \
         customer can see a company, there is none.",
    )
    .query(&[
        FIELDS,
        parameter(
            "include_unrestricted",
            Kind::Boolean,
            "Whether a company that the caller may not read is answered with what everybody sees of it.",
        ),
    ])
    .answers::<Projected<Company>>(200, "The company.")
    .refuses(&[400, 403, 404])
    .example(example!("getCompany"));

/// `GET /companies/{guid}`: everything about one company.
pub(crate) async fn find(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
    params: Params,
) -> Result<Response, ApiError> {
    let unrestricted = params.boolean("include_unrestricted");
    let unrestricted = caller.checked(&web, unrestricted).await?.unwrap_or_default();
    let (projection, public_url) = (Projection::of(&params), web.public_url().to_owned());
    conventions::read(&web, caller, move |tx, call| {
        let details = companies::details(tx, call, ids::parse_guid(&guid), unrestricted)?;
        wire::json(&projection.apply(Company::new(&public_url, details)?))
    })
    .await
}

/// What a customer notes of a company, in `contents` or by itself. What is left out stays.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CompanyChange")]
struct Sent {
    /// The customer's own number for it; null takes it away.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(length(max = 255))]
    custom_id: Option<Option<String>>,
    /// The company that stands for it; null takes it away.
    #[serde(default, deserialize_with = "nullable")]
    primary_company: Option<Option<Primary>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PrimaryCompany")]
struct Primary {
    guid: Guid,
}

/// The body, with its name around it.
#[derive(JsonSchema)]
#[schemars(rename = "CompanyBody")]
#[expect(
    dead_code,
    reason = "the wrapper may be left out, so it is read by hand; this is its schema"
)]
struct Body {
    contents: Sent,
}

pub(crate) const EDIT: Operation = Operation::new(
    "PATCH",
    "updateCompany",
    tag::COMPANIES,
    "Note something of a company",
)
.about(
    "For companies of the portfolio. The fields may also stand in the body without `contents` around them; what is \
         noted is the customer's own and changes nothing for others.",
)
.body::<Body>()
.answers::<Company>(200, "The company.")
.refuses(&[400, 403, 404, 409, 413, 415])
.needs(Needs::Inviter)
.example(example!("updateCompany"));

/// `PATCH /companies/{guid}`: the customer's own number for a company, and the company that stands for it.
pub(crate) async fn edit(
    State(web): State<Web>,
    PathText(guid): PathText,
    mut write: Write,
) -> Result<Response, ApiError> {
    let (body, public_url) = (write.body.take(), web.public_url().to_owned());
    let work = write.run(StatusCode::OK, move |tx, call| {
        call.actor.require_inviter()?;
        let sent: Sent = wrapped(&body, "contents")?;
        let change = Change {
            custom_id: sent.custom_id,
            primary_company: sent.primary_company.map(|primary| primary.map(|primary| primary.guid)),
        };
        let details = companies::edit(tx, call, ids::parse_guid(&guid), change)?;
        wire::json(&Company::new(&public_url, details)?)
    });
    work.await
}
