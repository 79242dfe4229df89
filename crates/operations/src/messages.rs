//! The thread of a request: reading it from either side, writing, editing and deleting.

use liaison_db::Tx;
use liaison_domain::messages::{clean_body, closed};
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Refusal, Timestamp};
use liaison_store as store;

use crate::{Actor, Call, Error, Happening, Result, message_notices, new_guid, record_happening};

/// A thread as its caller reaches it.
#[derive(Clone, Debug)]
pub struct Thread {
    /// The caller's side.
    pub side: Side,
    /// Facts of the request.
    pub facts: store::messages::Thread,
    reach: store::access_requests::Side,
}

/// One message.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Message {
    pub guid: Guid,
    /// Its place in the thread, counting up with holes.
    pub number: i64,
    /// `client` or `vendor`.
    pub side: String,
    /// The user, or the customer where a company token wrote.
    pub author_guid: Guid,
    pub author_name: String,
    pub author_company: String,
    /// None once it was deleted.
    pub body: Option<String>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    /// Whether the caller wrote it, and so may change it.
    pub mine: bool,
    /// The thread's revision when it was last changed.
    pub revision: i64,
}

/// Finds a request's thread from the caller's side: sent requests before received ones.
pub fn open(tx: &mut Tx<'_>, call: &Call<'_>, request: Guid) -> Result<Thread> {
    for (side, reach) in [(Side::Client, call.actor.outbox()), (Side::Vendor, call.actor.inbox())] {
        if let Some(facts) = store::messages::find_thread(tx, &reach, request, call.now)? {
            return Ok(Thread { side, facts, reach });
        }
    }
    Err(Error::NotFound)
}

impl Thread {
    /// Whether this caller may write: on the client's side whoever may invite, on the vendor's everybody.
    pub fn may_write(&self, actor: &Actor) -> bool {
        self.side == Side::Vendor || actor.role.may_invite()
    }

    /// Why nobody can write now; none while writing is possible.
    pub fn closed(&self) -> Option<&'static str> {
        closed(self.facts.status)
    }

    fn require_writable(&self, actor: &Actor) -> Result<()> {
        if !self.may_write(actor) {
            return Err(Error::Forbidden);
        }
        self.closed()
            .map_or(Ok(()), |why| Err(Refusal::ThreadClosed(why).into()))
    }

    fn happened(&self, tx: &mut Tx<'_>, call: &Call<'_>, kind: &'static str) -> Result<()> {
        let happening = Happening {
            customer: self.facts.customer,
            request: self.facts.request,
            kind,
            side: self.side,
            detail: None,
        };
        Ok(record_happening(tx, call, &happening)?)
    }

    fn advance(&self, tx: &mut Tx<'_>, call: &Call<'_>) -> Result<i64> {
        Ok(store::messages::advance(tx, &self.reach, self.facts.request, call.now)?)
    }
}

/// Messages after a place in the thread (0: from its beginning), in its order.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, page: (i64, i64)) -> Result<Vec<Message>> {
    let found = store::messages::list(tx, &thread.reach, thread.facts.request, page)?;
    Ok(found.into_iter().map(|message| view(message, call.actor)).collect())
}

/// The newest messages before a place in the thread, in its order; the oldest of them come first.
pub fn list_before(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, page: (i64, i64)) -> Result<Vec<Message>> {
    let found = store::messages::list_before(tx, &thread.reach, thread.facts.request, page)?;
    Ok(found.into_iter().map(|message| view(message, call.actor)).collect())
}

/// Messages that were written or changed after a revision, in that order.
pub fn list_changed(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, page: (i64, i64)) -> Result<Vec<Message>> {
    let found = store::messages::list_changed(tx, &thread.reach, thread.facts.request, page)?;
    Ok(found.into_iter().map(|message| view(message, call.actor)).collect())
}

/// One message.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, guid: Guid) -> Result<Message> {
    Ok(view(stored(tx, thread, guid)?, call.actor))
}

/// Writes a message, and tells the other side.
pub fn post(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, body: &str) -> Result<Message> {
    thread.require_writable(call.actor)?;
    let body = clean_body(body)?;
    let new = store::messages::New {
        guid: new_guid(call.now, call.env.entropy.as_ref()),
        request: thread.facts.request,
        author: author(call.actor),
        author_name: call.actor.formal_name(),
        side: thread.side.slug(),
        body: &body,
        at: call.now,
        revision: thread.advance(tx, call)?,
    };
    store::messages::insert(tx, call.actor.customer_guid, &new)?;
    store::messages::update_counted(tx, &thread.reach, &new)?;
    thread.happened(tx, call, "message.posted")?;
    message_notices::tell(tx, call, thread, &body)?;
    find(tx, call, thread, new.guid)
}

