//! `liaison customer …`: the accounts of this server.

use clap::{Args, Subcommand};
use liaison_domain::{Guid, limits};
use liaison_operations::customers::{self, Customer, NewCustomer};
use serde::Serialize;

use super::prompt;
use crate::app::Desk;
use crate::cli::guid;
use crate::failure::{Failure, OrMissing as _};
use crate::output::{self, Output, cell, maybe};

/// What can be done with customers.
#[derive(Debug, Subcommand)]
pub(crate) enum CustomerCommand {
    /// List all customers by name
    #[command(before_help = "Example:\n  liaison customer list")]
    List,
    /// Show one customer
    #[command(before_help = "Example:\n  liaison customer show c940bb61-33c4-42c9-9231-c8194c305db3")]
    Show(One),
    /// Make a customer
    #[command(before_help = "Example:\n  liaison customer create --name 'Blue Seas International'")]
    Create(Create),
    /// Let a customer's users and tokens in again
    #[command(before_help = "Example:\n  liaison customer enable c940bb61-33c4-42c9-9231-c8194c305db3")]
    Enable(One),
    /// Refuse all users and tokens of a customer, at once
    #[command(before_help = "Example:\n  liaison customer disable c940bb61-33c4-42c9-9231-c8194c305db3")]
    Disable(Disable),
}

/// One customer.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// Guid of the customer, from `liaison customer list`
    #[arg(value_parser = guid)]
    guid: Guid,
}

/// A new customer.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Name of the organisation
    #[arg(long)]
    name: String,
    /// Guid of its own company in the inventory; its people are invited there
    #[arg(long, value_name = "GUID", value_parser = guid)]
    my_company: Option<Guid>,
    /// Days of access that its requests give, 1 to 365
    #[arg(long, value_name = "DAYS", default_value_t = limits::DEFAULT_TRIAL_DAYS)]
    trial_duration: i64,
}

/// A customer to be switched off.
#[derive(Debug, Args)]
pub(crate) struct Disable {
    #[command(flatten)]
    one: One,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// A customer as programs read it, in the words of the bundle.
#[derive(Serialize)]
struct Shown {
    guid: Guid,
    name: String,
    r#type: String,
    is_active: bool,
    my_company_guid: Option<Guid>,
    trial_duration: i64,
    access_ends: Option<String>,
}

impl From<Customer> for Shown {
    fn from(customer: Customer) -> Shown {
        Shown {
            guid: customer.guid,
            name: customer.name,
            r#type: customer.kind,
            is_active: customer.is_active,
            my_company_guid: customer.my_company_guid,
            trial_duration: customer.trial_duration,
            access_ends: customer.access_ends_at.map(liaison_domain::Timestamp::rfc3339),
        }
    }
}

pub(super) fn run(desk: &Desk, command: CustomerCommand, output: Output) -> Result<(), Failure> {
    match command {
        CustomerCommand::List => list(desk, output),
        CustomerCommand::Show(One { guid }) => show(desk, guid, output),
        CustomerCommand::Create(new) => create(desk, &new, output),
        CustomerCommand::Enable(One { guid }) => switch(desk, guid, true, output),
        CustomerCommand::Disable(Disable { one, yes }) => disable(desk, one.guid, yes, output),
    }
}

fn list(desk: &Desk, output: Output) -> Result<(), Failure> {
    let customers: Vec<Shown> = desk
        .db
        .read_blocking(customers::list)?
        .into_iter()
        .map(Shown::from)
        .collect();
    output.show(&customers, |customers| {
        if customers.is_empty() {
            return "No customers yet. Make one with `liaison customer create --name NAME`, \
                    or read them from a bundle with `liaison import FILE`."
                .to_owned();
        }
        let rows = customers.iter().map(|customer| {
            [
                cell(customer.guid.to_string()),
                cell(&customer.name),
                cell(&customer.r#type),
                cell(state(customer)),
                cell(format!("{} days", customer.trial_duration)),
                maybe(customer.access_ends.as_deref()),
            ]
        });
        output::table(["guid", "name", "type", "state", "trial", "access ends"], rows)
    })
}

fn show(desk: &Desk, guid: Guid, output: Output) -> Result<(), Failure> {
    let customer = get(desk, guid)?;
    output.show(&Shown::from(customer), describe)
}

fn create(desk: &Desk, new: &Create, output: Output) -> Result<(), Failure> {
    let (now, entropy) = (desk.now(), desk.entropy.clone());
    let new = NewCustomer {
        name: new.name.clone(),
        my_company: new.my_company,
        trial_duration: new.trial_duration,
    };
    let made = desk
        .db
        .write_blocking(move |tx| customers::create(tx, (now, entropy.as_ref()), &new))?;
    output.show(&Shown::from(made), |customer| {
        format!(
            "Made {} with guid {}.\nNext: liaison user create --customer {} --email ADDRESS --name 'FULL NAME'",
            customer.name, customer.guid, customer.guid
        )
    })
}

fn disable(desk: &Desk, guid: Guid, yes: bool, output: Output) -> Result<(), Failure> {
    if !yes && prompt::is_attended() {
        let name = get(desk, guid)?.name;
        prompt::confirm(&format!("Refuse all users and tokens of {name} from now on?"))?;
    }
    switch(desk, guid, false, output)
}

fn switch(desk: &Desk, guid: Guid, is_active: bool, output: Output) -> Result<(), Failure> {
    let customer = desk
        .db
        .write_blocking(move |tx| customers::set_active(tx, guid, is_active))
        .or_missing(|| unknown(guid))?;
    output.show(&Shown::from(customer), |customer| {
        let effect = if is_active {
            "on: its users and tokens are let in"
        } else {
            "off: its users and tokens are refused; `liaison customer enable` takes it back"
        };
        format!("{} is {effect}.", customer.name)
    })
}

fn get(desk: &Desk, guid: Guid) -> Result<Customer, Failure> {
    desk.db
        .read_blocking(move |tx| customers::get(tx, guid))
        .or_missing(|| unknown(guid))
}

/// The sentence for a guid that is no customer's.
pub(super) fn unknown(guid: Guid) -> String {
    format!("no customer has the guid {guid}; `liaison customer list` shows all")
}

fn state(customer: &Shown) -> &'static str {
    if customer.is_active { "on" } else { "off" }
}

fn describe(customer: &Shown) -> String {
    let rows = [
        ("guid", cell(customer.guid.to_string())),
        ("name", cell(&customer.name)),
        ("type", cell(&customer.r#type)),
        ("state", cell(state(customer))),
        (
            "my company",
            maybe(customer.my_company_guid.map(|guid| guid.to_string())),
        ),
        ("trial", cell(format!("{} days", customer.trial_duration))),
        ("access ends", maybe(customer.access_ends.as_deref())),
    ];
    output::facts(rows)
}
