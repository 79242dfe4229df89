//! What the demonstration tells: who is there, with which tokens, and five calls to try.

use std::fmt::Write as _;
use std::path::Path;

use liaison_domain::access_requests::Status;
use liaison_operations::App;
use serde::Serialize;

use super::findings::observation_id;
use super::requests::{PASSWORD, Played};
use super::world::World;
use crate::output::{self, cell};

/// The whole printout, as programs read it.
#[derive(Serialize)]
pub(crate) struct Tour {
    address: String,
    directory: String,
    database: String,
    password: &'static str,
    customers: Vec<Customer>,
    companies: usize,
    requests: Vec<Request>,
    calls: Vec<Call>,
    mail_command: String,
    activation_link: Option<String>,
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

/// The customer whose calls are shown.
const CLIENT: &str = "demo-blueseas-admin-0001";
/// The customer of the company they invite.
const VENDOR: &str = "demo-blackhills-admin-0001";

impl Tour {
    pub(super) fn new(app: &App, folder: &Path, world: &World, played: Vec<Played>) -> Tour {
        let address = app.env.identity.public_url.as_str().trim_end_matches('/').to_owned();
        let directory = folder.display().to_string();
        let database = format!("sqlite:{directory}/liaison.db");
        let newest_link = played.iter().rev().find_map(|request| request.link.clone());
        Tour {
            calls: calls(&address, world, &played),
            mail_command: format!("{} --database {} mail list", quoted(&program()), quoted(&database)),
            activation_link: newest_link,
            password: PASSWORD,
            customers: customers(world),
            companies: world.companies.len(),
            requests: played.into_iter().map(Request::from).collect(),
            address,
            directory,
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
            "A Liaison server with a sample world: clients that ask vendors to look at findings."
        )?;
        writeln!(
            page,
            "No mail leaves this machine, and everything is in one folder that can be deleted.\n"
        )?;
        writeln!(page, "Address   {}", self.address)?;
        writeln!(page, "Folder    {}\n", self.directory)?;
        writeln!(
            page,
            "Open {}/sign-in in a browser and sign in as emma@blueseas.com, who invites, or, in a second browser or a \
             private window, as mcastro@blackhills.com, who was invited. Everybody's password is {}\n",
            self.address, self.password
        )?;
        writeln!(page, "{}\n", self.people())?;
        writeln!(
            page,
            "{} companies; {} access requests: {}.\n",
            self.companies,
            self.requests.len(),
            self.states()
        )?;
        writeln!(page, "Try these in another terminal:")?;
        for (number, call) in (1..).zip(&self.calls) {
            writeln!(page, "\n# {number}. {}\n{}", call.what, call.command)?;
        }
        writeln!(page, "\nThe mails that would have gone out:\n{}", self.mail_command)?;
        if let Some(link) = &self.activation_link {
            writeln!(
                page,
                "\nAn invitation as its recipient sees it, to open in a browser:\n{link}"
            )?;
        }
        Ok(())
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
