//! What other crates may expect of liaison-mail: mails as their readers see them, and what becomes of them at a relay.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bodies;
mod domains;
mod facts;
mod headers;
mod hostile;
mod outcomes;
mod pool;
mod relay_address;
mod retry;
mod script;
