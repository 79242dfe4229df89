//! Every route, on one page. `{p}` stands for the three prefixes of the compatible API.

use axum::Router;
use axum::routing::{MethodRouter, get, patch, post};

use crate::api::{access_requests, health};
use crate::errors::ApiError;
use crate::pages;
use crate::state::Web;

/// The prefixes under which the compatible API answers; the first is the one used inside.
pub const PREFIXES: [&str; 3] = ["/ratings/v1", "/v1", "/customer-api/v1"];

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody: pages for invited people, health.
    Public,
    /// The holder of a token.
    Token,
}

/// One path with its methods.
pub struct Route {
    /// Path with `{guid}` for the object's guid.
    pub path: &'static str,
    /// Methods, `GET` before the others.
    pub methods: &'static [&'static str],
    /// Who may call it.
    pub access: Access,
    handlers: fn() -> MethodRouter<Web>,
}

const fn token(path: &'static str, methods: &'static [&'static str], handlers: fn() -> MethodRouter<Web>) -> Route {
    Route {
        path,
        methods,
        access: Access::Token,
        handlers,
    }
}

const fn public(path: &'static str, methods: &'static [&'static str], handlers: fn() -> MethodRouter<Web>) -> Route {
    Route {
        path,
        methods,
        access: Access::Public,
        handlers,
    }
}

/// Every route of the server.
pub const ROUTES: &[Route] = &[
    // The compatible API.
    token("/ratings/v1/access-requests", &["GET", "POST"], || {
        get(access_requests::list_outbox).post(access_requests::invite_company)
    }),
    token("/ratings/v1/access-requests/bulk", &["POST"], || {
        post(access_requests::bulk)
    }),
    token("/ratings/v1/access-requests/counts", &["GET"], || {
        get(access_requests::counts)
    }),
    token("/ratings/v1/access-requests/config", &["GET", "PATCH"], || {
        get(access_requests::get_config).patch(access_requests::update_config)
    }),
    token("/ratings/v1/access-requests/received", &["GET"], || {
        get(access_requests::list_inbox)
    }),
    token(
        "/ratings/v1/access-requests/received/mark-all-as-read",
        &["POST"],
        || post(access_requests::mark_all_as_read),
    ),
    token("/ratings/v1/access-requests/received/{guid}", &["GET", "PATCH"], || {
        get(access_requests::get_received).patch(access_requests::update_received)
    }),
    token("/ratings/v1/access-requests/{guid}", &["PATCH"], || {
        patch(access_requests::change_status)
    }),
    // Liaison's own API.
    token("/liaison/v1/access-requests/{guid}/resend", &["POST"], || {
        post(access_requests::resend)
    }),
    // Pages for invited people.
    public("/", &["GET"], || get(pages::front)),
    public("/i/{token}", &["GET", "POST"], || {
        get(pages::acceptance::show).post(pages::acceptance::accept)
    }),
    public("/verify/{guid}", &["GET"], || get(pages::verify::show)),
    public("/assets/liaison.css", &["GET"], || get(pages::stylesheet)),
    // For the operator's machinery.
    public("/healthz", &["GET"], || get(health::alive)),
    public("/readyz", &["GET"], || get(health::ready)),
];

pub(crate) fn router(web: Web) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handlers)());
    }
    router.fallback(|| async { ApiError::not_found() }).with_state(web)
}
