//! One file for each command. A command reads its settings, calls operations and prints; it decides nothing else.

mod bridge;
pub(crate) mod client;
pub(crate) mod completion;
pub(crate) mod customer;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod mail;
pub(crate) mod man;
pub(crate) mod migrate;
mod progress;
mod prompt;
pub(crate) mod serve;
pub(crate) mod token;
mod tool_findings;
pub(crate) mod user;

pub(crate) use import::explain as explain_import;
pub(crate) use mail::link_in as link_in_mail;

use crate::app::Desk;
use crate::cli::{Cli, Command};
use crate::config;
use crate::failure::Failure;
use crate::output::Output;

/// Runs one command to its end.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { common, command, typed } = cli;
    let output = Output::new(common.json);
    match command {
        Command::Serve(flags) => serve::run(&common, &flags),
        Command::Demo(args) => demo::run(&common, &args, output),
        Command::Migrate(args) => migrate::run(&config::of_command(&common)?, &args, output),
        Command::Doctor(flags) => doctor::run(&common, &flags, output),
        Command::Import(args) => import::run(&desk(&common)?, &args, output),
        Command::Export(args) => export::run(&desk(&common)?, &args, output),
        Command::Customer(command) => customer::run(&desk(&common)?, command, output),
        Command::User(command) => user::run(&desk(&common)?, command, output),
        Command::Token(command) => token::run(&desk(&common)?, command, output),
        Command::Mail(mail::MailCommand::Test(args)) => mail::test(&common, &args, output),
        Command::Client(command) => client::run(command, client::Desk { output, typed }),
        Command::Completion(args) => completion::run(&args),
        Command::Man(args) => man::run(&args, output),
        Command::Mail(command) => mail::run(&desk(&common)?, command, output),
    }
}

fn desk(common: &crate::cli::Common) -> Result<Desk, Failure> {
    Desk::open(&config::of_command(common)?)
}
