//! Asking to be invited: somebody with an access link says who they are, and the customer's administrators decide.

use liaison_db::Tx;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::companies::{self, CompanyType};
use liaison_domain::people::{UserStatus, split_name};
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Refusal, Timestamp, drafts, emails, limits};
use liaison_store as store;
use liaison_store::access_links::AccessLink;
use liaison_store::customers::Customer;

use crate::notifications::{Telling, tell};
use crate::{Env, Error, Result, new_guid, outgoing};

/// What somebody writes who asks to be invited.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The link they came by.
    pub link_guid: Guid,
    /// Their name, 1 to 255 characters.
    pub formal_name: String,
    /// Their address, at a domain of a company of the inventory.
    pub email: String,
    /// Their phone, up to 64 characters.
    pub phone: String,
    /// Why they ask, up to 10 000 characters.
    pub message: String,
    /// Their company as they call it, up to 255 characters: it decides where several have the domain.
    pub company_name: String,
}

/// What they are told, whether they asked for the first time or again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The company that will decide.
    pub company_name: String,
    /// The address to which its answer goes.
    pub email: String,
}

/// Asks in the name of whoever has the link. Where the address waits for an answer already, nothing new is made and
/// nobody is told again; the answer is the same. A link that is unknown, deleted or switched off is not found.
pub fn ask(tx: &mut Tx<'_>, env: &Env, now: Timestamp, wish: &Ask) -> Result<Asked> {
    let (link, customer) = store::access_links::find_open(tx, wish.link_guid, now)?.ok_or(Error::NotFound)?;
    let customer = store::customers::find(tx, customer)?.ok_or(Error::NotFound)?;
    let wish = checked(wish)?;
    let company = find_company(tx, &customer, &wish)?;
    let requester = Requester::of(tx, &customer, &link)?;
    let asked = Asked {
        company_name: requester.company_name.clone(),
        email: wish.email.clone(),
    };
    // Before the address is looked for: that there is no room must not depend on it.
    if store::access_requests::count_asked(tx, customer.guid)? >= limits::WAITING_FOR_APPROVAL {
        return Err(Refusal::TooManyWaiting.into());
    }
    if store::access_requests::find_asked(tx, customer.guid, &emails::key(&wish.email))?.is_some() {
        return Ok(asked);
    }
    let request = Request {
        guid: new_guid(now, env.entropy.as_ref()),
        customer: &customer,
        link: &link,
        wish: &wish,
        company: &company,
    };
    request.store(tx, now, &requester)?;
    request.record(tx, env, now)?;
    request.tell_reviewers(tx, env, now)?;
    Ok(asked)
}

/// The wish with what people type around trimmed, and every rule kept.
fn checked(wish: &Ask) -> Result<Ask> {
    let checked = Ask {
        link_guid: wish.link_guid,
        formal_name: wish.formal_name.trim().to_owned(),
        email: wish.email.trim().to_owned(),
        phone: wish.phone.trim().to_owned(),
        message: wish.message.trim_end().to_owned(),
        company_name: wish.company_name.trim().to_owned(),
    };
    for (field, text, most) in [
        ("formal_name", &checked.formal_name, limits::NAME_CHARS),
        ("phone", &checked.phone, limits::PHONE_CHARS),
        ("company_name", &checked.company_name, limits::NAME_CHARS),
        ("message", &checked.message, limits::TEXT_CHARS),
    ] {
        if text.contains('\0') {
            return Err(Refusal::field(field, "must not contain NUL characters").into());
        }
        drafts::check_length(field, text, most)?;
    }
    if checked.formal_name.is_empty() {
        return Err(Refusal::field("formal_name", "is required").into());
    }
    if !emails::is_valid(&checked.email) {
        return Err(Refusal::field("email", "is not an e-mail address").into());
    }
    Ok(checked)
}

/// The company of somebody who asks.
struct Company {
    guid: Guid,
    name: String,
}

/// The company of the inventory that has the address's domain: the one with the narrowest, then the one that the
/// person names, then the oldest.
fn find_company(tx: &mut Tx<'_>, customer: &Customer, wish: &Ask) -> Result<Company> {
    let domains = companies::domains_of(&wish.email);
    let mut found = store::companies::list_by_domains(tx, &domains)?;
    found.retain(|(_, _, kind, _)| CompanyType::parse(kind).is_some_and(CompanyType::is_invitable));
    let is_own = |guid: Guid| Some(guid) == customer.my_company_guid;
    let of_own = found.iter().any(|(guid, ..)| is_own(*guid));
    found.retain(|(guid, ..)| !is_own(*guid));
    let place = |domain: &String| domains.iter().position(|known| known == domain);
    let is_named = |name: &str| name.to_lowercase() == wish.company_name.to_lowercase();
    let best = found
        .into_iter()
        .min_by_key(|(_, name, _, domain)| (place(domain), !is_named(name)));
    let Some((guid, name, ..)) = best else {
        let rule = if of_own {
            "belongs to the company that this link is of; ask with an address of another one"
        } else {
            "has a domain that no company of the inventory has; ask with the address that your company gave you"
        };
        return Err(Refusal::field("email", rule).into());
    };
    Ok(Company { guid, name })
}

/// In whose name the request stands: the user who made the link while they are active, else the customer.
struct Requester {
    guid: Guid,
    email: String,
    first_name: String,
    last_name: String,
    friendly_name: String,
    formal_name: String,
    company_guid: Option<Guid>,
    company_name: String,
}

