//! Every route, on one page. `{p}` stands for the three prefixes of the compatible API.

use axum::Router;
use axum::routing::{MethodRouter, get, patch, post};

use crate::api::{
    access_links, access_requests, events, health, mails, messages, notifications, registration, requests, stream,
    timeline,
};
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
    /// Somebody who is signed in, in a browser.
    Session,
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

const fn page(path: &'static str, methods: &'static [&'static str], handlers: fn() -> MethodRouter<Web>) -> Route {
    Route {
        path,
        methods,
        access: Access::Session,
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
    token(
        "/ratings/v1/access-requests/self-access/validate-token",
        &["POST"],
        || post(registration::validate_token),
    ),
    token("/ratings/v1/client-access-links", &["GET", "POST"], || {
        get(access_links::list).post(access_links::create)
    }),
    token("/ratings/v1/client-access-links/{guid}", &["PATCH", "DELETE"], || {
        patch(access_links::update).delete(access_links::delete)
    }),
    token("/ratings/v1/notifications", &["GET"], || get(notifications::list)),
    token("/ratings/v1/notifications/mark-all-as-read", &["POST"], || {
        post(notifications::mark_all_as_read)
    }),
    token("/ratings/v1/notifications/{id}", &["PATCH"], || {
        patch(notifications::update)
    }),
    token("/ratings/v1/access-requests/{guid}", &["PATCH"], || {
        patch(access_requests::change_status)
    }),
    // Liaison's own API.
    token("/liaison/v1/access-requests/preview", &["POST"], || {
        post(requests::preview)
    }),
    token("/liaison/v1/access-requests/{guid}", &["GET", "PATCH"], || {
        get(requests::get).patch(requests::update)
    }),
    token("/liaison/v1/access-requests/{guid}/link", &["POST"], || {
        post(requests::copy_link)
    }),
    token("/liaison/v1/access-requests/{guid}/delegate", &["POST"], || {
        post(requests::delegate)
    }),
    token("/liaison/v1/mails", &["GET"], || get(mails::list)),
    token("/liaison/v1/mails/{guid}/retry", &["POST"], || post(mails::retry)),
    token("/liaison/v1/access-requests/{guid}/resend", &["POST"], || {
        post(access_requests::resend)
    }),
    token("/liaison/v1/access-requests/{guid}/messages", &["GET", "POST"], || {
        get(messages::list).post(messages::post)
    }),
    token("/liaison/v1/access-requests/{guid}/messages/seen", &["POST"], || {
        post(messages::seen)
    }),
    token("/liaison/v1/access-requests/{guid}/messages/stream", &["GET"], || {
        get(stream::follow)
    }),
    token(
        "/liaison/v1/access-requests/{guid}/messages/{id}",
        &["GET", "PATCH", "DELETE"],
        || get(messages::get).patch(messages::edit).delete(messages::delete),
    ),
    token("/liaison/v1/access-requests/{guid}/timeline", &["GET"], || {
        get(timeline::list)
    }),
    token("/liaison/v1/access-requests/{guid}/transcript", &["GET"], || {
        get(pages::requests::transcript::get)
    }),
    token("/liaison/v1/events", &["GET"], || get(events::list)),
    // Into the application and out of it.
    public("/sign-in", &["GET", "POST"], || {
        get(pages::sign_in::show).post(pages::sign_in::sign_in)
    }),
    public("/reset", &["GET", "POST"], || {
        get(pages::passwords::show_reset).post(pages::passwords::ask)
    }),
    public("/password/{token}", &["GET", "POST"], || {
        get(pages::passwords::show_set).post(pages::passwords::set)
    }),
    page("/home", &["GET"], || get(pages::sign_in::go_home)),
    page("/sign-out", &["POST"], || post(pages::sign_in::sign_out)),
    // One request, for those who sent it.
    page("/requests/{guid}", &["GET"], || get(pages::requests::show)),
    page("/requests/{guid}/notes", &["POST"], || {
        post(pages::requests::actions::notes)
    }),
    page("/requests/{guid}/trial", &["POST"], || {
        post(pages::requests::actions::trial)
    }),
    page("/requests/{guid}/resend", &["POST"], || {
        post(pages::requests::actions::resend)
    }),
    page("/requests/{guid}/link", &["POST"], || {
        post(pages::requests::actions::link)
    }),
    page("/requests/{guid}/resolve", &["POST"], || {
        post(pages::requests::actions::resolve)
    }),
    page("/requests/{guid}/approve", &["POST"], || {
        post(pages::requests::actions::approve)
    }),
    page("/requests/{guid}/reject", &["POST"], || {
        post(pages::requests::actions::reject)
    }),
    page("/requests/{guid}/mails/{id}", &["GET"], || {
        get(pages::requests::mails::show)
    }),
    page("/requests/{guid}/mails/{id}/html", &["GET"], || {
        get(pages::requests::mails::html)
    }),
    page("/requests/{guid}/transcript.pdf", &["GET"], || {
        get(pages::requests::transcript::pdf)
    }),
    page("/requests/{guid}/transcript.json", &["GET"], || {
        get(pages::requests::transcript::json)
    }),
    page("/requests/{guid}/stream", &["GET"], || {
        get(pages::requests::thread::stream)
    }),
    page("/requests/{guid}/seen", &["POST"], || {
        post(pages::requests::thread::seen)
    }),
    page("/requests/{guid}/messages", &["POST"], || {
        post(pages::requests::thread::post)
    }),
    page("/requests/{guid}/messages/{id}", &["GET", "POST"], || {
        get(pages::requests::thread::show_edit).post(pages::requests::thread::edit)
    }),
    page("/requests/{guid}/messages/{id}/delete", &["POST"], || {
        post(pages::requests::thread::delete)
    }),
    // What was received, and its rooms.
    page("/outbox", &["GET"], || get(pages::outbox::show)),
    page("/outbox.csv", &["GET"], || get(pages::outbox::file::csv)),
    page("/outbox.xlsx", &["GET"], || get(pages::outbox::file::xlsx)),
    page("/outbox/bulk", &["POST"], || post(pages::outbox::bulk::change)),
    page("/inbox", &["GET"], || get(pages::inbox::show)),
    page("/inbox.csv", &["GET"], || get(pages::inbox::file)),
    page("/inbox/read", &["POST"], || post(pages::inbox::read_all)),
    page("/inbox/{guid}", &["GET"], || get(pages::inbox::room::show)),
    page("/inbox/{guid}/delegate", &["POST"], || {
        post(pages::inbox::room::hand_over)
    }),
    page("/inbox/{guid}/transcript.pdf", &["GET"], || {
        get(pages::requests::transcript::pdf)
    }),
    page("/inbox/{guid}/transcript.json", &["GET"], || {
        get(pages::requests::transcript::json)
    }),
    page("/inbox/{guid}/stream", &["GET"], || {
        get(pages::requests::thread::stream)
    }),
    page("/inbox/{guid}/seen", &["POST"], || post(pages::requests::thread::seen)),
    page("/inbox/{guid}/messages", &["POST"], || {
        post(pages::requests::thread::post)
    }),
    page("/inbox/{guid}/messages/{id}", &["GET", "POST"], || {
        get(pages::requests::thread::show_edit).post(pages::requests::thread::edit)
    }),
    page("/inbox/{guid}/messages/{id}/delete", &["POST"], || {
        post(pages::requests::thread::delete)
    }),
    // Pages for invited people.
    public("/", &["GET"], || get(pages::front)),
    public("/i/{token}", &["GET", "POST"], || {
        get(pages::acceptance::show).post(pages::acceptance::accept)
    }),
    public("/i/{token}/opened", &["POST"], || post(pages::acceptance::opened)),
    public("/i/{token}/again", &["POST"], || post(pages::acceptance::again)),
    public("/i/{token}/hand-over", &["POST"], || post(pages::acceptance::hand_over)),
    public("/code", &["GET", "POST"], || {
        get(pages::codes::show).post(pages::codes::enter)
    }),
    public("/join", &["GET", "POST"], || {
        get(pages::join::show).post(pages::join::ask)
    }),
    public("/unsubscribe", &["GET", "POST"], || {
        get(pages::unsubscribe::show).post(pages::unsubscribe::unsubscribe)
    }),
    page("/links", &["GET", "POST"], || {
        get(pages::links::show).post(pages::links::create)
    }),
    page("/links/{guid}", &["GET", "POST"], || {
        get(pages::links::show_one).post(pages::links::change)
    }),
    page("/links/requests/{guid}", &["POST"], || post(pages::links::decide)),
    page("/outbox/new", &["GET", "POST"], || {
        get(pages::invite::show).post(pages::invite::send)
    }),
    page("/outbox/new/preview", &["POST"], || post(pages::invite::preview)),
    page("/outbox/new/mail", &["POST"], || post(pages::invite::mail)),
    page("/portfolio", &["GET"], || get(pages::portfolio::show)),
    page("/portfolio.csv", &["GET"], || get(pages::portfolio::file)),
    page("/companies/{guid}", &["GET"], || get(pages::companies::show)),
    page("/companies/{guid}/contacts", &["POST"], || {
        post(pages::companies::change)
    }),
    // Mails, news, and what can be set.
    page("/mail", &["GET", "POST"], || {
        get(pages::mail::show).post(pages::mail::test)
    }),
    page("/mail/{guid}", &["GET", "POST"], || {
        get(pages::mail::show_one).post(pages::mail::retry)
    }),
    page("/notifications", &["GET", "POST"], || {
        get(pages::notifications::show).post(pages::notifications::mark)
    }),
    page("/notifications/{number}", &["GET"], || {
        get(pages::notifications::follow)
    }),
    page("/settings/profile", &["GET", "POST"], || {
        get(pages::settings::profile::show).post(pages::settings::profile::change)
    }),
    page("/settings/users", &["GET", "POST"], || {
        get(pages::settings::users::show).post(pages::settings::users::invite)
    }),
    page("/settings/users/{guid}", &["GET", "POST"], || {
        get(pages::settings::users::show_one).post(pages::settings::users::change)
    }),
    page("/settings/tokens", &["GET", "POST"], || {
        get(pages::settings::tokens::show).post(pages::settings::tokens::create)
    }),
    page("/settings/tokens/{guid}", &["POST"], || {
        post(pages::settings::tokens::revoke)
    }),
    page("/settings/collaboration", &["GET", "POST"], || {
        get(pages::settings::collaboration::show).post(pages::settings::collaboration::change)
    }),
    public("/verify/{guid}", &["GET"], || get(pages::verify::show)),
    public("/styleguide", &["GET"], || get(pages::styleguide::show)),
    public("/assets/liaison.css", &["GET"], || get(pages::assets::stylesheet)),
    public("/assets/liaison.js", &["GET"], || get(pages::assets::script)),
    public("/assets/icons.svg", &["GET"], || get(pages::assets::icons)),
    public("/assets/logo.svg", &["GET"], || get(pages::assets::logo)),
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
