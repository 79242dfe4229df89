//! Accepting: what a link leads to, and spending it once. A link is looked at as often as anyone likes.

use liaison_db::Tx;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::companies::CustomerType;
use liaison_domain::people::{Role, UserStatus, split_name};
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Refusal, Timestamp, drafts, emails, limits};
use liaison_store as store;
use liaison_store::access_requests::{Acceptance as Stored, AccessRequest};
use liaison_store::customers::Customer;
use liaison_store::users::User;

use super::{delegate, telling};
use crate::sessions::{self, SignedIn};
use crate::{App, Env, Error, Result, digest, new_guid};

/// What an invited person reads before deciding.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the request")]
pub struct Invitation {
    pub request_guid: Guid,
    pub requester_name: String,
    pub requester_email: String,
    pub requester_company: String,
    pub requestee_name: String,
    pub requestee_email: String,
    pub requestee_company_guid: Guid,
    pub requestee_company: String,
    pub reason: String,
    pub message: String,
    pub observations_count: i64,
    pub trial_duration: i64,
    pub expires_at: Timestamp,
    pub status: Status,
    pub(super) customer_guid: Guid,
    is_copied: bool,
    friendly_name: String,
    phone: String,
}

/// What accepting came to: enough to open a session for the person.
#[derive(Clone, Debug)]
pub struct Entered {
    /// What was accepted.
    pub invitation: Invitation,
    /// When access ends.
    pub access_ends_at: Timestamp,
    /// The person's customer.
    pub customer_guid: Guid,
    /// The person's user.
    pub user_guid: Guid,
}

/// What an invited person gives to come in. The password is hashed already: that takes too long for a transaction.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The person's name as they write it.
    pub formal_name: String,
    /// Hash of their new password.
    pub password_hash: String,
    /// Whether they accepted the terms.
    pub terms_accepted: bool,
}

/// What an invited person typed.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Their name as they write it.
    pub formal_name: String,
    /// Their new password.
    pub password: String,
    /// Whether they accepted the terms.
    pub terms_accepted: bool,
    /// What their browser calls itself.
    pub user_agent: String,
}

/// The invitation behind a link's token. Changes nothing.
pub fn look_up_link(tx: &mut Tx<'_>, token: &str, now: Timestamp) -> Result<Invitation> {
    let link = store::activation_links::find(tx, &digest(token.as_bytes()))?.ok_or(Refusal::LinkGone)?;
    if link.spent_at.is_some() || link.expires_at <= now {
        return Err(Refusal::LinkGone.into());
    }
    let mut invitation = find_invitation(tx, link.request_guid, now)?;
    invitation.is_copied = link.is_copied;
    if invitation.status == Status::Pending {
        Ok(invitation)
    } else {
        Err(Refusal::LinkGone.into())
    }
}

/// Spends a link: makes the person's account, opens the request. Gives when access ends.
pub fn accept(tx: &mut Tx<'_>, env: &Env, now: Timestamp, (token, given): (&str, &Acceptance)) -> Result<Entered> {
    let invitation = look_up_link(tx, token, now)?;
    if !given.terms_accepted {
        return Err(Refusal::field("terms", "have to be accepted").into());
    }
    let formal_name = given.formal_name.trim();
    if formal_name.is_empty() {
        return Err(Refusal::field("formal_name", "is required").into());
    }
    drafts::check_length("formal_name", formal_name, limits::NAME_CHARS)?;
    if store::activation_links::update_spent(tx, &digest(token.as_bytes()), now)? == 0 {
        return Err(Refusal::LinkGone.into());
    }
    let trial_ends_at = now.plus_days(invitation.trial_duration);
    let customer = guest_customer(tx, env, (now, trial_ends_at), &invitation)?;
    let user = guest_user(tx, env, now, (&customer, &invitation, given))?;
    let (first_name, last_name) = split_name(formal_name);
    let stored = Stored {
        customer_guid: customer.guid,
        user_guid: user,
        formal_name,
        first_name,
        last_name,
        at: now,
        trial_ends_at: Some(trial_ends_at),
    };
    if store::access_requests::update_accepted(tx, invitation.request_guid, &stored)? == 0 {
        return Err(Refusal::LinkGone.into());
    }
    let event = store::events::New {
        guid: new_guid(now, env.entropy.as_ref()),
        request: invitation.request_guid,
        kind: "request.accepted",
        actor: Some(user),
        actor_name: Some(formal_name),
        side: Some(Side::Vendor.slug()),
        detail: None,
        at: now,
    };
    store::events::insert(tx, invitation.customer_guid, &event)?;
    telling::accepted(tx, now, invitation.request_guid)?;
    delegate::take_over(tx, (now, env), customer.guid, user)?;
    // An activation mail that still waits carries a link that is spent now.
    store::mails::update_superseded(tx, invitation.request_guid, now)?;
    Ok(Entered {
        invitation,
        access_ends_at: trial_ends_at,
        customer_guid: customer.guid,
        user_guid: user,
    })
}

