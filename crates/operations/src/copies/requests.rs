//! Requests of another server: stored as they are told, without a mail and without a link.

use std::collections::HashSet;

use liaison_db::Tx;
use liaison_domain::access_requests::Status;
use liaison_domain::{Entropy, Guid, Timestamp, ids};
use liaison_store as store;
use liaison_store::access_requests::New;
use liaison_store::companies;
use liaison_store::copies::{Request, Stored};
use liaison_store::customers::Customer;

use super::{Copy, Told};
use crate::{Result, digest};

/// Whether the copied customer sent or received them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Its outbox.
    Sent,
    /// Its inbox.
    Received,
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not here.
    Added,
    /// It was here and was told differently.
    Changed,
    /// It is here as it is told.
    Unchanged,
    /// It changed there and here: it stays as it is here.
    Kept,
    /// It is not taken.
    Refused(&'static str),
}

/// Compares requests with those here and, where it `writes`, stores what differs. `arriving` are companies that are not
/// here yet and will be. The outcomes are in the order of the requests.
pub fn copy_requests(
    tx: &mut Tx<'_>,
    (copy, direction): (&Copy, Direction),
    (told, arriving): (&[Told], &HashSet<Guid>),
    writes: Option<&dyn Entropy>,
) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(told.len());
    for request in told {
        let outcome = match judge(tx, (copy, direction), request)? {
            Outcome::Added | Outcome::Changed
                if !arriving.contains(&request.requestee_company_guid)
                    && !companies::exists(tx, request.requestee_company_guid)? =>
            {
                Outcome::Refused("its company is not here")
            }
            outcome => outcome,
        };
        if let Some(entropy) = writes {
            write(tx, (copy, direction), request, (&outcome, entropy))?;
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// The customer here that a request belongs to.
fn owner(copy: &Copy, direction: Direction, told: &Told) -> Guid {
    match direction {
        Direction::Sent => copy.ours,
        Direction::Received => told.requester_customer_guid,
    }
}

fn judge(tx: &mut Tx<'_>, (copy, direction): (&Copy, Direction), told: &Told) -> Result<Outcome> {
    let stored = store::copies::find_request(tx, told.guid)?;
    let owner = owner(copy, direction, told);
    match direction {
        Direction::Sent if told.requester_customer_guid != copy.theirs => {
            return Ok(Outcome::Refused("it was sent by another customer"));
        }
        Direction::Sent => {}
        Direction::Received => {
            if copy.my_company != Some(told.requestee_company_guid) {
                return Ok(Outcome::Refused(
                    "it was sent to another company than the customer's own",
                ));
            }
            if is_a_customer_here(tx, copy, owner)? {
                // The sender's own copy says more of it than the recipient's.
                let is_theirs = stored.is_some_and(|stored| stored.customer == owner || stored.customer == copy.ours);
                return Ok(if is_theirs {
                    Outcome::Unchanged
                } else {
                    Outcome::Refused(OF_A_CUSTOMER_HERE)
                });
            }
        }
    }
    let Some(stored) = stored else {
        return Ok(Outcome::Added);
    };
    if stored.customer != owner {
        return Ok(Outcome::Refused("its guid is that of another customer's request here"));
    }
    if stored.requestee_company != told.requestee_company_guid {
        return Ok(Outcome::Refused("it went to another company before"));
    }
    Ok(compare(&stored, told))
}

const OF_A_CUSTOMER_HERE: &str = "its sender is a customer of this server, who has no such request";

/// Whether a sender is somebody here, so that nobody may write in their name.
fn is_a_customer_here(tx: &mut Tx<'_>, copy: &Copy, sender: Guid) -> Result<bool> {
    if sender == copy.ours || sender == copy.theirs {
        return Ok(true);
    }
    let is_here = store::customers::find(tx, sender)?.is_some();
    Ok(is_here && !store::copies::is_sender_only(tx, sender)?)
}

fn compare(stored: &Stored, told: &Told) -> Outcome {
    let Some((sha256, copied_at)) = &stored.told else {
        return Outcome::Kept;
    };
    if sha256.as_slice() == fingerprint(told) {
        return Outcome::Unchanged;
    }
    // That an invitation ran out is nobody's doing.
    let touched = stored.updated_at != *copied_at && stored.status != Status::Never.slug();
    if touched { Outcome::Kept } else { Outcome::Changed }
}

fn fingerprint(told: &Told) -> [u8; 32] {
    let text = serde_json::to_vec(told).expect("texts and numbers can be written as JSON");
    digest(&text)
}

fn write(
    tx: &mut Tx<'_>,
    (copy, direction): (&Copy, Direction),
    told: &Told,
    (outcome, entropy): (&Outcome, &dyn Entropy),
) -> Result<()> {
    let owner = owner(copy, direction, told);
    let row = row(told, owner, copy.now);
    match outcome {
        Outcome::Added => {
            if direction == Direction::Received {
                make_sender(tx, copy, told)?;
            }
            store::copies::insert_request(tx, &row)?;
            record(tx, copy, told, (owner, entropy))?;
        }
        Outcome::Changed => store::copies::update_request(tx, &row)?,
        _ => return Ok(()),
    }
    store::copies::upsert_told(tx, owner, told.guid, (&fingerprint(told), copy.now))?;
    Ok(())
}

/// The organisation that sent a request needs a row, and nobody comes in by it.
fn make_sender(tx: &mut Tx<'_>, copy: &Copy, told: &Told) -> Result<()> {
    let guid = told.requester_customer_guid;
    if store::customers::find(tx, guid)?.is_some() {
        return Ok(());
    }
    let sender = Customer {
        guid,
        name: told.requester_customer_name.clone(),
        kind: "Live".to_owned(),
        my_company_guid: None,
        is_active: false,
        trial_duration: told.trial_duration,
        access_ends_at: None,
    };
    store::customers::upsert(tx, &sender, copy.now)?;
    store::copies::insert_sender(tx, guid, &copy.source)?;
    Ok(())
}

/// The history begins with the day it was sent, and says where.
fn record(tx: &mut Tx<'_>, copy: &Copy, told: &Told, (owner, entropy): (Guid, &dyn Entropy)) -> Result<()> {
    let detail = format!("copied from {}", copy.source);
    let event = store::events::New {
        guid: ids::new_guid(copy.now, entropy),
        request: told.guid,
        kind: "request.sent",
        actor: Some(told.requester_guid),
        actor_name: Some(&told.requester_formal_name),
        side: Some("client"),
        detail: Some(&detail),
        at: Timestamp(told.created_at),
    };
    Ok(store::events::insert(tx, owner, &event)?)
}

fn row(told: &Told, owner: Guid, now: Timestamp) -> Request<'_> {
    let email_sent_at = Timestamp(told.email_sent_at);
    let accepted_at = told.requestee_tos_date.as_deref().and_then(Timestamp::parse);
    let new = New {
        guid: told.guid,
        customer_guid: owner,
        requester_guid: told.requester_guid,
        requester_email: &told.requester_email,
        requester_first_name: &told.requester_first_name,
        requester_last_name: &told.requester_last_name,
        requester_friendly_name: &told.requester_friendly_name,
        requester_formal_name: &told.requester_formal_name,
        requester_company_guid: told.requester_company_guid,
        requester_company_name: &told.requester_company_name,
        requester_customer_name: &told.requester_customer_name,
        requestee_customer_guid: None,
        requestee_user_guid: None,
        requestee_first_name: &told.requestee_first_name,
        requestee_last_name: &told.requestee_last_name,
        requestee_friendly_name: &told.requestee_friendly_name,
        requestee_formal_name: &told.requestee_formal_name,
        requestee_email: &told.requestee_email,
        requestee_phone: &told.requestee_phone,
        requestee_company_guid: told.requestee_company_guid,
        requestee_company_name: &told.requestee_company_name,
        requestee_tos_date: told.requestee_tos_date.as_deref(),
        message: &told.message,
        notes: told.notes.as_deref(),
        ccs: told.ccs.as_deref(),
        reason: told.reason,
        hubspot_status: told.hubspot_status,
        status: told.status,
        is_read: told.read,
        created_at: Timestamp(told.created_at),
        expires_at: email_sent_at.plus_days(told.invitation_duration),
        trial_duration: told.trial_duration,
        accepted_at: accepted_at.map(|at| at.max(Timestamp(told.created_at))),
        // The other server's clock runs there; what it comes to is told by the next copy.
        trial_ends_at: None,
        context_date: told.context_date.as_deref(),
        context_rating: told.context_rating,
        risk_vectors_mask: told.risk_vectors_mask,
        risk_vectors_json: &told.risk_vectors_json,
        observations_count: told.observations_count,
        observations_json: &told.observations_json,
        third_parties_json: &told.third_parties_json,
    };
    Request {
        new,
        email_sent_at,
        updated_at: now,
        resolved_at: told.resolved_at.map(Timestamp),
        resolved_by_guid: told.resolved_by_guid,
        resolved_by_name: told.resolved_by_name.as_deref(),
    }
}
