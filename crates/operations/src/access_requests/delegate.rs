//! Handing a request to a colleague of the same company, who takes over by coming in.

use liaison_db::Tx;
use liaison_domain::access_requests::Status;
use liaison_domain::companies::{self, CustomerType};
use liaison_domain::people::{Role, UserStatus, split_name};
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Refusal, Timestamp, drafts, emails, limits};
use liaison_mail::{Delegated, Welcome};
use liaison_store as store;
use liaison_store::access_requests::{AccessRequest, Requestee};
use liaison_store::users::User;

use super::inbox;
use crate::notifications::{self, Telling};
use crate::outgoing::{self, Letter};
use crate::password_links::{self, Purpose};
use crate::{Call, Env, Error, Happening, Result, new_guid, record_happening};

/// A colleague as somebody names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Colleague {
    /// Their full name.
    pub formal_name: String,
    /// Their address, at one of the company's domains.
    pub email: String,
}

/// What is read of a request to hand it on.
pub(super) struct Held {
    pub(super) guid: Guid,
    pub(super) customer: Guid,
    pub(super) status: Status,
    pub(super) company: Guid,
    pub(super) company_name: String,
    pub(super) requester: Guid,
    pub(super) requester_company: String,
    pub(super) requestee_name: String,
    pub(super) requestee_email: String,
    pub(super) account: Option<(Guid, Guid)>,
    pub(super) trial_duration: i64,
    findings: i64,
}

impl Held {
    pub(super) fn of(request: &AccessRequest<'_>) -> Held {
        Held {
            guid: request.guid,
            customer: request.customer_guid,
            status: request.status,
            company: request.requestee_company_guid,
            company_name: request.requestee_company_name.to_owned(),
            requester: request.requester_guid,
            requester_company: request.requester_company_name.to_owned(),
            requestee_name: request.requestee_formal_name.to_owned(),
            requestee_email: request.requestee_email.to_owned(),
            account: request.requestee_customer_guid.zip(request.requestee_user_guid),
            trial_duration: request.trial_duration,
            findings: request.observations_count,
        }
    }

    fn about(&self) -> String {
        match self.findings {
            0 => String::new(),
            1 => "1 security finding".to_owned(),
            several => format!("{several} security findings"),
        }
    }
}

/// Hands an active request of the caller's inbox to a colleague. One who is a user already has it at once.
pub fn delegate(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid, colleague: &Colleague) -> Result<()> {
    let held = inbox::received(tx, call, guid, &Held::of)?;
    let caller = call.actor.user.as_ref().map(|user| user.guid);
    if held.account.map(|(_, user)| user) != caller {
        // Somebody else's request: not for those who only read.
        call.actor.require_inviter()?;
    }
    let not_delegable = Refusal::NotDelegable(held.status.slug());
    let (account, _) = held
        .account
        .filter(|_| held.status == Status::Active)
        .ok_or(not_delegable)?;
    let colleague = check(tx, &held, colleague)?;
    let (account, user) = find_or_make(tx, (call.now, call.env), (&held, account), &colleague)?;
    let hand_over = store::delegations::New {
        guid: new_guid(call.now, call.env.entropy.as_ref()),
        request: guid,
        from: call.actor.guid(),
        to: user.guid,
        at: call.now,
    };
    store::delegations::delete_waiting(tx, guid)?;
    store::delegations::insert(tx, account, &hand_over)?;
    let happening = Happening {
        customer: held.customer,
        request: guid,
        kind: "request.delegated",
        side: Side::Vendor,
        detail: Some(&format!("to {} <{}>", user.formal_name, user.email)),
    };
    record_happening(tx, call, &happening)?;
    if user.status == UserStatus::Activated.slug() {
        take_over(tx, (call.now, call.env), account, user.guid)?;
    }
    welcome(tx, call, &held, (account, &user))
}

/// The colleague as they are stored, if the rules allow them: the rules of an invitation.
pub(super) fn check(tx: &mut Tx<'_>, held: &Held, colleague: &Colleague) -> Result<Colleague> {
    let (formal_name, email) = (colleague.formal_name.trim(), colleague.email.trim());
    if formal_name.is_empty() {
        return Err(Refusal::field("formal_name", "is required").into());
    }
    drafts::check_length("formal_name", formal_name, limits::NAME_CHARS)?;
    if !emails::is_valid(email) {
        return Err(Refusal::field("email", "is not an e-mail address").into());
    }
    if emails::key(email) == emails::key(&held.requestee_email) {
        return Err(Refusal::field("email", "is the address of the person who has the request already").into());
    }
    let domains = store::companies::list_domains(tx, held.company)?;
    if !companies::is_related(email, domains.iter().map(String::as_str)) {
        return Err(Refusal::UnrelatedEmailDomain.into());
    }
    let kinds = &["request.delegated", "request.handed_over"];
    let before = store::activation_links::list_done(tx, held.customer, held.guid, (kinds, Timestamp(0)))?;
    if before.len() >= limits::DELEGATIONS {
        return Err(Refusal::DelegatedTooOften(limits::DELEGATIONS).into());
    }
    Ok(Colleague {
        formal_name: formal_name.to_owned(),
        email: email.to_owned(),
    })
}

