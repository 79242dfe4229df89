//! What surrounds every page of somebody who is signed in: who they are, where they can go, what waits for them.

use liaison_db::Tx;
use liaison_operations::{Call, Result, inbox_counts};

use crate::extract::{FormFields, Visitor};
use crate::state::Web;

/// The part of the application that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Outbox,
    Portfolio,
    Inbox,
    Links,
    Mail,
    Settings,
    Notifications,
}

/// What the frame of a page shows; templates reach it as `shell`.
pub(crate) struct Shell {
    pub(crate) server_name: String,
    pub(crate) is_demo: bool,
    pub(crate) section: Section,
    /// The hidden field of every form.
    pub(crate) form_token: String,
    /// What was just done, in words; from a fixed list.
    pub(crate) done: Option<&'static str>,
    pub(crate) facts: Facts,
}

/// What is read of the caller for the frame.
pub(crate) struct Facts {
    pub(crate) user_name: String,
    pub(crate) user_email: String,
    pub(crate) customer_name: String,
    /// Whether the account exists only because its people were invited: it has no outbox.
    pub(crate) is_guest: bool,
    pub(crate) may_invite: bool,
    pub(crate) may_administer: bool,
    pub(crate) unread_inbox: i64,
    pub(crate) unread_notifications: i64,
}

impl Shell {
    /// Reads what the frame shows of the caller.
    pub(crate) fn facts(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Facts> {
        let actor = call.actor;
        let counts = inbox_counts::unread(tx, call)?;
        Ok(Facts {
            user_name: actor.formal_name().to_owned(),
            user_email: actor.user.as_ref().map(|user| user.email.clone()).unwrap_or_default(),
            customer_name: actor.customer_name.clone(),
            is_guest: actor.is_guest,
            may_invite: actor.role.may_invite() && !actor.is_guest,
            may_administer: actor.role.may_administer(),
            unread_inbox: counts.requests,
            unread_notifications: counts.notifications,
        })
    }

    pub(crate) fn new(web: &Web, visitor: &Visitor, section: Section, facts: Facts) -> Shell {
        let query = visitor.target.split_once('?').map_or("", |(_, query)| query);
        Shell {
            server_name: web.app.env.identity.server_name.clone(),
            is_demo: web.options.demo,
            section,
            form_token: visitor.form_token.clone(),
            done: done(FormFields::parse(query.as_bytes()).text("done")),
            facts,
        }
    }

    /// For templates: whether a navigation entry is the present one.
    pub(crate) fn is_in(&self, section: &str) -> bool {
        format!("{:?}", self.section).eq_ignore_ascii_case(section)
    }
}

/// What a page says after a form was sent: `?done=` names one of these and can say nothing else.
const DONE: &[(&str, &str)] = &[
    ("saved", "Saved."),
    ("resolved", "The request is resolved. Its recipient sees that."),
    (
        "resent",
        "Sent again, with a new link. The earlier link no longer works.",
    ),
    ("bulk-resolved", "The requests you ticked are resolved."),
    (
        "bulk-resent",
        "Sent again to everybody you ticked who has not accepted yet.",
    ),
    ("sent", "The invitation is on its way."),
    ("posted", "Your message is on the thread."),
    ("edited", "Your message is changed; both sides see that it was edited."),
    ("deleted", "Deleted."),
    ("extended", "The trial is longer now."),
    ("delegated", "Your colleague gets a mail and can take over."),
    ("approved", "Approved: the person gets a mail with a link to come in."),
    ("rejected", "Turned down."),
    ("made", "Made."),
    ("revoked", "Revoked: it is refused from now on."),
    ("retried", "Queued again."),
    ("read", "Marked as read."),
    ("session-ended", "That session has ended."),
    ("invited", "Invited: they get a mail with a link to choose a password."),
    (
        "invited-kept",
        "The link is written. There is no relay: open the mail under Mail, and bring the link to them.",
    ),
    ("welcomed", "A new link is on its way; the earlier one no longer works."),
    ("switched-off", "Switched off: they are signed out everywhere."),
    ("switched-on", "Switched on again."),
    (
        "tested",
        "A test mail is on its way to you. It stands first in the list.",
    ),
    (
        "tested-kept",
        "A test mail to you is written and kept: there is no relay to send it.",
    ),
    ("signed-out-elsewhere", "Your other sessions have ended."),
    ("password", "Your password is changed. Your other sessions have ended."),
    ("accepted", "Welcome. You accepted the invitation; this is the room."),
];

fn done(code: &str) -> Option<&'static str> {
    let known = DONE.iter().find(|(known, _)| *known == code);
    known.map(|(_, sentence)| *sentence)
}
