//! Reading the lists of the other server into the spool.

use std::collections::HashSet;
use std::io;

use liaison_client::{Client, Error};
use serde_json::{Value, json};

use super::parts::Part;
use super::rows;
use super::spool::{self, Spool};

/// Rows of one page; servers give fewer where they like.
const ROWS: &str = "500";

/// How reading a list ended.
pub(super) enum Ended {
    /// All of it is in the spool.
    Whole,
    /// The server does not have it, or the token may not see it.
    Absent(Error),
    /// It could not be read.
    Failed(Error),
}

/// What ends a copy: the disk, or a server that will not answer anything else either.
pub(super) enum Stop {
    Disk(io::Error),
    Server(Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Disk(error)
    }
}

/// Whether what went wrong with one call will go wrong with the next ones.
pub(super) fn is_final(error: &Error) -> bool {
    matches!(
        error,
        Error::Unauthorized { .. }
            | Error::Unreachable { .. }
            | Error::Tls { .. }
            | Error::Throttled { .. }
            | Error::Settings(_)
    )
}

/// Reads one list, unless the spool has it.
pub(super) async fn read(
    client: &Client,
    spool: &Spool,
    (part, path): (Part, &str),
    tell: &mut dyn FnMut(u64),
) -> Result<Ended, Stop> {
    if spool.has_list(part) {
        return Ok(Ended::Whole);
    }
    let mut list = spool.new_list(part)?;
    let outcome = match part {
        Part::Groups => groups(client, path, &mut list).await,
        Part::Contacts => contacts(client, path, &mut list, tell).await,
        _ => pages(client, path, &mut list, tell).await,
    };
    match outcome {
        Ok(()) => {
            spool.finish_list(part, list)?;
            Ok(Ended::Whole)
        }
        Err(Stop::Server(error)) if error.is_lacking() => Ok(Ended::Absent(error)),
        Err(Stop::Server(error)) if !is_final(&error) => Ok(Ended::Failed(error)),
        Err(stop) => Err(stop),
    }
}

async fn pages(client: &Client, path: &str, list: &mut impl io::Write, tell: &mut dyn FnMut(u64)) -> Result<(), Stop> {
    each_row(client, path, tell, |row| Ok(spool::put(list, row)?)).await
}

async fn each_row(
    client: &Client,
    path: &str,
    tell: &mut dyn FnMut(u64),
    mut visit: impl FnMut(&Value) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut pages = client.pages(path, &[("limit", ROWS)]);
    while let Some(page) = pages.next().await.map_err(Stop::Server)? {
        for row in page.rows::<Value>() {
            visit(&row.map_err(Stop::Server)?)?;
        }
        tell(pages.seen());
    }
    Ok(())
}

/// Contacts stand in two lists: the newer one tells more of each, and not every server has it.
async fn contacts(
    client: &Client,
    path: &str,
    list: &mut impl io::Write,
    tell: &mut dyn FnMut(u64),
) -> Result<(), Stop> {
    let mut seen = HashSet::new();
    let told = each_row(client, "/v1/contacts", tell, |row| {
        seen.extend(row.get("guid").and_then(Value::as_str).map(str::to_owned));
        Ok(spool::put(list, row)?)
    });
    match told.await {
        Err(Stop::Server(error)) if error.is_lacking() => {}
        told => told?,
    }
    each_row(client, path, tell, |row| {
        let guid = row.get("guid").and_then(Value::as_str);
        if guid.is_some_and(|guid| seen.contains(guid)) {
            return Ok(());
        }
        Ok(spool::put(list, row)?)
    })
    .await
}

/// Groups stand in an object of their own.
async fn groups(client: &Client, path: &str, list: &mut impl io::Write) -> Result<(), Stop> {
    let told: Value = client.get(path, &[]).await.map_err(Stop::Server)?;
    let default = told.get("default_group").and_then(Value::as_str);
    let groups = told.get("groups").or(Some(&told)).and_then(Value::as_array);
    let Some(groups) = groups else {
        return Err(Stop::Server(Error::Shape {
            path: path.to_owned(),
            reason: "there is no list of groups".to_owned(),
        }));
    };
    for group in groups {
        let mut group = group.clone();
        let is_default = default.is_some() && group.get("guid").and_then(Value::as_str) == default;
        if is_default && let Some(group) = group.as_object_mut() {
            group.insert("is_default".to_owned(), Value::Bool(true));
        }
        let companies = companies_of_group(client, path, &group).await?;
        if let Some(group) = group.as_object_mut() {
            group.insert("companies".to_owned(), companies);
        }
        spool::put(list, &group)?;
    }
    Ok(())
}

/// The companies that a group notes; none where the server says that there are none, or does not tell.
async fn companies_of_group(client: &Client, path: &str, group: &Value) -> Result<Value, Stop> {
    let count = group.get("company_count").and_then(Value::as_i64).unwrap_or_default();
    let has_all = ["all_companies", "is_default"]
        .iter()
        .any(|name| group.get(*name) == Some(&Value::Bool(true)));
    let guid = rows::guid_of(group);
    let Some(guid) = guid.filter(|_| count > 0 && !has_all) else {
        return Ok(json!([]));
    };
    match client.get(&format!("{path}/{guid}/companies/guids"), &[]).await {
        Ok(companies) => Ok(companies),
        Err(error) if error.is_lacking() => Ok(json!([])),
        Err(error) => Err(Stop::Server(error)),
    }
}
