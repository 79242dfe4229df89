//! How each kind of rows is found, completed and stored.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};
use liaison_store as store;
use liaison_store::companies::Company;
use liaison_store::contacts::Contact;
use liaison_store::customers::Customer;
use liaison_store::findings::Finding;
use liaison_store::portfolio::Entry;
use liaison_store::ratings::Rating;
use liaison_store::tiers::Tier;
use liaison_store::users::User;

use super::writer::Noun;
use crate::Kind;

/// A rating and its company.
#[derive(Clone, PartialEq)]
pub(super) struct DatedRating {
    pub(super) company: Guid,
    pub(super) rating: Rating,
}

impl Noun for Company {
    type Scope = ();
    type Key = Guid;
    const KIND: Kind = Kind::Companies;

    fn key(&self) -> Guid {
        self.guid
    }

    fn list(tx: &mut Tx<'_>, (): (), keys: &[Guid]) -> store::Result<Vec<Company>> {
        store::companies::list_by_guids(tx, keys)
    }

    /// The API tells one domain of a company; those that are known here are needed to judge invitations.
    fn keep(&mut self, stored: &Company) {
        let others = stored.domains.iter().filter(|domain| !self.domains.contains(domain));
        let others: Vec<String> = others.cloned().collect();
        self.domains.extend(others);
        if self.sub_industry_slug.is_none() {
            self.sub_industry_name.clone_from(&stored.sub_industry_name);
            self.sub_industry_slug.clone_from(&stored.sub_industry_slug);
        }
    }

    fn upsert(tx: &mut Tx<'_>, (): (), rows: &[Company], _: Timestamp) -> store::Result<()> {
        store::companies::upsert_all(tx, rows)
    }

    fn weight(&self) -> usize {
        1 + self.domains.len() / 4
    }
}

impl Noun for DatedRating {
    type Scope = ();
    type Key = (Guid, String);
    const KIND: Kind = Kind::Ratings;

    fn key(&self) -> Self::Key {
        (self.company, self.rating.rating_date.clone())
    }

    fn list(tx: &mut Tx<'_>, (): (), keys: &[Self::Key]) -> store::Result<Vec<DatedRating>> {
        let found = store::ratings::list_by_keys(tx, &borrowed(keys))?;
        Ok(found
            .into_iter()
            .map(|(company, rating)| DatedRating { company, rating })
            .collect())
    }

    /// The API tells the grades of the newest rating alone.
    fn keep(&mut self, stored: &DatedRating) {
        if self.rating.risk_vectors == "[]" {
            self.rating.risk_vectors.clone_from(&stored.rating.risk_vectors);
        }
    }

    fn upsert(tx: &mut Tx<'_>, (): (), rows: &[DatedRating], _: Timestamp) -> store::Result<()> {
        let rows: Vec<(Guid, Rating)> = rows.iter().map(|row| (row.company, row.rating.clone())).collect();
        store::ratings::upsert_all(tx, &rows)
    }
}

fn borrowed(keys: &[(Guid, String)]) -> Vec<(Guid, &str)> {
    keys.iter().map(|(guid, text)| (*guid, text.as_str())).collect()
}

impl Noun for Finding {
    type Scope = ();
    type Key = (Guid, String);
    const KIND: Kind = Kind::Findings;

    fn key(&self) -> Self::Key {
        (self.company_guid, self.rolledup_observation_id.clone())
    }

    fn list(tx: &mut Tx<'_>, (): (), keys: &[Self::Key]) -> store::Result<Vec<Finding>> {
        store::findings::list_by_keys(tx, &borrowed(keys))
    }

    fn upsert(tx: &mut Tx<'_>, (): (), rows: &[Finding], _: Timestamp) -> store::Result<()> {
        store::findings::upsert_all(tx, rows)
    }
}

impl Noun for Customer {
    type Scope = ();
    type Key = Guid;
    const KIND: Kind = Kind::Customers;

    fn key(&self) -> Guid {
        self.guid
    }

    fn list(tx: &mut Tx<'_>, (): (), keys: &[Guid]) -> store::Result<Vec<Customer>> {
        store::customers::list_by_guids(tx, keys)
    }