/// The request of a link belongs to no caller yet: it is found by its guid alone, which only the link gives away.
fn find_invitation(tx: &mut Tx<'_>, guid: Guid, now: Timestamp) -> Result<Invitation> {
    store::access_requests::find_any(tx, guid, now, invitation)?.ok_or_else(|| Refusal::LinkGone.into())
}

fn invitation(request: &AccessRequest<'_>) -> Invitation {
    Invitation {
        request_guid: request.guid,
        requester_name: request.requester_formal_name.to_owned(),
        requester_email: request.requester_email.to_owned(),
        requester_company: request.requester_company_name.to_owned(),
        requestee_name: request.requestee_formal_name.to_owned(),
        requestee_email: request.requestee_email.to_owned(),
        requestee_company_guid: request.requestee_company_guid,
        requestee_company: request.requestee_company_name.to_owned(),
        reason: request.reason.to_owned(),
        // What somebody wrote who asked to be invited is not the requester's to say to them.
        message: if request.reason == Reason::SelfRequested.slug() {
            String::new()
        } else {
            request.message.to_owned()
        },
        observations_count: request.observations_count,
        trial_duration: request.trial_duration,
        expires_at: request.expires_at,
        status: request.status,
        customer_guid: request.customer_guid,
        is_copied: false,
        friendly_name: request.requestee_friendly_name.to_owned(),
        phone: request.requestee_phone.to_owned(),
    }
}

/// The account of the invited company's guests: the one there is, or a new one. Never a full account of the company:
/// who is invited by an outsider gets to see what they were invited to, and nothing else.
fn guest_customer(
    tx: &mut Tx<'_>,
    env: &Env,
    (now, ends): (Timestamp, Timestamp),
    invitation: &Invitation,
) -> Result<Customer> {
    if let Some(customer) = store::customers::find_vendor_access(tx, invitation.requestee_company_guid)? {
        if !customer.is_active {
            // Switched off by somebody who had a reason: a new account would undo that.
            return Err(Refusal::LinkGone.into());
        }
        store::customers::update_access_extended(tx, customer.guid, ends)?;
        return Ok(customer);
    }
    let customer = Customer {
        guid: new_guid(now, env.entropy.as_ref()),
        name: invitation.requestee_company.clone(),
        kind: CustomerType::VendorAccess.slug().to_owned(),
        my_company_guid: Some(invitation.requestee_company_guid),
        is_active: true,
        trial_duration: limits::DEFAULT_TRIAL_DAYS,
        access_ends_at: Some(ends),
    };
    store::customers::upsert(tx, &customer, now)?;
    Ok(customer)
}

/// Why a copied link does not come in where somebody is known already.
const HAS_ACCOUNT: &str =
    "cannot be set by a link that was copied, because this address has an account here; ask for the link by mail";

