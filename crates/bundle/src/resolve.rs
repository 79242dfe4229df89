//! Asking the database about what a file refers to, and whether what it defines is another's already.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use liaison_db::{Db, Error, Tx};
use liaison_domain::Guid;
use liaison_store as store;

use crate::Kind;
use crate::problem::{Place, Problems};
use crate::references::{Owner, References, TokenReference};

/// Keys that are asked for in one transaction.
const KEYS: usize = 512;

/// A problem that waits to be put into the order of the file.
type Found = (Place, &'static str, String);

/// Looks up everything and notes what does not fit. Reads only.
pub(crate) fn resolve(references: &mut References, db: &Db, problems: &mut Problems) -> Result<(), Error> {
    references.settle();
    let steps = [companies, customers, guids, owned, addresses, token_users, tokens];
    for step in steps {
        let mut found = step(references, db, problems.is_csv())?;
        found.sort_by_key(|(place, ..)| (place.owner, place.kind, place.index));
        for (place, field, reason) in found {
            problems.add(place, field, reason);
        }
    }
    Ok(())
}

/// Asks in several short transactions.
pub(crate) fn ask<K: Clone + Send + Sync + 'static, T: Send + 'static>(
    db: &Db,
    keys: &[K],
    list: impl Fn(&mut Tx<'_>, &[K]) -> store::Result<Vec<T>> + Clone + Send + 'static,
) -> Result<Vec<T>, Error> {
    let mut found = Vec::new();
    for block in keys.chunks(KEYS) {
        let (block, list) = (block.to_vec(), list.clone());
        found.append(&mut db.read_blocking(move |tx| list(tx, &block))?);
    }
    Ok(found)
}

fn keys<K: Clone + Eq + Hash, V>(map: &HashMap<K, V>) -> Vec<K> {
    map.keys().cloned().collect()
}

fn companies(references: &References, db: &Db, _: bool) -> Result<Vec<Found>, Error> {
    let missing = &references.missing_companies;
    let known: HashSet<Guid> = ask(db, &keys(missing), store::companies::list_known)?
        .into_iter()
        .collect();
    let unknown = missing.iter().filter(|(guid, _)| !known.contains(guid));
    Ok(unknown
        .map(|(guid, (place, field))| (*place, *field, format!("there is no company {guid}")))
        .collect())
}

/// Rows of CSV belong to customers that exist already.
fn customers(references: &References, db: &Db, is_csv: bool) -> Result<Vec<Found>, Error> {
    let mentioned = &references.customer_places;
    if !is_csv || mentioned.values().all(|place| place.kind == Kind::Customers) {
        return Ok(Vec::new());
    }
    let known = ask(db, &keys(mentioned), store::customers::list_by_guids)?;
    let known: HashSet<Guid> = known.into_iter().map(|customer| customer.guid).collect();
    let unknown = mentioned.iter().filter(|(guid, _)| !known.contains(guid));
    Ok(unknown
        .map(|(guid, place)| (*place, "customer_guid", format!("there is no customer {guid}")))
        .collect())
}

fn owners_of(db: &Db, kind: Kind, guids: &[Guid]) -> Result<HashMap<Guid, Guid>, Error> {
    let list = match kind {
        Kind::Groups => store::user_groups::list_owners,
        Kind::Users => store::users::list_owners,
        Kind::Tiers => store::tiers::list_owners,
        Kind::Folders => store::folders::list_owners,
        _ => store::contacts::list_owners,
    };
    Ok(ask(db, guids, list)?.into_iter().collect())
}

/// A guid of the file must not be another customer's.
fn guids(references: &References, db: &Db, _: bool) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    for kind in [Kind::Groups, Kind::Users, Kind::Tiers, Kind::Folders, Kind::Contacts] {
        let own: Vec<Guid> = references
            .owned
            .keys()
            .filter(|(of, _)| *of == kind)
            .map(|(_, guid)| *guid)
            .collect();
        for (guid, customer) in owners_of(db, kind, &own)? {
            let (owner, index) = references.owned[&(kind, guid)];
            let ours = references.customer(owner);
            if ours != customer && !ours.is_nil() {
                let place = Place { kind, owner, index };
                found.push((place, "guid", "belongs to another customer already".to_owned()));
            }
        }
    }
    Ok(found)
}

/// Rows of the same customer that others refer to.
fn owned(references: &References, db: &Db, _: bool) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    for (kind, noun) in [(Kind::Groups, "group"), (Kind::Tiers, "tier"), (Kind::Users, "user")] {
        let missing = references.missing_owned.iter().filter(|((of, ..), _)| *of == kind);
        let wanted: Vec<Guid> = missing.clone().map(|((.., guid), _)| *guid).collect();
        let customers = owners_of(db, kind, &wanted)?;
        for ((_, owner, guid), (place, field)) in missing {
            if customers.get(guid) != Some(&references.customer(*owner)) {
                found.push((*place, *field, format!("the customer has no {noun} {guid}")));
            }
        }
    }
    Ok(found)
}

