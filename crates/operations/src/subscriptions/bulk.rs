//! Many companies at once: followed, left, or followed in place of others.

use std::collections::{HashMap, HashSet};

use liaison_db::Tx;
use liaison_domain::companies::CompanyType;
use liaison_domain::portfolio::SUBSCRIPTION_TYPES;
use liaison_domain::{Guid, Refusal, ids, limits};
use liaison_store as store;
use liaison_store::folders::Kept as Folder;
use liaison_store::portfolio::Entry;

use crate::{Call, Result, folders};

/// A company to be followed.
#[derive(Clone, Debug)]
pub struct Addition {
    /// The company, as text.
    pub guid: String,
    /// Slug of the type.
    pub kind: String,
    /// Guids or names of folders to put it in.
    pub folders: Vec<String>,
    /// Guid or name of a tier to put it in.
    pub tier: Option<String>,
}

/// A company to be followed in place of another.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The company that is followed.
    pub old: String,
    /// The company that is to be.
    pub new: String,
}

/// What is to happen: companies are left first, then replaced, then followed.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Companies to be followed.
    pub add: Vec<Addition>,
    /// Companies to be left, as text.
    pub delete: Vec<String>,
    /// Companies to be replaced.
    pub update: Vec<Replacement>,
}

/// What happened.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Companies that are followed now.
    pub added: Vec<Guid>,
    /// Companies that are not followed any more.
    pub deleted: Vec<Guid>,
    /// Companies whose subscription is another one now.
    pub modified: Vec<Guid>,
    /// What could not be done.
    pub failures: Vec<Failure>,
}

/// Why nothing was done about a company.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The company, as it was sent.
    pub guid: String,
    /// Why.
    pub message: String,
}

const NO_COMPANY: &str = "No entity found for specified guid";
const NOT_FOLLOWED: &str = "There is no subscription for this company";
const FOLLOWED: &str = "A subscription for this company already exists";

/// Does what can be done. Accounts that exist because their people were invited follow nobody.
pub fn change(tx: &mut Tx<'_>, call: &Call<'_>, wishes: &Wishes) -> Result<Done> {
    call.actor.require_account_inviter()?;
    let most = limits::BULK_CHANGES;
    for (name, count) in [
        ("add", wishes.add.len()),
        ("delete", wishes.delete.len()),
        ("update", wishes.update.len()),
    ] {
        if count > most {
            return Err(Refusal::field(name, format!("at most {most} companies")).into());
        }
    }
    let mut desk = Desk::open(tx, call, wishes)?;
    for guid in &wishes.delete {
        desk.leave(guid);
    }
    for replacement in &wishes.update {
        desk.replace(tx, call, replacement)?;
    }
    for addition in &wishes.add {
        desk.follow(call, addition);
    }
    desk.store(tx, call)
}

/// What is known before, and what is to be written.
struct Desk {
    /// Companies that can be followed.
    companies: HashSet<Guid>,
    entries: HashMap<Guid, Entry>,
    tiers: HashMap<String, Guid>,
    folders: HashMap<String, Folder>,
    deleted: Vec<Guid>,
    stored: Vec<Guid>,
    into_folders: HashMap<Guid, Vec<Guid>>,
    done: Done,
}

impl Desk {
    fn open(tx: &mut Tx<'_>, call: &Call<'_>, wishes: &Wishes) -> Result<Desk> {
        let customer = call.actor.customer_guid;
        let added = wishes.add.iter().map(|addition| &addition.guid);
        let updated = wishes.update.iter().flat_map(|one| [&one.old, &one.new]);
        let named = added.chain(&wishes.delete).chain(updated);
        let mut guids: Vec<Guid> = named.filter_map(|text| ids::parse_guid(text)).collect();
        guids.sort_unstable();
        guids.dedup();
        let entries = store::portfolio::list_by_companies(tx, customer, &guids)?;
        // A private company is seen by those who have it and does not exist for others.
        let companies = store::companies::list_by_guids(tx, &guids)?.into_iter();
        let companies = companies.filter(|company| company.kind != CompanyType::Private.slug());
        let mut desk = Desk {
            companies: companies.map(|company| company.guid).collect(),
            entries: entries.into_iter().map(|entry| (entry.company_guid, entry)).collect(),
            tiers: HashMap::new(),
            folders: HashMap::new(),
            deleted: Vec::new(),
            stored: Vec::new(),
            into_folders: HashMap::new(),
            done: Done::default(),
        };
        if wishes.add.iter().any(|addition| addition.tier.is_some()) {
            for tier in store::tiers::list(tx, customer)? {
                desk.tiers.insert(tier.guid.to_string(), tier.guid);
                desk.tiers.entry(tier.name).or_insert(tier.guid);
            }
        }
        if wishes.add.iter().any(|addition| !addition.folders.is_empty()) {
            for folder in store::folders::list_kept(tx, customer)? {
                desk.folders.insert(folder.guid.to_string(), folder.clone());
                desk.folders.entry(folder.name.clone()).or_insert(folder);
            }
        }
        Ok(desk)
    }

