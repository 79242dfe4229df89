//! The spool as one bundle.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use liaison_domain::Guid;
use liaison_operations::copies::Target;
use serde_json::{Map, Value};

use super::parts::Part;
use super::rows;
use super::spool::Spool;
use crate::failure::Failure;

/// Writes the bundle and gives the companies that are in it or here. `known` are those that are here already, of those
/// that are asked for.
pub(super) fn write(
    spool: &Spool,
    target: &Target,
    parts: &BTreeSet<Part>,
    known: impl Fn(Vec<Guid>) -> Result<Vec<Guid>, Failure>,
) -> Result<HashSet<Guid>, Failure> {
    let mut out = Out(
        BufWriter::with_capacity(256 * 1024, File::create(spool.bundle())?),
        false,
    );
    let mut companies = HashSet::new();
    if parts.contains(&Part::Companies) {
        spool.each_company(|mark| {
            companies.extend(mark.company.is_some().then_some(mark.guid));
            Ok(())
        })?;
    }
    let mut asked = companies_of_lists(spool)?;
    asked.extend(target.customer.my_company_guid);
    asked.retain(|guid| !companies.contains(guid));
    let here = known(asked.into_iter().collect())?;
    out.open("{\"companies\":[")?;
    if parts.contains(&Part::Companies) {
        spool.each_company(|mark| mark.company.map_or(Ok(()), |company| out.row(&company)))?;
    } else if parts.contains(&Part::Portfolio) {
        companies.extend(briefly(spool, &here, &mut out)?);
    }
    companies.extend(here);
    out.open("],\"findings\":[")?;
    if parts.contains(&Part::Findings) {
        spool.each_finding(|row| out.row(&row))?;
    }
    out.open("],\"customers\":[")?;
    out.open(&opening(target, &companies)?)?;
    let users = users_of(spool, parts)?;
    for (part, list) in LISTS {
        out.open(&format!(",\"{list}\":["))?;
        if parts.contains(&part) {
            spool.each(part, |row| {
                row_of(part, &row, (&companies, &users)).map_or(Ok(()), |row| out.row(&row))
            })?;
        }
        out.open("]")?;
    }
    out.open("}]}")?;
    out.0.flush()?;
    Ok(companies)
}

/// Companies of the portfolio that are not here, with what the portfolio tells of them. Gives those.
fn briefly(spool: &Spool, here: &[Guid], out: &mut Out) -> Result<HashSet<Guid>, Failure> {
    let here: HashSet<&Guid> = here.iter().collect();
    let mut companies = HashSet::new();
    spool.each(Part::Portfolio, |row| {
        let guid = rows::guid_of(&row);
        match guid {
            Some(guid) if !here.contains(&guid) && companies.insert(guid) => {
                out.row(&rows::company(guid, &Value::Null, Some(&rows::brief(&row))))
            }
            _ => Ok(()),
        }
    })?;
    Ok(companies)
}

/// The parts that belong to a customer, with the names of their lists.
const LISTS: [(Part, &str); 6] = [
    (Part::Groups, "groups"),
    (Part::Users, "users"),
    (Part::Tiers, "tiers"),
    (Part::Folders, "folders"),
    (Part::Portfolio, "portfolio"),
    (Part::Contacts, "contacts"),
];

fn row_of(part: Part, row: &Value, (companies, users): (&HashSet<Guid>, &HashSet<Guid>)) -> Option<Value> {
    match part {
        Part::Groups => rows::group(row, |guid| companies.contains(&guid)),
        Part::Users => rows::user(row),
        Part::Tiers => rows::tier(row),
        Part::Folders => rows::folder(row, |guid| companies.contains(&guid)),
        Part::Portfolio => rows::portfolio(row),
        Part::Contacts => rows::contact(row, |guid| users.contains(&guid)),
        _ => None,
    }
}

/// The customer's own fields, without the end of its object.
fn opening(target: &Target, companies: &HashSet<Guid>) -> Result<String, Failure> {
    let customer = &target.customer;
    let mut fields = Map::new();
    fields.insert("guid".to_owned(), customer.guid.to_string().into());
    fields.insert("name".to_owned(), customer.name.clone().into());
    let own = customer.my_company_guid.filter(|guid| companies.contains(guid));
    if let Some(own) = own {
        fields.insert("my_company_guid".to_owned(), own.to_string().into());
    }
    let mut text = serde_json::to_string(&fields).map_err(io::Error::from)?;
    text.pop();
    Ok(text)
}

fn companies_of_lists(spool: &Spool) -> Result<HashSet<Guid>, Failure> {
    let mut companies = HashSet::new();
    for part in [Part::Folders, Part::Groups] {
        spool.each(part, |row| {
            companies.extend(rows::companies_of(&row));
            Ok(())
        })?;
    }
    spool.each(Part::Portfolio, |row| {
        companies.extend(rows::guid_of(&row));
        Ok(())
    })?;
    Ok(companies)
}

/// The users that come along, whom contacts may name.
fn users_of(spool: &Spool, parts: &BTreeSet<Part>) -> Result<HashSet<Guid>, Failure> {
    let mut users = HashSet::new();
    if parts.contains(&Part::Users) {
        spool.each(Part::Users, |row| {
            users.extend(rows::guid_of(&row));
            Ok(())
        })?;
    }
    Ok(users)
}

/// The file, and whether a row stands before the next one.
struct Out(BufWriter<File>, bool);

impl Out {
    fn open(&mut self, text: &str) -> Result<(), Failure> {
        self.1 = false;
        Ok(self.0.write_all(text.as_bytes())?)
    }

    fn row(&mut self, row: &Value) -> Result<(), Failure> {
        if std::mem::replace(&mut self.1, true) {
            self.0.write_all(b",\n")?;
        }
        Ok(serde_json::to_writer(&mut self.0, row).map_err(io::Error::from)?)
    }
}
