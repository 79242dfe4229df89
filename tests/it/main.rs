//! The product as its users see it, through HTTP and mail, on both databases. One file for each noun.

#![expect(
    clippy::unwrap_used,
    reason = "this is the body of a test, whatever function it is in"
)]

mod acceptance;
mod access_groups;
mod access_links;
mod api_tokens;
mod assets;
mod authentication;
mod bundles;
mod client_conversation;
mod client_inbox;
mod client_invite;
mod client_outbox;
mod client_profiles;
mod client_servers;
mod client_shell;
mod codes;
mod commands;
mod companies;
mod company_requests;
mod compatibility;
mod config;
mod contacts;
mod counts;
mod crash;
mod delegate;
mod delivery;
mod demo;
mod document;
mod examples;
mod fields;
mod findings;
mod folders;
mod help;
mod idempotency;
mod inbox;
mod invite;
mod mails;
mod messages;
mod notifications;
mod outbox;
mod pages_inbox;
mod pages_invite;
mod pages_links;
mod pages_mail;
mod pages_notifications;
mod pages_outbox;
mod pages_portfolio;
mod pages_request;
mod pages_room;
mod pages_safety;
mod pages_settings;
mod portfolio;
mod preview;
mod protocol;
mod queries;
mod recipients;
mod refusals;
mod requests;
mod resend;
mod schema;
mod schemathesis;
mod serving;
mod sessions;
mod settings;
mod status;
mod stream;
mod subscriptions;
mod tenancy;
mod tiers;
mod timeline;
mod users;
