//! What a file defines and what it refers to, kept small while the file is read, whatever the order of its lists.
//! Not here: asking the database, see `resolve`.

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use liaison_domain::{Guid, emails};

use crate::Kind;
use crate::problem::{Place, Problems};
use crate::rows::{Parsed, Row};

/// A customer of the file: its position in JSON, the order of first mention in CSV.
pub(crate) type Owner = u32;

/// Everything about several rows that has to be compared.
#[derive(Default)]
pub(crate) struct References {
    fingerprints: Fingerprints,
    companies: HashSet<Guid>,
    ratings: HashSet<u128>,
    findings: HashSet<u128>,
    portfolio: HashSet<u128>,
    /// Customers by owner; nil where the row was refused.
    pub(crate) customers: Vec<Guid>,
    /// In CSV: the owner of each customer that is mentioned.
    mentioned: HashMap<Guid, Owner>,
    /// Where each customer is, or in CSV where it is mentioned first.
    pub(crate) customer_places: HashMap<Guid, Place>,
    /// Rows with a guid of their own inside of a customer.
    pub(crate) owned: HashMap<(Kind, Guid), (Owner, u32)>,
    pub(crate) users: HashMap<(Owner, String), (Guid, Place)>,
    pub(crate) tokens: HashMap<[u8; 32], TokenReference>,
    /// The users that tokens name, each once.
    pub(crate) token_users: HashMap<(Owner, String), Place>,
    /// Companies that were not in the file when they were referred to first.
    pub(crate) missing_companies: HashMap<Guid, (Place, &'static str)>,
    /// Groups, tiers and users that are referred to by guid, each once.
    pub(crate) missing_owned: HashMap<(Kind, Owner, Guid), (Place, &'static str)>,
}

/// A token that the file gives.
pub(crate) struct TokenReference {
    pub(crate) owner: Owner,
    pub(crate) email_key: Option<String>,
    pub(crate) place: Place,
}

/// Makes 128 bits out of a key, different in every run, so that a million keys take little memory and no file can be
/// written to make two of them equal.
#[derive(Default)]
struct Fingerprints(RandomState, RandomState);

impl Fingerprints {
    fn of(&self, key: &impl Hash) -> u128 {
        u128::from(self.0.hash_one(key)) << 64 | u128::from(self.1.hash_one(key))
    }
}

impl References {
    /// Takes note of a row and of what it refers to.
    pub(crate) fn note(&mut self, place: Place, parsed: Parsed, problems: &mut Problems) {
        let owner = self.owner(place, parsed.customer);
        match parsed.row {
            Row::Company(company, _) => {
                if !self.companies.insert(company.guid) {
                    problems.add(place, "guid", TWICE);
                }
            }
            Row::Rating(company, rating) => {
                if !self
                    .ratings
                    .insert(self.fingerprints.of(&(company, &rating.rating_date)))
                {
                    problems.add(place, "rating_date", "the company has another rating of this date");
                }
                self.refer(company, place, "company_guid");
            }
            Row::Finding(finding) => {
                let key = (finding.company_guid, &finding.rolledup_observation_id);
                if !self.findings.insert(self.fingerprints.of(&key)) {
                    problems.add(
                        place,
                        "rolledup_observation_id",
                        "the company has another finding of this id",
                    );
                }
                self.refer(finding.company_guid, place, "company_guid");
            }
            Row::Customer(customer) => {
                if self.customer_places.insert(customer.guid, place).is_some() {
                    problems.add(place, "guid", TWICE);
                }
                self.put_customer(owner, customer.guid);
                if let Some(company) = customer.my_company_guid {
                    self.refer(company, place, "my_company_guid");
                }
            }
            row => self.note_owned(place, owner, row, problems),
        }
    }

    fn note_owned(&mut self, place: Place, owner: Owner, row: Row, problems: &mut Problems) {
        match row {
            Row::Group(group, companies) => {
                self.define(place, owner, group.guid, problems);
                for company in companies {
                    self.refer(company, place, "company_guids");
                }
            }
            Row::Tier(tier) => self.define(place, owner, tier.guid, problems),
            Row::User(user, _) => {
                self.define(place, owner, user.guid, problems);
                if let Some(group) = user.group_guid {
                    self.refer_owned((Kind::Groups, owner, group), place, "group_guid");
                }
                match self.users.entry((owner, emails::key(&user.email))) {
                    Entry::Vacant(free) => drop(free.insert((user.guid, place))),
                    Entry::Occupied(_) => problems.add(place, "email", "the customer has another user of this address"),
                }
            }
            Row::Folder(folder) => {
                self.define(place, owner, folder.guid, problems);
                for company in folder.company_guids {
                    self.refer(company, place, "company_guids");
                }
            }
            Row::Entry(entry) => {
                if !self
                    .portfolio
                    .insert(self.fingerprints.of(&(owner, entry.company_guid)))
                {
                    problems.add(place, "company_guid", TWICE);
                }
                self.refer(entry.company_guid, place, "company_guid");
                if let Some(tier) = entry.tier_guid {
                    self.refer_owned((Kind::Tiers, owner, tier), place, "tier_guid");
                }
            }
            Row::Contact(contact) => {
                self.define(place, owner, contact.guid, problems);
                self.refer(contact.company_guid, place, "company_guid");
                if let Some(user) = contact.user_guid {
                    self.refer_owned((Kind::Users, owner, user), place, "user_guid");
                }
            }
            Row::Token(token) => {
                let email_key = token.user_email.as_deref().map(emails::key);
                if let Some(key) = &email_key {
                    self.token_users.entry((owner, key.clone())).or_insert(place);
                }
                let Some(given) = token.given else { return };
                let reference = TokenReference {
                    owner,
                    email_key,
                    place,
                };
                if self.tokens.insert(given.sha256, reference).is_some() {
                    problems.add(place, "token", TWICE);
                }
            }
            _ => unreachable!("every other kind belongs to no customer"),
        }
    }

    /// Takes note of what a refused row would define, so that what refers to it is not a problem, too.
    pub(crate) fn note_refused(&mut self, place: Place, parsed: Parsed) {
        let owner = self.owner(place, parsed.customer);
        let guid = match parsed.row {
            Row::Company(company, _) => {
                self.companies.insert(company.guid);
                return;
            }
            Row::Customer(customer) => {
                self.customer_places.entry(customer.guid).or_insert(place);
                return self.put_customer(owner, customer.guid);
            }
            Row::User(user, _) => {
                self.users
                    .entry((owner, emails::key(&user.email)))
                    .or_insert((user.guid, place));
                user.guid
            }
            Row::Group(group, _) => group.guid,
            Row::Tier(tier) => tier.guid,
            _ => return,
        };
        self.owned.entry((place.kind, guid)).or_insert((owner, place.index));
    }

    /// The owner of a row: its position in JSON, the customer that it names in CSV.
    fn owner(&mut self, place: Place, named: Option<Guid>) -> Owner {
        let Some(customer) = named else {
            return if place.kind == Kind::Customers {
                place.index
            } else {
                place.owner
            };
        };
        if let Some(owner) = self.mentioned.get(&customer) {
            return *owner;
        }
        let owner = Owner::try_from(self.customers.len()).unwrap_or(Owner::MAX);
        self.customers.push(customer);
        self.mentioned.insert(customer, owner);
        self.customer_places.insert(customer, place);
        owner
    }

    /// The companies of the file.
    pub(crate) fn companies(&self) -> impl Iterator<Item = Guid> {
        self.companies.iter().copied()
    }

    fn put_customer(&mut self, owner: Owner, guid: Guid) {
        let position = owner as usize;
        if self.customers.len() <= position {
            self.customers.resize(position + 1, Guid::nil());
        }
        self.customers[position] = guid;
    }

    /// The customer of an owner; nil where its row was refused.
    pub(crate) fn customer(&self, owner: Owner) -> Guid {
        self.customers.get(owner as usize).copied().unwrap_or_default()
    }

    fn define(&mut self, place: Place, owner: Owner, guid: Guid, problems: &mut Problems) {
        if self.owned.insert((place.kind, guid), (owner, place.index)).is_some() {
            problems.add(place, "guid", TWICE);
        }
    }

    fn refer(&mut self, company: Guid, place: Place, field: &'static str) {
        if !self.companies.contains(&company) {
            self.missing_companies.entry(company).or_insert((place, field));
        }
    }

    fn refer_owned(&mut self, key: (Kind, Owner, Guid), place: Place, field: &'static str) {
        self.missing_owned.entry(key).or_insert((place, field));
    }

    /// Forgets what the file itself answers, now that all of it was read.
    pub(crate) fn settle(&mut self) {
        let (companies, owned) = (&self.companies, &self.owned);
        self.missing_companies.retain(|company, _| !companies.contains(company));
        self.missing_owned.retain(|(kind, owner, guid), _| {
            owned
                .get(&(*kind, *guid))
                .is_none_or(|(defined_by, _)| defined_by != owner)
        });
        let users = &self.users;
        self.token_users.retain(|user, _| !users.contains_key(user));
    }
}

const TWICE: &str = "occurs twice in this file";
