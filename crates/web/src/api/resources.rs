//! What there is: the list of a version's paths, at its root.

use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::conventions::{self, FIELDS, Projected, Projection};
use super::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params};
use crate::openapi::{Operation, example, tag};
use crate::routes::{self, Access};
use crate::state::Web;

/// A version of the API.
#[derive(Serialize, JsonSchema)]
struct Version {
    version: i64,
    name: &'static str,
    /// Every path that can be read without naming an object, by name.
    resources: Vec<Resource>,
}

/// A path.
#[derive(Serialize, JsonSchema)]
struct Resource {
    /// Its address.
    href: String,
    /// What follows the version in the address.
    name: &'static str,
}

pub(crate) const FIRST: Operation = Operation::new("GET", "listResources", tag::SERVER, "Paths of version 1")
    .query(&[FIELDS])
    .answers::<Projected<Version>>(200, "The paths.")
    .example(example!("listResources"));

pub(crate) const SECOND: Operation = Operation::new("GET", "listResourcesV2", tag::SERVER, "Paths of version 2")
    .query(&[FIELDS])
    .answers::<Projected<Version>>(200, "The paths.")
    .example(example!("listResourcesV2"));

/// `GET /ratings/v1`.
pub(crate) async fn first(web: State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    list(web, (caller, &params), (1, "/ratings/v1/")).await
}

/// `GET /ratings/v2`.
pub(crate) async fn second(web: State<Web>, caller: Caller, params: Params) -> Result<Response, ApiError> {
    list(web, (caller, &params), (2, "/ratings/v2/")).await
}

async fn list(
    State(web): State<Web>,
    (caller, params): (Caller, &Params),
    (version, root): (i64, &'static str),
) -> Result<Response, ApiError> {
    let readable = routes::all()
        .filter(|route| route.access == Access::Token && route.methods().any(|method| method == "GET"))
        .filter(|route| !route.path.contains('{'));
    let mut resources: Vec<Resource> = readable
        .filter_map(|route| {
            Some(Resource {
                href: format!("{}{}", web.public_url(), route.path),
                name: route.path.strip_prefix(root)?,
            })
        })
        .collect();
    resources.sort_unstable_by_key(|resource| resource.name);
    let body = wire::json(&Projection::of(params).apply(Version {
        version,
        name: "Liaison",
        resources,
    }));
    web.app.read_as(caller.token_sha256, |_, _| Ok(())).await?;
    Ok(conventions::json(body?))
}
