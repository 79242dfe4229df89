//! Around every handler: the path in its one form, headers on every answer, errors in the shape asked for, and a
//! panic that costs one answer and not the process.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use tower::ServiceExt as _;

use crate::errors::ApiError;
use crate::pages;
use crate::routes::PREFIXES;
use crate::state::Web;

/// Answers one request, whatever happens.
pub(crate) async fn answer(web: &Web, router: Router, request: http::Request<hyper::body::Incoming>) -> Response {
    let mut request = request.map(Body::new);
    let wants_problem = accepts_problem(request.headers());
    let method = request.method().clone();
    normalise(&mut request);
    let wants_page = is_page(request.uri().path()) && accepts_page(request.headers());
    let handled = AssertUnwindSafe(router.oneshot(request)).catch_unwind().await;
    let mut response = match handled {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        // The panic itself was reported by the hook, with its place.
        Err(_) => ApiError::new("internal_error", "Something went wrong here.").into_response(),
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = response.headers().get(header::ALLOW).cloned();
        response = ApiError::method_not_allowed(&method, allow).into_response();
    }
    if (wants_problem || wants_page)
        && let Some(error) = response.extensions_mut().remove::<ApiError>()
    {
        response = if wants_page {
            pages::problem(&error)
        } else {
            error.into_problem()
        };
    }
    protect(web, &method, response.headers_mut());
    response
}

fn accepts_problem(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepts.is_some_and(|value| value.contains("application/problem+json"))
}

/// Whether somebody looks with a browser: then an error is a page.
fn accepts_page(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepts.is_some_and(|value| value.contains("text/html"))
}

/// Whether a path, in its one form, is none of an API.
fn is_page(path: &str) -> bool {
    !path.starts_with("/ratings/") && !path.starts_with("/liaison/")
}

/// One form for each path: single slashes, none at the end, the first prefix. Never a redirect.
fn normalise(request: &mut Request) {
    let path = request.uri().path();
    let Cow::Owned(path) = normal_path(path) else { return };
    let target = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    if let Ok(target) = PathAndQuery::try_from(target) {
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = Some(target);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
}

fn normal_path(path: &str) -> Cow<'_, str> {
    let mut path = Cow::Borrowed(path);
    if path.contains("//") || (path.len() > 1 && path.ends_with('/')) {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        path = Cow::Owned(format!("/{}", segments.join("/")));
    }
    for [inside, aliases @ ..] in &PREFIXES {
        let rest = aliases.iter().find_map(|alias| path.strip_prefix(alias));
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            return Cow::Owned(format!("{inside}{rest}"));
        }
    }
    path
}

const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                   form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// What browsers are told about every answer.
fn protect(web: &Web, method: &Method, headers: &mut HeaderMap) {
    let fixed: [(HeaderName, &'static str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Images may say that pages elsewhere may show them.
    let resource = headers.entry(HeaderName::from_static("cross-origin-resource-policy"));
    resource.or_insert(HeaderValue::from_static("same-origin"));
    // A document that shows a mail brings a narrower policy of its own.
    let policy = headers.entry(header::CONTENT_SECURITY_POLICY);
    policy.or_insert(HeaderValue::from_static(CSP));
    if !(headers.contains_key(header::CACHE_CONTROL) && method.is_safe()) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if web.app.env.identity.public_url.scheme() == "https" {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}

#[cfg(test)]
mod tests {
    use super::normal_path;

    #[test]
    fn prefixes_and_slashes_come_to_one_path() {
        let one = "/ratings/v1/access-requests/received";
        for same in [
            one,
            "/v1/access-requests/received",
            "/customer-api/v1/access-requests/received/",
            "//ratings//v1/access-requests///received//",
        ] {
            assert_eq!(normal_path(same), one, "{same}");
        }
        assert_eq!(normal_path("/"), "/");
        assert_eq!(normal_path("/v1x/access-requests"), "/v1x/access-requests");
        assert_eq!(normal_path("/v1"), "/ratings/v1");
        assert_eq!(normal_path("/customer-api/v2/users/"), "/ratings/v2/users");
    }
}
