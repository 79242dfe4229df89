//! Every route, a file for each part. Paths are written in their one form, `/ratings/v1/…` or `/ratings/v2/…`; the
//! other prefixes are brought to it before a route is looked for.

mod access_requests;
mod findings;
mod organisation;
mod own;
mod pages;
mod people;
mod portfolio;
mod server;

use axum::Router;
use axum::routing::MethodRouter;

use crate::errors::ApiError;
use crate::openapi::Operation;
use crate::state::Web;

/// The prefixes under which each version of the compatible API answers; the first is the one used inside.
pub const PREFIXES: [[&str; 3]; 2] = [
    ["/ratings/v1", "/v1", "/customer-api/v1"],
    ["/ratings/v2", "/v2", "/customer-api/v2"],
];

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody: pages for invited people, health.
    Public,
    /// The holder of a token.
    Token,
    /// Somebody who is signed in, in a browser.
    Session,
}

/// One path with its methods.
pub struct Route {
    /// Path with `{guid}` for the object's guid.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What the published document says of it, one for each method of an API.
    pub operations: &'static [Operation],
    plain_methods: &'static [&'static str],
    handlers: fn() -> MethodRouter<Web>,
}

impl Route {
    /// Methods, `GET` before the others.
    pub fn methods(&self) -> impl Iterator<Item = &'static str> {
        let described = self.operations.iter().map(|operation| operation.method);
        described.chain(self.plain_methods.iter().copied())
    }
}

/// A path of an API, with what the published document says of each method.
const fn api(path: &'static str, operations: &'static [Operation], handlers: fn() -> MethodRouter<Web>) -> Route {
    Route {
        path,
        access: Access::Token,
        operations,
        plain_methods: &[],
        handlers,
    }
}

/// A path of an API that needs no token.
const fn open(path: &'static str, operations: &'static [Operation], handlers: fn() -> MethodRouter<Web>) -> Route {
    Route {
        access: Access::Public,
        ..api(path, operations, handlers)
    }
}

const fn public(path: &'static str, methods: &'static [&'static str], handlers: fn() -> MethodRouter<Web>) -> Route {
    plain(Access::Public, path, methods, handlers)
}

const fn page(path: &'static str, methods: &'static [&'static str], handlers: fn() -> MethodRouter<Web>) -> Route {
    plain(Access::Session, path, methods, handlers)
}

const fn plain(
    access: Access,
    path: &'static str,
    methods: &'static [&'static str],
    handlers: fn() -> MethodRouter<Web>,
) -> Route {
    Route {
        path,
        access,
        operations: &[],
        plain_methods: methods,
        handlers,
    }
}

/// Every route of the server.
pub fn all() -> impl Iterator<Item = &'static Route> {
    let parts: [&'static [Route]; 8] = [
        access_requests::ROUTES,
        portfolio::ROUTES,
        findings::ROUTES,
        organisation::ROUTES,
        people::ROUTES,
        own::ROUTES,
        server::ROUTES,
        pages::ROUTES,
    ];
    parts.into_iter().flatten()
}

pub(crate) fn router(web: Web) -> Router {
    let mut router = Router::new();
    for route in all() {
        router = router.route(route.path, (route.handlers)());
    }
    router.fallback(|| async { ApiError::not_found() }).with_state(web)
}
