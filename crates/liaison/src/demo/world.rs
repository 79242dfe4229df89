//! Who is in the sample world: companies, customers, users, tokens and portfolios, as one bundle.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{findings, ratings};

/// Customers of the sample world came to it this many months before today.
const ADDED_MONTHS: i64 = 11;

/// The sample world as it is written down.
pub(super) struct World {
    pub(super) companies: Vec<Company>,
    pub(super) customers: Vec<Customer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Company {
    guid: Option<String>,
    pub(super) name: String,
    shortname: String,
    pub(super) domains: Vec<String>,
    industry: String,
    sub_industry: String,
    r#type: Option<String>,
    pub(super) rating: i64,
    pub(super) open_port: u16,
    people_count: i64,
    /// Full name and the part of the address before the `@`.
    people: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Customer {
    guid: Option<String>,
    company: String,
    pub(super) users: Vec<User>,
    pub(super) company_token: String,
    portfolio: Vec<(String, String)>,
    folders: Vec<Vec<String>>,
    contacts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) name: String,
    local: String,
    pub(super) role: String,
    pub(super) token: String,
    #[serde(default)]
    contact: bool,
}

impl World {
    /// The world of the files beside this one.
    pub(super) fn read() -> World {
        #[derive(Deserialize)]
        struct Companies {
            company: Vec<Company>,
        }
        #[derive(Deserialize)]
        struct Customers {
            customer: Vec<Customer>,
        }
        let ours = "the file is part of the program and read by a test";
        let companies: Companies = toml::from_str(include_str!("companies.toml")).expect(ours);
        let customers: Customers = toml::from_str(include_str!("customers.toml")).expect(ours);
        World {
            companies: companies.company,
            customers: customers.customer,
        }
    }

    /// Place of a company by its short name.
    pub(super) fn place(&self, shortname: &str) -> usize {
        self.companies
            .iter()
            .position(|company| company.shortname == shortname)
            .expect("the files name companies of their own")
    }

    /// The company of a customer.
    pub(super) fn company_of(&self, customer: &Customer) -> &Company {
        &self.companies[self.place(&customer.company)]
    }

    /// Guid of a company by its place.
    pub(super) fn company_guid(&self, place: usize) -> String {
        let given = self.companies[place].guid.clone();
        given.unwrap_or_else(|| made_guid(1, place, 0))
    }

    /// Guid of a customer by its place.
    pub(super) fn customer_guid(&self, place: usize) -> String {
        let given = self.customers[place].guid.clone();
        given.unwrap_or_else(|| made_guid(2, place, 0))
    }

    /// Everything that can be imported, with ratings and findings up to `today`.
    pub(super) fn bundle(&self, today: &str) -> Value {
        let companies: Vec<Value> = (0..self.companies.len())
            .map(|place| self.company(place, today))
            .collect();
        let findings: Vec<Value> = (0..self.companies.len())
            .flat_map(|place| findings::of(&self.companies[place], (place, &self.company_guid(place)), today))
            .collect();
        let customers: Vec<Value> = (0..self.customers.len())
            .map(|place| self.customer(place, today))
            .collect();
        json!({"companies": companies, "findings": findings, "customers": customers})
    }

    fn company(&self, place: usize, today: &str) -> Value {
        let company = &self.companies[place];
        json!({
            "guid": self.company_guid(place),
            "name": company.name,
            "shortname": company.shortname,
            "primary_domain": company.domains[0],
            "domains": company.domains,
            "homepage": format!("https://www.{}", company.domains[0]),
            "type": company.r#type.as_deref().unwrap_or("CURATED"),
            "industry": industry(&company.industry),
            "sub_industry": industry(&company.sub_industry),
            "description": format!("A company of the demonstration, in {}.", company.sub_industry.to_lowercase()),
            "people_count": company.people_count,
            "ipv4_count": 256 * (1 + place % 5),
            "ratings": ratings::of(company, place, today),
        })
    }

