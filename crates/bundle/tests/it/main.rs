//! Imports and exports, seen from outside; every body runs on both engines.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may fail like the tests themselves"
)]

mod broken;
mod csv;
mod example;
mod exported;
mod interrupted;
mod large;
mod order;
mod place;
mod refused;
mod tokens;

/// The helper of `liaison-testkit`, taken as source: as a dependency it would build the whole product first.
#[path = "../../../testkit/src"]
#[expect(unreachable_pub, reason = "public in the crate it is written for")]
mod testkit {
    pub mod memory;
    pub mod postgres;
}
