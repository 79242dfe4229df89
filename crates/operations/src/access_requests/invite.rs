//! Inviting: from a draft to a stored request with its mails, or to the first rule it breaks.

use liaison_db::Tx;
use liaison_domain::access_requests::Status;
use liaison_domain::companies::{CompanyType, CustomerType};
use liaison_domain::drafts::{Draft, InvitedCompany, KnownPerson};
use liaison_domain::people::UserStatus;
use liaison_domain::{Guid, Refusal, Timestamp, emails, ids, limits};
use liaison_store as store;
use liaison_store::findings::Finding;

use super::accepted::{Accepted, Recipient};
use super::snapshot::Snapshot;
use super::{View, mailing, telling};
use crate::{Call, Error, Result, new_guid, record};

/// Invitations that one call may carry.
pub const INVITATIONS_PER_POST: usize = limits::INVITATIONS_PER_POST;

/// Sends every draft or none. Gives what `view` makes of each stored request, in the order of the drafts.
pub fn invite<T>(tx: &mut Tx<'_>, call: &Call<'_>, drafts: Vec<Draft>, view: View<'_, T>) -> Result<Vec<T>> {
    call.actor.require_inviter()?;
    let several = drafts.len() > 1;
    let mut answers = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        let sent = invite_one(tx, call, draft).map_err(|error| if several { error.at(index) } else { error })?;
        let stored = store::access_requests::find(tx, &call.actor.outbox(), sent, call.now, view)?;
        answers.push(stored.ok_or_else(|| Error::Internal("a request vanished while it was sent".into()))?);
    }
    Ok(answers)
}

fn invite_one(tx: &mut Tx<'_>, call: &Call<'_>, draft: Draft) -> Result<Guid> {
    let accepted = judge(tx, call, draft)?;
    store_request(tx, call, &accepted)?;
    record(tx, call, accepted.guid, "request.sent")?;
    extend_guest_access(tx, call.now, &accepted)?;
    mailing::introduce(tx, call, &accepted)?;
    if accepted.recipient.is_none() {
        mailing::send_link(tx, (call.now, call.env), &mailing::Addressee::of(&accepted, call))?;
    }
    mailing::notify_contacts(tx, call, &accepted)?;
    telling::arrived(tx, call, &accepted)?;
    Ok(accepted.guid)
}

/// The rules, in the order in which they are reported.
pub(super) fn judge(tx: &mut Tx<'_>, call: &Call<'_>, mut draft: Draft) -> Result<Accepted> {
    let customer = call.actor.customer_guid;
    let company_guid = ids::parse_guid(&draft.requestee_company_guid);
    fill_from_contact(tx, customer, company_guid, &mut draft)?;
    draft.check_email()?;
    draft.check_not_self(call.actor.user.as_ref().map_or("", |user| &user.email))?;
    let company_guid = company_guid.ok_or(Refusal::NoEntity)?;
    let company = store::companies::find_in_portfolio(tx, customer, company_guid)?.ok_or(Refusal::NoEntity)?;
    draft.check_company(&InvitedCompany {
        kind: CompanyType::parse(&company.kind).unwrap_or(CompanyType::Private),
        domains: company.domains.clone(),
    })?;
    let findings = find_observations(tx, company_guid, &draft.rolledup_observation_ids)?;
    let recipient = find_recipient(tx, call, company_guid, &mut draft)?;
    draft.complete_names();
    let checked = draft.check_fields()?;
    if recipient.is_none() {
        refuse_switched_off(tx, company_guid, &draft.requestee_email)?;
    }
    Ok(Accepted {
        guid: new_guid(call.now, call.env.entropy.as_ref()),
        trial_days: checked.trial_days.unwrap_or(call.actor.trial_duration),
        draft,
        checked,
        company_guid,
        company,
        findings,
        recipient,
    })
}

fn fill_from_contact(tx: &mut Tx<'_>, customer: Guid, company: Option<Guid>, draft: &mut Draft) -> Result<()> {
    let complete = [
        &draft.requestee_email,
        &draft.requestee_formal_name,
        &draft.requestee_friendly_name,
    ]
    .iter()
    .all(|field| !field.trim().is_empty());
    if let Some(company) = company.filter(|_| !complete)
        && let Some(contact) = store::contacts::find_for_company(tx, customer, company)?
    {
        draft.fill_from(&KnownPerson {
            friendly_name: contact.friendly_name,
            formal_name: contact.formal_name,
            email: contact.email,
            phone: contact.phone_number.unwrap_or_default(),
        });
    }
    let trimmed = draft.requestee_email.trim();
    if trimmed.len() != draft.requestee_email.len() {
        draft.requestee_email = trimmed.to_owned();
    }
    Ok(())
}

