//! Who hears of a new message: the participants of the other side, in the application and by mail.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_domain::sides::Side;
use liaison_mail::MessageNotice;
use liaison_store as store;
use liaison_store::messages::Participant;

use crate::messages::Thread;
use crate::notifications::Telling;
use crate::outgoing::{self, Letter};
use crate::{Call, Result, new_guid, notifications, preferences};

/// Administrators who hear of a message that would have no reader.
const MOST_ADMINISTRATORS: i64 = 20;

/// Tells the other side of a message.
pub(crate) fn tell(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, body: &str) -> Result<()> {
    for person in participants(tx, call, thread)? {
        notify(tx, call, thread, &person)?;
        let place = (thread.facts.request, person.email.as_str());
        // One mail that still waits says enough: the thread has all of it.
        if person.mails_on_messages && !store::messages::has_waiting_mail(tx, person.customer_guid, place)? {
            mail(tx, call, thread, (&person, body))?;
        }
    }
    Ok(())
}

/// The people of the other side; its administrators where the client has nobody else (a company token sent the
/// request, or its sender left).
fn participants(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread) -> Result<Vec<Participant>> {
    let facts = &thread.facts;
    let other = thread.side.other();
    let first = match other {
        Side::Client => Some(facts.requester_guid),
        Side::Vendor => facts.requestee_user_guid,
    };
    let mut people = store::messages::list_participants(tx, facts, other.slug(), first, call.now)?;
    if people.is_empty() && other == Side::Client {
        people = store::messages::list_administrators(tx, facts.customer, MOST_ADMINISTRATORS)?;
    }
    let author = call.actor.user.as_ref().map(|user| user.guid);
    people.retain(|person| Some(person.user_guid) != author);
    Ok(people)
}

fn mail(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, (person, body): (&Participant, &str)) -> Result<()> {
    let token = preferences::unsubscribe_token(tx, call.env, person.user_guid)?;
    let guid: Guid = new_guid(call.now, call.env.entropy.as_ref());
    let composed = liaison_mail::message_notice(
        &call.env.identity,
        &outgoing::stamp(guid, call.now),
        &MessageNotice {
            recipient_name: &person.formal_name,
            recipient_email: &person.email,
            author_name: call.actor.user.as_ref().map_or("", |user| user.formal_name.as_str()),
            author_company: call.actor.company_name(),
            about: &about(thread),
            excerpt: body,
            room_link: &outgoing::page(call.env, &room(thread)),
            unsubscribe_link: &outgoing::page(call.env, &format!("/unsubscribe?t={token}")),
            request_guid: &thread.facts.request.to_string(),
        },
    )?;
    // It is the recipient's customer whose mail this is: the other side does not see where its people read.
    let letter = Letter {
        customer: person.customer_guid,
        request: Some(thread.facts.request),
        kind: "message",
    };
    outgoing::queue(
        tx,
        (call.now, call.env),
        &letter,
        (guid, &composed, &[person.email.as_str()]),
    )
}

fn notify(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, person: &Participant) -> Result<()> {
    let company = call.actor.company_name();
    let author = match &call.actor.user {
        Some(user) => format!("{} ({company})", user.formal_name),
        None => company.to_owned(),
    };
    let subject = format!("{author} wrote about {}", about(thread));
    let telling = Telling {
        customer: person.customer_guid,
        user: person.user_guid,
        request: thread.facts.request,
        kind: "message.posted",
        subject: &subject,
        // Its text stands on the thread alone, where its author can still change or delete it.
        body: "",
    };
    notifications::tell(tx, call.now, &telling)
}

fn about(thread: &Thread) -> String {
    match thread.facts.findings {
        0 => thread.facts.requestee_company.clone(),
        1 => "1 security finding".to_owned(),
        many => format!("{many} security findings"),
    }
}

/// Where the reader finds the thread.
fn room(thread: &Thread) -> String {
    match thread.side.other() {
        Side::Client => format!("/requests/{}", thread.facts.request),
        Side::Vendor => format!("/inbox/{}", thread.facts.request),
    }
}
