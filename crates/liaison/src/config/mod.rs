//! Settings: flag before environment before file, read once, judged whole. Nothing else reads the environment.

mod checks;
mod file;
pub(crate) mod folders;

use std::net::IpAddr;
use std::time::Duration;

use liaison_db::{Options, Url};
use liaison_mail::{Identity, Relay};

use crate::cli::{Common, ServerFlags};
use crate::failure::Failure;
use file::File;

pub(crate) use checks::is_local;

const LISTEN: &str = "127.0.0.1:8080";
const DATABASE: &str = "sqlite:liaison.db";
const MAIL_FROM: &str = "Liaison <liaison@localhost>";

/// What every command needs.
#[derive(Debug)]
pub(crate) struct Config {
    /// Where the database is.
    pub(crate) database: Url,
    /// Connections or reading threads, where somebody chose a number.
    pub(crate) connections: Option<usize>,
    /// The log.
    pub(crate) log: Log,
}

/// What the server needs besides.
#[derive(Debug)]
pub(crate) struct ServerConfig {
    /// Address and port to listen on.
    pub(crate) listen: String,
    /// How this server names itself.
    pub(crate) identity: Identity,
    /// Where mail goes; none: it is kept.
    pub(crate) relay: Option<Relay>,
    /// How old a mail has to be before it is sent again.
    pub(crate) resend_cool_down: Duration,
    /// Reverse proxies whose word on a client's address is believed.
    pub(crate) proxies: Vec<IpAddr>,
    /// Whether DNS is asked if domains take mail.
    pub(crate) dns_lookups: bool,
}

/// How much is logged, and how it looks.
#[derive(Debug)]
pub(crate) struct Log {
    /// Shape of a line.
    pub(crate) format: LogFormat,
    /// A level for each part of the program, in the words of the log library.
    pub(crate) level: String,
}

/// Shape of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Config {
    /// Threads and connections for a server.
    pub(crate) fn serving_options(&self) -> Options {
        let usual = Options::default();
        Options {
            readers: self.connections.unwrap_or(usual.readers),
            connections: self.connections.unwrap_or(usual.connections),
            ..usual
        }
    }

    /// Threads and connections for one command beside a server.
    pub(crate) fn command_options(&self) -> Options {
        Options {
            readers: 1,
            connections: 1,
            queue: 64,
        }
    }
}

/// The settings of a command that needs the database only.
pub(crate) fn of_command(common: &Common) -> Result<Config, Failure> {
    let file = file::read(common.config.as_deref())?;
    let mut problems = Vec::new();
    let config = config(common, &file, &mut problems);
    config.filter(|_| problems.is_empty()).ok_or(Failure::Usage(problems))
}

/// The settings of a command that acts as the server.
pub(crate) fn of_server(common: &Common, flags: &ServerFlags) -> Result<(Config, ServerConfig), Failure> {
    let file = file::read(common.config.as_deref())?;
    let mut problems = Vec::new();
    let config = config(common, &file, &mut problems);
    let server = server(flags, &file, &mut problems);
    match (config, server) {
        (Some(config), Some(server)) if problems.is_empty() => Ok((config, server)),
        _ => Err(Failure::Usage(problems)),
    }
}

/// The settings of the log alone, for commands that bring their own of everything else.
pub(crate) fn log_only(common: &Common, usual_level: &str) -> Result<Log, Failure> {
    let mut problems = Vec::new();
    let log = log(common, &File::default(), usual_level, &mut problems);
    log.filter(|_| problems.is_empty()).ok_or(Failure::Usage(problems))
}

/// Settings of a server that listens here, keeps its mails and can be seen by this machine only.
pub(crate) fn local_server(listen: &str) -> Result<ServerConfig, Failure> {
    let identity = Identity::parse(MAIL_FROM, &format!("http://{listen}"))
        .map_err(|error| Failure::usage(format!("listen: {error}")))?;
    Ok(ServerConfig {
        listen: listen.to_owned(),
        identity,
        relay: None,
        resend_cool_down: Duration::from_secs(300),
        proxies: Vec::new(),
        // The addresses of the demonstration are made up.
        dns_lookups: false,
    })
}

