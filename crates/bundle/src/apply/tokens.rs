//! API tokens: known by their digest where the file gives them, made where it does not.

use std::sync::Arc;

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp, emails, ids};
use liaison_operations::{digest, tokens};
use liaison_store as store;
use liaison_store::api_tokens::New;

use super::writer::{ROWS, Writer};
use crate::rows::{Given, Token};
use crate::{ImportError, Kind, NewToken};

/// Tokens that wait to be written.
#[derive(Default)]
pub(super) struct Tokens(Vec<Candidate>);

/// A token, and what it becomes in the database where it is not there yet.
struct Candidate {
    customer: Guid,
    token: Token,
    guid: Guid,
    given: Given,
    /// The token itself, where it was made here.
    made: Option<String>,
}

/// What becomes of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Add(Option<Guid>),
    Describe,
    Leave,
}

impl Tokens {
    pub(super) fn add(&mut self, writer: &mut Writer<'_>, customer: Guid, token: Token) -> Result<(), ImportError> {
        if self.0.len() >= ROWS {
            self.flush(writer)?;
        }
        let made = token.given.is_none().then(|| tokens::generate(writer.env.entropy));
        let given = token.given.clone().unwrap_or_else(|| {
            let made = made.as_deref().unwrap_or_default();
            Given {
                sha256: digest(made.as_bytes()),
                last_four: made[made.len().saturating_sub(4)..].to_owned(),
            }
        });
        let guid = ids::new_guid(writer.env.now, writer.env.entropy);
        self.0.push(Candidate {
            customer,
            token,
            guid,
            given,
            made,
        });
        Ok(())
    }

    pub(super) fn flush(&mut self, writer: &mut Writer<'_>) -> Result<(), ImportError> {
        let candidates = Arc::new(std::mem::take(&mut self.0));
        let (asked, now) = (Arc::clone(&candidates), writer.env.now);
        let fates: Vec<Fate> = writer
            .db
            .read_blocking(move |tx| asked.iter().map(|candidate| fate(tx, candidate)).collect())?;
        if writer.only_compares {
            let count = |wanted: fn(&Fate) -> bool| fates.iter().filter(|fate| wanted(fate)).count() as u64;
            let report = writer.count(Kind::ApiTokens);
            report.added += count(|fate| matches!(fate, Fate::Add(_)));
            report.changed += count(|fate| *fate == Fate::Describe);
            report.unchanged += count(|fate| *fate == Fate::Leave);
            return Ok(());
        }
        if fates.iter().all(|fate| *fate == Fate::Leave) {
            writer.count(Kind::ApiTokens).unchanged += fates.len() as u64;
            return Ok(());
        }
        let written = Arc::clone(&candidates);
        let fates: Vec<Fate> =
            writer.transaction(move |tx| written.iter().map(|candidate| write(tx, candidate, now)).collect())?;
        for (candidate, fate) in candidates.iter().zip(fates) {
            let report = writer.count(Kind::ApiTokens);
            match fate {
                Fate::Leave => report.unchanged += 1,
                Fate::Describe => report.changed += 1,
                Fate::Add(_) => {
                    report.added += 1;
                    writer.new_tokens.extend(candidate.to_be_shown());
                }
            }
        }
        Ok(())
    }
}

impl Candidate {
    fn to_be_shown(&self) -> Option<NewToken> {
        Some(NewToken {
            customer: self.customer.to_string(),
            user_email: self.token.user_email.clone(),
            description: self.token.description.clone(),
            token: self.made.clone()?,
        })
    }
}

/// What a token needs: nothing where it, or without a given one any that works for the same, is there.
fn fate(tx: &mut Tx<'_>, candidate: &Candidate) -> store::Result<Fate> {
    let Candidate { customer, token, .. } = candidate;
    if let Some(given) = &token.given {
        match store::api_tokens::find_description(tx, *customer, &given.sha256)? {
            Some(stored) if stored == token.description => return Ok(Fate::Leave),
            Some(_) => return Ok(Fate::Describe),
            None => {}
        }
    }
    let user = match &token.user_email {
        None => None,
        Some(email) => {
            let found = store::users::find_by_email(tx, *customer, &emails::key(email))?;
            Some(found.ok_or(liaison_db::Error::NoRow)?.guid)
        }
    };
    if token.given.is_none() && store::api_tokens::exists(tx, *customer, user, &token.description)? {
        return Ok(Fate::Leave);
    }
    Ok(Fate::Add(user))
}

fn write(tx: &mut Tx<'_>, candidate: &Candidate, now: Timestamp) -> store::Result<Fate> {
    let fate = fate(tx, candidate)?;
    let Candidate {
        customer,
        token,
        guid,
        given,
        ..
    } = candidate;
    match fate {
        Fate::Leave => {}
        Fate::Describe => {
            store::api_tokens::update_description(tx, *customer, &given.sha256, &token.description)?;
        }
        Fate::Add(user) => {
            let new = New {
                guid: *guid,
                user,
                description: &token.description,
                token_sha256: &given.sha256,
                last_four: &given.last_four,
                made_by_name: None,
                created_at: now,
            };
            store::api_tokens::insert(tx, *customer, &new)?;
        }
    }
    Ok(fate)
}
