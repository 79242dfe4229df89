//! The introduction: who asks, why and about what. It goes to everybody and opens nothing.

use askama::Template;

use crate::asker::{Asker, greeting};
use crate::message::{ComposeError, Composed, Draft};
use crate::{Identity, Stamp, text};

/// The facts of an introduction.
#[derive(Debug, Clone)]
pub struct Introduction<'a> {
    /// Who asks.
    pub requester_name: &'a str,
    /// Where answers go; none for a company token, then there is no `Reply-To`.
    pub requester_email: Option<&'a str>,
    /// The company that asks.
    pub requester_company: &'a str,
    /// Who is asked, in full.
    pub requestee_name: &'a str,
    /// Who is asked, as one greets them; may be empty.
    pub requestee_friendly_name: &'a str,
    /// Stands in `To`, also in the copies.
    pub requestee_email: &'a str,
    /// The company that is asked.
    pub requestee_company: &'a str,
    /// One or two words, such as `Remediation`.
    pub reason: &'a str,
    /// What the requester wrote; may be empty.
    pub message: &'a str,
    /// What it is about, in the order of the request.
    pub findings: &'a [FindingLine<'a>],
    /// Addresses that get a copy.
    pub ccs: &'a [&'a str],
    /// People who get a copy.
    pub third_parties: &'a [Party<'a>],
    /// A second mail with a personal link follows.
    pub invited: bool,
    /// Where a requestee who has an account reads the request once they signed in, on this server; none for the
    /// invited, and in the copies.
    pub room_link: Option<&'a str>,
    /// Days of access from acceptance; 0 or less where they are not limited.
    pub access_days: i64,
    /// Guid of the request, the reference to quote.
    pub request_guid: &'a str,
}

/// One finding as this mail's reader may see it.
#[derive(Debug, Clone, Copy)]
pub struct FindingLine<'a> {
    /// Display name, such as `Open Ports`.
    pub risk_vector: &'a str,
    /// None where it is hidden from this reader.
    pub address: Option<&'a str>,
    /// Display name, such as `Severe`.
    pub severity: &'a str,
    /// A date as people read it.
    pub last_seen: &'a str,
}

/// Somebody who gets a copy.
#[derive(Debug, Clone, Copy)]
pub struct Party<'a> {
    /// May be empty.
    pub name: &'a str,
    /// One address.
    pub email: &'a str,
}

/// Writes the introduction. Every recipient gets the same bytes unless the facts differ.
///
/// # Errors
/// When the link is not on this server, or the requestee's address or the stamp cannot stand in a header.
pub fn introduction(identity: &Identity, stamp: &Stamp, facts: &Introduction<'_>) -> Result<Composed, ComposeError> {
    if facts.room_link.is_some_and(|link| !identity.owns(link)) {
        return Err(ComposeError::Link);
    }
    let view = View::new(identity, facts);
    let ask = if facts.findings.is_empty() {
        "to collaborate on security".to_owned()
    } else {
        format!("to look at {}", view.findings_words)
    };
    let everybody = facts.ccs.iter().map(|email| ("", *email));
    let parties = facts.third_parties.iter().map(|party| (party.name, party.email));
    Draft {
        to: (facts.requestee_name, facts.requestee_email),
        reply_to: facts.requester_email.map(|email| (facts.requester_name, email)),
        // Named people first: of two entries with one address the first is kept.
        cc: parties.chain(everybody).collect(),
        subject: format!("{} asks {} {ask}", view.asker.with_company, view.company),
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
    requestee: String,
    greeting: String,
    company: String,
    reason: String,
    preview: String,
    message: Vec<String>,
    html_message: Vec<String>,
    html_message_cut: bool,
    findings: Vec<Finding>,
    findings_words: String,
    invited: bool,
    room_link: Option<String>,
    access_days: i64,
    verify_link: String,
    server_name: String,
    reference: String,
}

struct Finding {
    risk_vector: String,
    address: Option<String>,
    severity: String,
    last_seen: String,
}

impl View {
    fn new(identity: &Identity, facts: &Introduction<'_>) -> View {
        let message = text::lines(facts.message);
        let (html_message, html_message_cut) = text::fit_html(&message);
        let guid = text::fact(facts.request_guid);
        View {
            asker: Asker::new(facts.requester_name, facts.requester_company),
            can_reply: facts.requester_email.is_some(),
            requestee: text::name(facts.requestee_name),
            greeting: greeting(facts.requestee_friendly_name, facts.requestee_name),
            company: text::name(facts.requestee_company),
            reason: text::name(facts.reason),
            preview: text::preview(&message),
            message,
            html_message,
            html_message_cut,
            findings: facts.findings.iter().map(Finding::new).collect(),
            findings_words: text::findings(facts.findings.len()),
            invited: facts.invited,
            room_link: facts.room_link.map(str::to_owned),
            access_days: facts.access_days,
            verify_link: identity.page(&format!("verify/{guid}")),
            server_name: identity.server_name.clone(),
            reference: guid,
        }
    }
}

impl Finding {
    fn new(line: &FindingLine<'_>) -> Finding {
        Finding {
            risk_vector: text::name(line.risk_vector),
            address: line.address.map(text::fact),
            severity: text::name(line.severity),
            last_seen: text::fact(line.last_seen),
        }
    }
}

#[derive(Template)]
#[template(path = "introduction.txt")]
struct Text<'a> {
    v: &'a View,
}

#[derive(Template)]
#[template(path = "introduction.html")]
struct Html<'a> {
    v: &'a View,
}
