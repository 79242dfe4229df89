//! What an invitation would send, to whom, before it is sent: written by the code that sends, kept nowhere.

use liaison_db::Tx;
use liaison_domain::drafts::Draft;
use liaison_domain::{addresses, emails, limits};

use super::accepted::Accepted;
use super::invite;
use super::mailing::{self, Addressee, Opener, Written};
use crate::{Call, Error, Result, outgoing};

/// Why somebody gets mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviewRole {
    /// The invited person.
    Requestee,
    /// One of the `ccs`.
    Cc,
    /// One of the third parties.
    ThirdParty,
    /// A collaboration contact of the invited company.
    CollaborationContact,
}

impl PreviewRole {
    /// The word on the wire.
    pub fn slug(self) -> &'static str {
        match self {
            PreviewRole::Requestee => "requestee",
            PreviewRole::Cc => "cc",
            PreviewRole::ThirdParty => "third_party",
            PreviewRole::CollaborationContact => "collaboration_contact",
        }
    }
}

/// What one person would get.
#[derive(Clone, Debug)]
pub struct PreviewRecipient {
    /// Their name, empty where none is known.
    pub name: String,
    /// Their address; empty for collaboration contacts, whom the sender does not get to know.
    pub email: String,
    /// Why they get mail.
    pub role: PreviewRole,
    /// Their mails, in the order in which they would leave.
    pub mails: Vec<PreviewMail>,
}

/// One mail.
#[derive(Clone, Debug)]
pub struct PreviewMail {
    /// `introduction`, `activation` or `notice`.
    pub kind: &'static str,
    /// `From`, decoded.
    pub from: String,
    /// `Reply-To`, decoded; empty where answers go to the sender.
    pub reply_to: String,
    /// Its subject.
    pub subject: String,
    /// Its text part.
    pub text: String,
    /// Its HTML part.
    pub html: String,
}

/// What sending a draft would mail. Refuses what sending would refuse, in the same order. The link and its code are
/// placeholders, and IP addresses are hidden as everywhere on the sender's side.
pub fn preview(tx: &mut Tx<'_>, call: &Call<'_>, draft: Draft) -> Result<Vec<PreviewRecipient>> {
    call.actor.require_inviter()?;
    let mut accepted = invite::judge(tx, call, draft)?;
    for finding in &mut accepted.findings {
        finding.evidence_key = finding.evidence_key.as_deref().map(addresses::mask);
    }
    let mut letters = mailing::introductions(call, &accepted)?;
    if accepted.recipient.is_none() {
        let to = Addressee::of(&accepted, call);
        letters.push(mailing::activation((call.now, call.env), &to, &placeholder(call))?);
    }
    let names = names(&accepted);
    let mut recipients = Vec::new();
    for letter in &letters {
        let mail = read(letter)?;
        for email in &letter.recipients {
            add(&mut recipients, &names, (email, &mail));
        }
    }
    recipients.extend(contact(tx, call, &accepted)?);
    Ok(recipients)
}

/// What the company's collaboration contacts get, where it has any: not who they are, nor how many.
fn contact(tx: &mut Tx<'_>, call: &Call<'_>, accepted: &Accepted) -> Result<Option<PreviewRecipient>> {
    if mailing::notices(tx, call, accepted)?.is_empty() {
        return Ok(None);
    }
    let nobody = call.env.identity.from.email.to_string();
    let letter = mailing::notice(call, accepted, ("", &nobody))?;
    Ok(Some(PreviewRecipient {
        name: String::new(),
        email: String::new(),
        role: PreviewRole::CollaborationContact,
        mails: vec![read(&letter)?],
    }))
}

fn placeholder(call: &Call<'_>) -> Opener {
    Opener {
        link: outgoing::page(call.env, "/i/your-personal-link"),
        code: "000000".to_owned(),
        expires_at: call.now.plus_days(limits::INVITATION_DAYS),
    }
}

fn read(letter: &Written) -> Result<PreviewMail> {
    let readable = liaison_mail::read(&letter.composed.bytes)
        .map_err(|error| Error::Internal(format!("a mail of ours cannot be read: {error}")))?;
    Ok(PreviewMail {
        kind: letter.kind,
        from: readable.from,
        reply_to: readable.reply_to,
        subject: letter.composed.subject.clone(),
        text: readable.text,
        html: readable.html,
    })
}

/// Somebody who may get mail: address as compared, name, and why.
type Known = (String, String, PreviewRole);

/// Everybody whom the draft names; of two with one address the first counts.
fn names(accepted: &Accepted) -> Vec<Known> {
    let draft = &accepted.draft;
    let known = |email: &str, name: &str, role| (emails::key(email), name.to_owned(), role);
    let mut names = vec![known(
        &draft.requestee_email,
        &draft.requestee_formal_name,
        PreviewRole::Requestee,
    )];
    let ccs = accepted.checked.ccs.as_deref().unwrap_or_default();
    names.extend(emails::split_list(ccs).map(|email| known(email, "", PreviewRole::Cc)));
    let parties = draft.third_parties.iter();
    names.extend(parties.map(|person| known(&person.email, &person.name, PreviewRole::ThirdParty)));
    names
}

fn add(recipients: &mut Vec<PreviewRecipient>, names: &[Known], (email, mail): (&str, &PreviewMail)) {
    let key = emails::key(email);
    let mail = mail.clone();
    if let Some(known) = recipients.iter_mut().find(|known| emails::key(&known.email) == key) {
        known.mails.push(mail);
        return;
    }
    let found = names.iter().find(|(known, _, _)| *known == key);
    recipients.push(PreviewRecipient {
        name: found.map(|(_, name, _)| name.clone()).unwrap_or_default(),
        email: email.to_owned(),
        role: found.map_or(PreviewRole::Cc, |(_, _, role)| *role),
        mails: vec![mail],
    });
}
