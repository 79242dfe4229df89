//! The pages, and what they load.

use axum::routing::{get, post};

use super::{Route, page, public};
use crate::pages;

pub(super) const ROUTES: &[Route] = &[
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
    public("/docs", &["GET"], || get(pages::docs::show)),
    public("/styleguide", &["GET"], || get(pages::styleguide::show)),
    public("/assets/liaison.css", &["GET"], || get(pages::assets::stylesheet)),
    public("/assets/liaison.js", &["GET"], || get(pages::assets::script)),
    public("/assets/icons.svg", &["GET"], || get(pages::assets::icons)),
    public("/assets/logo.svg", &["GET"], || get(pages::assets::logo)),
];