    fn fail(&mut self, guid: &str, message: impl Into<String>) {
        self.done.failures.push(Failure {
            guid: guid.to_owned(),
            message: message.into(),
        });
    }

    fn leave(&mut self, text: &str) {
        match ids::parse_guid(text).filter(|guid| self.entries.remove(guid).is_some()) {
            None => self.fail(text, NOT_FOLLOWED),
            Some(guid) => {
                self.deleted.push(guid);
                self.done.deleted.push(guid);
            }
        }
    }

    fn replace(&mut self, tx: &mut Tx<'_>, call: &Call<'_>, wish: &Replacement) -> Result<()> {
        let (old, new) = (ids::parse_guid(&wish.old), ids::parse_guid(&wish.new));
        let Some(old) = old.filter(|old| self.entries.contains_key(old)) else {
            self.fail(&wish.old, NOT_FOLLOWED);
            return Ok(());
        };
        let Some(new) = new.filter(|new| self.companies.contains(new)) else {
            self.fail(&wish.new, NO_COMPANY);
            return Ok(());
        };
        if self.entries.contains_key(&new) {
            self.fail(&wish.new, FOLLOWED);
            return Ok(());
        }
        let Some(entry) = self.entries.remove(&old) else {
            return Ok(());
        };
        // Where it came in by this call, the new one takes its place there too.
        for company in self
            .into_folders
            .values_mut()
            .flatten()
            .filter(|company| **company == old)
        {
            *company = new;
        }
        self.done.modified.retain(|company| *company != old);
        for folder in store::folders::list_of_company(tx, call.actor.customer_guid, old)? {
            self.into_folders.entry(folder).or_default().push(new);
        }
        self.deleted.push(old);
        self.stored.push(new);
        self.done.modified.push(new);
        let entry = Entry {
            company_guid: new,
            added_date: call.now.date(),
            ..entry
        };
        self.entries.insert(new, entry);
        Ok(())
    }

    fn follow(&mut self, call: &Call<'_>, wish: &Addition) {
        match self.checked(wish) {
            Err(message) => self.fail(&wish.guid, message),
            Ok((guid, tier, folders)) => {
                let known = self.entries.get(&guid);
                let entry = Entry {
                    company_guid: guid,
                    tier_guid: tier.or_else(|| known.and_then(|known| known.tier_guid)),
                    custom_id: known.and_then(|known| known.custom_id.clone()),
                    added_date: known.map_or_else(|| call.now.date(), |known| known.added_date.clone()),
                    subscription_type: Some(wish.kind.clone()),
                    relationship: known.and_then(|known| known.relationship.clone()),
                    life_cycle: known.and_then(|known| known.life_cycle.clone()),
                };
                match known {
                    None => self.done.added.push(guid),
                    Some(known) if *known != entry || !folders.is_empty() => self.done.modified.push(guid),
                    Some(_) => return self.fail(&wish.guid, FOLLOWED),
                }
                self.entries.insert(guid, entry);
                self.stored.push(guid);
                for folder in folders {
                    self.into_folders.entry(folder).or_default().push(guid);
                }
            }
        }
    }

    /// The company, the tier and the folders of an addition.
    fn checked(&self, wish: &Addition) -> std::result::Result<(Guid, Option<Guid>, Vec<Guid>), String> {
        let guid = ids::parse_guid(&wish.guid);
        let guid = guid.filter(|guid| self.companies.contains(guid) || self.entries.contains_key(guid));
        let guid = guid.ok_or(NO_COMPANY)?;
        if !SUBSCRIPTION_TYPES.iter().any(|known| known.slug == wish.kind) {
            return Err("There is no subscription type of this name".to_owned());
        }
        let named = |text: &str| text.trim().to_owned();
        let tier = match wish.tier.as_deref().map(named).filter(|tier| !tier.is_empty()) {
            None => None,
            Some(tier) => Some(*self.tiers.get(&tier).ok_or("There is no tier of this name")?),
        };
        let folders = wish.folders.iter().map(|text| match self.folders.get(&named(text)) {
            Some(folder) => Ok(folder.guid),
            None => Err("There is no folder of this name".to_owned()),
        });
        Ok((guid, tier, folders.collect::<std::result::Result<_, String>>()?))
    }

    fn store(mut self, tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Done> {
        let customer = call.actor.customer_guid;
        store::portfolio::delete_all(tx, customer, &self.deleted)?;
        store::folders::delete_companies_everywhere(tx, customer, &self.deleted)?;
        store::user_groups::delete_companies_everywhere(tx, customer, &self.deleted)?;
        self.stored.sort_unstable();
        self.stored.dedup();
        let entries: Vec<Entry> = self
            .stored
            .iter()
            .filter_map(|guid| self.entries.remove(guid))
            .collect();
        store::portfolio::upsert_all(tx, customer, &entries)?;
        for (folder, companies) in self.into_folders {
            let folder = folders::find_kept(tx, call, Some(folder))?;
            folders::put_in(tx, call, &folder, &companies)?;
        }
        Ok(self.done)
    }
}
