//! The activation: the requestee's personal link, and nothing that anybody else should read.

use askama::Template;

use crate::asker::{Asker, greeting};
use crate::message::{ComposeError, Composed, Draft};
use crate::{Identity, Stamp, text};

/// The facts of an activation.
#[derive(Debug, Clone)]
pub struct Activation<'a> {
    /// Who asks.
    pub requester_name: &'a str,
    /// Where answers go; none for a company token.
    pub requester_email: Option<&'a str>,
    /// The company that asks.
    pub requester_company: &'a str,
    /// Who is asked, in full.
    pub requestee_name: &'a str,
    /// Who is asked, as one greets them; may be empty.
    pub requestee_friendly_name: &'a str,
    /// The only recipient.
    pub requestee_email: &'a str,
    /// The company that is asked.
    pub requestee_company: &'a str,
    /// The personal link, on this server.
    pub link: &'a str,
    /// The six digits that do what the link does, for those whose mail program breaks links: `042137`.
    pub code: &'a str,
    /// The page of this server where the digits are entered.
    pub code_page: &'a str,
    /// When the link runs out: `6 Dec 2026, 14:05 UTC`.
    pub expires_on: &'a str,
    /// Days of access from acceptance; 0 or less where they are not limited.
    pub trial_days: i64,
    /// The requestee asked to be invited. Then no introduction went ahead.
    pub asked_for: bool,
    /// How many findings the request carries.
    pub findings_count: usize,
    /// Guid of the request, the reference to quote.
    pub request_guid: &'a str,
}

/// Writes the activation.
///
/// # Errors
/// When the link is not on this server, or the requestee's address or the stamp cannot stand in a header.
pub fn activation(identity: &Identity, stamp: &Stamp, facts: &Activation<'_>) -> Result<Composed, ComposeError> {
    if !identity.owns(facts.link) || !identity.owns(facts.code_page) {
        return Err(ComposeError::Link);
    }
    let view = View::new(identity, facts);
    Draft {
        to: (facts.requestee_name, facts.requestee_email),
        reply_to: facts.requester_email.map(|email| (facts.requester_name, email)),
        cc: Vec::new(),
        subject: format!("Your invitation from {}: {}", view.asker.with_company, view.topic),
        text: Text { v: &view }.render()?,
        html: Html { v: &view }.render()?,
        unsubscribe: None,
    }
    .finish(identity, stamp)
}

/// The facts as the templates show them: harmless, on one line each, but not yet escaped.
struct View {
    asker: Asker,
    can_reply: bool,
    greeting: String,
    company: String,
    topic: String,
    link: String,
    code: String,
    code_page: String,
    expires_on: String,
    trial_days: i64,
    asked_for: bool,
    verify_link: String,
    server_name: String,
    reference: String,
}

impl View {
    fn new(identity: &Identity, facts: &Activation<'_>) -> View {
        let company = text::name(facts.requestee_company);
        let topic = match facts.findings_count {
            0 => format!("the security of {company}"),
            count => format!("{} about {company}", text::findings(count)),
        };
        let guid = text::fact(facts.request_guid);
        View {
            asker: Asker::new(facts.requester_name, facts.requester_company),
            can_reply: facts.requester_email.is_some(),
            greeting: greeting(facts.requestee_friendly_name, facts.requestee_name),
            company,
            topic,
            link: facts.link.to_owned(),
            code: spaced(facts.code),
            code_page: facts.code_page.to_owned(),
            expires_on: text::fact(facts.expires_on),
            trial_days: facts.trial_days,
            asked_for: facts.asked_for,
            verify_link: identity.page(&format!("verify/{guid}")),
            server_name: identity.server_name.clone(),
            reference: guid,
        }
    }
}

/// Six digits as people read them to each other: `042 137`.
fn spaced(code: &str) -> String {
    let code = text::fact(code);
    match code.split_at_checked(3) {
        Some((first, last)) if code.len() == 6 => format!("{first} {last}"),
        _ => code,
    }
}

#[derive(Template)]
#[template(path = "activation.txt")]
struct Text<'a> {
    v: &'a View,
}

#[derive(Template)]
#[template(path = "activation.html")]
struct Html<'a> {
    v: &'a View,
}
