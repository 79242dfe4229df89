//! The access request from invitation to end: sending, reading, changing status, accepting, sending again.

mod accept;
mod accepted;
mod approve;
mod ask_again;
mod code;
mod config;
mod counts;
mod delegate;
mod details;
mod edit;
mod hand_over;
mod inbox;
mod inbox_page;
mod inbox_summary;
mod invite;
mod letters;
mod link;
mod mailing;
mod opened;
mod outbox;
mod outbox_page;
mod overview;
mod preview;
mod renewal;
mod resend;
mod snapshot;
mod telling;

pub use accept::{Acceptance, Entered, Invitation, Typed, Verified, accept, look_up_link};
pub use ask_again::ask_again;
pub use code::enter as enter_code;
pub use config::{Config, config, update_config};
pub use counts::{Buckets, CompanySummary, Summary, summarise};
pub use delegate::{Colleague, delegate, take_over};
pub use details::{Details, FindingRow, KnownFinding, SidedView, details, find_sided, next_of};
pub use edit::{Edit, edit, may_extend};
pub use hand_over::hand_over_link;
pub use inbox::{each_received, mark_read, received, update_received};
pub use inbox_page::{Received, count_inbox, each_of_inbox, list_senders};
pub use inbox_summary::{ReceivedSummary, summarise_inbox};
pub use invite::{INVITATIONS_PER_POST, invite};
pub use letters::{KeptLetter, Readable, find_kept_letter, list_letters};
pub use liaison_store::access_requests::{AccessRequest, Filter, Page, Requester};
pub use link::{CopiedLink, copy_link};
pub use opened::{mark as mark_opened, mark_received as mark_received_opened};
pub use outbox::{BulkOutcome, ChangeWish, bulk_change, change_status, each_sent, sent};
pub use outbox_page::{
    Choices, Delivery, Order, Part, Place, Sought, bulk_resend, each_of_outbox, outbox_choices, places,
};
pub use overview::{Overview, Reached, Week, overview};
pub use preview::{PreviewMail, PreviewRecipient, PreviewRole, preview};
pub use resend::{check_resend, resend};
pub use snapshot::ContextNow;

/// Turns a request into whatever the caller of an operation answers with, while its row is open.
pub type View<'v, T> = &'v dyn Fn(&AccessRequest<'_>) -> T;
