//! What an invitation would send, to whom, before it is sent: written by the code that sends, kept nowhere.

use liaison_db::Tx;
use liaison_domain::drafts::Draft;
use liaison_domain::{addresses, emails, limits};
use liaison_store as store;

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
    /// Their address.
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
    letters.extend(mailing::notices(tx, call, &accepted)?);
    let names = names(tx, &accepted)?;
    let mut recipients = Vec::new();
    for letter in &letters {
        let mail = read(letter)?;
        for email in &letter.recipients {
            add(&mut recipients, &names, (email, &mail));
        }
    }
    Ok(recipients)
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
        subject: letter.composed.subject.clone(),
        text: readable.text,
        html: readable.html,
    })
}

/// Somebody who may get mail: address as compared, name, and why.
type Known = (String, String, PreviewRole);

/// Everybody who may get mail; of two with one address the first counts.
fn names(tx: &mut Tx<'_>, accepted: &Accepted) -> Result<Vec<Known>> {
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
    let contacts = store::users::list_collaboration_contacts(tx, accepted.company_guid)?;
    let role = PreviewRole::CollaborationContact;
    names.extend(
        contacts
            .iter()
            .map(|contact| known(&contact.email, &contact.formal_name, role)),
    );
    Ok(names)
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
