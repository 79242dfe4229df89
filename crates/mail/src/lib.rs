//! Mails: from facts about a request to finished bytes, and from bytes to a relay.
//!
//! Composing is pure: the same inputs give the same bytes, so a mail is composed once, kept, and every attempt
//! sends exactly what was kept. Sending tells at which stage a relay refused, because that decides what happens next.
//! Which mails are owed, and to whom, is not decided here.

mod activation;
mod address;
mod asker;
mod identity;
mod introduction;
mod message;
mod notice;
mod read;
mod relay;
pub mod retry;
mod smtp;
mod text;

pub use activation::{Activation, activation};
pub use identity::{Identity, IdentityError, Stamp};
pub use introduction::{FindingLine, Introduction, Party, introduction};
pub use message::{ComposeError, Composed};
pub use notice::{Notice, notice};
pub use read::{ReadError, Readable, read};
pub use relay::{Relay, RelayError};
pub use smtp::{Outcome, Smtp, Timeouts};
