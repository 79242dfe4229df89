//! The mails of a request: written here, inside its transaction, with fixed bytes; sent later by the worker.

use liaison_db::Tx;
use liaison_domain::access_requests::Reason;
use liaison_domain::{Entropy, Guid, Timestamp, emails, ids, limits, risk_vectors};
use liaison_mail::{Activation, Composed, FindingLine, Introduction, Notice, Party};
use liaison_store as store;
use liaison_store::findings::Finding;

use super::accepted::Accepted;
use crate::outgoing::{self, Letter, page, stamp};
use crate::{Call, Env, Result, digest, new_guid};

/// A mail that is written and not queued yet.
pub(super) struct Written {
    pub(super) guid: Guid,
    pub(super) kind: &'static str,
    pub(super) composed: Composed,
    pub(super) recipients: Vec<String>,
}

/// The person who gets an activation mail, and for which request.
pub(super) struct Addressee {
    /// Whose request it is.
    pub(super) customer: Guid,
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
    /// They asked for the invitation, through an access link.
    pub(super) asked: bool,
}

impl Addressee {
    pub(super) fn of(accepted: &Accepted, call: &Call<'_>) -> Addressee {
        Addressee {
            customer: call.actor.customer_guid,
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
            asked: false,
        }
    }
}

/// Queues the introductions of a request.
pub(super) fn introduce(tx: &mut Tx<'_>, call: &Call<'_>, accepted: &Accepted) -> Result<()> {
    let letters = introductions(call, accepted)?;
    queue_all(tx, call, (accepted.guid, &letters))
}

/// The introduction: with the findings' addresses for the requestee, without them for everybody else.
pub(super) fn introductions(call: &Call<'_>, accepted: &Accepted) -> Result<Vec<Written>> {
    let ccs: Vec<&str> = accepted
        .checked
        .ccs
        .as_deref()
        .map_or_else(Vec::new, |ccs| ccs.split(',').collect());
    let requestee = accepted.draft.requestee_email.as_str();
    let mut letters = vec![introduction(call, accepted, (&ccs, true, &[requestee]))?];
    let mut others: Vec<&str> = Vec::new();
    let parties = accepted.draft.third_parties.iter().map(|person| person.email.as_str());
    for email in ccs.iter().copied().chain(parties) {
        let same = |known: &&str| emails::key(known) == emails::key(email);
        if !same(&requestee) && !others.iter().any(same) {
            others.push(email);
        }
    }
    if !others.is_empty() {
        letters.push(introduction(call, accepted, (&ccs, false, &others))?);
    }
    Ok(letters)
}

fn introduction(
    call: &Call<'_>,
    accepted: &Accepted,
    (ccs, for_requestee, recipients): (&[&str], bool, &[&str]),
) -> Result<Written> {
    let findings: Vec<_> = accepted
        .findings
        .iter()
        .map(|finding| line(finding, for_requestee))
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
    let invited = accepted.recipient.is_none();
    let room_link = (for_requestee && !invited).then(|| room(call.env, accepted.guid));
    let composed = liaison_mail::introduction(
        &call.env.identity,
        &stamp(guid, call.now),
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
            invited,
            room_link: room_link.as_deref(),
            access_days: accepted.trial_days,
            request_guid: &accepted.guid.to_string(),
        },
    )?;
    Ok(Written {
        guid,
        kind: "introduction",
        composed,
        recipients: recipients.iter().map(|email| (*email).to_owned()).collect(),
    })
}

pub(super) fn line(finding: &Finding, with_address: bool) -> FindingLine<'_> {
    let address = finding.evidence_key.as_deref().filter(|_| with_address);
    FindingLine {
        risk_vector: risk_vectors::find(&finding.risk_vector).map_or(finding.risk_vector.as_str(), |known| known.name),
        address,
        severity: finding.severity_category.as_deref().unwrap_or("not rated"),
        last_seen: finding.last_seen.as_deref().unwrap_or("unknown"),
    }
}

/// What opens a waiting request: a link, or six digits for whoever cannot use it. Only their digests are stored.
pub(super) struct Opener {
    pub(super) link: String,
    pub(super) code: String,
    pub(super) expires_at: Timestamp,
}

/// Makes a new link and code for a request, in place of older ones, without a mail. Mails with the older ones are the
/// caller's to stop (`renewal::renew`). `is_copied` where the sender is shown it.
pub(super) fn make_opener(
    tx: &mut Tx<'_>,
    (now, env): (Timestamp, &Env),
    request: Guid,
    is_copied: bool,
) -> Result<Opener> {
    let token = crate::new_token(env.entropy.as_ref());
    let opener = Opener {
        link: page(env, &format!("/i/{token}")),
        code: new_code(env.entropy.as_ref()),
        expires_at: now.plus_days(limits::INVITATION_DAYS),
    };
    let code_sha256 = digest(format!("{request}:{}", opener.code).as_bytes());
    let digests: (&[u8], &[u8]) = (&digest(token.as_bytes()), &code_sha256);
    store::activation_links::upsert(tx, request, digests, (opener.expires_at, is_copied))?;
    Ok(opener)
}

