//! The notice to an administrator: somebody asked to be invited through one of the customer's access links.

use askama::Template;

use crate::asker::Asker;
use crate::message::{ComposeError, Composed, Draft};
use crate::{Identity, Stamp, text};

/// The facts of the notice.
#[derive(Debug, Clone)]
pub struct LinkUsed<'a> {
    /// Who is told; may be empty.
    pub admin_name: &'a str,
    /// The only recipient.
    pub admin_email: &'a str,
    /// Who asked, as they wrote it.
    pub person_name: &'a str,
    /// Their address, which nobody has proved yet.
    pub person_email: &'a str,
    /// The company that the address belongs to.
    pub person_company: &'a str,
    /// Name of the access link.
    pub link_name: &'a str,
    /// Where the administrator decides, on this server.
    pub review_link: &'a str,
}

/// Writes the notice. No `Reply-To`: nobody has proved yet that the person's address is theirs.
///
/// # Errors
/// When the link is not on this server, or the administrator's address or the stamp cannot stand in a header.
pub fn link_used(identity: &Identity, stamp: &Stamp, facts: &LinkUsed<'_>) -> Result<Composed, ComposeError> {
    if !identity.owns(facts.review_link) {
        return Err(ComposeError::Link);
    }
    let view = View {
        admin: text::name(facts.admin_name),
        person: Asker::new(facts.person_name, facts.person_company),
        email: text::fact(facts.person_email),
        link_name: text::name(facts.link_name),
        review_link: facts.review_link.to_owned(),
        server_name: identity.server_name.clone(),
    };
    Draft {
        to: (facts.admin_name, facts.admin_email),
        reply_to: None,
        cc: Vec::new(),
        subject: format!("{} asks to be invited", view.person.with_company),
        text: Text { v: &view }.render()?,
        html: Html { v: &view }.render()?,
        unsubscribe: None,
    }
    .finish(identity, stamp)
}

/// The facts as the templates show them: harmless, on one line each, but not yet escaped.
struct View {
    admin: String,
    person: Asker,
    email: String,
    link_name: String,
    review_link: String,
    server_name: String,
}

#[derive(Template)]
#[template(path = "link_used.txt")]
struct Text<'a> {
    v: &'a View,
}

#[derive(Template)]
#[template(path = "link_used.html")]
struct Html<'a> {
    v: &'a View,
}
