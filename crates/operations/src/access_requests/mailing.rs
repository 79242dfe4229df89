//! The mails of a request: written here, inside its transaction, with fixed bytes; sent later by the worker.

use liaison_db::Tx;
use liaison_domain::access_requests::Reason;
use liaison_domain::{Guid, emails, ids, limits, risk_vectors};
use liaison_mail::{Activation, Composed, FindingLine, Introduction, Notice, Party, Stamp};
use liaison_store as store;
use liaison_store::findings::Finding;

use super::accepted::Accepted;
use crate::{Call, Result, digest, new_guid};

/// The person who gets an activation mail, and for which request.
pub(super) struct Addressee {
    pub(super) request: Guid,
    pub(super) requester_email: String,
    pub(super) requester_name: String,
    pub(super) requester_company: String,
    pub(super) name: String,
    pub(super) friendly_name: String,
    pub(super) email: String,
    pub(super) company: String,
    pub(super) trial_days: i64,
    pub(super) findings: usize,
}

impl Addressee {
    pub(super) fn of(accepted: &Accepted, call: &Call<'_>) -> Addressee {
        Addressee {
            request: accepted.guid,
            requester_email: call
                .actor
                .user
                .as_ref()
                .map(|user| user.email.clone())
                .unwrap_or_default(),
            requester_name: call.actor.formal_name().to_owned(),
            requester_company: call.actor.company_name().to_owned(),
            name: accepted.draft.requestee_formal_name.clone(),
            friendly_name: accepted.draft.requestee_friendly_name.clone(),
            email: accepted.draft.requestee_email.clone(),
            company: accepted.company.name.clone(),
            trial_days: accepted.trial_days,
            findings: accepted.findings.len(),
        }
    }
}

/// The introduction: with the findings' addresses for the requestee, without them for everybody else.
pub(super) fn introduce(tx: &mut Tx<'_>, call: &Call<'_>, accepted: &Accepted) -> Result<()> {
    let ccs: Vec<&str> = accepted
        .checked
        .ccs
        .as_deref()
        .map_or_else(Vec::new, |ccs| ccs.split(',').collect());
    let requestee = accepted.draft.requestee_email.as_str();
    write_introduction(tx, call, accepted, (&ccs, true, &[requestee]))?;
    let mut others: Vec<&str> = Vec::new();
    let parties = accepted.draft.third_parties.iter().map(|person| person.email.as_str());
    for email in ccs.iter().copied().chain(parties) {
        let same = |known: &&str| emails::key(known) == emails::key(email);
        if !same(&requestee) && !others.iter().any(same) {
            others.push(email);
        }
    }
    if others.is_empty() {
        return Ok(());
    }
    write_introduction(tx, call, accepted, (&ccs, false, &others))
}

fn write_introduction(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    accepted: &Accepted,
    (ccs, with_addresses, recipients): (&[&str], bool, &[&str]),
) -> Result<()> {
    let findings: Vec<_> = accepted
        .findings
        .iter()
        .map(|finding| line(finding, with_addresses))
        .collect();
    let third_parties: Vec<_> = accepted
        .draft
        .third_parties
        .iter()
        .map(|person| Party {
            name: &person.name,
            email: &person.email,
        })
        .collect();
    let guid = new_guid(call.now, call.env.entropy.as_ref());
    let request_guid = accepted.guid.to_string();
    let composed = liaison_mail::introduction(
        &call.env.identity,
        &stamp(guid, call),
        &Introduction {
            requester_name: call.actor.formal_name(),
            requester_email: call.actor.user.as_ref().map(|user| user.email.as_str()),
            requester_company: call.actor.company_name(),
            requestee_name: &accepted.draft.requestee_formal_name,
            requestee_friendly_name: &accepted.draft.requestee_friendly_name,
            requestee_email: &accepted.draft.requestee_email,
            requestee_company: &accepted.company.name,
            reason: accepted.checked.reason.name(),
            message: &accepted.draft.message,
            findings: &findings,
            ccs,
            third_parties: &third_parties,
            invited: accepted.recipient.is_none(),
            access_days: accepted.trial_days,
            request_guid: &request_guid,
        },
    )?;
    queue(tx, call, (guid, accepted.guid, "introduction"), (&composed, recipients))
}