/// The colleague's user: in the recipient's account, else in another one of the company that they use, else a new one.
fn find_or_make(
    tx: &mut Tx<'_>,
    (now, env): (Timestamp, &Env),
    (held, account): (&Held, Guid),
    colleague: &Colleague,
) -> Result<(Guid, User)> {
    let email_key = emails::key(&colleague.email);
    if let Some(user) = store::users::find_by_email(tx, account, &email_key)? {
        if user.status == UserStatus::Deactivated.slug() {
            return Err(Refusal::field("email", "belongs to an account that is switched off on this server").into());
        }
        return Ok((account, user));
    }
    if let Some((user, other, _)) = store::users::find_at_company(tx, (held.company, held.customer), &email_key, now)? {
        return Ok((other, user));
    }
    let customer = store::customers::find(tx, account)?.ok_or(Error::NotFound)?;
    // In a full account a newcomer reads; more is for its administrators to give.
    let role = if customer.kind == CustomerType::VendorAccess.slug() {
        Role::PortfolioManager
    } else {
        Role::User
    };
    let (first_name, last_name) = split_name(&colleague.formal_name);
    let user = User {
        guid: new_guid(now, env.entropy.as_ref()),
        email: colleague.email.clone(),
        friendly_name: first_name.to_owned(),
        formal_name: colleague.formal_name.clone(),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        phone_number: None,
        role: role.slug().to_owned(),
        group_guid: None,
        status: UserStatus::Created.slug().to_owned(),
        tos_date: None,
        last_login: None,
        is_collaboration_contact: false,
        password_hash: None,
    };
    store::users::upsert(tx, account, &user, now)?;
    Ok((account, user))
}

/// Mails the colleague the way in: a link for a first password, or the page of the request.
fn welcome(tx: &mut Tx<'_>, call: &Call<'_>, held: &Held, (account, user): (Guid, &User)) -> Result<()> {
    let (now, env) = (call.now, call.env);
    let is_in = user.status == UserStatus::Activated.slug() && !store::users::is_unproven(tx, account, user.guid)?;
    let (link, expires_on) = if is_in {
        (outgoing::page(env, &format!("/inbox/{}", held.guid)), String::new())
    } else {
        let outdated = store::mails::Outdated {
            kind: "welcome",
            recipient: &user.email,
            since: now.plus_days(-limits::WELCOME_DAYS),
        };
        store::mails::update_outdated(tx, account, &outdated, now)?;
        let (link, expires_at) = password_links::make(tx, (now, env), (account, user.guid), Purpose::Welcome)?;
        (link, expires_at.for_people())
    };
    let customer = store::customers::find(tx, account)?.ok_or(Error::NotFound)?;
    let guid = new_guid(now, env.entropy.as_ref());
    let composed = liaison_mail::welcome(
        &env.identity,
        &outgoing::stamp(guid, now),
        &Welcome {
            name: &user.formal_name,
            email: &user.email,
            customer_name: &customer.name,
            inviter_name: call.actor.formal_name(),
            inviter_company: call.actor.company_name(),
            link: &link,
            expires_on: &expires_on,
            delegated: Some(Delegated {
                from_name: call.actor.formal_name(),
                requester_company: &held.requester_company,
                about: &held.about(),
            }),
        },
    )?;
    let letter = Letter {
        customer: account,
        request: Some(held.guid),
        kind: "welcome",
    };
    outgoing::queue(tx, (now, env), &letter, (guid, &composed, &[user.email.as_str()]))
}

/// Gives an active user what was handed to them, once it is known that their address is theirs. Of several hand-overs
/// of one request the last one counts. To be called whenever somebody comes in.
pub fn take_over(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), customer: Guid, user: Guid) -> Result<()> {
    let waiting = store::delegations::list_waiting(tx, customer, user)?;
    if waiting.is_empty() || store::users::is_unproven(tx, customer, user)? {
        return Ok(());
    }
    let active = UserStatus::Activated.slug();
    let Some(person) = store::users::find(tx, customer, user)?.filter(|person| person.status == active) else {
        return Ok(());
    };
    for request in waiting {
        take(tx, (now, env), (customer, &person), request)?;
    }
    store::delegations::update_taken(tx, customer, user, now)?;
    Ok(())
}

fn take(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), (account, person): (Guid, &User), request: Guid) -> Result<()> {
    let Some(held) = store::access_requests::find_any(tx, request, now, Held::of)? else {
        return Ok(());
    };
    // One that was closed stays with the person who had it then.
    if !matches!(held.status, Status::Active | Status::Inactive) {
        return Ok(());
    }
    store::access_requests::update_requestee(tx, held.customer, request, &requestee((account, person), now))?;
    let event = store::events::New {
        guid: new_guid(now, env.entropy.as_ref()),
        request,
        kind: "request.taken_over",
        actor: Some(person.guid),
        actor_name: Some(&person.formal_name),
        side: Some(Side::Vendor.slug()),
        detail: Some(&format!("from {}", held.requestee_name)),
        at: now,
    };
    store::events::insert(tx, held.customer, &event)?;
    tell_requester(tx, now, &held, &person.formal_name)
}

/// A user as the recipient of a request.
pub(super) fn requestee((account, person): (Guid, &User), now: Timestamp) -> Requestee<'_> {
    Requestee {
        account: Some((account, person.guid)),
        formal_name: &person.formal_name,
        friendly_name: &person.friendly_name,
        first_name: &person.first_name,
        last_name: &person.last_name,
        email: &person.email,
        phone: person.phone_number.as_deref().unwrap_or_default(),
        tos_date: person.tos_date.as_deref(),
        at: now,
    }
}

/// Tells the person who sent a request that somebody else has it now.
pub(super) fn tell_requester(tx: &mut Tx<'_>, now: Timestamp, held: &Held, name: &str) -> Result<()> {
    let telling = Telling {
        customer: held.customer,
        user: held.requester,
        request: held.guid,
        kind: "request.delegated",
        subject: &format!(
            "{} of {} handed your request to {name}",
            held.requestee_name, held.company_name
        ),
        body: "The request, its thread and its clocks stay as they are.",
    };
    notifications::tell(tx, now, &telling)
}
