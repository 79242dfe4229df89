//! The product as its users see it, through HTTP and mail, on both databases. One file for each noun.

#![expect(
    clippy::unwrap_used,
    reason = "this is the body of a test, whatever function it is in"
)]

mod acceptance;
mod authentication;
mod bundles;
mod commands;
mod config;
mod counts;
mod crash;
mod delivery;
mod demo;
mod fields;
mod help;
mod idempotency;
mod inbox;
mod invite;
mod mails;
mod outbox;
mod protocol;
mod queries;
mod refusals;
mod resend;
mod schema;
mod serving;
mod settings;
mod status;
mod tenancy;
