//! `liaison mail …`: what was sent, what was not, and why. Each command has its file beside this one.

mod list;
mod retry;
mod show;
mod test;

use clap::Subcommand;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::mails::Delivery;
use serde::Serialize;

pub(crate) use list::ListArgs;
pub(crate) use retry::RetryArgs;
pub(crate) use show::{ShowArgs, link_in};
pub(crate) use test::{TestArgs, run as test};

use crate::app::Desk;
use crate::failure::Failure;
use crate::output::Output;

/// What can be done with mails.
#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// List mails, newest first: one line for each recipient
    #[command(before_help = "Example:\n  liaison mail list --state failed")]
    List(ListArgs),
    /// Show one mail with its text, and the link in it
    #[command(before_help = "Example:\n  liaison mail show 019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f")]
    Show(ShowArgs),
    /// Queue a mail again, or all that failed or were kept
    #[command(
        before_help = "Example:\n  liaison mail retry --failed",
        after_help = "A running server sends what is queued within a second; otherwise it goes out when one starts."
    )]
    Retry(RetryArgs),
    /// Send a mail through the relay now and print the relay's reply
    #[command(
        before_help = "Example:\n  liaison mail test me@example.com --smtp smtp://relay.example.com \
                       --mail-from liaison@example.com"
    )]
    Test(TestArgs),
}

/// Runs all but `test`, which needs no database.
pub(super) fn run(desk: &Desk, command: MailCommand, output: Output) -> Result<(), Failure> {
    match command {
        MailCommand::List(args) => list::run(desk, &args, output),
        MailCommand::Show(args) => show::run(desk, &args, output),
        MailCommand::Retry(args) => retry::run(desk, &args, output),
        MailCommand::Test(_) => Err(Failure::usage("mail test does not open a database")),
    }
}

/// A delivery as programs read it.
#[derive(Serialize)]
struct Shown {
    guid: Guid,
    kind: String,
    subject: String,
    recipient: String,
    state: String,
    attempts: i64,
    reply_code: Option<i64>,
    reply: Option<String>,
    created_time: String,
    /// The same for people.
    #[serde(skip)]
    written: String,
    ended_time: Option<String>,
    /// When it is tried next, while it waits.
    next_time: Option<String>,
    message_guid: Guid,
    request_guid: Option<Guid>,
    customer_guid: Guid,
}

impl From<&Delivery> for Shown {
    fn from(delivery: &Delivery) -> Shown {
        let waits = delivery.state == "queued";
        Shown {
            guid: delivery.guid,
            kind: delivery.kind.clone(),
            subject: delivery.subject.clone(),
            recipient: delivery.recipient.clone(),
            state: delivery.state.clone(),
            attempts: delivery.attempts,
            reply_code: delivery.reply_code,
            reply: delivery.reply.clone(),
            created_time: delivery.created_at.rfc3339(),
            written: delivery.created_at.for_people(),
            ended_time: delivery.ended_at.map(Timestamp::rfc3339),
            next_time: waits.then(|| delivery.next_at.rfc3339()),
            message_guid: delivery.message_guid,
            request_guid: delivery.request_guid,
            customer_guid: delivery.customer_guid,
        }
    }
}

/// The sentence for a guid that is no delivery's.
fn unknown(guid: Guid) -> String {
    format!("no mail has the guid {guid}; `liaison mail list` shows the newest")
}