fn line(finding: &Finding, with_address: bool) -> FindingLine<'_> {
    let address = finding.evidence_key.as_deref().filter(|_| with_address);
    FindingLine {
        risk_vector: risk_vectors::find(&finding.risk_vector).map_or(finding.risk_vector.as_str(), |known| known.name),
        address,
        severity: finding.severity_category.as_deref().unwrap_or("not rated"),
        last_seen: finding.last_seen.as_deref().unwrap_or("unknown"),
    }
}

/// Makes a new link for a request, in place of an older one, and writes the mail that carries it. Mails with the
/// older one are the caller's to stop (`renewal::renew`).
pub(super) fn send_link(tx: &mut Tx<'_>, call: &Call<'_>, to: &Addressee) -> Result<()> {
    let secret: [u8; 20] = ids::new_secret(call.env.entropy.as_ref());
    let token = data_encoding::BASE32_NOPAD.encode(&secret).to_ascii_lowercase();
    let expires_at = call.now.plus_days(limits::INVITATION_DAYS);
    store::activation_links::upsert(tx, to.request, &digest(token.as_bytes()), expires_at)?;
    let guid = new_guid(call.now, call.env.entropy.as_ref());
    let base = call.env.identity.public_url.as_str().trim_end_matches('/');
    let composed = liaison_mail::activation(
        &call.env.identity,
        &stamp(guid, call),
        &Activation {
            requester_name: &to.requester_name,
            requester_email: Some(to.requester_email.as_str()).filter(|email| !email.is_empty()),
            requester_company: &to.requester_company,
            requestee_name: &to.name,
            requestee_friendly_name: &to.friendly_name,
            requestee_email: &to.email,
            requestee_company: &to.company,
            link: &format!("{base}/i/{token}"),
            expires_on: &expires_at.for_people(),
            trial_days: to.trial_days,
            findings_count: to.findings,
            request_guid: &to.request.to_string(),
        },
    )?;
    queue(
        tx,
        call,
        (guid, to.request, "activation"),
        (&composed, &[to.email.as_str()]),
    )
}

/// Tells the invited company's collaboration contacts that a request came, the requestee excepted.
pub(super) fn notify_contacts(tx: &mut Tx<'_>, call: &Call<'_>, accepted: &Accepted) -> Result<()> {
    let requestee = emails::key(&accepted.draft.requestee_email);
    for contact in store::users::list_collaboration_contacts(tx, accepted.company_guid)? {
        if emails::key(&contact.email) == requestee {
            continue;
        }
        let guid = new_guid(call.now, call.env.entropy.as_ref());
        let composed = liaison_mail::notice(
            &call.env.identity,
            &stamp(guid, call),
            &Notice {
                contact_name: &contact.formal_name,
                contact_email: &contact.email,
                requester_name: call.actor.formal_name(),
                requester_company: call.actor.company_name(),
                requestee_name: &accepted.draft.requestee_formal_name,
                requestee_company: &accepted.company.name,
                reason: Reason::name(accepted.checked.reason),
                request_guid: &accepted.guid.to_string(),
                sent_on: &call.now.for_people(),
            },
        )?;
        queue(
            tx,
            call,
            (guid, accepted.guid, "notice"),
            (&composed, &[contact.email.as_str()]),
        )?;
    }
    Ok(())
}

fn stamp(guid: Guid, call: &Call<'_>) -> Stamp {
    Stamp {
        guid: guid.to_string(),
        unix_ms: call.now.0,
    }
}

fn queue(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    (guid, request, kind): (Guid, Guid, &str),
    (composed, recipients): (&Composed, &[&str]),
) -> Result<()> {
    let new = store::mails::New {
        guid,
        request,
        kind,
        subject: &composed.subject,
        bytes: &composed.bytes,
        created_at: call.now,
    };
    store::mails::insert_message(tx, call.actor.customer_guid, &new)?;
    for recipient in recipients {
        let new = store::mails::NewDelivery {
            guid: new_guid(call.now, call.env.entropy.as_ref()),
            message: guid,
            recipient,
            state: if call.env.has_relay { "queued" } else { "kept" },
            due_at: call.now,
        };
        store::mails::insert_delivery(tx, &new)?;
    }
    Ok(())
}
