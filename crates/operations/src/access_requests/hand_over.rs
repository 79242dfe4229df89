//! Handing an invitation that nobody accepted to a colleague: whoever holds its link may do that.

use liaison_db::Tx;
use liaison_domain::access_requests::Reason;
use liaison_domain::companies::CustomerType;
use liaison_domain::people::split_name;
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Refusal, Timestamp, emails};
use liaison_mail::{Introduction, Party};
use liaison_store as store;
use liaison_store::access_requests::{Acceptance, AccessRequest, Requestee};
use liaison_store::findings::Finding;
use liaison_store::users::User;

use super::delegate::{Colleague, Held, check, requestee, tell_requester};
use super::{accept, invite, mailing, renewal, snapshot};
use crate::outgoing::{self, Letter};
use crate::{App, Env, Error, Result, digest, new_guid};

/// Gives the invitation behind a link to a colleague: they get the introduction and a link of their own, and the old
/// one ends. A colleague who is a user already is in at once.
pub fn hand_over_link(
    tx: &mut Tx<'_>,
    (now, env): (Timestamp, &Env),
    (token, colleague): (&str, &Colleague),
) -> Result<()> {
    let invitation = accept::look_up_link(tx, token, now)?;
    let guid = invitation.request_guid;
    let held = store::access_requests::find_any(tx, guid, now, Held::of)?.ok_or(Refusal::LinkGone)?;
    let colleague = check(tx, &held, colleague)?;
    let email_key = emails::key(&colleague.email);
    let known = store::users::find_at_company(tx, (held.company, held.customer), &email_key, now)?;
    if known.is_none() {
        invite::refuse_switched_off(tx, held.company, &colleague.email).map_err(of_colleague)?;
    }
    record_hand_over(tx, (now, env), &held, &colleague)?;
    let name = match &known {
        Some((user, account, kind)) => {
            store::activation_links::update_spent(tx, &digest(token.as_bytes()), now)?;
            renewal::retire_link(tx, now, guid)?;
            let is_guest = kind == CustomerType::VendorAccess.slug();
            admit(tx, now, (&held, *account, is_guest), user)?;
            introduce(tx, (now, env), guid)?;
            &user.formal_name
        }
        None => {
            invite_colleague(tx, now, (&held, &colleague))?;
            renewal::renew_of(tx, now, (held.customer, guid))?;
            introduce(tx, (now, env), guid)?;
            let to = store::access_requests::find_any(tx, guid, now, renewal::addressee)?.ok_or(Error::NotFound)?;
            mailing::send_link(tx, (now, env), &to)?;
            &colleague.formal_name
        }
    };
    tell_requester(tx, now, &held, name)
}

/// The refusal of an invitation's address, as one of the colleague's.
fn of_colleague(error: Error) -> Error {
    match error {
        Error::Refused(Refusal::Field { rule, .. }) => Refusal::field("email", rule).into(),
        other => other,
    }
}

fn record_hand_over(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), held: &Held, to: &Colleague) -> Result<()> {
    let event = store::events::New {
        guid: new_guid(now, env.entropy.as_ref()),
        request: held.guid,
        kind: "request.handed_over",
        actor: None,
        actor_name: Some(&held.requestee_name),
        side: Some(Side::Vendor.slug()),
        detail: Some(&format!("to {} <{}>", to.formal_name, to.email)),
        at: now,
    };
    store::events::insert(tx, held.customer, &event)?;
    Ok(())
}

fn invite_colleague(tx: &mut Tx<'_>, now: Timestamp, (held, colleague): (&Held, &Colleague)) -> Result<()> {
    let (first_name, last_name) = split_name(&colleague.formal_name);
    let person = Requestee {
        account: None,
        formal_name: &colleague.formal_name,
        friendly_name: first_name,
        first_name,
        last_name,
        email: &colleague.email,
        phone: "",
        tos_date: None,
        at: now,
    };
    store::access_requests::update_requestee(tx, held.customer, held.guid, &person)?;
    store::access_requests::update_unopened(tx, held.customer, held.guid)?;
    Ok(())
}

