//! The command line: the commands, the flags that all of them share, and those of everything that acts as a server.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use liaison_domain::{Guid, ids};

use crate::commands::client::{ClientCommand, Typed};
use crate::commands::{completion, customer, demo, export, import, mail, man, migrate, token, user};

/// Liaison: invite vendors to work on security findings, with an API that existing scripts know.
#[derive(Debug, Parser)]
#[command(
    name = "liaison",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    before_help = "Try it:\n  liaison demo",
    after_help = "Exit codes: 0 done, 1 refused or failed, 2 wrong command line or settings.\n\
                  Each setting can be a flag, a variable of the environment or a line of liaison.toml, in this order."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Which flags of a client stand on the command line itself.
    #[arg(skip)]
    pub(crate) typed: Typed,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server: the API, the pages, and the mail worker
    #[command(
        before_help = "Example:\n  liaison serve --database sqlite:liaison.db --listen 127.0.0.1:8080",
        after_help = "Brings the database to the schema of this release first. SIGTERM and Ctrl-C finish what is in \
                      flight; a second one ends at once."
    )]
    Serve(ServerFlags),
    /// Run a server with sample companies, requests and mails in a folder of its own
    Demo(demo::DemoArgs),
    /// Read companies, findings, customers and users from a bundle
    Import(import::ImportArgs),
    /// Write everything that `import` reads as one bundle
    Export(export::ExportArgs),
    /// List, make and switch customers
    #[command(subcommand, before_help = "Example:\n  liaison customer list")]
    Customer(customer::CustomerCommand),
    /// List, make and switch users of a customer
    #[command(
        subcommand,
        before_help = "Example:\n  liaison user list --customer c940bb61-33c4-42c9-9231-c8194c305db3"
    )]
    User(user::UserCommand),
    /// Make, list and revoke API tokens
    #[command(
        subcommand,
        before_help = "Example:\n  liaison token create --customer c940bb61-33c4-42c9-9231-c8194c305db3 --description ci"
    )]
    Token(token::TokenCommand),
    /// Look at mails, send them again, try the relay
    #[command(subcommand, before_help = "Example:\n  liaison mail list --state failed")]
    Mail(mail::MailCommand),
    /// Bring the database to the schema of this release
    Migrate(migrate::MigrateArgs),
    /// Check the settings, the database and the mail relay
    #[command(
        before_help = "Example:\n  liaison doctor --database sqlite:liaison.db",
        after_help = "Exits with 1 when something has to be mended."
    )]
    Doctor(ServerFlags),
    #[command(flatten)]
    Client(ClientCommand),
    /// Print the completion script of a shell
    #[command(before_help = "Example:\n  liaison completion bash > ~/.local/share/bash-completion/completions/liaison")]
    Completion(completion::CompletionArgs),
    /// Print the manual page, or write those of all commands into a folder
    #[command(before_help = "Examples:\n  liaison man | man -l -\n  liaison man --out ~/.local/share/man/man1")]
    Man(man::ManArgs),
}

/// Flags of every command.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Answer in JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// File with settings [default: liaison.toml, where there is one]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "LIAISON_CONFIG",
        hide_env_values = true
    )]
    #[arg(help_heading = "Settings", display_order = 101)]
    pub(crate) config: Option<PathBuf>,
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME` [default: sqlite:liaison.db]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "LIAISON_DATABASE",
        hide_env_values = true
    )]
    #[arg(help_heading = "Settings", display_order = 102)]
    pub(crate) database: Option<String>,
    /// Connections to PostgreSQL, or threads that read SQLite [default: by the number of cores]
    #[arg(
        long,
        global = true,
        value_name = "NUMBER",
        env = "LIAISON_DATABASE_CONNECTIONS",
        hide_env_values = true
    )]
    #[arg(help_heading = "Settings", display_order = 103)]
    pub(crate) database_connections: Option<usize>,
    /// Shape of log lines: text or json [default: text]
    #[arg(
        long,
        global = true,
        value_name = "SHAPE",
        env = "LIAISON_LOG",
        hide_env_values = true
    )]
    #[arg(help_heading = "Settings", display_order = 104)]
    pub(crate) log: Option<String>,
    /// error, warn, info, debug or trace [default: info]
    #[arg(
        long,
        global = true,
        value_name = "LEVEL",
        env = "LIAISON_LOG_LEVEL",
        hide_env_values = true
    )]
    #[arg(help_heading = "Settings", display_order = 105)]
    pub(crate) log_level: Option<String>,
}

/// Flags of everything that acts as the server.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub(crate) struct ServerFlags {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "HOST:PORT", env = "LIAISON_LISTEN", hide_env_values = true)]
    pub(crate) listen: Option<String>,
    /// Address under which people reach this server, for links in mails [default: http://LISTEN]
    #[arg(long, value_name = "URL", env = "LIAISON_PUBLIC_URL", hide_env_values = true)]
    pub(crate) public_url: Option<String>,
    /// Accept a public URL without TLS, although links carry secrets
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new(),
        env = "LIAISON_ALLOW_HTTP",
        hide_env_values = true,
        hide_possible_values = true
    )]
    pub(crate) allow_http: Option<bool>,
    /// Mail relay, `smtp://[USER:PASSWORD@]HOST[:PORT]` or `smtps://…`; without one, mails are kept to be read
    #[arg(long, value_name = "URL", env = "LIAISON_SMTP", hide_env_values = true)]
    pub(crate) smtp: Option<String>,
    /// Sender of every mail, `Name <address>`; needed with --smtp
    #[arg(long, value_name = "SENDER", env = "LIAISON_MAIL_FROM", hide_env_values = true)]
    pub(crate) mail_from: Option<String>,
    /// How old the last mail must be before a request can be sent again [default: 5m]
    #[arg(
        long,
        value_name = "DURATION",
        env = "LIAISON_RESEND_COOL_DOWN",
        hide_env_values = true
    )]
    pub(crate) resend_cool_down: Option<String>,
    /// Addresses of reverse proxies in front of this server, with commas; their X-Forwarded-For is believed
    #[arg(long, value_name = "ADDRESSES", env = "LIAISON_PROXIES", hide_env_values = true)]
    pub(crate) proxies: Option<String>,
    /// Ask DNS whether the domains of addresses take mail, where a caller wants to know [default: true]
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new(),
        env = "LIAISON_DNS_LOOKUPS",
        hide_env_values = true,
        hide_possible_values = true
    )]
    pub(crate) dns_lookups: Option<bool>,
}

