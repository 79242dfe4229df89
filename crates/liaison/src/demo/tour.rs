//! What the demonstration tells: how to come in with a browser, who is there, with which tokens, and calls to try.

use std::fmt::Write as _;
use std::path::Path;

use liaison_db::Url;
use liaison_domain::access_requests::Status;
use liaison_operations::App;
use serde::Serialize;

use super::findings::observation_id;
use super::requests::{Outcome, PASSWORD, Played};
use super::world::World;
use crate::output::{self, cell};

/// The whole printout, as programs read it.
#[derive(Serialize)]
pub(crate) struct Tour {
    address: String,
    sign_in: SignIn,
    activation_link: Option<String>,
    access_link: String,
    directory: String,
    database: String,
    password: &'static str,
    customers: Vec<Customer>,
    companies: usize,
    requests: Vec<Request>,
    calls: Vec<Call>,
    mail_command: String,
}

/// Two people to come in as: one who invites, one who was invited.
#[derive(Serialize)]
struct SignIn {
    page: String,
    client: &'static str,
    vendor: &'static str,
}

#[derive(Serialize)]
struct Customer {
    guid: String,
    name: String,
    users: Vec<User>,
    company_token: String,
}

#[derive(Serialize)]
struct User {
    name: String,
    email: String,
    role: String,
    token: String,
}

#[derive(Serialize)]
struct Request {
    guid: String,
    company: String,
    requestee_email: String,
    status: &'static str,
    token: String,
}

#[derive(Serialize)]
struct Call {
    what: &'static str,
    command: String,
}

/// The user whose calls are shown, and how they sign in.
const CLIENT: &str = "demo-blueseas-admin-0001";
const CLIENT_EMAIL: &str = "emma@blueseas.com";
/// A user of the company they invite.
const VENDOR: &str = "demo-blackhills-admin-0001";
const VENDOR_EMAIL: &str = "mcastro@blackhills.com";

/// Where the demonstration is kept.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    /// The folder of its files.
    pub(crate) folder: &'p Path,
    /// Its database.
    pub(crate) database: &'p Url,
}

impl Tour {
    pub(super) fn new(app: &App, place: Place<'_>, world: &World, outcome: Outcome) -> Tour {
        let address = app.env.identity.public_url.as_str().trim_end_matches('/').to_owned();
        let database = place.database.to_string();
        let Outcome { requests, access_link } = outcome;
        Tour {
            calls: calls(&address, world, &requests),
            mail_command: format!("{} --database {} mail list", quoted(&program()), quoted(&database)),
            sign_in: SignIn {
                page: format!("{address}/sign-in"),
                client: CLIENT_EMAIL,
                vendor: VENDOR_EMAIL,
            },
            activation_link: requests.iter().rev().find_map(|request| request.link.clone()),
            access_link,
            password: PASSWORD,
            customers: customers(world),
            companies: world.companies.len(),
            requests: requests.into_iter().map(Request::from).collect(),
            address,
            directory: place.folder.display().to_string(),
            database,
        }
    }

    /// The printout for people.
    pub(crate) fn page(&self) -> String {
        let mut page = String::new();
        self.write(&mut page).expect("writing to a string cannot fail");
        page
    }

    fn write(&self, page: &mut String) -> std::fmt::Result {
        writeln!(
            page,
            "Liaison with a sample world: clients ask, vendors answer. No mail leaves this machine.\n"
        )?;
        self.write_browser(page)?;
        writeln!(page, "\nThe API, with tokens for each of them:\n\n{}", self.people())?;
        for (number, call) in (1..).zip(&self.calls) {
            writeln!(page, "\n# {number}. {}\n{}", call.what, call.command)?;
        }
        writeln!(
            page,
            "\n# {}. The mails that would have gone out\n{}",
            self.calls.len() + 1,
            self.mail_command
        )?;
        let (companies, requests) = (self.companies, self.requests.len());
        writeln!(
            page,
            "\n{companies} companies; {requests} access requests: {}.",
            self.states()
        )?;
        writeln!(page, "Database {}; files {}", self.database, self.directory)
    }

    fn write_browser(&self, page: &mut String) -> std::fmt::Result {
        let SignIn {
            page: sign_in,
            client,
            vendor,
        } = &self.sign_in;
        writeln!(page, "In a browser: {sign_in}")?;
        writeln!(page, "  {client:<24}invites and asks")?;
        writeln!(page, "  {vendor:<24}was asked; use a private window beside the first")?;
        writeln!(page, "  {:<24}is the password of everybody", self.password)?;
        if let Some(link) = &self.activation_link {
            writeln!(page, "\nAn invitation as a newcomer gets it:\n  {link}")?;
        }
        writeln!(
            page,
            "\nThe page on which a vendor asks to be invited:\n  {}",
            self.access_link
        )
    }