/// Opens the request for a colleague who is a user, as an invitation to them would have.
fn admit(tx: &mut Tx<'_>, now: Timestamp, (held, account, is_guest): (&Held, Guid, bool), user: &User) -> Result<()> {
    let trial_ends_at = is_guest.then(|| now.plus_days(held.trial_duration));
    let accepted = Acceptance {
        customer_guid: account,
        user_guid: user.guid,
        formal_name: &user.formal_name,
        first_name: &user.first_name,
        last_name: &user.last_name,
        at: now,
        trial_ends_at,
    };
    if store::access_requests::update_accepted(tx, held.guid, &accepted)? == 0 {
        return Err(Refusal::LinkGone.into());
    }
    store::access_requests::update_requestee(tx, held.customer, held.guid, &requestee((account, user), now))?;
    if let Some(until) = trial_ends_at {
        store::customers::update_access_extended(tx, account, until)?;
    }
    Ok(())
}

/// Queues the introduction of a stored request for its present recipient.
fn introduce(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), request: Guid) -> Result<()> {
    let of = |row: &AccessRequest<'_>| (row.requestee_company_guid, row.observations_json.to_owned());
    let found = store::access_requests::find_any(tx, request, now, of)?;
    let (company, ids) = found.ok_or(Error::NotFound)?;
    let ids: Vec<String> = snapshot::read(&ids)?;
    let mut findings = store::findings::list_of(tx, company, &ids)?;
    findings.sort_by_key(|finding| ids.iter().position(|id| *id == finding.rolledup_observation_id));
    let guid = new_guid(now, env.entropy.as_ref());
    let view = |row: &AccessRequest<'_>| {
        let composed = compose((now, env), guid, (row, &findings))?;
        Ok::<_, Error>((row.customer_guid, row.requestee_email.to_owned(), composed))
    };
    let written = store::access_requests::find_any(tx, request, now, view)?;
    let (customer, email, composed) = written.ok_or(Error::NotFound)??;
    let letter = Letter {
        customer,
        request: Some(request),
        kind: "introduction",
    };
    outgoing::queue(tx, (now, env), &letter, (guid, &composed, &[email.as_str()]))
}

/// A third party as it is stored.
#[derive(serde::Deserialize)]
struct Stored {
    email: String,
    name: String,
}

fn compose(
    (now, env): (Timestamp, &Env),
    guid: Guid,
    (row, findings): (&AccessRequest<'_>, &[Finding]),
) -> Result<liaison_mail::Composed> {
    let lines: Vec<_> = findings.iter().map(|finding| mailing::line(finding, true)).collect();
    let ccs: Vec<&str> = row.ccs.map_or_else(Vec::new, |ccs| ccs.split(',').collect());
    let stored: Vec<Stored> = snapshot::read(row.third_parties_json)?;
    let third_parties: Vec<_> = stored
        .iter()
        .map(|person| Party {
            name: &person.name,
            email: &person.email,
        })
        .collect();
    let invited = row.requestee_user_guid.is_none();
    let room = outgoing::page(env, &format!("/inbox/{}", row.guid));
    let facts = Introduction {
        requester_name: row.requester_formal_name,
        requester_email: Some(row.requester_email).filter(|email| !email.is_empty()),
        requester_company: row.requester_company_name,
        requestee_name: row.requestee_formal_name,
        requestee_friendly_name: row.requestee_friendly_name,
        requestee_email: row.requestee_email,
        requestee_company: row.requestee_company_name,
        reason: Reason::parse(row.reason).unwrap_or_default().name(),
        message: row.message,
        findings: &lines,
        ccs: &ccs,
        third_parties: &third_parties,
        invited,
        room_link: (!invited).then_some(room.as_str()),
        access_days: row.trial_duration,
        request_guid: &row.guid.to_string(),
    };
    Ok(liaison_mail::introduction(
        &env.identity,
        &outgoing::stamp(guid, now),
        &facts,
    )?)
}

impl App {
    /// Gives the invitation behind a link to a colleague.
    pub async fn hand_over_link(&self, token: String, colleague: Colleague) -> Result<()> {
        let (now, env) = (self.now(), self.env.clone());
        self.db
            .write(move |tx| hand_over_link(tx, (now, &env), (&token, &colleague)))
            .await?;
        (self.mail_bell)();
        Ok(())
    }
}
