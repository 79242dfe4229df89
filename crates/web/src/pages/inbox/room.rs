//! `/inbox/{guid}`: the room of one received request, for everybody at the company that received it.

use askama::Template;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::sides::Side;
use liaison_operations::access_requests::{Colleague, delegate, mark_received_opened, update_received};
use liaison_operations::{Call, Error, messages};

use crate::extract::{Params, PathText, Submission, Visitor};
use crate::pages::requests::facts::{self, Facts, Reading};
use crate::pages::requests::findings::{self, Changes, Finding};
use crate::pages::requests::history::{self, Step};
use crate::pages::requests::thread::{self, Item, ThreadView};
use crate::pages::requests::wrong::Wrong;
use crate::pages::requests::{guid, render_again};
use crate::pages::{Page, page, redirect};
use crate::shell::{Section, Shell};

#[derive(Template)]
#[template(path = "room.html")]
struct Show {
    shell: Shell,
    facts: Facts,
    ask: Ask,
    steps: &'static [&'static str],
    next: String,
    thread: ThreadView,
    people: Vec<Participant>,
    events: Vec<Step>,
    findings: Vec<Finding>,
    changes: Option<Changes>,
    may_delegate: bool,
    wrong: Wrong,
}

/// What is asked, in one sentence: who, whom, and what.
struct Ask {
    whom: String,
    what: String,
}

/// Somebody who takes part.
struct Participant {
    name: String,
    side: &'static str,
    about: String,
}

/// `GET /inbox/{guid}`. Looking at it is what makes it read and opened.
pub(crate) async fn show(visitor: Visitor, PathText(request): PathText, params: Params) -> Page {
    let before = params.count("before")?;
    render(&visitor, (guid(&request), before), Wrong::default()).await
}

/// The room, with what is wrong with a form that was sent from it.
pub(crate) async fn render(visitor: &Visitor, (request, before): (Guid, Option<i64>), wrong: Wrong) -> Page {
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let reading = facts::read(tx, call, (request, before))?;
        let may_hand_over = is_mine(&reading) || call.actor.role.may_invite();
        Ok((reading, may_hand_over))
    };
    let (mut shell, (reading, may_hand_over)) = visitor.look(Section::Inbox, read).await?;
    if reading.side == Side::Client {
        return Ok(redirect(&thread::base(Side::Client, request)));
    }
    if must_note(&reading) {
        visitor.act(move |tx, call| note(tx, call, request)).await?;
        if !reading.facts.is_read {
            shell.facts.unread_inbox = (shell.facts.unread_inbox - 1).max(0);
        }
    }
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let thread = ThreadView::new(&visitor.web, &reading, before);
    Ok(page(status, &shown((shell, wrong), reading, (thread, may_hand_over))))
}

fn shown((shell, wrong): (Shell, Wrong), reading: Reading, (thread, may_hand_over): (ThreadView, bool)) -> Show {
    let facts = reading.facts.clone();
    Show {
        ask: ask(&reading),
        steps: steps(facts.reason),
        people: people(&reading),
        events: history::events(&reading.timeline),
        findings: findings::findings(&reading.findings),
        changes: findings::changes(&facts.context, reading.now.as_ref()),
        may_delegate: may_hand_over && facts.status == Status::Active,
        next: reading.next.sentence,
        facts,
        shell,
        thread,
        wrong,
    }
}

fn is_mine(reading: &Reading) -> bool {
    reading.user.is_some() && reading.facts.requestee_user == reading.user
}

/// Whether looking at it changes something: the first look does, and one at new messages.
fn must_note(reading: &Reading) -> bool {
    let is_first = is_mine(reading) && reading.facts.times.opened.is_none();
    !reading.facts.is_read || is_first || reading.has_unseen
}

fn note(tx: &mut Tx<'_>, call: &Call<'_>, request: Guid) -> liaison_operations::Result<()> {
    update_received(tx, call, request, Some(true), &|_| ())?;
    mark_received_opened(tx, call, request)?;
    messages::seen(tx, call, request)
}

