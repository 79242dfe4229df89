//! Commands that talk to a server, Liaison or any other that speaks the same API. One file for each.

mod answers;
mod at;
mod companies;
mod company;
mod details;
mod filters;
mod findings;
mod inbox;
mod invite;
mod json;
mod messages;
mod outbox;
mod profile;
mod profiles;
mod requests;
mod resend;
mod resolve;
mod secret;
mod server;
mod trouble;
mod words;
mod written;

use clap::Subcommand;
use liaison_domain::ids;

pub(crate) use at::Typed;
pub(crate) use profile::ProfileCommand;

use answers::{Printer, Shape};
use at::At;
use server::Server;

use crate::failure::Failure;
use crate::output::Output;
use crate::system::OsEntropy;

/// What can be asked of a server.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Requests that were sent: list them, count them, look at one
    Outbox(outbox::OutboxArgs),
    /// Requests that were received: list them, look at one
    Inbox(inbox::InboxArgs),
    /// Invite somebody at a company to collaborate
    Invite(Box<invite::InviteArgs>),
    /// Close requests, or approve and reject those who ask to be let in
    Resolve(resolve::ResolveArgs),
    /// Send people who did not accept a new link
    Resend(resend::ResendArgs),
    /// Read, write and follow the thread of a request
    Messages(messages::MessagesArgs),
    /// Show a company with its rating and grades
    Company(company::CompanyArgs),
    /// List the findings of a company
    Findings(findings::FindingsArgs),
    /// Servers and tokens to be used by name
    #[command(
        subcommand,
        before_help = "Example:\n  liaison profile add work --server https://liaison.example.com"
    )]
    Profile(ProfileCommand),
}

/// What every command has: its output, and which flags were typed.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// JSON or not.
    pub(crate) output: Output,
    /// Flags on the command line itself.
    pub(crate) typed: Typed,
}

impl Desk {
    fn printer(self, shape: &Shape) -> Printer {
        Printer::new(shape, self.output)
    }

    fn server(self, at: &At) -> Result<Server, Failure> {
        Server::new(at, self.typed)
    }
}

/// Runs one of them.
pub(crate) fn run(command: ClientCommand, desk: Desk) -> Result<(), Failure> {
    match command {
        ClientCommand::Outbox(args) => outbox::run(&args, desk),
        ClientCommand::Inbox(args) => inbox::run(&args, desk),
        ClientCommand::Invite(args) => invite::run(&args, desk),
        ClientCommand::Resolve(args) => resolve::run(&args, desk),
        ClientCommand::Resend(args) => resend::run(&args, desk),
        ClientCommand::Messages(args) => messages::run(&args, desk),
        ClientCommand::Company(args) => company::run(&args, desk),
        ClientCommand::Findings(args) => findings::run(&args, desk),
        ClientCommand::Profile(command) => profile::run(command, desk.output),
    }
}

/// The sentence for what only Liaison's own API has.
fn only_liaison(what: &str) -> String {
    format!("this server cannot {what}: that is Liaison's own addition to the API, and this is another server")
}

/// A new key under which a call counts once.
fn new_key() -> String {
    ids::random_guid(&OsEntropy::default()).to_string()
}
