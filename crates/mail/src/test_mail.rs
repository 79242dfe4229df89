//! The test mail: an administrator wants to know whether mails of this server arrive, and how they look when they do.

use askama::Template;

use crate::message::{ComposeError, Composed, Draft};
use crate::{Identity, Stamp, text};

/// The facts of a test mail.
#[derive(Debug, Clone)]
pub struct TestMail<'a> {
    /// Who asked for it and gets it; may be empty.
    pub name: &'a str,
    /// The only recipient.
    pub email: &'a str,
    /// The page with the state of every mail, on this server.
    pub mail_page: &'a str,
}

/// Writes the test mail.
///
/// # Errors
/// When the page is not on this server, or the address or the stamp cannot stand in a header.
pub fn test_mail(identity: &Identity, stamp: &Stamp, facts: &TestMail<'_>) -> Result<Composed, ComposeError> {
    if !identity.owns(facts.mail_page) {
        return Err(ComposeError::Link);
    }
    let view = View {
        name: text::name(facts.name),
        mail_page: facts.mail_page.to_owned(),
        from: text::fact(identity.from.email.as_ref()),
        server_name: identity.server_name.clone(),
    };
    Draft {
        to: (facts.name, facts.email),
        reply_to: None,
        cc: Vec::new(),
        subject: format!("Test mail from {}", view.server_name),
        text: Text { v: &view }.render()?,
        html: Html { v: &view }.render()?,
        unsubscribe: None,
    }
    .finish(identity, stamp)
}

/// The facts as the templates show them: harmless, on one line each, but not yet escaped.
struct View {
    name: String,
    mail_page: String,
    from: String,
    server_name: String,
}

#[derive(Template)]
#[template(path = "test_mail.txt")]
struct Text<'a> {
    v: &'a View,
}

#[derive(Template)]
#[template(path = "test_mail.html")]
struct Html<'a> {
    v: &'a View,
}
