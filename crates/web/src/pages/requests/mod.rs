//! `/requests/{guid}`: one sent request for the people who sent it, with everything they can do about it.

pub(crate) mod actions;
pub(crate) mod facts;
pub(crate) mod findings;
pub(crate) mod history;
pub(crate) mod mails;
pub(crate) mod thread;
pub(crate) mod transcript;
pub(crate) mod wrong;

use askama::Template;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::access_requests::{Change, Status};
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Refusal, Timestamp, ids, limits};
use liaison_operations::access_requests::{check_resend, list_letters, may_extend};
use liaison_operations::mails::Delivery;
use liaison_operations::{Call, Result, messages};

use self::facts::{Facts, Reading};
use self::findings::{Changes, Finding};
use self::history::{Recipient, Step};
use self::thread::{Item, ThreadView};
use self::wrong::Wrong;
use super::{Page, inbox, page, redirect};
use crate::extract::{Params, PathText, Visitor};
use crate::shell::{Section, Shell};

#[derive(Template)]
#[template(path = "request.html")]
struct Show {
    shell: Shell,
    facts: Facts,
    next: String,
    thread: ThreadView,
    recipients: Vec<Recipient>,
    events: Vec<Step>,
    findings: Vec<Finding>,
    changes: Option<Changes>,
    can: Can,
    wrong: Wrong,
}

/// What the sender's people can do now.
struct Can {
    /// Change anything at all.
    act: bool,
    resolve: bool,
    approve: bool,
    reject: bool,
    /// Send again, or why not yet: a sentence and, where waiting helps, until when.
    resend: std::result::Result<(), (String, Option<Timestamp>)>,
    copy_link: bool,
    extend: bool,
    most_days: i64,
}

/// A reading of the sender's side, with what only that side knows.
struct Sent {
    reading: Reading,
    letters: Vec<Delivery>,
    resend: std::result::Result<(), Refusal>,
    now: Timestamp,
    may_act: bool,
}

fn read(tx: &mut Tx<'_>, call: &Call<'_>, (guid, before): (Guid, Option<i64>)) -> Result<Sent> {
    let reading = facts::read(tx, call, (guid, before))?;
    let letters = match reading.side {
        Side::Client => list_letters(tx, call, guid)?,
        Side::Vendor => Vec::new(),
    };
    Ok(Sent {
        resend: check_resend(call, (reading.facts.status, reading.facts.times.mailed)),
        reading,
        letters,
        now: call.now,
        may_act: call.actor.role.may_invite(),
    })
}

/// The guid of a path; what is none is the nil guid, which nothing has.
pub(crate) fn guid(text: &str) -> Guid {
    ids::parse_guid(text).unwrap_or_default()
}

/// `GET /requests/{guid}`.
pub(crate) async fn show(visitor: Visitor, PathText(request): PathText, params: Params) -> Page {
    let before = params.count("before")?;
    render(&visitor, (guid(&request), before), Wrong::default()).await
}

/// The page of the reader's side again, after a form was refused.
pub(crate) async fn render_again(visitor: &Visitor, request: Guid, wrong: Wrong) -> Page {
    if visitor.target.starts_with("/inbox/") {
        inbox::room::render(visitor, (request, None), wrong).await
    } else {
        render(visitor, (request, None), wrong).await
    }
}

async fn render(visitor: &Visitor, (request, before): (Guid, Option<i64>), wrong: Wrong) -> Page {
    let find = move |tx: &mut Tx<'_>, call: &Call<'_>| read(tx, call, (request, before));
    let (shell, sent) = visitor.look(Section::Outbox, find).await?;
    if sent.reading.side == Side::Vendor {
        return Ok(redirect(&thread::base(Side::Vendor, request)));
    }
    if sent.reading.has_unseen {
        visitor.act(move |tx, call| messages::seen(tx, call, request)).await?;
    }
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let thread = ThreadView::new(&visitor.web, &sent.reading, before);
    Ok(page(status, &shown(shell, sent, thread, wrong)))
}

fn shown(shell: Shell, sent: Sent, thread: ThreadView, wrong: Wrong) -> Show {
    let can = can(&sent);
    let reading = sent.reading;
    Show {
        recipients: history::recipients(&reading.facts, &sent.letters, sent.may_act),
        events: history::events(&reading.timeline),
        findings: findings::findings(&reading.findings),
        changes: findings::changes(&reading.facts.context, reading.now.as_ref()),
        next: reading.next.sentence,
        facts: reading.facts,
        shell,
        thread,
        can,
        wrong,
    }
}

fn can(sent: &Sent) -> Can {
    let status = sent.reading.facts.status;
    let times = &sent.reading.facts.times;
    // Who has an account of their own keeps their access: it has no end that could be moved.
    let has_clock = times.accepted.is_none() || times.trial_ends.is_some();
    Can {
        act: sent.may_act,
        resolve: status != Status::Resolved && status.after(Change::Resolve).is_some(),
        approve: status.after(Change::Approve).is_some(),
        reject: status == Status::Requested && status.after(Change::Reject).is_some(),
        resend: sent.resend.clone().map_err(|refusal| why_not(&refusal, sent.now)),
        copy_link: status.awaits_recipient(),
        extend: may_extend(status) && has_clock,
        most_days: *limits::TRIAL_DAYS.end(),
    }
}

fn why_not(refusal: &Refusal, now: Timestamp) -> (String, Option<Timestamp>) {
    match refusal {
        Refusal::ResendTooSoon { seconds } => {
            let at = Timestamp(now.0.saturating_add(seconds.saturating_mul(1000)));
            ("The last mail is young. It can be sent again from".to_owned(), Some(at))
        }
        other => (other.to_string(), None),
    }
}

impl Show {
    /// The first day on which a longer trial would end later than now.
    fn more_days(&self) -> i64 {
        (self.facts.trial_days + 30).min(self.can.most_days)
    }
}