/// The person's user: made now, or brought back with the new password where they were here before.
fn guest_user(
    tx: &mut Tx<'_>,
    env: &Env,
    now: Timestamp,
    (customer, invitation, given): (&Customer, &Invitation, &Acceptance),
) -> Result<Guid> {
    let known = store::users::find_by_email(tx, customer.guid, &emails::key(&invitation.requestee_email))?;
    if known
        .as_ref()
        .is_some_and(|user| user.status == UserStatus::Deactivated.slug())
    {
        // Switched off by somebody who had a reason: an invitation does not undo that.
        return Err(Refusal::LinkGone.into());
    }
    let waits = |user: &User| user.status == UserStatus::Created.slug() && user.password_hash.is_none();
    if invitation.is_copied && known.as_ref().is_some_and(|user| !waits(user)) {
        // Whoever copied it could take the account over, and read what others sent there.
        return Err(Refusal::field("password", HAS_ACCOUNT).into());
    }
    let (first_name, last_name) = split_name(&given.formal_name);
    let user = User {
        guid: known
            .as_ref()
            .map_or_else(|| new_guid(now, env.entropy.as_ref()), |user| user.guid),
        email: invitation.requestee_email.clone(),
        friendly_name: invitation.friendly_name.clone(),
        formal_name: given.formal_name.trim().to_owned(),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        phone_number: Some(invitation.phone.clone()).filter(|phone| !phone.trim().is_empty()),
        role: known.map_or_else(|| Role::PortfolioManager.slug().to_owned(), |user| user.role),
        group_guid: None,
        status: UserStatus::Activated.slug().to_owned(),
        tos_date: Some(now.date()),
        last_login: Some(now.date()),
        is_collaboration_contact: false,
        password_hash: Some(given.password_hash.clone()),
    };
    store::users::upsert(tx, customer.guid, &user, now)?;
    if store::users::update_unproven(tx, customer.guid, user.guid, invitation.is_copied)? > 0 {
        // What an earlier holder of the address made for themselves ends with its change of hands.
        store::api_tokens::update_revoked_of_user(tx, customer.guid, user.guid, now)?;
    }
    Ok(user.guid)
}

impl App {
    /// Reads the invitation behind a link, outside of any account.
    pub async fn look_up_link(&self, token: String) -> Result<Invitation> {
        let now = self.now();
        self.db.read(move |tx| look_up_link(tx, &token, now)).await
    }

    /// Accepts an invitation: checks the password, hashes it, spends the link, and opens a session.
    pub async fn accept(&self, token: String, typed: Typed) -> Result<(Entered, SignedIn)> {
        // Cheap refusals first, so that a dead link costs no hashing.
        self.look_up_link(token.clone()).await?;
        let given = Acceptance {
            formal_name: typed.formal_name,
            password_hash: self.hash_password(typed.password).await?,
            terms_accepted: typed.terms_accepted,
        };
        let (now, env) = (self.now(), self.env.clone());
        let entered = self
            .db
            .write(move |tx| {
                let entered = accept(tx, &env, now, (&token, &given))?;
                let who = (entered.customer_guid, entered.user_guid);
                // What was set before is no longer the password: nobody stays in by it.
                liaison_store::sessions::delete_of_user(tx, who.0, who.1, None)?;
                let session = sessions::open(tx, (now, &env), who, &typed.user_agent)?;
                Ok::<_, Error>((entered, session))
            })
            .await?;
        (self.mail_bell)();
        Ok(entered)
    }
}

/// What anybody may know of a request who knows its guid: that it was sent, by which company, and when.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The company that sent it.
    pub requester_company: String,
    /// When its last mail was written.
    pub sent_at: Timestamp,
}

impl App {
    /// Confirms to somebody with a mail in hand that it came from here.
    pub async fn verify_request(&self, guid: Guid) -> Result<Verified> {
        let now = self.now();
        let view = |request: &AccessRequest<'_>| Verified {
            requester_company: request.requester_company_name.to_owned(),
            sent_at: request.email_sent_at,
        };
        self.db
            .read(move |tx| store::access_requests::find_any(tx, guid, now, view)?.ok_or(Error::NotFound))
            .await
    }
}
