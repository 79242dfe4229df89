//! What a sender may still change of a request: the private notes, and a trial that gets longer.

use liaison_db::Tx;
use liaison_domain::access_requests::Status;
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Refusal, Timestamp, drafts, limits};
use liaison_store as store;
use liaison_store::access_requests::Trial;

use super::outbox;
use crate::{Call, Happening, Result, record, record_happening};

/// What to change; what is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// New notes; `Some(None)` clears them.
    pub notes: Option<Option<String>>,
    /// Days of access, counted from acceptance: more than now.
    pub trial_duration: Option<i64>,
}

/// Changes notes and trial of a sent request, both or neither.
pub fn edit(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, edit: &Edit) -> Result<()> {
    call.actor.require_inviter()?;
    let before = outbox::sent(tx, call, guid, &Before::of)?;
    if let Some(notes) = &edit.notes {
        change_notes(tx, call, guid, (before.notes.as_deref(), notes.as_deref()))?;
    }
    if let Some(days) = edit.trial_duration {
        extend(tx, call, guid, (&before, days))?;
    }
    Ok(())
}

/// What the rules look at.
struct Before {
    notes: Option<String>,
    status: Status,
    trial_duration: i64,
    accepted_at: Option<Timestamp>,
    trial_ends_at: Option<Timestamp>,
    recipient: Option<Guid>,
}

impl Before {
    fn of(request: &store::access_requests::AccessRequest<'_>) -> Before {
        Before {
            notes: request.notes.map(str::to_owned),
            status: request.status,
            trial_duration: request.trial_duration,
            accepted_at: request.accepted_at,
            trial_ends_at: request.trial_ends_at,
            recipient: request.requestee_customer_guid,
        }
    }
}

fn change_notes(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    guid: Guid,
    (before, after): (Option<&str>, Option<&str>),
) -> Result<()> {
    drafts::check_length("notes", after.unwrap_or_default(), limits::TEXT_CHARS)?;
    if before == after {
        return Ok(());
    }
    store::access_requests::update_notes(tx, call.actor.customer_guid, guid, (after, call.now))?;
    record(tx, call, guid, "request.notes_changed")?;
    Ok(())
}

/// Whether a longer trial makes sense in this status.
pub fn may_extend(status: Status) -> bool {
    matches!(
        status,
        Status::Pending | Status::Never | Status::Active | Status::Inactive
    )
}

fn extend(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, (before, days): (&Before, i64)) -> Result<()> {
    if !may_extend(before.status) {
        return Err(Refusal::NotExtendable(before.status.slug()).into());
    }
    drafts::check_trial_days(days)?;
    if days == before.trial_duration {
        return Ok(());
    }
    if days < before.trial_duration {
        let rule = format!("can only be made longer; it is {} days", before.trial_duration);
        return Err(Refusal::field("trial_duration", rule).into());
    }
    let trial = Trial {
        days,
        ends_at: new_end(before, days, call.now)?,
        at: call.now,
    };
    store::access_requests::update_trial(tx, call.actor.customer_guid, guid, trial)?;
    if let (Some(recipient), Some(until)) = (before.recipient, trial.ends_at) {
        store::customers::update_access_extended(tx, recipient, until)?;
    }
    let detail = trial.ends_at.map_or_else(
        || format!("from {} to {days} days", before.trial_duration),
        |end| {
            format!(
                "from {} to {days} days, until {}",
                before.trial_duration,
                end.for_people()
            )
        },
    );
    let happening = Happening {
        customer: call.actor.customer_guid,
        request: guid,
        kind: "request.trial_extended",
        side: Side::Client,
        detail: Some(&detail),
    };
    record_happening(tx, call, &happening)?;
    Ok(())
}

/// When the longer trial ends; none while nobody accepted. It has to end in the future.
fn new_end(before: &Before, days: i64, now: Timestamp) -> Result<Option<Timestamp>> {
    let Some(accepted_at) = before.accepted_at else {
        return Ok(None);
    };
    if before.trial_ends_at.is_none() {
        let rule = "the recipient has an account of their own, which does not end";
        return Err(Refusal::field("trial_duration", rule).into());
    }
    let end = accepted_at.plus_days(days);
    if end <= now {
        let rule = format!("would have ended on {} already", end.for_people());
        return Err(Refusal::field("trial_duration", rule).into());
    }
    Ok(Some(end))
}
