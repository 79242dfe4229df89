//! Reading companies one by one, three at a time: details, and findings.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use liaison_client::{Client, Error};
use liaison_domain::Guid;
use serde_json::Value;

use super::lists::{Stop, is_final};
use super::pull::Failures;
use super::rows;
use super::spool::{self, Lane};

/// Companies in a row without an answer after which nothing more is asked of that path.
const ABSENT: u32 = 25;

/// What the readers share.
pub(super) struct Shared<'s> {
    pub(super) client: &'s Client,
    /// What the portfolio says of each company.
    pub(super) briefs: &'s HashMap<Guid, Value>,
    pub(super) wanted: Mutex<Vec<Guid>>,
    pub(super) details: Path,
    pub(super) findings: Path,
    pub(super) failed: Mutex<Failures>,
    pub(super) tell: &'s dyn Fn(),
}

/// A path that every company has, or that a server does not have at all.
pub(super) struct Path {
    wanted: bool,
    state: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    answered: bool,
    absent: u32,
    last: Option<String>,
}

impl Path {
    pub(super) fn new(wanted: bool) -> Path {
        Path {
            wanted,
            state: Mutex::default(),
        }
    }

    fn is_asked(&self) -> bool {
        let seen = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.wanted && (seen.answered || seen.absent < ABSENT)
    }

    fn note(&self, absent: Option<&Error>) {
        let mut seen = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match absent {
            None => seen.answered = true,
            Some(error) => {
                seen.absent += 1;
                seen.last = Some(error.to_string());
            }
        }
    }

    /// Why nothing came by this path, where nothing did.
    pub(super) fn left_out(&self) -> Option<String> {
        let seen = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.answered { None } else { seen.last.clone() }
    }
}

/// Reads companies until none is left.
pub(super) async fn read(shared: &Shared<'_>, mut lane: Lane) -> Result<(), Stop> {
    loop {
        let next = shared.wanted.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(guid) = next else { return Ok(()) };
        match one(shared, guid, &mut lane).await {
            Ok(company) => lane.mark(guid, company)?,
            Err(Stop::Server(error)) if !is_final(&error) => {
                lane.forget()?;
                let mut failed = shared.failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.add("companies", &guid.to_string(), &error.to_string());
            }
            Err(stop) => return Err(stop),
        }
        (shared.tell)();
    }
}

async fn one(shared: &Shared<'_>, guid: Guid, lane: &mut Lane) -> Result<Option<Value>, Stop> {
    let brief = shared.briefs.get(&guid);
    // A company that only a request names may be out of sight.
    let is_aside = brief.is_none_or(|brief| brief.get("shortname").is_none());
    let company = if shared.details.is_asked() {
        match shared.client.get::<Value>(&format!("/v1/companies/{guid}"), &[]).await {
            Ok(details) if details.is_object() => {
                shared.details.note(None);
                Some(rows::company(guid, &details, brief))
            }
            Ok(_) => {
                return Err(Stop::Server(Error::Shape {
                    path: "/v1/companies".to_owned(),
                    reason: "a company is no object".to_owned(),
                }));
            }
            Err(error) if is_aside && error.is_lacking() => None,
            Err(error) => missing(&shared.details, error)?,
        }
    } else {
        None
    };
    if shared.findings.is_asked() {
        match findings(shared, guid, lane).await {
            Ok(()) => shared.findings.note(None),
            Err(Stop::Server(error)) if is_aside && error.is_lacking() => {}
            Err(Stop::Server(error)) => drop(missing(&shared.findings, error)?),
            Err(stop) => return Err(stop),
        }
    }
    // Where the server does not tell more about companies, the portfolio says what they are.
    Ok(company.or_else(|| brief.map(|brief| rows::company(guid, &Value::Null, Some(brief)))))
}

/// An absent path is no failure while it has not answered anybody; afterwards it is one of this company.
fn missing(path: &Path, error: Error) -> Result<Option<Value>, Stop> {
    let answered = path.state.lock().unwrap_or_else(PoisonError::into_inner).answered;
    if !error.is_lacking() || answered {
        return Err(Stop::Server(error));
    }
    path.note(Some(&error));
    Ok(None)
}

async fn findings(shared: &Shared<'_>, guid: Guid, lane: &mut Lane) -> Result<(), Stop> {
    let mut pages = shared
        .client
        .pages(&format!("/v1/companies/{guid}/findings"), &[("limit", "500")]);
    while let Some(page) = pages.next().await.map_err(Stop::Server)? {
        for row in page.rows::<Value>() {
            spool::put(&mut lane.findings, &rows::finding(guid, &row.map_err(Stop::Server)?))?;
        }
    }
    Ok(())
}
