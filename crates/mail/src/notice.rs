//! The notice to a collaboration contact: a request for their company has arrived.

use askama::Template;

use crate::asker::Asker;
use crate::message::{ComposeError, Composed, Draft};
use crate::{Identity, Stamp, text};

/// The facts of a notice.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// Who is told.
    pub contact_name: &'a str,
    /// The only recipient.
    pub contact_email: &'a str,
    /// Who asks.
    pub requester_name: &'a str,
    /// The company that asks.
    pub requester_company: &'a str,
    /// The colleague who is asked.
    pub requestee_name: &'a str,
    /// The company that is asked: the contact's own.
    pub requestee_company: &'a str,
    /// One or two words, such as `Remediation`.
    pub reason: &'a str,
    /// Where the contact reads the request once they signed in, on this server.
    pub room_link: &'a str,
    /// Guid of the request, the reference to quote.
    pub request_guid: &'a str,
    /// When the request was sent: `22 Nov 2026, 14:05 UTC`.
    pub sent_on: &'a str,
}

/// Writes the notice.
///
/// # Errors
/// When the link is not on this server, or the contact's address or the stamp cannot stand in a header.
pub fn notice(identity: &Identity, stamp: &Stamp, facts: &Notice<'_>) -> Result<Composed, ComposeError> {
    if !identity.owns(facts.room_link) {
        return Err(ComposeError::Link);
    }
    let view = View::new(identity, facts);
    Draft {
        to: (facts.contact_name, facts.contact_email),
        reply_to: None,
        cc: Vec::new(),
        subject: format!("New request for {} from {}", view.company, view.asker.with_company),
        text: Text { v: &view }.render()?,
        html: Html { v: &view }.render()?,
        unsubscribe: None,
    }
    .finish(identity, stamp)
}

/// The facts as the templates show them: harmless, on one line each, but not yet escaped.
struct View {
    asker: Asker,
    contact: String,
    requestee: String,
    company: String,
    reason: String,
    room_link: String,
    verify_link: String,
    sent_on: String,
    server_name: String,
    reference: String,
}

impl View {
    fn new(identity: &Identity, facts: &Notice<'_>) -> View {
        let guid = text::fact(facts.request_guid);
        View {
            asker: Asker::new(facts.requester_name, facts.requester_company),
            contact: text::name(facts.contact_name),
            requestee: text::name(facts.requestee_name),
            company: text::name(facts.requestee_company),
            reason: text::name(facts.reason),
            room_link: facts.room_link.to_owned(),
            verify_link: identity.page(&format!("verify/{guid}")),
            sent_on: text::fact(facts.sent_on),
            server_name: identity.server_name.clone(),
            reference: guid,
        }
    }
}

#[derive(Template)]
#[template(path = "notice.txt")]
struct Text<'a> {
    v: &'a View,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Html<'a> {
    v: &'a View,
}