/// Changes the text of one's own message. The same text again changes nothing.
pub fn edit(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, (guid, body): (Guid, &str)) -> Result<Message> {
    let before = own(tx, call, thread, guid)?;
    if before.deleted_at.is_some() {
        return Err(Refusal::MessageDeleted.into());
    }
    let body = clean_body(body)?;
    if body != before.body {
        let revision = thread.advance(tx, call)?;
        store::messages::update_body(tx, call.actor.customer_guid, guid, (&body, call.now, revision))?;
        thread.happened(tx, call, "message.edited")?;
    }
    find(tx, call, thread, guid)
}

/// Takes the text of one's own message away; its place stays. Once more changes nothing.
pub fn delete(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, guid: Guid) -> Result<Message> {
    if own(tx, call, thread, guid)?.deleted_at.is_none() {
        let revision = thread.advance(tx, call)?;
        store::messages::update_deleted(tx, call.actor.customer_guid, guid, (call.now, revision))?;
        store::messages::update_uncounted(tx, &thread.reach, thread.facts.request)?;
        thread.happened(tx, call, "message.deleted")?;
    }
    find(tx, call, thread, guid)
}

/// Notes that the caller has seen a thread as it is now. A company token has nothing to note.
pub fn seen(tx: &mut Tx<'_>, call: &Call<'_>, request: Guid) -> Result<()> {
    let thread = open(tx, call, request)?;
    if let (Some(user), Some(at)) = (&call.actor.user, thread.facts.last_message_at) {
        store::thread_reads::upsert(tx, call.actor.customer_guid, (user.guid, request), at)?;
    }
    Ok(())
}

/// Which of these requests of one side of the caller have messages that the caller has not seen.
pub fn list_unread(tx: &mut Tx<'_>, call: &Call<'_>, side: Side, requests: &[Guid]) -> Result<Vec<Guid>> {
    let Some(user) = &call.actor.user else {
        return Ok(Vec::new());
    };
    Ok(store::thread_reads::list_unread(
        tx,
        &reach(call.actor, side),
        user.guid,
        requests,
    )?)
}

/// How many requests of one side of the caller have messages that the caller has not seen.
pub fn count_unread(tx: &mut Tx<'_>, call: &Call<'_>, side: Side) -> Result<i64> {
    let Some(user) = &call.actor.user else { return Ok(0) };
    Ok(store::thread_reads::count_unread(
        tx,
        &reach(call.actor, side),
        user.guid,
    )?)
}

/// The requests of one side of a caller.
pub(crate) fn reach(actor: &Actor, side: Side) -> store::access_requests::Side {
    match side {
        Side::Client => actor.outbox(),
        Side::Vendor => actor.inbox(),
    }
}

/// A message that the caller wrote, in a thread that is open.
fn own(tx: &mut Tx<'_>, call: &Call<'_>, thread: &Thread, guid: Guid) -> Result<store::messages::Message> {
    let message = stored(tx, thread, guid)?;
    if !is_mine(&message, call.actor) {
        return Err(Error::Forbidden);
    }
    thread.require_writable(call.actor)?;
    Ok(message)
}

fn stored(tx: &mut Tx<'_>, thread: &Thread, guid: Guid) -> Result<store::messages::Message> {
    store::messages::find(tx, &thread.reach, thread.facts.request, guid)?.ok_or(Error::NotFound)
}

/// Who stands as the author: the user, or the customer for a company token, so that its next token counts as well.
fn author(actor: &Actor) -> Guid {
    actor.user.as_ref().map_or(actor.customer_guid, |user| user.guid)
}

fn is_mine(message: &store::messages::Message, actor: &Actor) -> bool {
    message.customer_guid == actor.customer_guid && message.author_guid == author(actor)
}

fn view(message: store::messages::Message, actor: &Actor) -> Message {
    Message {
        mine: is_mine(&message, actor),
        guid: message.guid,
        number: message.number,
        side: message.side,
        author_guid: message.author_guid,
        author_name: message.author_name,
        author_company: message.author_company,
        body: message.deleted_at.is_none().then_some(message.body),
        created_at: message.created_at,
        edited_at: message.edited_at,
        deleted_at: message.deleted_at,
        revision: message.revision,
    }
}
