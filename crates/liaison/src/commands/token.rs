//! `liaison token …`: the keys of programs.

use clap::{Args, Subcommand};
use liaison_domain::{Guid, Timestamp};
use liaison_operations::tokens::{self, ApiToken};
use serde::Serialize;

use super::{customer, prompt};
use crate::app::Desk;
use crate::cli::guid;
use crate::failure::{Failure, OrMissing as _};
use crate::output::{self, Output, cell};

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token and show it, once
    #[command(
        before_help = "Example:\n  liaison token create --customer c940bb61-33c4-42c9-9231-c8194c305db3 \
                       --description ci",
        after_help = "Without --user it is a company token: it may do everything in its customer. With --user it has \
                      that user's rights, and the user's earlier token ends."
    )]
    Create(Create),
    /// List the tokens of a customer, newest first
    #[command(before_help = "Example:\n  liaison token list --customer c940bb61-33c4-42c9-9231-c8194c305db3")]
    List(OfCustomer),
    /// End a token, at once and for good
    #[command(before_help = "Example:\n  liaison token revoke 019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f")]
    Revoke(Revoke),
}

/// The customer whose tokens are meant.
#[derive(Debug, Args)]
pub(crate) struct OfCustomer {
    /// Guid of the customer, from `liaison customer list`
    #[arg(long, value_name = "GUID", value_parser = guid)]
    customer: Guid,
}

/// A new token.
#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    of: OfCustomer,
    /// Address of the user it stands for; without one, it stands for the customer
    #[arg(long, value_name = "ADDRESS")]
    user: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: String,
}

/// A token to be ended.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Guid of the token, from `liaison token list`
    #[arg(value_parser = guid)]
    guid: Guid,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
struct Made {
    guid: Guid,
    token: String,
}

/// A token as programs read it. Nobody reads the token itself again.
#[derive(Serialize)]
struct Shown {
    guid: Guid,
    description: String,
    token: String,
    user_guid: Option<Guid>,
    user_email: Option<String>,
    created_time: String,
    revoked_time: Option<String>,
}

impl From<ApiToken> for Shown {
    fn from(token: ApiToken) -> Shown {
        Shown {
            guid: token.guid,
            description: token.description,
            token: format!("…{}", token.last_four),
            user_guid: token.user_guid,
            user_email: token.user_email,
            created_time: token.created_at.rfc3339(),
            revoked_time: token.revoked_at.map(Timestamp::rfc3339),
        }
    }
}

#[derive(Serialize)]
struct Revoked {
    guid: Guid,
    revoked: bool,
}

pub(super) fn run(desk: &Desk, command: TokenCommand, output: Output) -> Result<(), Failure> {
    match command {
        TokenCommand::Create(new) => create(desk, &new, output),
        TokenCommand::List(OfCustomer { customer }) => list(desk, customer, output),
        TokenCommand::Revoke(Revoke { guid, yes }) => revoke(desk, guid, yes, output),
    }
}

fn create(desk: &Desk, new: &Create, output: Output) -> Result<(), Failure> {
    let (now, entropy) = (desk.now(), desk.entropy.clone());
    let (customer, user, description) = (new.of.customer, new.user.clone(), new.description.clone());
    let made = desk
        .db
        .write_blocking(move |tx| tokens::create(tx, (now, entropy.as_ref()), customer, user.as_deref(), &description))
        .or_missing(|| match &new.user {
            None => customer::unknown(customer),
            Some(email) => format!(
                "there is no customer {customer} with a user {email}; \
                 `liaison user list --customer {customer}` shows its users"
            ),
        })?;
    let made = Made {
        guid: made.guid,
        token: made.token,
    };
    output.show(&made, |Made { guid, token }| {
        format!("{token}\n\nThis is the only time it is shown. Its guid, for revoking it: {guid}")
    })
}

fn list(desk: &Desk, customer: Guid, output: Output) -> Result<(), Failure> {
    let tokens: Vec<Shown> = desk
        .db
        .read_blocking(move |tx| tokens::list(tx, customer))
        .or_missing(|| customer::unknown(customer))?
        .into_iter()
        .map(Shown::from)
        .collect();
    output.show(&tokens, |tokens| {
        if tokens.is_empty() {
            return format!(
                "No tokens yet. Make one with `liaison token create --customer {customer} --description NAME`."
            );
        }
        let rows = tokens.iter().map(|token| {
            [
                cell(token.guid.to_string()),
                cell(&token.token),
                cell(&token.description),
                cell(token.user_email.as_deref().unwrap_or("(company)")),
                cell(&token.created_time),
                output::maybe(token.revoked_time.as_deref()),
            ]
        });
        output::table(["guid", "token", "description", "of", "made", "revoked"], rows)
    })
}

fn revoke(desk: &Desk, guid: Guid, yes: bool, output: Output) -> Result<(), Failure> {
    if !yes && prompt::is_attended() {
        prompt::confirm(&format!(
            "End token {guid} for good? Programs that use it are refused at once."
        ))?;
    }
    let now = desk.now();
    desk.db
        .write_blocking(move |tx| tokens::revoke(tx, guid, now))
        .or_missing(|| {
            format!("no token has the guid {guid}; `liaison token list --customer GUID` shows those of a customer")
        })?;
    output.show(&Revoked { guid, revoked: true }, |_| {
        format!("Token {guid} is revoked.")
    })
}
