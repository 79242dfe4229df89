//! Which server a command talks to, and with whose token: flags, surroundings, profiles, in this order.

use std::path::PathBuf;

use clap::Args;
use liaison_client::Settings;
use url::Url;

use super::profiles::{self, Profile, Profiles};
use super::secret::Secret;
use crate::commands::prompt;
use crate::config::is_local;
use crate::failure::Failure;

/// The server, the token, or the profile that holds both.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct At {
    /// Address of the server, like `https://liaison.example.com` [default: that of the profile]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "LIAISON_SERVER",
        hide_env_values = true
    )]
    #[arg(display_order = 91)]
    pub(super) server: Option<String>,
    /// API token; others on this machine can see it here, so rather use the variable or a profile
    #[arg(
        long,
        global = true,
        value_name = "TOKEN",
        env = "LIAISON_TOKEN",
        hide_env_values = true
    )]
    #[arg(display_order = 92)]
    pub(super) token: Option<Secret>,
    /// Profile to use [default: the one of `liaison profile use`]
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "LIAISON_PROFILE",
        hide_env_values = true
    )]
    #[arg(display_order = 93)]
    pub(super) profile: Option<String>,
    /// File with the certificate of a private authority to be trusted too
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "LIAISON_CA_FILE",
        hide_env_values = true
    )]
    #[arg(display_order = 94)]
    pub(super) ca_file: Option<PathBuf>,
    /// Let the token travel readably to a server without TLS
    #[arg(long, global = true)]
    #[arg(display_order = 95)]
    pub(super) allow_http: bool,
}

/// Which of these stand on the command line itself; the others come from the surroundings.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Typed {
    /// `--server`.
    pub(crate) server: bool,
    /// `--token`.
    pub(crate) token: bool,
    /// `--profile`.
    pub(crate) profile: bool,
}

/// A server and a token.
#[derive(Debug)]
pub(super) struct Target {
    /// Where it is, without a slash at its end.
    pub(super) server: String,
    /// What to show there.
    pub(super) token: Secret,
    /// Where the token came from, for whoever is told that it is refused.
    pub(super) source: String,
    /// A certificate to be trusted too.
    pub(super) ca_file: Option<PathBuf>,
    /// Whether the token may travel readably.
    pub(super) allow_http: bool,
}

/// The server and the token to use. Asks for the token where nobody gave one and somebody is there.
pub(super) fn target(at: &At, typed: Typed) -> Result<Target, Failure> {
    let wanted = choose(at, typed, &profiles::load()?)?;
    let (token, source) = match wanted.token {
        Some((token, source)) => (token, source),
        None if prompt::is_attended() => (prompt_for_token(&wanted.server)?, "the token you typed".to_owned()),
        None => {
            return Err(Failure::usage(format!(
                "no token for {}: set LIAISON_TOKEN, or make a profile with `liaison profile add NAME --server {0}`",
                wanted.server
            )));
        }
    };
    token.check().map_err(Failure::usage)?;
    Ok(Target {
        server: wanted.server,
        token,
        source,
        ca_file: wanted.ca_file,
        allow_http: wanted.allow_http,
    })
}

/// Asks for a token, unseen.
pub(super) fn prompt_for_token(server: &str) -> Result<Secret, Failure> {
    prompt::secret(&format!("API token for {server}: ")).map(Secret::from)
}

#[derive(Debug)]
struct Wanted {
    server: String,
    token: Option<(Secret, String)>,
    ca_file: Option<PathBuf>,
    allow_http: bool,
}

/// A token of a profile goes to that profile's server and to no other. A profile that is typed beats the
/// surroundings, so that a token lying there is not sent to it.
fn choose(at: &At, typed: Typed, profiles: &Profiles) -> Result<Wanted, Failure> {
    let given = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let heeds = |is_typed: bool| is_typed || !typed.profile;
    let named = given(&at.profile)
        .map(|name| profiles.named(&name).map(|profile| (name, profile)))
        .transpose()?;
    let server = given(&at.server)
        .filter(|_| heeds(typed.server))
        .map(|server| address(&server))
        .transpose()?;
    let chosen = match (named, &server) {
        (Some(named), _) => Some(named),
        (None, Some(server)) => profiles.of_server(server),
        (None, None) => profiles.usual()?,
    };
    let server = server.or_else(|| chosen.as_ref().map(|(_, profile)| profile.server.clone()));
    let Some(server) = server else {
        return Err(Failure::usage(
            "name a server with --server https://…, or make a profile with `liaison profile add NAME --server https://…`",
        ));
    };
    let profile = chosen
        .as_ref()
        .map(|(_, profile)| *profile)
        .filter(|profile| profile.server == server);
    let allow_http = at.allow_http || profile.is_some_and(|profile| profile.allow_http);
    check_tls(&server, allow_http)?;
    let named = at.ca_file.clone().filter(|file| !file.as_os_str().is_empty());
    let ca_file = named.or_else(|| profile.and_then(|profile| profile.ca_file.clone()));
    let token = given_token(at, typed, &heeds).or_else(|| token_of(chosen, &server));
    Ok(Wanted {
        server,
        token,
        ca_file,
        allow_http,
    })
}

fn given_token(at: &At, typed: Typed, heeds: &dyn Fn(bool) -> bool) -> Option<(Secret, String)> {
    let token = at
        .token
        .clone()
        .filter(|token| heeds(typed.token) && !token.is_empty())?;
    let source = if typed.token {
        "the token of --token"
    } else {
        "the token in LIAISON_TOKEN"
    };
    Some((token, source.to_owned()))
}

fn token_of(chosen: Option<(String, &Profile)>, server: &str) -> Option<(Secret, String)> {
    let (name, profile) = chosen.filter(|(_, profile)| profile.server == server)?;
    Some((profile.token.clone(), format!("the token of profile {name}")))
}

/// The address of a server in its one form, without the prefix that every server has.
pub(super) fn address(text: &str) -> Result<String, Failure> {
    let url = Url::parse(text.trim()).map_err(|_| wrong_address())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Failure::usage(
            "server: leave user and password out of the address; the token goes into LIAISON_TOKEN or a profile",
        ));
    }
    // The token is checked elsewhere.
    let settings = Settings::new(text, "t").map_err(|_| wrong_address())?;
    let (address, origin) = (settings.server(), url.origin().ascii_serialization());
    Ok(match address.strip_prefix(&origin) {
        Some("/ratings") => origin,
        // Nothing before the version, which only an address with a version says.
        Some("") => format!("{origin}/v1"),
        _ => address.to_owned(),
    })
}

fn wrong_address() -> Failure {
    Failure::usage("server: write an address like https://liaison.example.com")
}

/// A token is a password, so it travels encrypted, unless it stays on this machine or somebody accepts that it does not.
pub(super) fn check_tls(server: &str, accepts_http: bool) -> Result<(), Failure> {
    let plain = Url::parse(server).is_ok_and(|url| url.scheme() == "http" && !is_local(&url));
    if plain && !accepts_http {
        return Err(Failure::usage(format!(
            "server: {server} has no TLS, so everybody on the way could read the token; write https://, or add \
             --allow-http if you accept that"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
