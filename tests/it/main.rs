//! The product as its users see it, through HTTP and mail, on both databases. One file for each noun.

mod acceptance;
mod authentication;
mod config;
mod counts;
mod fields;
mod idempotency;
mod inbox;
mod invite;
mod mails;
mod outbox;
mod protocol;
mod queries;
mod refusals;
mod resend;
mod status;
mod tenancy;
