//! SQL, one file per noun. No rules and no decisions: those are in the domain and in the operations.
//!
//! Functions on a customer's data take the customer first and filter by it in SQL, so that another customer's object
//! is simply not found. Verbs: `find` (maybe one), `list`, `each` (one row at a time), `insert`, `update`, `delete`,
//! `count`.

pub mod access_links;
pub mod access_requests;
pub mod activation_links;
pub mod api_tokens;
mod bulk;
pub mod companies;
pub mod company_requests;
pub mod contacts;
pub mod copies;
pub mod customers;
pub mod delegations;
pub mod events;
pub mod findings;
pub mod folders;
pub mod idempotency;
mod like;
pub mod mail_deliveries;
pub mod mails;
pub mod messages;
pub mod notifications;
pub mod password_links;
pub mod portfolio;
pub mod ratings;
pub mod server_keys;
pub mod sessions;
pub mod subscriptions;
pub mod thread_reads;
pub mod tiers;
pub mod timeline;
pub mod user_groups;
pub mod users;

pub use bulk::refresh_statistics;
use liaison_db::Migration;

/// Every migration, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration::both(1, "start", include_str!("../migrations/0001_start.sql")),
    Migration::both(2, "both_sides", include_str!("../migrations/0002_both_sides.sql")),
    Migration::both(3, "companies", include_str!("../migrations/0003_companies.sql")),
    Migration::both(4, "findings", include_str!("../migrations/0004_findings.sql")),
    Migration::both(5, "organisation", include_str!("../migrations/0005_organisation.sql")),
    Migration::both(6, "people", include_str!("../migrations/0006_people.sql")),
    Migration::both(7, "bridge", include_str!("../migrations/0007_bridge.sql")),
    Migration::both(8, "search", include_str!("../migrations/0008_search.sql")),
];

/// What reading or writing came to.
pub type Result<T> = std::result::Result<T, liaison_db::Error>;