impl Requester {
    fn of(tx: &mut Tx<'_>, customer: &Customer, link: &AccessLink) -> Result<Requester> {
        let company = match customer.my_company_guid {
            Some(company) => store::companies::find(tx, company)?,
            None => None,
        };
        let company_name = company.map_or_else(|| customer.name.clone(), |company| company.name);
        let author = store::users::find(tx, customer.guid, link.created_by.guid)?;
        let Some(user) = author.filter(|user| user.status == UserStatus::Activated.slug()) else {
            return Ok(Requester {
                guid: customer.guid,
                email: String::new(),
                first_name: String::new(),
                last_name: String::new(),
                friendly_name: customer.name.clone(),
                formal_name: customer.name.clone(),
                company_guid: customer.my_company_guid,
                company_name,
            });
        };
        Ok(Requester {
            guid: user.guid,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            friendly_name: user.friendly_name,
            formal_name: user.formal_name,
            company_guid: customer.my_company_guid,
            company_name,
        })
    }
}

/// A request on its way to being stored, with what was read for it.
struct Request<'r> {
    guid: Guid,
    customer: &'r Customer,
    link: &'r AccessLink,
    wish: &'r Ask,
    company: &'r Company,
}

impl Request<'_> {
    fn store(&self, tx: &mut Tx<'_>, now: Timestamp, requester: &Requester) -> Result<()> {
        let (wish, customer) = (self.wish, self.customer);
        let (first_name, last_name) = split_name(&wish.formal_name);
        let rating = self.rating(tx)?;
        let new = store::access_requests::New {
            guid: self.guid,
            customer_guid: customer.guid,
            requester_guid: requester.guid,
            requester_email: &requester.email,
            requester_first_name: &requester.first_name,
            requester_last_name: &requester.last_name,
            requester_friendly_name: &requester.friendly_name,
            requester_formal_name: &requester.formal_name,
            requester_company_guid: requester.company_guid,
            requester_company_name: &requester.company_name,
            requester_customer_name: &customer.name,
            requestee_customer_guid: None,
            requestee_user_guid: None,
            requestee_first_name: first_name,
            requestee_last_name: last_name,
            requestee_friendly_name: first_name,
            requestee_formal_name: &wish.formal_name,
            requestee_email: &wish.email,
            requestee_phone: &wish.phone,
            requestee_company_guid: self.company.guid,
            requestee_company_name: &self.company.name,
            requestee_tos_date: None,
            message: &wish.message,
            notes: None,
            ccs: None,
            reason: Reason::SelfRequested.slug(),
            hubspot_status: "CREATED",
            status: Status::Requested.slug(),
            is_read: false,
            created_at: now,
            expires_at: now.plus_days(limits::INVITATION_DAYS),
            trial_duration: customer.trial_duration,
            accepted_at: None,
            trial_ends_at: None,
            context_date: rating.as_ref().map(|rating| rating.rating_date.as_str()),
            context_rating: rating.as_ref().and_then(|rating| rating.rating),
            risk_vectors_mask: 0,
            risk_vectors_json: "[]",
            observations_count: 0,
            observations_json: "[]",
            third_parties_json: "[]",
        };
        store::access_requests::insert(tx, &new)?;
        store::access_requests::update_access_link(tx, customer.guid, self.guid, self.link.guid)?;
        Ok(())
    }

    /// The company's rating today, where the customer follows the company.
    fn rating(&self, tx: &mut Tx<'_>) -> Result<Option<store::ratings::Rating>> {
        match store::portfolio::find(tx, self.customer.guid, self.company.guid)? {
            Some(_) => Ok(store::ratings::find_newest(tx, self.company.guid)?),
            None => Ok(None),
        }
    }

    fn record(&self, tx: &mut Tx<'_>, env: &Env, now: Timestamp) -> Result<()> {
        let detail = format!("through the access link \"{}\"", self.link.name);
        let event = store::events::New {
            guid: new_guid(now, env.entropy.as_ref()),
            request: self.guid,
            kind: "request.asked",
            actor: None,
            actor_name: Some(&self.wish.formal_name),
            side: Some(Side::Vendor.slug()),
            detail: Some(&detail),
            at: now,
        };
        Ok(store::events::insert(tx, self.customer.guid, &event)?)
    }

    fn tell_reviewers(&self, tx: &mut Tx<'_>, env: &Env, now: Timestamp) -> Result<()> {
        let subject = format!("{} of {} asks to be invited", self.wish.formal_name, self.company.name);
        let body = format!(
            "They came through the access link \"{}\". Approve or reject it.",
            self.link.name
        );
        for reviewer in store::access_links::list_reviewers(tx, self.customer.guid, limits::REVIEWERS)? {
            let telling = Telling {
                customer: self.customer.guid,
                user: reviewer.guid,
                request: self.guid,
                kind: "request.asked",
                subject: &subject,
                body: &body,
            };
            tell(tx, now, &telling)?;
            if !reviewer.mails_on_requests {
                continue;
            }
            let guid = new_guid(now, env.entropy.as_ref());
            let composed = liaison_mail::link_used(
                &env.identity,
                &outgoing::stamp(guid, now),
                &liaison_mail::LinkUsed {
                    admin_name: &reviewer.formal_name,
                    admin_email: &reviewer.email,
                    person_name: &self.wish.formal_name,
                    person_email: &self.wish.email,
                    person_company: &self.company.name,
                    link_name: &self.link.name,
                    review_link: &outgoing::page(env, &format!("/requests/{}", self.guid)),
                },
            )?;
            let letter = outgoing::Letter {
                customer: self.customer.guid,
                request: Some(self.guid),
                kind: "link_used",
            };
            outgoing::queue(tx, (now, env), &letter, (guid, &composed, &[reviewer.email.as_str()]))?;
        }
        Ok(())
    }
}
