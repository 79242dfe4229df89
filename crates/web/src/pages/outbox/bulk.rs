//! Doing something to many sent requests at once: the ticked rows of the outbox.

use askama::Template;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::access_requests::Change;
use liaison_domain::{Guid, Refusal, ids, limits};
use liaison_operations::access_requests::{self, BulkOutcome, ChangeWish};
use liaison_operations::{Call, Error, Result};

use super::super::{Page, PageError, page, redirect};
use super::render;
use super::wish::Wish;
use crate::extract::{FormFields, Submission, Visitor};
use crate::shell::{Section, Shell};

/// Requests of one transaction: others wait for it.
const STEP: usize = 50;

/// What is done to the ticked requests.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Resolve,
    Resend,
}

/// A ticked request.
struct Ticked {
    guid: Guid,
    recipient: String,
    company: String,
    status: &'static str,
}

#[derive(Template)]
#[template(path = "outbox_resolve.html")]
struct Confirm<'p> {
    shell: Shell,
    ticked: Vec<Ticked>,
    back: &'p str,
}

#[derive(Template)]
#[template(path = "outbox_partly.html")]
struct Partly<'p> {
    shell: Shell,
    done: usize,
    resolved: bool,
    /// Those that were left as they are, each with the reason.
    left: Vec<(Ticked, String)>,
    unknown: usize,
    back: &'p str,
}

/// `POST /outbox/bulk`.
pub(crate) async fn change(form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let wish = Wish::parse(fields.text("back")).or_else(|_| Wish::parse(""))?;
    let action = match fields.text("action") {
        "resolve" => Action::Resolve,
        "resend" => Action::Resend,
        _ => return render(&visitor, wish, "Choose what to do with the ticked requests.").await,
    };
    let guids = ticked(&fields);
    if guids.is_empty() {
        return render(&visitor, wish, "Tick at least one request first.").await;
    }
    if guids.len() > limits::BULK_CHANGES {
        return render(
            &visitor,
            wish,
            "At most 1000 requests can be changed at once. Tick fewer.",
        )
        .await;
    }
    if action == Action::Resolve && guids.len() > 1 && !fields.has("confirmed") {
        return confirm(&visitor, guids, &wish).await;
    }
    run(&visitor, action, guids, &wish).await
}

/// The guids of a form, each once.
fn ticked(fields: &FormFields) -> Vec<Guid> {
    let mut guids = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for text in fields.all("guid") {
        // What is no guid is nobody's, and is reported with those that are unknown.
        let guid = ids::parse_guid(text).unwrap_or_default();
        if seen.insert(guid) {
            guids.push(guid);
        }
    }
    guids
}

/// Those of some requests that the caller's customer sent, in the order given.
fn find(tx: &mut Tx<'_>, call: &Call<'_>, guids: &[Guid]) -> Result<Vec<Ticked>> {
    let mut found = Vec::new();
    for guid in guids {
        let read = access_requests::sent(tx, call, *guid, &|request| Ticked {
            guid: request.guid,
            recipient: request.requestee_formal_name.to_owned(),
            company: request.requestee_company_name.to_owned(),
            status: request.status.slug(),
        });
        match read {
            Ok(ticked) => found.push(ticked),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}

/// The page that asks before more than one request is closed.
async fn confirm(visitor: &Visitor, guids: Vec<Guid>, wish: &Wish) -> Page {
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        call.actor.require_inviter()?;
        find(tx, call, &guids)
    };
    let (shell, ticked) = visitor.look(Section::Outbox, read).await?;
    if ticked.is_empty() {
        return Err(PageError::not_found());
    }
    let back = wish.back();
    Ok(page(
        StatusCode::OK,
        &Confirm {
            shell,
            ticked,
            back: &back,
        },
    ))
}

/// Does it in steps; what cannot be done stops nothing.
async fn run(visitor: &Visitor, action: Action, guids: Vec<Guid>, wish: &Wish) -> Page {
    let mut left: Vec<(Guid, Option<Refusal>)> = Vec::new();
    for step in guids.chunks(STEP) {
        let step = step.to_vec();
        let change = move |tx: &mut Tx<'_>, call: &Call<'_>| act(tx, call, action, &step);
        left.extend(visitor.act(change).await?);
    }
    let done = guids.len() - left.len();
    if left.is_empty() {
        let code = match (action, done) {
            (Action::Resolve, 1) => "resolved",
            (Action::Resolve, _) => "bulk-resolved",
            (Action::Resend, 1) => "resent",
            (Action::Resend, _) => "bulk-resent",
        };
        let back = wish.turned(wish.page);
        let mark = if back.contains('?') { '&' } else { '?' };
        return Ok(redirect(&format!("{back}{mark}done={code}")));
    }
    partly(visitor, (action, done), left, wish).await
}

/// Gives those that were left as they are: with the refusal, or none where the request is unknown.
fn act(tx: &mut Tx<'_>, call: &Call<'_>, action: Action, guids: &[Guid]) -> Result<Vec<(Guid, Option<Refusal>)>> {
    let outcomes: Vec<std::result::Result<(), Option<Refusal>>> = match action {
        Action::Resend => access_requests::bulk_resend(tx, call, guids)?,
        Action::Resolve => {
            let wishes: Vec<ChangeWish> = guids.iter().map(|guid| resolve(*guid)).collect();
            let outcomes = access_requests::bulk_change(tx, call, &wishes)?.into_iter();
            let outcomes = outcomes.map(|outcome| match outcome {
                BulkOutcome::Modified(_) => Ok(()),
                BulkOutcome::NotModified => Err(None),
            });
            outcomes.collect()
        }
    };
    let left = guids.iter().zip(outcomes);
    Ok(left
        .filter_map(|(guid, outcome)| Some((*guid, outcome.err()?)))
        .collect())
}

fn resolve(guid: Guid) -> ChangeWish {
    ChangeWish {
        guid: Some(guid),
        change: Change::Resolve,
    }
}

async fn partly(
    visitor: &Visitor,
    (action, done): (Action, usize),
    left: Vec<(Guid, Option<Refusal>)>,
    wish: &Wish,
) -> Page {
    let guids: Vec<Guid> = left.iter().map(|(guid, _)| *guid).collect();
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| find(tx, call, &guids);
    let (shell, found) = visitor.look(Section::Outbox, read).await?;
    let unknown = left.len() - found.len();
    let why = |ticked: &Ticked| {
        let found = left.iter().find(|(guid, _)| *guid == ticked.guid);
        let refusal = found.and_then(|(_, refusal)| refusal.as_ref());
        refusal.map_or_else(|| "Its status does not allow it.".to_owned(), ToString::to_string)
    };
    let back = wish.back();
    let shown = Partly {
        shell,
        done,
        resolved: action == Action::Resolve,
        left: found
            .into_iter()
            .map(|ticked| {
                let why = why(&ticked);
                (ticked, why)
            })
            .collect(),
        unknown,
        back: &back,
    };
    Ok(page(StatusCode::OK, &shown))
}