/// A link for somebody who was switched off on this server would lead nowhere.
pub(super) fn refuse_switched_off(tx: &mut Tx<'_>, company: Guid, email: &str) -> Result<()> {
    let Some(guests) = store::customers::find_vendor_access(tx, company)? else {
        return Ok(());
    };
    let known = store::users::find_by_email(tx, guests.guid, &emails::key(email))?;
    let is_off = known.is_some_and(|user| user.status == UserStatus::Deactivated.slug());
    if is_off || !guests.is_active {
        return Err(Refusal::field(
            "requestee_email",
            "belongs to an account that is switched off on this server",
        )
        .into());
    }
    Ok(())
}

/// The findings of the draft in its order; one that is not the company's refuses the draft.
fn find_observations(tx: &mut Tx<'_>, company: Guid, wanted: &[String]) -> Result<Vec<Finding>> {
    let mut found = store::findings::list_of(tx, company, wanted)?;
    let place = |finding: &Finding| wanted.iter().position(|id| *id == finding.rolledup_observation_id);
    if wanted
        .iter()
        .any(|id| !found.iter().any(|finding| finding.rolledup_observation_id == *id))
    {
        return Err(Refusal::ObservationMismatch.into());
    }
    found.sort_by_key(place);
    Ok(found)
}

/// The requestee, where they already are a user of a customer of the company.
pub(super) fn find_recipient(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    company: Guid,
    draft: &mut Draft,
) -> Result<Option<Recipient>> {
    let email_key = emails::key(&draft.requestee_email);
    let place = (company, call.actor.customer_guid);
    let Some((user, customer, kind)) = store::users::find_at_company(tx, place, &email_key, call.now)? else {
        return Ok(None);
    };
    draft.fill_from(&KnownPerson {
        friendly_name: user.friendly_name.clone(),
        formal_name: user.formal_name.clone(),
        email: user.email.clone(),
        phone: user.phone_number.clone().unwrap_or_default(),
    });
    let is_guest = kind == CustomerType::VendorAccess.slug();
    Ok(Some(Recipient {
        user,
        customer,
        is_guest,
    }))
}

fn store_request(tx: &mut Tx<'_>, call: &Call<'_>, accepted: &Accepted) -> Result<()> {
    let (draft, checked, recipient) = (&accepted.draft, &accepted.checked, &accepted.recipient);
    let (actor, now) = (call.actor, call.now);
    let snapshot = Snapshot::take(tx, accepted)?;
    let requester = actor.user.as_ref();
    let (first, last) = accepted.requestee_names();
    let status = if recipient.is_some() {
        Status::Active
    } else {
        Status::Pending
    };
    store::access_requests::insert(
        tx,
        &store::access_requests::New {
            guid: accepted.guid,
            customer_guid: actor.customer_guid,
            requester_guid: actor.guid(),
            requester_email: requester.map_or("", |user| &user.email),
            requester_first_name: requester.map_or("", |user| &user.first_name),
            requester_last_name: requester.map_or("", |user| &user.last_name),
            requester_friendly_name: requester.map_or(&actor.customer_name, |user| &user.friendly_name),
            requester_formal_name: actor.formal_name(),
            requester_company_guid: actor.my_company.as_ref().map(|company| company.guid),
            requester_company_name: actor.company_name(),
            requester_customer_name: &actor.customer_name,
            requestee_customer_guid: recipient.as_ref().map(|known| known.customer),
            requestee_user_guid: recipient.as_ref().map(|known| known.user.guid),
            requestee_first_name: first,
            requestee_last_name: last,
            requestee_friendly_name: &draft.requestee_friendly_name,
            requestee_formal_name: &draft.requestee_formal_name,
            requestee_email: &draft.requestee_email,
            requestee_phone: &draft.requestee_phone,
            requestee_company_guid: accepted.company_guid,
            requestee_company_name: &accepted.company.name,
            requestee_tos_date: recipient.as_ref().and_then(|known| known.user.tos_date.as_deref()),
            message: &draft.message,
            notes: draft.notes.as_deref(),
            ccs: checked.ccs.as_deref(),
            reason: checked.reason.slug(),
            hubspot_status: if recipient.is_some() { "EXISTING" } else { "CREATED" },
            status: status.slug(),
            is_read: draft.read,
            created_at: now,
            expires_at: now.plus_days(limits::INVITATION_DAYS),
            trial_duration: accepted.trial_days,
            accepted_at: recipient.is_some().then_some(now),
            trial_ends_at: accepted.trial_ends_at(now),
            context_date: snapshot.date.as_deref(),
            context_rating: snapshot.rating,
            risk_vectors_mask: snapshot.risk_vectors_mask,
            risk_vectors_json: &snapshot.risk_vectors_json,
            observations_count: snapshot.observations_count,
            observations_json: &snapshot.observations_json,
            third_parties_json: &snapshot.third_parties_json,
        },
    )?;
    Ok(())
}

/// A guest who gets a new request keeps access at least as long as that request's trial.
pub(super) fn extend_guest_access(tx: &mut Tx<'_>, now: Timestamp, accepted: &Accepted) -> Result<()> {
    if let (Some(recipient), Some(until)) = (&accepted.recipient, accepted.trial_ends_at(now)) {
        store::customers::update_access_extended(tx, recipient.customer, until)?;
    }
    Ok(())
}