fn config(common: &Common, file: &File, problems: &mut Vec<String>) -> Option<Config> {
    let database = first(common.database.as_deref(), file.database.as_deref()).unwrap_or(DATABASE);
    let database = checks::database(database)
        .map_err(|problem| problems.push(problem))
        .ok();
    let connections = common.database_connections.or(file.database_connections);
    if connections.is_some_and(|connections| !(1..=256).contains(&connections)) {
        problems.push("database-connections: write a number from 1 to 256".to_owned());
    }
    let log = log(common, file, "info", problems);
    Some(Config {
        database: database?,
        connections,
        log: log?,
    })
}

fn log(common: &Common, file: &File, usual_level: &str, problems: &mut Vec<String>) -> Option<Log> {
    let format = match first(common.log.as_deref(), file.log.as_deref()) {
        None | Some("text") => Some(LogFormat::Text),
        Some("json") => Some(LogFormat::Json),
        Some(_) => {
            problems.push("log: write text or json".to_owned());
            None
        }
    };
    let level = first(common.log_level.as_deref(), file.log_level.as_deref()).unwrap_or(usual_level);
    let level = checks::log_level(level).map_err(|problem| problems.push(problem)).ok();
    Some(Log {
        format: format?,
        level: level?,
    })
}

fn server(flags: &ServerFlags, file: &File, problems: &mut Vec<String>) -> Option<ServerConfig> {
    let listen = first(flags.listen.as_deref(), file.listen.as_deref()).unwrap_or(LISTEN);
    let named = first(flags.public_url.as_deref(), file.public_url.as_deref());
    let allow_http = flags.allow_http.or(file.allow_http).unwrap_or(false);
    let smtp = first(flags.smtp.as_deref(), file.smtp.as_deref());
    let from = first(flags.mail_from.as_deref(), file.mail_from.as_deref());
    let cool_down = first(flags.resend_cool_down.as_deref(), file.resend_cool_down.as_deref()).unwrap_or("5m");
    if smtp.is_some() && from.is_none() {
        problems
            .push("mail-from: needed with smtp, for example --mail-from 'Liaison <liaison@example.com>'".to_owned());
    }
    let mut checked = Checked { problems };
    let public_url = checked.take(checks::listen(listen).and_then(|()| checks::public_url(listen, named, allow_http)));
    let identity = public_url.and_then(|url| checked.take(checks::identity(from.unwrap_or(MAIL_FROM), &url)));
    let relay = checked.take(smtp.map(checks::relay).transpose());
    let resend_cool_down = checked.take(checks::cool_down(cool_down));
    let proxies = first(flags.proxies.as_deref(), file.proxies.as_deref()).unwrap_or_default();
    let proxies = checked.take(checks::proxies(proxies));
    Some(ServerConfig {
        listen: listen.to_owned(),
        identity: identity?,
        relay: relay?,
        resend_cool_down: resend_cool_down?,
        proxies: proxies?,
        dns_lookups: flags.dns_lookups.or(file.dns_lookups).unwrap_or(true),
    })
}

/// Collects problems, so that all of them are told at once.
struct Checked<'p> {
    problems: &'p mut Vec<String>,
}

impl Checked<'_> {
    fn take<T>(&mut self, checked: Result<T, String>) -> Option<T> {
        checked.map_err(|problem| self.problems.push(problem)).ok()
    }
}

/// A value from the command line or the environment, else from the file. An empty one counts as absent: that is how
/// a service file or a container switches a setting off.
fn first<'v>(flag: Option<&'v str>, file: Option<&'v str>) -> Option<&'v str> {
    let given = |value: &&str| !value.trim().is_empty();
    flag.filter(given).or(file).filter(given)
}

#[cfg(test)]
mod tests;
