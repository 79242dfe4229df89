//! The images of a company.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use liaison_domain::{Guid, ids};
use liaison_operations::{Credential, companies};

use crate::cookies::Jar;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText};
use crate::images::{self, Format};
use crate::openapi::{Answer, Kind, Operation, Parameter, example, query as parameter, tag};
use crate::state::Web;

const FORMAT: Parameter = parameter(
    "format",
    Kind::OneOf(&["png", "svg"]),
    "PNG, or SVG; without it, browsers get SVG and programs PNG.",
);

const IMAGE: Answer = Answer {
    status: 200,
    about: "The image, as PNG or SVG.",
    media_type: "image/png",
    schema: None,
};
const DRAWING: Answer = Answer {
    media_type: "image/svg+xml",
    ..IMAGE
};

pub(crate) const LOGO: Operation = Operation::new("GET", "getCompanyLogo", tag::COMPANIES, "The logo of a company")
    .about(
        "The initials of its name on a colour of its own. Of companies that everybody may find it can be loaded without a \
         token, so that the address works in a page; `default` in place of a guid is an image of nobody.",
    )
    .query(&[FORMAT])
    .answer(IMAGE)
.answer(DRAWING)
    .refuses(&[400, 404])
    .example(example!("getCompanyLogo"));

pub(crate) const SPARKLINE: Operation = Operation::new(
    "GET",
    "getCompanySparkline",
    tag::COMPANIES,
    "The ratings of a company as a small plot",
)
.about("For those who may read the company: with a token, or in a browser that is signed in.")
.query(&[FORMAT])
.answer(IMAGE)
.answer(DRAWING)
.refuses(&[400, 403, 404])
.example(example!("getCompanySparkline"));

/// `GET /companies/{guid}/logo-image`: initials.
pub(crate) async fn logo(
    State(web): State<Web>,
    PathText(guid): PathText,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, ApiError> {
    let format = format(&params, &headers)?;
    if guid == "default" {
        return Ok(image(
            format,
            images::logo(format, Guid::nil(), ""),
            "public, max-age=86400",
        ));
    }
    let guid = ids::parse_guid(&guid);
    let (name, caching) = match web.app.public_company_name(guid).await {
        Err(liaison_operations::Error::NotFound) => {
            let name = own_name(&web, &headers, guid).await?;
            (name, "private, max-age=86400")
        }
        found => (found?, "public, max-age=86400"),
    };
    Ok(image(
        format,
        images::logo(format, guid.unwrap_or_default(), &name),
        caching,
    ))
}

/// The name of a company that not everybody can find, for whoever shows that they can. Others hear that there is none.
async fn own_name(web: &Web, headers: &HeaderMap, guid: Option<Guid>) -> Result<String, ApiError> {
    let credential = credential(web, headers).map_err(|_| ApiError::not_found())?;
    let name = web
        .app
        .read_as(credential, move |tx, call| companies::name(tx, call, guid));
    match name.await {
        Err(liaison_operations::Error::Unauthenticated) => Err(ApiError::not_found()),
        found => Ok(found?),
    }
}

/// `GET /companies/{guid}/sparkline`: the course of its ratings.
pub(crate) async fn sparkline(
    State(web): State<Web>,
    PathText(guid): PathText,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, ApiError> {
    let credential = credential(&web, &headers)?;
    let course = web.app.read_as(credential, move |tx, call| {
        companies::course(tx, call, ids::parse_guid(&guid))
    });
    let course = course.await?;
    let format = format(&params, &headers)?;
    Ok(image(
        format,
        images::sparkline(format, &course),
        "private, max-age=3600",
    ))
}

/// What the query says, else SVG for whoever says that they take it.
fn format(params: &Params, headers: &HeaderMap) -> Result<Format, ApiError> {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let takes_svg = accepted
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("image/svg+xml"));
    match params.text("format") {
        Some("svg") => Ok(Format::Svg),
        None if takes_svg => Ok(Format::Svg),
        Some("png") | None => Ok(Format::Png),
        Some(_) => Err(ApiError::parameter("format", "must be png or svg")),
    }
}

/// The token of a program, or the session of a browser.
fn credential(web: &Web, headers: &HeaderMap) -> Result<Credential, ApiError> {
    let session = Jar::Session
        .read(web, headers)
        .filter(|_| !headers.contains_key(header::AUTHORIZATION));
    match session {
        Some(session) => Ok(Credential::Session(liaison_operations::digest(session.as_bytes()))),
        None => Ok(Credential::Token(Caller::of(headers)?.token_sha256)),
    }
}

/// An image that pages elsewhere may show.
fn image(format: Format, bytes: Vec<u8>, caching: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
        (header::VARY, HeaderValue::from_static("accept")),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ];
    (headers, bytes).into_response()
}