    fn people(&self) -> String {
        let rows = self.customers.iter().flat_map(|customer| {
            let users = customer
                .users
                .iter()
                .map(|user| [cell(&user.email), cell(&user.role), cell(&user.token)]);
            let company = [cell("(any)"), cell("company token"), cell(&customer.company_token)];
            users.chain([company]).enumerate().map(|(index, [who, role, token])| {
                let name = if index == 0 { customer.name.as_str() } else { "" };
                [cell(name), who, role, token]
            })
        });
        output::table(["customer", "user", "role", "token"], rows)
    }

    fn states(&self) -> String {
        let counts = Status::ALL.into_iter().filter_map(|status| {
            let count = self
                .requests
                .iter()
                .filter(|request| request.status == status.slug())
                .count();
            (count > 0).then(|| format!("{count} {}", status.slug()))
        });
        counts.collect::<Vec<_>>().join(", ")
    }
}

impl From<Played> for Request {
    fn from(played: Played) -> Request {
        Request {
            guid: played.guid.to_string(),
            company: played.company,
            requestee_email: played.requestee,
            status: played.status.slug(),
            token: played.token,
        }
    }
}

fn customers(world: &World) -> Vec<Customer> {
    let customers = world.customers.iter().enumerate();
    customers
        .map(|(place, customer)| {
            let company = world.company_of(customer);
            let users = customer.users.iter().map(|user| User {
                name: user.name.clone(),
                email: user.email(&company.domains[0]),
                role: user.role.clone(),
                token: user.token.clone(),
            });
            Customer {
                guid: world.customer_guid(place),
                name: company.name.clone(),
                users: users.collect(),
                company_token: customer.company_token.clone(),
            }
        })
        .collect()
}

fn calls(address: &str, world: &World, played: &[Played]) -> Vec<Call> {
    let base = format!("{address}/ratings/v1/access-requests");
    let open = played
        .iter()
        .rev()
        .find(|request| request.token == CLIENT && request.status == Status::Active);
    let open = open.map_or_else(String::new, |request| request.guid.to_string());
    let call = |what, token: &str, rest: String| Call {
        what,
        command: format!("curl -sS -u {token}: {rest}"),
    };
    vec![
        call(
            "Invite a person at Black Hills Technologies",
            CLIENT,
            format!("--json '{}' {base}", invitation(world)),
        ),
        call(
            "The outbox, narrowed to what still waits for an answer about remediation",
            CLIENT,
            format!("'{base}?status=Pending&reason=remediation'"),
        ),
        call(
            "The inbox of Black Hills Technologies",
            VENDOR,
            format!("{base}/received"),
        ),
        call(
            "Resolve a request",
            CLIENT,
            format!("-X PATCH --json '{{\"status\": \"Resolved\"}}' {base}/{open}"),
        ),
        call("The outbox in numbers", CLIENT, format!("{base}/counts")),
    ]
}

/// A body without apostrophes, so that it can stand between two.
fn invitation(world: &World) -> String {
    let place = world.place("Black Hills");
    let company = &world.companies[place];
    let (name, email) = company.person(1);
    let body = serde_json::json!({"vendor_access_request": {
        "requestee_friendly_name": name.split(' ').next(),
        "requestee_formal_name": name,
        "requestee_email": email,
        "requestee_company_guid": world.company_guid(place),
        "reason": "remediation",
        "message": "Could you look at these two findings before Friday?",
        "notes": "Only our own people see this.",
        "rolledup_observation_ids": [observation_id(place, 0), observation_id(place, 3)],
        "context": {"risk_vectors": [{"risk_vector": {"slug": "open_ports"}}, {"risk_vector": {"slug": "dnssec"}}]},
    }});
    body.to_string()
}

/// A word for a shell: between apostrophes where it needs them.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/:._-+".contains(&byte);
    if word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// This program, as it can be called from where it was started: `cargo run` puts no `liaison` into the path.
fn program() -> String {
    let Ok(program) = std::env::current_exe() else {
        return "liaison".to_owned();
    };
    let here = std::env::current_dir().unwrap_or_default();
    program.strip_prefix(&here).unwrap_or(&program).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invitation_can_stand_between_apostrophes() {
        assert!(!invitation(&World::read()).contains('\''));
    }

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("sqlite:/tmp/a-b/x.db"), "sqlite:/tmp/a-b/x.db");
        assert_eq!(quoted("a b's"), "'a b'\\''s'");
    }
}
