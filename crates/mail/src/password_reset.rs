//! The way back in for a user who forgot the password: a personal link to set a new one.

use askama::Template;

use crate::message::{ComposeError, Composed, Draft};
use crate::{Identity, Stamp, text};

/// The facts of a password reset.
#[derive(Debug, Clone)]
pub struct PasswordReset<'a> {
    /// Whose password it is; may be empty.
    pub name: &'a str,
    /// The only recipient, and the address to sign in with.
    pub email: &'a str,
    /// The personal link, on this server.
    pub link: &'a str,
    /// When the link runs out: `6 Dec 2026, 14:05 UTC`.
    pub expires_on: &'a str,
}

/// Writes the mail with the link.
///
/// # Errors
/// When the link is not on this server, or the address or the stamp cannot stand in a header.
pub fn password_reset(identity: &Identity, stamp: &Stamp, facts: &PasswordReset<'_>) -> Result<Composed, ComposeError> {
    if !identity.owns(facts.link) {
        return Err(ComposeError::Link);
    }
    let view = View {
        name: text::name(facts.name),
        email: text::fact(facts.email),
        link: facts.link.to_owned(),
        expires_on: text::fact(facts.expires_on),
        server_name: identity.server_name.clone(),
    };
    Draft {
        to: (facts.name, facts.email),
        reply_to: None,
        cc: Vec::new(),
        subject: format!("Set a new password for {}", view.server_name),
        text: Text { v: &view }.render()?,
        html: Html { v: &view }.render()?,
        unsubscribe: None,
    }
    .finish(identity, stamp)
}

/// The facts as the templates show them: harmless, on one line each, but not yet escaped.
struct View {
    name: String,
    email: String,
    link: String,
    expires_on: String,
    server_name: String,
}

#[derive(Template)]
#[template(path = "password_reset.txt")]
struct Text<'a> {
    v: &'a View,
}

#[derive(Template)]
#[template(path = "password_reset.html")]
struct Html<'a> {
    v: &'a View,
}
