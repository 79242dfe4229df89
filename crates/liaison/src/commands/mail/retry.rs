//! `liaison mail retry`: one mail, or all in a state.

use clap::{ArgGroup, Args};
use liaison_domain::{Guid, Timestamp};
use liaison_operations::mails::{self, Filter};
use serde::Serialize;

use super::unknown;
use crate::app::Desk;
use crate::cli::guid;
use crate::commands::prompt;
use crate::failure::{Failure, OrMissing as _};
use crate::output::{self, Output};

/// Mails looked at in one transaction, so that a server beside this is never held up for long.
const BATCH: i64 = 200;

/// Which mails.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["guid", "kept", "failed"]))]
pub(crate) struct RetryArgs {
    /// Guid of the mail, from `liaison mail list`
    #[arg(value_parser = guid)]
    guid: Option<Guid>,
    /// All that were kept because no relay was configured
    #[arg(long)]
    kept: bool,
    /// All that failed
    #[arg(long)]
    failed: bool,
    /// Do not ask before queueing many
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
struct Done {
    queued: u64,
    skipped: u64,
}

pub(super) fn run(desk: &Desk, args: &RetryArgs, output: Output) -> Result<(), Failure> {
    match args.guid {
        Some(guid) => one(desk, guid, output),
        None => many(desk, if args.kept { "kept" } else { "failed" }, args.yes, output),
    }
}

fn one(desk: &Desk, guid: Guid, output: Output) -> Result<(), Failure> {
    let now = desk.now();
    let queued = desk
        .db
        .write_blocking(move |tx| mails::retry(tx, guid, now))
        .or_missing(|| unknown(guid))?;
    if !queued {
        return Err(Failure::refused(format!(
            "there is nothing to send: mail {guid} was sent, or its link was replaced or used; \
             see `liaison mail show {guid}`"
        )));
    }
    output.show(&Done { queued: 1, skipped: 0 }, |_| format!("Mail {guid} is queued."))
}

fn many(desk: &Desk, state: &'static str, yes: bool, output: Output) -> Result<(), Failure> {
    let counts = desk.db.read_blocking(mails::count_by_state)?;
    let total = counts
        .iter()
        .find(|(known, _)| known == state)
        .map_or(0, |(_, count)| *count);
    if total > 0 && !yes {
        if !prompt::is_attended() {
            return Err(Failure::usage(format!(
                "this would queue {} again; add --yes to do it",
                output::count(total, &format!("{state} mail"))
            )));
        }
        let mails = output::count(total, &format!("{state} mail"));
        prompt::confirm(&format!("Queue {mails} again? Their recipients get them."))?;
    }
    let done = requeue(desk, state)?;
    output.show(&done, |Done { queued, skipped }| {
        let queued = output::count(i64::try_from(*queued).unwrap_or(i64::MAX), "mail");
        match skipped {
            0 => format!("{queued} queued."),
            _ => format!("{queued} queued; {skipped} left as they are, because their link was replaced or used."),
        }
    })
}

/// Walks through the state from its newest mail to its oldest, so that what cannot be queued is passed once.
fn requeue(desk: &Desk, state: &'static str) -> Result<Done, Failure> {
    let mut done = Done { queued: 0, skipped: 0 };
    let mut after: Option<(Timestamp, Guid)> = None;
    let now = desk.now();
    loop {
        let filter = Filter {
            state: Some(state.to_owned()),
            request: None,
            recipient: None,
            after,
            limit: BATCH,
        };
        let batch = desk.db.write_blocking(move |tx| {
            let mut outcomes = Vec::new();
            for mail in mails::list(tx, &filter)? {
                let queued = mails::retry(tx, mail.guid, now)?;
                outcomes.push(((mail.created_at, mail.guid), queued));
            }
            Ok::<_, liaison_operations::Error>(outcomes)
        })?;
        let Some((last, _)) = batch.last() else { return Ok(done) };
        after = Some(*last);
        for (_, queued) in batch {
            if queued {
                done.queued += 1;
            } else {
                done.skipped += 1;
            }
        }
    }
}