/// Commands that need no settings of a server.
const WITHOUT_SETTINGS: [&str; 11] = [
    "outbox",
    "inbox",
    "invite",
    "resolve",
    "resend",
    "messages",
    "company",
    "findings",
    "profile",
    "completion",
    "man",
];

/// The whole definition. The settings of a server are not shown where they mean nothing.
pub(crate) fn definition() -> clap::Command {
    let command = Cli::command();
    let settings = command.get_arguments().filter(|flag| is_setting(flag));
    let hidden: Vec<clap::Arg> = settings.map(|flag| flag.clone().hide(true)).collect();
    WITHOUT_SETTINGS.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |sub| sub.args(hidden.clone()))
    })
}

fn is_setting(flag: &clap::Arg) -> bool {
    flag.get_help_heading() == Some("Settings")
}

/// Reads the command line of this process.
pub(crate) fn parse() -> Result<Cli, clap::Error> {
    let mut command = definition();
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    refuse_settings(&mut command, &matches)?;
    let typed = |matches: &ArgMatches, name: &str| matches.value_source(name) == Some(ValueSource::CommandLine);
    let mut cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    if !typed(&matches, "database") && matches!(cli.command, Command::Demo(_)) {
        // The surroundings name the database of a real server, which is not for sample data.
        cli.common.database = None;
    }
    if let Some((_, sub)) = matches
        .subcommand()
        .filter(|(_, sub)| sub.try_contains_id("profile").is_ok())
    {
        cli.typed = Typed {
            server: typed(sub, "server"),
            token: typed(sub, "token"),
            profile: typed(sub, "profile"),
        };
    }
    Ok(cli)
}

/// A setting that would mean nothing is a misunderstanding: whoever names a database wants another command.
fn refuse_settings(command: &mut clap::Command, matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some((name, _)) = matches.subcommand().filter(|(name, _)| WITHOUT_SETTINGS.contains(name)) else {
        return Ok(());
    };
    let named = command
        .get_arguments()
        .filter(|flag| is_setting(flag))
        .find(|flag| matches.value_source(flag.get_id().as_str()) == Some(ValueSource::CommandLine));
    let Some(flag) = named.and_then(clap::Arg::get_long).map(str::to_owned) else {
        return Ok(());
    };
    let words = format!("`liaison {name}` has no use for --{flag}, which is a setting of a server itself");
    Err(command.error(ErrorKind::ArgumentConflict, words))
}

/// A guid as people paste it.
pub(crate) fn guid(text: &str) -> Result<Guid, String> {
    ids::parse_guid(text.trim())
        .ok_or_else(|| "write all 36 characters, like c940bb61-33c4-42c9-9231-c8194c305db3".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        definition().debug_assert();
    }

    #[test]
    fn every_command_teaches_with_an_example() {
        fn check(command: &clap::Command, path: &str) {
            for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
                let path = format!("{path} {}", sub.get_name());
                let example = sub.get_before_help().map(ToString::to_string).unwrap_or_default();
                assert!(example.contains(&format!("\n  {path}")), "{path}: {example}");
                check(sub, &path);
            }
        }
        let mut command = definition();
        command.build();
        check(&command, "liaison");
    }

    #[test]
    fn settings_show_no_values_of_the_environment() {
        let command = definition();
        let serve = command.find_subcommand("serve").unwrap();
        let shown = command.get_arguments().chain(serve.get_arguments());
        for argument in shown.filter(|argument| argument.get_env().is_some()) {
            assert!(argument.is_hide_env_values_set(), "{}", argument.get_id());
        }
    }
}
