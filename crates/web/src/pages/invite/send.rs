//! `POST /outbox/new`: sends the invitation once, or shows the form again with everything that was typed.

use liaison_domain::{Refusal, ids};
use liaison_operations::access_requests::invite;
use liaison_operations::idempotency::{Answer, Key};
use liaison_operations::{Error, companies};

use super::form::{self, new_key};
use super::{Typed, refusals};
use crate::extract::{FormFields, Submission, Visitor};
use crate::pages::{Page, redirect};

/// Sends, unless a button says that the form is to be shown again with something different.
pub(crate) async fn send(form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let typed = Typed::read(&fields);
    if fields.has("change") {
        return change(&visitor, typed, fields.text("change")).await;
    }
    let draft = match typed.draft() {
        Ok(draft) => draft,
        Err(wrong) => return again(&visitor, typed, wrong).await,
    };
    let key = Key {
        value: format!(
            "form-{}",
            if typed.key.is_empty() {
                new_key(&visitor)
            } else {
                typed.key.clone()
            }
        ),
        fingerprint: typed.fingerprint(),
    };
    let sent = visitor
        .web
        .app
        .write_as(visitor.credential(), Some(key), move |tx, call| {
            let guids = invite(tx, call, vec![draft.clone()], &|request| request.guid)?;
            let guid = guids
                .first()
                .ok_or_else(|| Error::Internal("an invitation left no request".into()))?;
            Ok(Answer {
                status: 303,
                body: guid.to_string().into_bytes(),
            })
        });
    match sent.await {
        Ok(answer) => {
            let guid = String::from_utf8_lossy(&answer.body);
            Ok(redirect(&format!("/requests/{guid}?done=sent")))
        }
        Err(error) => refused(&visitor, typed, error).await,
    }
}

/// The form again, with one more row, other findings listed, or another recipient.
async fn change(visitor: &Visitor, mut typed: Typed, what: &str) -> Page {
    match what.split_once('-') {
        Some(("add", of)) => {
            // The first row is there without being asked for.
            if of == "cc" && typed.ccs.is_empty() || of == "party" && typed.parties.is_empty() {
                typed.add_row(of);
            }
            typed.add_row(of);
        }
        Some(("contact", guid)) => {
            let (company, wanted) = (ids::parse_guid(&typed.company), ids::parse_guid(guid));
            let section = crate::shell::Section::Outbox;
            let read = visitor.look(section, move |tx, call| companies::invitee(tx, call, company));
            let (_, invitee) = read.await?;
            if let Some(contact) = invitee.contacts.iter().find(|contact| Some(contact.guid) == wanted) {
                typed.take(contact);
            }
        }
        _ => {}
    }
    again(visitor, typed, Vec::new()).await
}

/// The form with what is wrong in it.
pub(super) async fn again(visitor: &Visitor, typed: Typed, wrong: Vec<(String, String)>) -> Page {
    let company = ids::parse_guid(&typed.company);
    let found = form::load(visitor, (company, Some(typed), FormFields::default())).await?;
    form::render(found, wrong)
}

/// The form with a refusal beside its field; what no field can mend is a page of its own.
pub(super) async fn refused(visitor: &Visitor, typed: Typed, error: Error) -> Page {
    let company = ids::parse_guid(&typed.company);
    if matches!(error, Error::Unauthenticated) {
        return Err(visitor.refused(error));
    }
    let mut found = form::load(visitor, (company, Some(typed), FormFields::default())).await?;
    if matches!(error, Error::Refused(Refusal::IdempotencyMismatch)) {
        found.typed.key = new_key(visitor);
    }
    let may_invite = found.shell.facts.may_invite;
    match refusals::placed(&error, &found.typed, &found.invitee) {
        Some(wrong) => form::render(found, vec![wrong]),
        None if matches!(error, Error::Forbidden) && !may_invite => form::render(found, Vec::new()),
        None => Err(visitor.refused(error)),
    }
}
