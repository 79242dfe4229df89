//! The door to the database, seen from outside; every body runs on both engines unless it is about one of them.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may fail like the tests themselves"
)]

mod concurrency;
mod migrations;
mod opening;
mod place;
mod postgres_only;
mod sqlite_only;
mod transactions;
mod values;

/// The helper of `liaison-testkit`, taken as source: as a dependency it would build the whole product first.
#[path = "../../../testkit/src"]
#[expect(unreachable_pub, reason = "public in the crate it is written for")]
mod testkit {
    mod memory;
    pub mod postgres;
}