/// The sentence on top.
fn ask(reading: &Reading) -> Ask {
    let facts = &reading.facts;
    let whom = if is_mine(reading) {
        "you".to_owned()
    } else {
        facts.requestee.name.clone()
    };
    let names: Vec<_> = facts
        .context
        .vectors
        .iter()
        .map(|vector| vector.risk_vector.name.as_str())
        .collect();
    let about = match names.as_slice() {
        [] => String::new(),
        [one] => format!(" about {one}"),
        [first, second] => format!(" about {first} and {second}"),
        [first, second, ..] => format!(" about {first}, {second} and {} more", names.len() - 2),
    };
    let items = findings::count(facts.findings);
    let what = match (facts.reason, facts.findings) {
        (Reason::Remediation, 0) => format!("to look into weaknesses{about} and to say what you will do"),
        (Reason::Remediation, _) => format!("to fix {items}{about}"),
        (Reason::Validation, 0) => format!("to check what is seen{about} and to say whether it is right"),
        (Reason::Validation, 1) => format!("to check whether {items}{about} is right"),
        (Reason::Validation, _) => format!("to check whether {items}{about} are right"),
        (Reason::Vulnerability, 0) => format!("to say whether a vulnerability{about} concerns your systems"),
        (Reason::Vulnerability, _) => {
            format!("to say whether a vulnerability concerns your systems, with {items}{about}")
        }
        (Reason::Informational, 0) => format!("to take note of what is seen{about}"),
        (Reason::Informational, _) => format!("to take note of {items}{about}"),
        (Reason::SelfRequested, _) => "to come in, as was asked for through an access link".to_owned(),
        (Reason::Other, 0) => format!("to talk{about}"),
        (Reason::Other, _) => format!("to look at {items}{about}"),
    };
    Ask { whom, what }
}

/// What is expected, one step after the other.
fn steps(reason: Reason) -> &'static [&'static str] {
    match reason {
        Reason::Remediation => &[
            "Look at each finding: the address says where it is, the advice says how it is fixed.",
            "Fix it, or decide until when it will be fixed.",
            "Write in the thread what is done, and until when the rest follows.",
        ],
        Reason::Validation => &[
            "Check each finding: is the system yours, and is it as described?",
            "Write in the thread which ones are right, which are not, and how you know.",
        ],
        Reason::Vulnerability => &[
            "Find out whether your systems have the vulnerability. The message says which one is meant.",
            "Write yes or no in the thread, for each system where it matters.",
            "Where it is yes: write what you do about it, and until when.",
        ],
        Reason::Informational => &[
            "Read the message and the findings. Nothing has to be done.",
            "If something is not right, or you have a question, write in the thread.",
        ],
        Reason::SelfRequested => &[
            "Look around: you see here what the other company sees of yours.",
            "Questions go into the thread.",
        ],
        Reason::Other => &["Read the message: it says what this is about.", "Answer in the thread."],
    }
}

fn people(reading: &Reading) -> Vec<Participant> {
    let facts = &reading.facts;
    let mut people = vec![
        Participant {
            name: facts.requester.name.clone(),
            side: "client",
            about: format!("{}, sent the request", facts.requester.company),
        },
        Participant {
            name: facts.requestee.name.clone(),
            side: "vendor",
            about: format!("{}, has the request", facts.requestee.company),
        },
    ];
    for message in &reading.messages {
        if !people.iter().any(|known| known.name == message.author_name) {
            people.push(Participant {
                name: message.author_name.clone(),
                side: if message.side == "client" { "client" } else { "vendor" },
                about: format!("{}, wrote here", message.author_company),
            });
        }
    }
    people
}

/// `POST /inbox/{guid}/delegate`: to a colleague.
pub(crate) async fn hand_over(PathText(request): PathText, form: Submission) -> Page {
    let request = guid(&request);
    let visitor = &form.visitor;
    let colleague = Colleague {
        formal_name: form.fields.text("formal_name").trim().to_owned(),
        email: form.fields.text("email").trim().to_owned(),
    };
    let work = move |tx: &mut Tx<'_>, call: &Call<'_>| delegate(tx, call, request, &colleague);
    match visitor.web.app.act_as(visitor.credential(), work).await {
        Ok(()) => Ok(redirect(&format!("/inbox/{request}?done=delegated"))),
        Err(Error::Refused(refusal)) => render_again(visitor, request, Wrong::of(&refusal, &form.fields)).await,
        Err(other) => Err(visitor.refused(other)),
    }
}
