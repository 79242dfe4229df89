//! The rules of the product, pure: no I/O, no SQL, no HTTP, no clock of its own.
//!
//! One file per noun. Whatever reads a database, a socket or the time lives in the crates around this one.

pub mod access_requests;
pub mod action_plans;
pub mod addresses;
pub mod clock;
pub mod companies;
pub mod dates;
pub mod drafts;
pub mod emails;
pub mod events;
pub mod findings;
pub mod formulas;
pub mod ids;
pub mod limits;
pub mod mail_providers;
pub mod messages;
pub mod people;
pub mod portfolio;
pub mod progress;
pub mod ratings;
pub mod refusals;
pub mod risk_vectors;
pub mod search;
pub mod sides;

pub use clock::{Clock, Timestamp};
pub use ids::{Entropy, Guid};
pub use refusals::Refusal;
