//! Reading everything that was asked for.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use liaison_client::Client;
use liaison_domain::Guid;
use liaison_operations::copies::Account;
use serde::Serialize;
use serde_json::{Value, json};

use super::companies::{self, Path, Shared};
use super::lists::{self, Ended, Stop};
use super::parts::Part;
use super::rows;
use super::spool::{LANES, Spool};
use crate::commands::progress::Steps;
use crate::failure::Failure;
use crate::output;

/// What reading came to.
#[derive(Default)]
pub(super) struct Pulled {
    /// Parts that this server does not give, each with its words.
    pub(super) absent: Vec<(&'static str, String)>,
    pub(super) failed: Failures,
}

/// What could not be read.
#[derive(Default)]
pub(super) struct Failures {
    first: Vec<Failed>,
    total: u64,
}

/// One thing that could not be read.
#[derive(Clone, Serialize)]
pub(super) struct Failed {
    pub(super) part: &'static str,
    pub(super) what: String,
    pub(super) reason: String,
}

/// Failures that are told one by one.
const TOLD: usize = 20;

impl Failures {
    pub(super) fn add(&mut self, part: &'static str, what: &str, reason: &str) {
        self.total += 1;
        if self.first.len() < TOLD {
            self.first.push(Failed {
                part,
                what: what.to_owned(),
                reason: reason.to_owned(),
            });
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn first(&self) -> &[Failed] {
        &self.first
    }
}

/// Reads all parts into the spool.
pub(super) async fn all(
    client: &Client,
    spool: &Spool,
    account: &Account,
    parts: &BTreeSet<Part>,
) -> Result<Pulled, Failure> {
    let mut pulled = Pulled::default();
    let by_company = parts.contains(&Part::Companies) || parts.contains(&Part::Findings);
    for part in Part::ALL {
        let wanted = parts.contains(&part) || (part == Part::Portfolio && by_company);
        if let Some(path) = part.path().filter(|_| wanted) {
            list(client, spool, (part, path), &mut pulled).await?;
        }
    }
    if by_company {
        each_company(client, spool, (account, parts), &mut pulled).await?;
    }
    Ok(pulled)
}

async fn list(client: &Client, spool: &Spool, (part, path): (Part, &str), pulled: &mut Pulled) -> Result<(), Failure> {
    let steps = Steps::new(&format!("reading {}", part.name()), None);
    let outcome = lists::read(client, spool, (part, path), &mut |rows| steps.at(rows)).await;
    steps.end();
    match outcome.map_err(stopped)? {
        Ended::Whole => {}
        // Without it nothing else can be told apart from what is missing.
        Ended::Failed(error) if part == Part::Portfolio => return Err(stopped(Stop::Server(error))),
        Ended::Absent(error) => pulled.absent.push((part.name(), error.to_string())),
        Ended::Failed(error) => pulled.failed.add(part.name(), path, &error.to_string()),
    }
    Ok(())
}

fn stopped(stop: Stop) -> Failure {
    match stop {
        Stop::Disk(error) => Failure::from(error),
        Stop::Server(error) => Failure::refused(format!(
            "{error}. Nothing was written; run again to go on where this ended"
        )),
    }
}

async fn each_company(
    client: &Client,
    spool: &Spool,
    (account, parts): (&Account, &BTreeSet<Part>),
    pulled: &mut Pulled,
) -> Result<(), Failure> {
    let briefs = briefs(spool, account)?;
    let (mut lanes, mut known) = (Vec::new(), HashSet::new());
    for lane in 0..LANES {
        let (lane, read_before) = spool.lane(lane)?;
        lanes.push(lane);
        known.extend(read_before);
    }
    let mut wanted: Vec<Guid> = briefs.keys().filter(|guid| !known.contains(*guid)).copied().collect();
    wanted.sort_unstable();
    let steps = Steps::new("reading companies", Some(wanted.len() as u64));
    let shared = Shared {
        client,
        briefs: &briefs,
        wanted: Mutex::new(wanted),
        details: Path::new(parts.contains(&Part::Companies)),
        findings: Path::new(parts.contains(&Part::Findings)),
        failed: Mutex::default(),
        tell: &|| steps.step(),
    };
    let [one, two, three] = <[_; LANES]>::try_from(lanes).map_err(|_| Failure::refused("the spool has no lanes"))?;
    let outcome = tokio::try_join!(
        companies::read(&shared, one),
        companies::read(&shared, two),
        companies::read(&shared, three),
    );
    steps.end();
    outcome.map_err(stopped)?;
    for (part, path) in [("companies", &shared.details), ("findings", &shared.findings)] {
        pulled.absent.extend(path.left_out().map(|reason| (part, reason)));
    }
    let failed = shared.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    pulled.failed.total += failed.total;
    pulled.failed.first.extend(failed.first);
    Ok(())
}

/// Every company that something here refers to, with what is known of it.
fn briefs(spool: &Spool, account: &Account) -> Result<HashMap<Guid, Value>, Failure> {
    let mut briefs = HashMap::new();
    let mut odd = 0;
    spool.each(Part::Portfolio, |row| {
        match rows::guid_of(&row) {
            Some(guid) => drop(briefs.insert(guid, rows::brief(&row))),
            None => odd += 1,
        }
        Ok(())
    })?;
    if odd > 0 {
        output::note(&format!(
            "{} of the portfolio without a guid",
            output::count(odd, "row")
        ));
    }
    for part in [Part::Outbox, Part::Inbox] {
        spool.each(part, |row| {
            let company = row
                .get("requestee_company_guid")
                .and_then(Value::as_str)
                .and_then(rows::guid);
            if let Some(company) = company {
                briefs.entry(company).or_insert_with(|| invited(&row));
            }
            Ok(())
        })?;
    }
    if let Some(own) = account.my_company {
        briefs.entry(own).or_insert_with(|| json!({}));
    }
    Ok(briefs)
}

/// What a request says of a company that is in no portfolio any more.
fn invited(row: &Value) -> Value {
    let email = row.get("requestee_email").and_then(Value::as_str).unwrap_or_default();
    json!({
        "name": row.get("requestee_company_name"),
        "primary_domain": email.rsplit_once('@').map(|(_, domain)| domain),
        "type": "PRIVATE",
    })
}
