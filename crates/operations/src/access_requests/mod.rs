//! The access request from invitation to end: sending, reading, changing status, accepting, sending again.

mod accept;
mod accepted;
mod config;
mod counts;
mod inbox;
mod invite;
mod mailing;
mod outbox;
mod renewal;
mod resend;
mod snapshot;

pub use accept::{Acceptance, Invitation, Verified, accept, look_up_link};
pub use config::{Config, config, update_config};
pub use counts::{Buckets, CompanySummary, Summary, summarise};
pub use inbox::{each_received, mark_read, received, update_received};
pub use invite::{INVITATIONS_PER_POST, invite};
pub use liaison_store::access_requests::{AccessRequest, Filter, Page};
pub use outbox::{BulkOutcome, ChangeWish, bulk_change, change_status, each_sent, sent};
pub use resend::resend;

/// Turns a request into whatever the caller of an operation answers with, while its row is open.
pub type View<'v, T> = &'v dyn Fn(&AccessRequest<'_>) -> T;