/// The users that the database has for addresses of customers.
fn users_by_address<'u>(
    references: &References,
    db: &Db,
    wanted: impl Iterator<Item = &'u (Owner, String)>,
) -> Result<HashMap<(Owner, String), Guid>, Error> {
    let mut by_owner: BTreeMap<Owner, Vec<String>> = BTreeMap::new();
    for (owner, email_key) in wanted {
        by_owner.entry(*owner).or_default().push(email_key.clone());
    }
    let mut users = HashMap::new();
    for (owner, email_keys) in by_owner {
        let customer = references.customer(owner);
        let list = move |tx: &mut Tx<'_>, keys: &[String]| store::users::list_by_emails(tx, customer, keys);
        let found = ask(db, &email_keys, list)?;
        users.extend(found.into_iter().map(|(email_key, guid)| ((owner, email_key), guid)));
    }
    Ok(users)
}

/// An address belongs to one user of a customer.
fn addresses(references: &References, db: &Db, _: bool) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    for (address, other) in users_by_address(references, db, references.users.keys())? {
        let (guid, place) = references.users[&address];
        if guid != other {
            found.push((
                place,
                "email",
                format!("the customer has another user of this address, {other}"),
            ));
        }
    }
    Ok(found)
}

fn token_users(references: &References, db: &Db, _: bool) -> Result<Vec<Found>, Error> {
    let known = users_by_address(references, db, references.token_users.keys())?;
    let missing = references.token_users.iter().filter(|(address, _)| {
        // A user of the file who has this address now will have another one.
        known
            .get(*address)
            .is_none_or(|guid| references.owned.contains_key(&(Kind::Users, *guid)))
    });
    Ok(missing
        .map(|(_, place)| {
            (
                *place,
                "user_email",
                "the customer has no user of this address".to_owned(),
            )
        })
        .collect())
}

/// A token belongs to one user of one customer.
fn tokens(references: &References, db: &Db, _: bool) -> Result<Vec<Found>, Error> {
    let stored = ask(db, &keys(&references.tokens), store::api_tokens::list_owners)?;
    let address = |token: &TokenReference| Some((token.owner, token.email_key.clone()?));
    let addresses: Vec<_> = stored
        .iter()
        .filter_map(|(sha256, ..)| address(references.tokens.get(sha256)?))
        .collect();
    let known = users_by_address(references, db, addresses.iter())?;
    let mut found = Vec::new();
    for (sha256, customer, user) in stored {
        let token = &references.tokens[&sha256];
        let wanted = address(token).and_then(|address| {
            references
                .users
                .get(&address)
                .map(|(guid, _)| *guid)
                .or_else(|| known.get(&address).copied())
        });
        if customer != references.customer(token.owner) || user != wanted {
            found.push((
                token.place,
                "token",
                "is in use already, by another customer or user".to_owned(),
            ));
        }
    }
    Ok(found)
}