/// Six digits, each number as likely as the next: what 64 bits are above a multiple of a million does not count.
fn new_code(entropy: &dyn Entropy) -> String {
    let number = u64::from_be_bytes(ids::new_secret(entropy));
    format!("{:06}", number % 1_000_000)
}

/// Makes a new link for a request, in place of an older one, and queues the mail that carries it. Mails with the older
/// one are the caller's to stop (`renewal::renew`).
pub(super) fn send_link(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), to: &Addressee) -> Result<()> {
    let opener = make_opener(tx, (now, env), to.request, false)?;
    let letter = activation((now, env), to, &opener)?;
    queue(tx, (now, env), (to.customer, to.request), &letter)
}

/// The mail with the link.
pub(super) fn activation((now, env): (Timestamp, &Env), to: &Addressee, opener: &Opener) -> Result<Written> {
    let guid = new_guid(now, env.entropy.as_ref());
    let composed = liaison_mail::activation(
        &env.identity,
        &stamp(guid, now),
        &Activation {
            requester_name: &to.requester_name,
            requester_email: Some(to.requester_email.as_str()).filter(|email| !email.is_empty()),
            requester_company: &to.requester_company,
            requestee_name: &to.name,
            requestee_friendly_name: &to.friendly_name,
            requestee_email: &to.email,
            requestee_company: &to.company,
            link: &opener.link,
            code: &opener.code,
            code_page: &page(env, "/code"),
            expires_on: &opener.expires_at.for_people(),
            trial_days: to.trial_days,
            asked_for: to.asked,
            findings_count: to.findings,
            request_guid: &to.request.to_string(),
        },
    )?;
    Ok(Written {
        guid,
        kind: "activation",
        composed,
        recipients: vec![to.email.clone()],
    })
}

/// Tells the invited company's collaboration contacts that a request came, the requestee excepted.
pub(super) fn notify_contacts(tx: &mut Tx<'_>, call: &Call<'_>, accepted: &Accepted) -> Result<()> {
    let letters = notices(tx, call, accepted)?;
    queue_all(tx, call, (accepted.guid, &letters))
}

/// The notices to the invited company's collaboration contacts, one each.
pub(super) fn notices(tx: &mut Tx<'_>, call: &Call<'_>, accepted: &Accepted) -> Result<Vec<Written>> {
    let requestee = emails::key(&accepted.draft.requestee_email);
    let mut letters = Vec::new();
    for contact in store::users::list_collaboration_contacts(tx, accepted.company_guid)? {
        if emails::key(&contact.email) != requestee {
            letters.push(notice(call, accepted, (&contact.formal_name, &contact.email))?);
        }
    }
    Ok(letters)
}

/// The notice to one collaboration contact, by name and address.
pub(super) fn notice(call: &Call<'_>, accepted: &Accepted, (name, email): (&str, &str)) -> Result<Written> {
    let guid = new_guid(call.now, call.env.entropy.as_ref());
    let composed = liaison_mail::notice(
        &call.env.identity,
        &stamp(guid, call.now),
        &Notice {
            contact_name: name,
            contact_email: email,
            requester_name: call.actor.formal_name(),
            requester_company: call.actor.company_name(),
            requestee_name: &accepted.draft.requestee_formal_name,
            requestee_company: &accepted.company.name,
            reason: Reason::name(accepted.checked.reason),
            room_link: &room(call.env, accepted.guid),
            request_guid: &accepted.guid.to_string(),
            sent_on: &call.now.for_people(),
        },
    )?;
    Ok(Written {
        guid,
        kind: "notice",
        composed,
        recipients: vec![email.to_owned()],
    })
}

/// The page where somebody with an account on the invited side reads a request.
fn room(env: &Env, request: Guid) -> String {
    page(env, &format!("/inbox/{request}"))
}

fn queue_all(tx: &mut Tx<'_>, call: &Call<'_>, (request, letters): (Guid, &[Written])) -> Result<()> {
    let of = (call.actor.customer_guid, request);
    letters
        .iter()
        .try_for_each(|letter| queue(tx, (call.now, call.env), of, letter))
}

fn queue(tx: &mut Tx<'_>, at: (Timestamp, &Env), (customer, request): (Guid, Guid), written: &Written) -> Result<()> {
    let letter = Letter {
        customer,
        request: Some(request),
        kind: written.kind,
    };
    let recipients: Vec<&str> = written.recipients.iter().map(String::as_str).collect();
    outgoing::queue(tx, at, &letter, (written.guid, &written.composed, &recipients))
}
