//! `liaison user …`: the people of a customer.

use clap::{Args, Subcommand};
use liaison_domain::Guid;
use liaison_domain::people::{Role, UserStatus};
use liaison_operations::users::{self, NewUser, User};
use liaison_operations::{Error, passwords};
use serde::Serialize;

use super::{customer, prompt};
use crate::app::Desk;
use crate::cli::guid;
use crate::failure::{Failure, OrMissing as _};
use crate::output::{self, Output, cell};

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// List the users of a customer by address
    #[command(before_help = "Example:\n  liaison user list --customer c940bb61-33c4-42c9-9231-c8194c305db3")]
    List(OfCustomer),
    /// Make a user
    #[command(
        before_help = "Example:\n  liaison user create --customer c940bb61-33c4-42c9-9231-c8194c305db3 \
                       --email emma@blueseas.com --name 'Emma Waters'",
        after_help = "A user needs no password for the API: `liaison token create --user EMAIL` makes a token."
    )]
    Create(Create),
    /// Let a user in again
    #[command(
        before_help = "Example:\n  liaison user enable --customer c940bb61-33c4-42c9-9231-c8194c305db3 \
                       --email emma@blueseas.com"
    )]
    Enable(One),
    /// Refuse a user and their tokens, at once
    #[command(
        before_help = "Example:\n  liaison user disable --customer c940bb61-33c4-42c9-9231-c8194c305db3 \
                       --email emma@blueseas.com"
    )]
    Disable(Disable),
}

/// The customer whose users are meant.
#[derive(Debug, Args)]
pub(crate) struct OfCustomer {
    /// Guid of the customer, from `liaison customer list`
    #[arg(long, value_name = "GUID", value_parser = guid)]
    customer: Guid,
}

/// One user.
#[derive(Debug, Args)]
pub(crate) struct One {
    #[command(flatten)]
    of: OfCustomer,
    /// Address of the user
    #[arg(long, value_name = "ADDRESS")]
    email: String,
}

/// A new user.
#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    one: One,
    /// Full name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// How to address them [default: the first word of the name]
    #[arg(long, value_name = "NAME")]
    friendly_name: Option<String>,
    /// `customer_admin`, `customer_group_admin`, `customer_portfolio_manager` or `customer_user`
    #[arg(long, value_name = "ROLE", default_value = "customer_admin", value_parser = role)]
    role: Role,
    /// Tell them by mail when requests come in
    #[arg(long)]
    collaboration_contact: bool,
    /// Ask for a password, 12 to 256 characters
    #[arg(long, conflicts_with = "password_stdin")]
    password: bool,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

/// A user to be switched off.
#[derive(Debug, Args)]
pub(crate) struct Disable {
    #[command(flatten)]
    one: One,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// A user as programs read it, in the words of the bundle.
#[derive(Serialize)]
struct Shown {
    guid: Guid,
    email: String,
    friendly_name: String,
    formal_name: String,
    role: String,
    status: String,
    is_collaboration_contact: bool,
    has_password: bool,
    tos_date: Option<String>,
    last_login: Option<String>,
}

impl From<User> for Shown {
    fn from(user: User) -> Shown {
        Shown {
            guid: user.guid,
            email: user.email,
            friendly_name: user.friendly_name,
            formal_name: user.formal_name,
            role: user.role,
            status: user.status,
            is_collaboration_contact: user.is_collaboration_contact,
            has_password: user.password_hash.is_some(),
            tos_date: user.tos_date,
            last_login: user.last_login,
        }
    }
}

pub(super) fn run(desk: &Desk, command: UserCommand, output: Output) -> Result<(), Failure> {
    match command {
        UserCommand::List(OfCustomer { customer }) => list(desk, customer, output),
        UserCommand::Create(new) => create(desk, new, output),
        UserCommand::Enable(one) => switch(desk, &one, true, output),
        UserCommand::Disable(Disable { one, yes }) => {
            if !yes && prompt::is_attended() {
                prompt::confirm(&format!("Refuse {} and their tokens from now on?", one.email))?;
            }
            switch(desk, &one, false, output)
        }
    }
}

fn list(desk: &Desk, customer: Guid, output: Output) -> Result<(), Failure> {
    let users: Vec<Shown> = desk
        .db
        .read_blocking(move |tx| users::list(tx, customer))
        .or_missing(|| customer::unknown(customer))?
        .into_iter()
        .map(Shown::from)
        .collect();
    output.show(&users, |users| {
        if users.is_empty() {
            return format!(
                "No users yet. Make one with `liaison user create --customer {customer} --email ADDRESS --name NAME`."
            );
        }
        let rows = users.iter().map(|user| {
            [
                cell(&user.email),
                cell(&user.formal_name),
                cell(&user.role),
                cell(&user.status),
                cell(if user.is_collaboration_contact { "yes" } else { "no" }),
                cell(if user.has_password { "set" } else { "none" }),
                output::maybe(user.last_login.as_deref()),
            ]
        });
        let header = ["email", "name", "role", "status", "contact", "password", "last login"];
        output::table(header, rows)
    })
}

fn create(desk: &Desk, new: Create, output: Output) -> Result<(), Failure> {
    let customer = new.one.of.customer;
    let password = match (new.password, new.password_stdin) {
        (_, true) => Some(prompt::password_from_stdin()?),
        (true, _) if !prompt::is_attended() => {
            return Err(Failure::usage(
                "--password asks at a terminal; use --password-stdin to pipe it in",
            ));
        }
        (true, _) => Some(prompt::new_password()?),
        (false, false) => None,
    };
    let password_hash = password.map(|password| hash(desk, &password)).transpose()?;
    let new = NewUser {
        email: new.one.email,
        formal_name: new.name,
        friendly_name: new.friendly_name,
        role: new.role,
        is_collaboration_contact: new.collaboration_contact,
        password_hash,
    };
    let (now, entropy) = (desk.now(), desk.entropy.clone());
    let made = desk
        .db
        .write_blocking(move |tx| users::create(tx, (now, entropy.as_ref()), customer, &new))
        .or_missing(|| customer::unknown(customer))?;
    output.show(&Shown::from(made), |user| {
        format!(
            "Made {} <{}> with guid {}.\nNext: liaison token create --customer {customer} --user {} --description NAME",
            user.formal_name, user.email, user.guid, user.email
        )
    })
}

/// Outside any transaction: it takes its time on purpose.
fn hash(desk: &Desk, password: &str) -> Result<String, Failure> {
    passwords::check(password).map_err(Error::from)?;
    Ok(passwords::hash(password, desk.entropy.as_ref())?)
}

fn switch(desk: &Desk, one: &One, is_active: bool, output: Output) -> Result<(), Failure> {
    let (customer, email) = (one.of.customer, one.email.clone());
    let user = desk
        .db
        .write_blocking(move |tx| users::set_active(tx, customer, &email, is_active))
        .or_missing(|| {
            let email = &one.email;
            format!("customer {customer} has no user {email}; `liaison user list --customer {customer}` shows all")
        })?;
    output.show(&Shown::from(user), |user| {
        if user.status == UserStatus::Activated.slug() {
            format!("{} is let in.", user.email)
        } else {
            format!(
                "{} and their tokens are refused; `liaison user enable` takes it back.",
                user.email
            )
        }
    })
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.into_iter().map(Role::slug).collect();
        format!("there are {}", known.join(", "))
    })
}
