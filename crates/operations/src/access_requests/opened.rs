//! That a request was opened by the person it is for: noted once, and only when a person did something.

use liaison_db::Tx;
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Refusal, Timestamp};
use liaison_store as store;
use liaison_store::access_requests::AccessRequest;

use super::{accept, inbox};
use crate::{App, Call, Env, Error, Result, new_guid};

/// Notes that somebody with a request's link moved or typed on its page. Refuses a link that opens nothing.
pub fn mark(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), token: &str) -> Result<()> {
    let invitation = accept::look_up_link(tx, token, now)?;
    let by = By {
        customer: invitation.customer_guid,
        request: invitation.request_guid,
        name: &invitation.requestee_name,
        actor: None,
    };
    note(tx, (now, env), &by)
}

/// Notes that the caller opened a received request, where it is the caller's own.
pub fn mark_received(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let view = |request: &AccessRequest<'_>| {
        let is_theirs = request.requestee_user_guid == call.actor.user.as_ref().map(|user| user.guid);
        (is_theirs && request.requestee_user_guid.is_some() && request.opened_at.is_none())
            .then_some(request.customer_guid)
    };
    let Some(customer) = inbox::received(tx, call, guid, &view)? else {
        return Ok(());
    };
    let by = By {
        customer,
        request: guid,
        name: call.actor.formal_name(),
        actor: Some(call.actor.guid()),
    };
    note(tx, (call.now, call.env), &by)
}

/// Who opened what.
struct By<'b> {
    customer: Guid,
    request: Guid,
    name: &'b str,
    actor: Option<Guid>,
}

fn note(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), by: &By<'_>) -> Result<()> {
    if store::access_requests::update_opened(tx, by.customer, by.request, now)? == 0 {
        return Ok(());
    }
    let event = store::events::New {
        guid: new_guid(now, env.entropy.as_ref()),
        request: by.request,
        kind: "request.opened",
        actor: by.actor,
        actor_name: Some(by.name),
        side: Some(Side::Vendor.slug()),
        detail: None,
        at: now,
    };
    store::events::insert(tx, by.customer, &event)?;
    Ok(())
}

impl App {
    /// Notes that the page of a link was opened by a person. A link that opens nothing is passed over.
    pub async fn mark_opened(&self, token: String) -> Result<()> {
        let (now, env) = (self.now(), self.env.clone());
        match self.db.write(move |tx| mark(tx, (now, &env), &token)).await {
            Err(Error::Refused(Refusal::LinkGone)) => Ok(()),
            other => other,
        }
    }
}
