//! Mails: from facts about a request to finished bytes, and from bytes to a relay.
//!
//! Composing is pure: the same inputs give the same bytes, so a mail is composed once, kept, and every attempt
//! sends exactly what was kept. Sending tells at which stage a relay refused, because that decides what happens next.
//! Which mails are owed, and to whom, is not decided here.

mod activation;
mod address;
mod asker;
pub mod domains;
mod identity;
mod introduction;
mod link_used;
mod message;
mod message_notice;
mod notice;
mod password_reset;
mod read;
mod relay;
pub mod retry;
mod smtp;
mod test_mail;
mod text;
mod welcome;

pub use activation::{Activation, activation};
pub use identity::{Identity, IdentityError, Stamp};
pub use introduction::{FindingLine, Introduction, Party, introduction};
pub use link_used::{LinkUsed, link_used};
pub use message::{ComposeError, Composed};
pub use message_notice::{MessageNotice, message_notice};
pub use notice::{Notice, notice};
pub use password_reset::{PasswordReset, password_reset};
pub use read::{ReadError, Readable, read};
pub use relay::{Relay, RelayError};
pub use smtp::{Outcome, Smtp, Timeouts};
pub use test_mail::{TestMail, test_mail};
pub use welcome::{Delegated, Welcome, welcome};
