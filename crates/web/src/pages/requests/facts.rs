//! One request as its pages, its files and its record tell it: everything of its row, owned, and what stands beside it.

use liaison_db::Tx;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::progress::Next;
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::access_requests::{self, AccessRequest, ContextNow, FindingRow};
use liaison_operations::messages::{self, Message, Thread};
use liaison_operations::timeline::{self, Entry};
use liaison_operations::{Call, Error, Result};
use serde::Deserialize;

/// Messages of a thread that a page shows at once.
pub(crate) const MESSAGES: i64 = 100;

/// Somebody, with the company they are of.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) company: String,
}

/// The row of a request.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) guid: Guid,
    pub(crate) status: Status,
    pub(crate) reason: Reason,
    pub(crate) requester: Person,
    pub(crate) requestee: Person,
    pub(crate) requestee_user: Option<Guid>,
    pub(crate) message: String,
    /// Only the sender's side has them.
    pub(crate) notes: String,
    pub(crate) ccs: Vec<String>,
    pub(crate) third_parties: Vec<ThirdParty>,
    pub(crate) is_read: bool,
    /// Whether the person asked for it by themselves.
    pub(crate) asked: bool,
    pub(crate) trial_days: i64,
    pub(crate) findings: i64,
    pub(crate) times: Times,
    pub(crate) resolved_by: String,
    pub(crate) context: Context,
}

/// The moments of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) created: Timestamp,
    pub(crate) mailed: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) opened: Option<Timestamp>,
    pub(crate) accepted: Option<Timestamp>,
    pub(crate) trial_ends: Option<Timestamp>,
    pub(crate) resolved: Option<Timestamp>,
}

/// Somebody who was told and takes no part.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ThirdParty {
    pub(crate) name: String,
    pub(crate) email: String,
}

/// How the company stood on a day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub(crate) date: Option<String>,
    pub(crate) rating: Option<i64>,
    pub(crate) vectors: Vec<Graded>,
}

/// One risk vector of a context.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Graded {
    pub(crate) grade: Option<String>,
    pub(crate) percentile: Option<f64>,
    pub(crate) risk_vector: Named,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) slug: String,
}

impl Facts {
    fn of(r: &AccessRequest<'_>, side: Side) -> Result<Facts> {
        let notes = r.notes.filter(|_| side == Side::Client);
        Ok(Facts {
            guid: r.guid,
            status: r.status,
            reason: Reason::parse(r.reason).unwrap_or_default(),
            requester: Person {
                name: r.requester_formal_name.to_owned(),
                email: r.requester_email.to_owned(),
                company: r.requester_company_name.to_owned(),
            },
            requestee: Person {
                name: r.requestee_formal_name.to_owned(),
                email: r.requestee_email.to_owned(),
                company: r.requestee_company_name.to_owned(),
            },
            requestee_user: r.requestee_user_guid,
            message: r.message.to_owned(),
            notes: notes.unwrap_or_default().to_owned(),
            ccs: r
                .ccs
                .map_or_else(Vec::new, |ccs| ccs.split(',').map(str::to_owned).collect()),
            third_parties: stored(r.third_parties_json)?,
            is_read: r.is_read,
            asked: r.access_link_guid.is_some(),
            trial_days: r.trial_duration,
            findings: r.observations_count,
            times: Times::of(r),
            resolved_by: r.resolved_by_name.unwrap_or_default().to_owned(),
            context: Context {
                date: r.context_date.map(str::to_owned),
                rating: r.context_rating,
                vectors: stored(r.risk_vectors_json)?,
            },
        })
    }
}

impl Times {
    fn of(r: &AccessRequest<'_>) -> Times {
        Times {
            created: r.created_at,
            mailed: r.email_sent_at,
            expires: r.expires_at,
            opened: r.opened_at,
            accepted: r.accepted_at,
            trial_ends: r.trial_ends_at,
            resolved: r.resolved_at,
        }
    }
}

fn stored<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| Error::Internal(format!("stored JSON: {error}")))
}

/// A request with what both of its pages show.
pub(crate) struct Reading {
    pub(crate) facts: Facts,
    pub(crate) side: Side,
    pub(crate) next: Next,
    pub(crate) findings: Vec<FindingRow>,
    pub(crate) now: Option<Context>,
    pub(crate) thread: Thread,
    /// Oldest first.
    pub(crate) messages: Vec<Message>,
    /// Whether there are older messages.
    pub(crate) has_earlier: bool,
    pub(crate) timeline: Vec<Entry>,
    /// Whether the caller may write in the thread, were it open.
    pub(crate) may_write: bool,
    /// The caller's user.
    pub(crate) user: Option<Guid>,
    /// Whether the other side wrote something that the caller has not seen.
    pub(crate) has_unseen: bool,
}

/// Reads a request from the caller's side, with the messages before a place in its thread.
pub(crate) fn read(tx: &mut Tx<'_>, call: &Call<'_>, (guid, before): (Guid, Option<i64>)) -> Result<Reading> {
    let details = access_requests::details(tx, call, guid, &Facts::of)?;
    let thread = messages::open(tx, call, guid)?;
    let page = (before.unwrap_or(i64::MAX), MESSAGES + 1);
    let mut messages = messages::list_before(tx, call, &thread, page)?;
    let has_earlier = messages.len() > usize::try_from(MESSAGES).unwrap_or(usize::MAX);
    if has_earlier {
        messages.remove(0);
    }
    Ok(Reading {
        facts: details.request?,
        side: details.side,
        next: details.next,
        findings: details.findings,
        now: details.context_now.map(now).transpose()?,
        may_write: thread.may_write(call.actor),
        thread,
        messages,
        has_earlier,
        timeline: timeline::list(tx, call, guid)?,
        user: call.actor.user.as_ref().map(|user| user.guid),
        has_unseen: !messages::list_unread(tx, call, details.side, &[guid])?.is_empty(),
    })
}

fn now(context: ContextNow) -> Result<Context> {
    Ok(Context {
        date: Some(context.date),
        rating: context.rating,
        vectors: stored(&context.risk_vectors_json)?,
    })
}

/// `2 Aug 2026` of `2026-08-02`; anything else stays as it is.
pub(crate) fn day(date: &str) -> String {
    let Some(at) = Timestamp::parse(date) else {
        return date.to_owned();
    };
    let words = at.for_people();
    words.split(',').next().unwrap_or(date).to_owned()
}
