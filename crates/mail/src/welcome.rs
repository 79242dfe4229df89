//! The welcome: somebody made a person a user, or a colleague handed them a request.

use askama::Template;

use crate::asker::Asker;
use crate::message::{ComposeError, Composed, Draft};
use crate::{Identity, Stamp, text};

/// The facts of a welcome.
#[derive(Debug, Clone)]
pub struct Welcome<'a> {
    /// Who is welcomed; may be empty.
    pub name: &'a str,
    /// The only recipient, and the address to sign in with.
    pub email: &'a str,
    /// The account that the person becomes a user of.
    pub customer_name: &'a str,
    /// Who made them a user; empty where the operator did.
    pub inviter_name: &'a str,
    /// The inviter's company.
    pub inviter_company: &'a str,
    /// The personal link to set a first password, or for somebody who has one the page of the request; on this server.
    pub link: &'a str,
    /// When the link runs out: `6 Dec 2026, 14:05 UTC`. Empty where the link is a page to sign in to.
    pub expires_on: &'a str,
    /// A colleague hands over a request; none where it is the account alone.
    pub delegated: Option<Delegated<'a>>,
}

/// A request that changes hands.
#[derive(Debug, Clone, Copy)]
pub struct Delegated<'a> {
    /// The colleague.
    pub from_name: &'a str,
    /// The company whose request it is.
    pub requester_company: &'a str,
    /// What it is about: `3 security findings`; may be empty.
    pub about: &'a str,
}

/// Writes the welcome.
///
/// # Errors
/// When the link is not on this server, or the address or the stamp cannot stand in a header.
pub fn welcome(identity: &Identity, stamp: &Stamp, facts: &Welcome<'_>) -> Result<Composed, ComposeError> {
    if !identity.owns(facts.link) {
        return Err(ComposeError::Link);
    }
    let view = View::new(identity, facts);
    Draft {
        to: (facts.name, facts.email),
        reply_to: None,
        cc: Vec::new(),
        subject: view.words.subject.clone(),
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
    customer: String,
    link: String,
    expires_on: String,
    words: Words,
    /// The words on the button.
    action: &'static str,
    server_name: String,
}

/// What is said differently of an account and of a request that changes hands.
struct Words {
    subject: String,
    /// The first sentence: what happened.
    news: String,
    /// What the link is for.
    what_for: &'static str,
    /// Who can be asked.
    whom: String,
}

impl View {
    fn new(identity: &Identity, facts: &Welcome<'_>) -> View {
        let customer = text::name(facts.customer_name);
        let server_name = identity.server_name.clone();
        let sets_password = !facts.expires_on.trim().is_empty();
        View {
            name: text::name(facts.name),
            email: text::fact(facts.email),
            link: facts.link.to_owned(),
            expires_on: text::fact(facts.expires_on),
            words: match &facts.delegated {
                Some(delegated) => Words::handed(delegated, sets_password),
                None => Words::account(facts, &customer, &server_name),
            },
            action: match (sets_password, facts.delegated.is_some()) {
                (true, _) => "Choose a password",
                (false, true) => "See the request",
                (false, false) => "Sign in",
            },
            customer,
            server_name,
        }
    }
}

impl Words {
    fn account(facts: &Welcome<'_>, customer: &str, server_name: &str) -> Words {
        let inviter = Asker::new(facts.inviter_name, facts.inviter_company);
        let (subject, news, whom) = if inviter.name.is_empty() {
            (
                format!("Your account for {customer}"),
                format!("You are a user of {customer} on {server_name} now."),
                "an administrator there".to_owned(),
            )
        } else {
            let is_own = inviter.company == customer;
            let asker = if is_own { &inviter.name } else { &inviter.of_company };
            (
                format!("{} made you a user of {customer}", inviter.name),
                format!("{asker} made you a user of {customer} on {server_name}."),
                inviter.name.clone(),
            )
        };
        Words {
            subject,
            news,
            what_for: if facts.expires_on.trim().is_empty() {
                "Sign in here:"
            } else {
                "Choose a password to come in:"
            },
            whom,
        }
    }

    fn handed(delegated: &Delegated<'_>, sets_password: bool) -> Words {
        let from = text::name(delegated.from_name);
        let company = text::name(delegated.requester_company);
        let about = match text::name(delegated.about) {
            about if about.is_empty() => String::new(),
            about => format!(" about {about}"),
        };
        Words {
            subject: format!("{from} hands you the request of {company}"),
            news: format!("Your colleague {from} hands you the request of {company}{about}."),
            what_for: if sets_password {
                "It is yours to read and to answer as soon as you come in:"
            } else {
                "It is yours now to read and to answer:"
            },
            whom: from,
        }
    }
}

#[derive(Template)]
#[template(path = "welcome.txt")]
struct Text<'a> {
    v: &'a View,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct Html<'a> {
    v: &'a View,
}