    fn customer(&self, place: usize, today: &str) -> Value {
        let customer = &self.customers[place];
        let domain = &self.company_of(customer).domains[0];
        let group = made_guid(3, place, 0);
        let users: Vec<Value> = customer
            .users
            .iter()
            .enumerate()
            .map(|(index, user)| {
                json!({
                    "guid": made_guid(4, place, index), "email": user.email(domain), "formal_name": user.name,
                    "role": user.role, "group_guid": group, "status": "Activated",
                    "tos_date": ratings::months_before(today, ADDED_MONTHS), "last_login": today,
                    "is_collaboration_contact": user.contact,
                })
            })
            .collect();
        json!({
            "guid": self.customer_guid(place),
            "name": self.company_of(customer).name,
            "type": "Live",
            "my_company_guid": self.company_guid(self.place(&customer.company)),
            "trial_duration": 30,
            "groups": [{"guid": group, "name": "Default", "is_default": true}],
            "users": users,
            "api_tokens": tokens(customer, domain),
            "tiers": tiers(place),
            "folders": self.folders(customer, place),
            "portfolio": self.portfolio(customer, place, today),
            "contacts": self.contacts(customer, place),
        })
    }

    fn folders(&self, customer: &Customer, place: usize) -> Vec<Value> {
        let folders = customer.folders.iter().enumerate();
        folders
            .filter_map(|(index, folder)| {
                let (name, companies) = folder.split_first()?;
                let companies: Vec<String> = companies
                    .iter()
                    .map(|company| self.company_guid(self.place(company)))
                    .collect();
                Some(json!({"guid": made_guid(6, place, index), "name": name, "company_guids": companies}))
            })
            .collect()
    }

    fn portfolio(&self, customer: &Customer, place: usize, today: &str) -> Vec<Value> {
        let entries = customer.portfolio.iter().enumerate();
        entries
            .map(|(index, (company, tier))| {
                let rank = TIERS.iter().position(|known| known == tier).unwrap_or_default();
                let months = i64::try_from(index).unwrap_or_default() % ADDED_MONTHS;
                json!({
                    "company_guid": self.company_guid(self.place(company)), "tier_guid": made_guid(5, place, rank),
                    "custom_id": format!("V-{:02}", index + 1), "added_date": ratings::months_before(today, months),
                    "subscription_type": "continuous_monitoring", "relationship": "vendor",
                    "life_cycle": "monitoring",
                })
            })
            .collect()
    }

    fn contacts(&self, customer: &Customer, place: usize) -> Vec<Value> {
        let contacts = customer.contacts.iter().enumerate();
        contacts
            .map(|(index, company)| {
                let (name, email) = self.companies[self.place(company)].person(0);
                json!({
                    "guid": made_guid(7, place, index), "company_guid": self.company_guid(self.place(company)),
                    "formal_name": name, "email": email, "phone_number": format!("+1 555 01{index:02}"),
                })
            })
            .collect()
    }
}

impl Company {
    /// Full name and address of one of its people.
    pub(super) fn person(&self, which: usize) -> (&str, String) {
        let (name, local) = &self.people[which];
        (name, format!("{local}@{}", self.domains[0]))
    }
}

impl User {
    /// Their address.
    pub(super) fn email(&self, domain: &str) -> String {
        format!("{}@{domain}", self.local)
    }
}

const TIERS: [&str; 3] = ["Critical", "Important", "Other"];

fn tiers(place: usize) -> Vec<Value> {
    let tiers = TIERS.iter().enumerate();
    tiers
        .map(|(rank, name)| json!({"guid": made_guid(5, place, rank), "name": name, "rank": rank + 1}))
        .collect()
}

fn tokens(customer: &Customer, domain: &str) -> Vec<Value> {
    let of_users = customer
        .users
        .iter()
        .map(|user| json!({"description": "demonstration", "user_email": user.email(domain), "token": user.token}));
    let of_company = json!({"description": "demonstration, whole customer", "token": customer.company_token});
    of_users.chain([of_company]).collect()
}

fn industry(name: &str) -> Value {
    json!({"name": name, "slug": name.to_lowercase().replace(' ', "_")})
}

/// A guid that shows that it was made up, and for what.
fn made_guid(kind: usize, owner: usize, index: usize) -> String {
    format!("de300000-000{kind}-4000-8000-{owner:06}{index:06}")
}