    /// A bundle does not know when access ends: an import neither ends nor prolongs it.
    fn complete(&mut self, stored: Option<&Customer>, _: Timestamp) {
        self.access_ends_at = stored.and_then(|stored| stored.access_ends_at);
    }

    /// An account that is here already keeps its own name and settings, and its company where it has one.
    fn keep(&mut self, stored: &Customer) {
        let told = self.my_company_guid;
        self.clone_from(stored);
        self.my_company_guid = stored.my_company_guid.or(told);
    }

    fn upsert(tx: &mut Tx<'_>, (): (), rows: &[Customer], now: Timestamp) -> store::Result<()> {
        rows.iter().try_for_each(|row| store::customers::upsert(tx, row, now))
    }
}

impl Noun for Entry {
    type Scope = Guid;
    type Key = Guid;
    const KIND: Kind = Kind::Portfolio;

    fn key(&self) -> Guid {
        self.company_guid
    }

    fn list(tx: &mut Tx<'_>, customer: Guid, keys: &[Guid]) -> store::Result<Vec<Entry>> {
        store::portfolio::list_by_companies(tx, customer, keys)
    }

    /// Without a date it is the day of the first import.
    fn complete(&mut self, stored: Option<&Entry>, now: Timestamp) {
        if self.added_date.is_empty() {
            self.added_date = stored.map_or_else(|| now.date(), |stored| stored.added_date.clone());
        }
    }

    fn upsert(tx: &mut Tx<'_>, customer: Guid, rows: &[Entry], _: Timestamp) -> store::Result<()> {
        store::portfolio::upsert_all(tx, customer, rows)
    }
}

/// The kinds of a customer that are known by a guid of their own.
macro_rules! owned {
    ($noun:ty, $kind:ident, $list:path, ($complete:expr, $keep:expr), $upsert:expr) => {
        impl Noun for $noun {
            type Scope = Guid;
            type Key = Guid;
            const KIND: Kind = Kind::$kind;

            fn key(&self) -> Guid {
                self.guid
            }

            fn list(tx: &mut Tx<'_>, customer: Guid, keys: &[Guid]) -> store::Result<Vec<Self>> {
                $list(tx, customer, keys)
            }

            fn complete(&mut self, stored: Option<&Self>, _: Timestamp) {
                let complete: fn(&mut Self, Option<&Self>) = $complete;
                complete(self, stored);
            }

            fn keep(&mut self, stored: &Self) {
                let keep: fn(&mut Self, &Self) = $keep;
                keep(self, stored);
            }

            fn upsert(tx: &mut Tx<'_>, customer: Guid, rows: &[Self], now: Timestamp) -> store::Result<()> {
                let upsert: fn(&mut Tx<'_>, Guid, &[Self], Timestamp) -> store::Result<()> = $upsert;
                upsert(tx, customer, rows, now)
            }
        }
    };
}

owned!(
    Tier,
    Tiers,
    store::tiers::list_by_guids,
    (|_, _| {}, |_, _| {}),
    |tx, customer, rows, _| {
        rows.iter()
            .try_for_each(|row| store::tiers::upsert(tx, customer, row).map(drop))
    }
);
owned!(
    User,
    Users,
    store::users::list_by_guids,
    (keep_password, keep_person),
    |tx, customer, rows, now| {
        rows.iter()
            .try_for_each(|row| store::users::upsert(tx, customer, row, now).map(drop))
    }
);
owned!(
    Contact,
    Contacts,
    store::contacts::list_by_guids,
    (|_, _| {}, |_, _| {}),
    |tx, customer, rows, now| { store::contacts::upsert_all(tx, customer, rows, now).map(drop) }
);

/// A row without a password leaves the stored one alone.
fn keep_password(user: &mut User, stored: Option<&User>) {
    if user.password_hash.is_none() {
        user.password_hash = stored.and_then(|stored| stored.password_hash.clone());
    }
}

/// What the API does not tell of a user.
fn keep_person(user: &mut User, stored: &User) {
    user.tos_date = user.tos_date.take().or_else(|| stored.tos_date.clone());
    user.phone_number = user.phone_number.take().or_else(|| stored.phone_number.clone());
    if user.formal_name == stored.formal_name {
        user.first_name.clone_from(&stored.first_name);
        user.last_name.clone_from(&stored.last_name);
    }
}
