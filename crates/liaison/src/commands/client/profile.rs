//! `liaison profile …`: servers and tokens to be used by name.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::at::{self, Target};
use super::profiles::{self, Profile};
use super::requests::OUTBOX;
use super::secret::Secret;
use super::server::Server;
use crate::commands::prompt;
use crate::failure::Failure;
use crate::output::{self, Output, cell};

/// What can be done with profiles.
#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// Remember a server and a token under a name; asks for the token
    #[command(
        before_help = "Example:\n  liaison profile add work --server https://liaison.example.com",
        after_help = "The token is tried before it is kept. It is asked for, or read from LIAISON_TOKEN, or with --token-stdin. \
                      Profiles stand in $XDG_CONFIG_HOME/liaison/profiles.toml (~/.config/liaison/profiles.toml), which only \
                      you can read. The first one becomes the default."
    )]
    Add(Add),
    /// List the profiles, without their tokens
    #[command(before_help = "Example:\n  liaison profile list")]
    List,
    /// Use a profile where none is named
    #[command(before_help = "Example:\n  liaison profile use work")]
    Use(One),
    /// Forget a profile and its token
    #[command(
        before_help = "Example:\n  liaison profile remove work",
        after_help = "The token itself goes on working; end it on its server."
    )]
    Remove(Remove),
}

/// A new profile.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Name of the profile
    #[arg(value_parser = profiles::name)]
    name: String,
    /// Address of the server, like `https://liaison.example.com`
    #[arg(long, value_name = "URL")]
    server: String,
    /// Read the token from the first line of standard input
    #[arg(long)]
    token_stdin: bool,
    #[arg(long, env = "LIAISON_TOKEN", hide = true, hide_env_values = true)]
    token: Option<Secret>,
    /// File with the certificate of a private authority to be trusted too
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Let the token travel readably to a server without TLS
    #[arg(long)]
    allow_http: bool,
    /// Make it the default
    #[arg(long)]
    default: bool,
    /// Replace a profile that has this name already
    #[arg(long)]
    replace: bool,
}

/// The profile that is meant.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// Name of the profile, from `liaison profile list`
    name: String,
}

/// A profile to be forgotten.
#[derive(Debug, Args)]
pub(crate) struct Remove {
    #[command(flatten)]
    one: One,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// A profile as programs read it: never with its token.
#[derive(Serialize)]
struct Shown {
    name: String,
    server: String,
    default: bool,
}

pub(super) fn run(command: ProfileCommand, output: Output) -> Result<(), Failure> {
    match command {
        ProfileCommand::Add(add) => self::add(add, output),
        ProfileCommand::List => list(output),
        ProfileCommand::Use(one) => choose(&one.name, output),
        ProfileCommand::Remove(Remove { one, yes }) => remove(&one.name, yes, output),
    }
}

fn add(add: Add, output: Output) -> Result<(), Failure> {
    let server = at::address(&add.server)?;
    at::check_tls(&server, add.allow_http)?;
    if !add.replace && profiles::load()?.all.contains_key(&add.name) {
        return Err(taken(&add.name));
    }
    let token = match (add.token_stdin, add.token) {
        (true, _) => Secret::from(prompt::password_from_stdin()?),
        (false, Some(token)) if !token.is_empty() => token,
        _ if prompt::is_attended() => at::prompt_for_token(&server)?,
        _ => {
            return Err(Failure::usage(
                "no token: set LIAISON_TOKEN, or pipe it in with --token-stdin",
            ));
        }
    };
    token.check().map_err(Failure::usage)?;
    let profile = Profile {
        server: server.clone(),
        token,
        ca_file: add.ca_file.as_deref().map(std::path::absolute).transpose()?,
        allow_http: add.allow_http,
    };
    try_it(&profile)?;
    let shown = profiles::change(|profiles| {
        if !add.replace && profiles.all.contains_key(&add.name) {
            return Err(taken(&add.name));
        }
        if add.default || profiles.all.is_empty() {
            profiles.default = Some(add.name.clone());
        }
        profiles.all.insert(add.name.clone(), profile);
        Ok(Shown {
            default: profiles.default.as_ref() == Some(&add.name),
            name: add.name,
            server,
        })
    })?;
    output.show(&shown, |shown| {
        let default = if shown.default { ", the default" } else { "" };
        format!(
            "Profile {}{default}: {}.\nNext: liaison outbox",
            shown.name, shown.server
        )
    })
}

fn taken(name: &str) -> Failure {
    Failure::refused(format!(
        "there is a profile {name} already; add --replace to put this one in its place"
    ))
}

/// A token that the server refuses is not worth keeping; a server that is not there may come.
fn try_it(profile: &Profile) -> Result<(), Failure> {
    let target = Target {
        server: profile.server.clone(),
        token: profile.token.clone(),
        source: "this token".to_owned(),
        ca_file: profile.ca_file.clone(),
        allow_http: profile.allow_http,
    };
    match Server::of(target)?.get(&format!("{OUTBOX}/config"), &[]) {
        Err(trouble) if trouble.is_refused_token() => Err(Failure::refused(format!(
            "{}; nothing was kept",
            Failure::from(trouble).lines().join(" ")
        ))),
        Err(trouble) if trouble.is_no_answer() => {
            output::note(&format!(
                "liaison: kept without having been tried: {}",
                Failure::from(trouble).lines().join(" ")
            ));
            Ok(())
        }
        // Whoever may not read this setting has a token that works.
        Ok(_) | Err(_) => Ok(()),
    }
}

fn list(output: Output) -> Result<(), Failure> {
    let profiles = profiles::load()?;
    let shown: Vec<Shown> = profiles
        .all
        .iter()
        .map(|(name, profile)| Shown {
            name: name.clone(),
            server: profile.server.clone(),
            default: profiles.default.as_ref() == Some(name),
        })
        .collect();
    output.show(&shown, |shown| {
        if shown.is_empty() {
            return "No profiles yet. Make one with `liaison profile add NAME --server URL`.".to_owned();
        }
        let rows = shown.iter().map(|one| {
            [
                cell(&one.name),
                cell(&one.server),
                cell(if one.default { "yes" } else { "" }),
            ]
        });
        output::table(["name", "server", "default"], rows)
    })
}

fn choose(name: &str, output: Output) -> Result<(), Failure> {
    let shown = profiles::change(|profiles| {
        let server = profiles.named(name)?.server.clone();
        profiles.default = Some(name.to_owned());
        Ok(Shown {
            name: name.to_owned(),
            server,
            default: true,
        })
    })?;
    output.show(&shown, |shown| {
        format!("Profile {} is the default: {}.", shown.name, shown.server)
    })
}

fn remove(name: &str, yes: bool, output: Output) -> Result<(), Failure> {
    profiles::load()?.named(name)?;
    if !yes && prompt::is_attended() {
        prompt::confirm(&format!("Forget profile {name} and its token?"))?;
    }
    let server = profiles::change(|profiles| {
        let removed = profiles.all.remove(name).ok_or_else(|| profiles.unknown(name))?;
        if profiles.default.as_deref() == Some(name) {
            profiles.default = None;
        }
        Ok(removed.server)
    })?;
    let shown = Shown {
        name: name.to_owned(),
        server,
        default: false,
    };
    output.show(&shown, |shown| format!("Profile {} is forgotten.", shown.name))
}
