//! The notice of a new message in a request's conversation: who wrote, the beginning of it, and where to answer.

use askama::Template;

use crate::asker::Asker;
use crate::message::{ComposeError, Composed, Draft};
use crate::{Identity, Stamp, text};

/// The facts of a message notice.
#[derive(Debug, Clone)]
pub struct MessageNotice<'a> {
    /// Who is told.
    pub recipient_name: &'a str,
    /// The only recipient.
    pub recipient_email: &'a str,
    /// Who wrote; empty for a company token.
    pub author_name: &'a str,
    /// The author's company.
    pub author_company: &'a str,
    /// What the request is about: `3 security findings`, or the asked company's name.
    pub about: &'a str,
    /// The message; only its beginning is quoted.
    pub excerpt: &'a str,
    /// Where the conversation is read and answered, on this server.
    pub room_link: &'a str,
    /// Where these mails are switched off without signing in, on this server.
    pub unsubscribe_link: &'a str,
    /// Guid of the request, the reference to quote.
    pub request_guid: &'a str,
}

/// Writes the notice. It is the only mail that can be switched off, by its `List-Unsubscribe` too. It has no
/// `Reply-To`: an answer belongs into the conversation, where both sides see it.
///
/// # Errors
/// When a link is not on this server, or the recipient's address or the stamp cannot stand in a header.
pub fn message_notice(identity: &Identity, stamp: &Stamp, facts: &MessageNotice<'_>) -> Result<Composed, ComposeError> {
    if !identity.owns(facts.room_link) || !identity.owns(facts.unsubscribe_link) {
        return Err(ComposeError::Link);
    }
    let view = View::new(identity, facts);
    Draft {
        to: (facts.recipient_name, facts.recipient_email),
        reply_to: None,
        cc: Vec::new(),
        subject: match view.about.as_str() {
            "" => format!("{} wrote to you", view.author.with_company),
            about => format!("{} wrote about {about}", view.author.with_company),
        },
        text: Text { v: &view }.render()?,
        html: Html { v: &view }.render()?,
        unsubscribe: Some(facts.unsubscribe_link),
    }
    .finish(identity, stamp)
}

/// The facts as the templates show them: harmless, on one line each, but not yet escaped.
struct View {
    author: Asker,
    recipient: String,
    about: String,
    preview: String,
    excerpt: Vec<String>,
    excerpt_cut: bool,
    room_link: String,
    unsubscribe_link: String,
    verify_link: String,
    server_name: String,
    reference: String,
}

impl View {
    fn new(identity: &Identity, facts: &MessageNotice<'_>) -> View {
        let (excerpt, excerpt_cut) = text::excerpt(facts.excerpt);
        let guid = text::fact(facts.request_guid);
        View {
            author: Asker::new(facts.author_name, facts.author_company),
            recipient: text::name(facts.recipient_name),
            about: text::name(facts.about),
            preview: text::preview(&excerpt),
            excerpt,
            excerpt_cut,
            room_link: facts.room_link.to_owned(),
            unsubscribe_link: facts.unsubscribe_link.to_owned(),
            verify_link: identity.page(&format!("verify/{guid}")),
            server_name: identity.server_name.clone(),
            reference: guid,
        }
    }
}

#[derive(Template)]
#[template(path = "message_notice.txt")]
struct Text<'a> {
    v: &'a View,
}

#[derive(Template)]
#[template(path = "message_notice.html")]
struct Html<'a> {
    v: &'a View,
}
