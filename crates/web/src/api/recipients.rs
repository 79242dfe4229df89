//! Helpers before an invitation: whether addresses could be invited, and whom the caller knows at companies.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use liaison_domain::{Guid, Refusal, ids, limits};
use liaison_operations::contacts;
use liaison_operations::recipients::{self, Deliverability, Fault, Recipient};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::{Caller, Write, typed};
use crate::openapi::{Needs, Operation, example, tag};
use crate::state::Web;

/// Addresses to be judged.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "RecipientEmails")]
struct Sent {
    /// Whether DNS is asked if the domains take mail.
    #[serde(default = "yes")]
    check_deliverability: bool,
    /// Whether addresses at public mail providers are wrong.
    #[serde(default = "yes")]
    exclude_public_provider_domains: bool,
    #[schemars(length(max = 1000))]
    email_validations: Vec<SentEmail>,
}

/// An address, and the company it should belong to.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "RecipientEmail")]
struct SentEmail {
    company_guid: String,
    email: String,
}

fn yes() -> bool {
    true
}

/// The judgement.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecipientEmailsJudged")]
struct Judged {
    email_validations: Vec<JudgedEmail>,
}

/// An address with its judgement.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecipientEmailJudged")]
struct JudgedEmail {
    company_guid: String,
    email: String,
    /// Whether it is an address of the company. One whose domain could not be looked up is.
    email_valid: bool,
    /// Why not.
    error_message: Option<String>,
    /// What is known of its domain.
    deliverability: Known,
}

/// Whether a domain takes mail.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Deliverability")]
enum Known {
    /// DNS says so.
    Yes,
    /// DNS says it does not.
    No,
    /// DNS did not answer in time, or there were too many domains.
    Unknown,
    /// Nobody asked DNS: it was not wanted, is switched off, or the address is wrong anyway.
    NotChecked,
}

pub(crate) const VALIDATE: Operation = Operation::new(
    "POST",
    "validateRecipientEmails",
    tag::CONTACTS,
    "Judge addresses before inviting",
)
.about(
    "200 whatever the judgement is. The rules are judged in this order: the format, the public provider, the domains of \
     the company, and last DNS, so that only domains of companies in the portfolio are looked up: 100 in one call at \
     most.",
)
.body::<Sent>()
.answers::<Judged>(200, "The judgement of each address, in the order of the body.")
.refuses(&[400, 403])
.needs(Needs::Inviter)
.example(example!("validateRecipientEmails"));

/// `POST /companies/validate-recipient-emails`: judge addresses.
pub(crate) async fn validate(State(web): State<Web>, caller: Caller, mut write: Write) -> Result<Response, ApiError> {
    let body = write.body.take();
    let judged = web.app.read_as(caller.token_sha256, move |tx, call| {
        call.actor.require_inviter()?;
        let sent: Sent = typed(&body)?;
        let people: Vec<Recipient> = sent.email_validations.iter().map(recipient).collect();
        let judged = recipients::judge(tx, call, &people, sent.exclude_public_provider_domains)?;
        Ok((judged, sent))
    });
    let (judged, sent) = judged.await?;
    let is_asked = sent.check_deliverability && web.app.mail_domains.is_some();
    // Outside of the transaction: others do not wait for a name server.
    let found = match is_asked {
        true => {
            web.app
                .look_up_domains(judged.iter().flatten().cloned().collect())
                .await
        }
        false => HashMap::new(),
    };
    let rows = sent.email_validations.into_iter().zip(judged);
    let answer = Judged {
        email_validations: rows
            .map(|(sent, judged)| told(sent, judged, (is_asked, &found)))
            .collect(),
    };
    Ok(conventions::json(wire::json(&answer)?))
}

fn recipient(sent: &SentEmail) -> Recipient {
    Recipient {
        company: ids::parse_guid(&sent.company_guid),
        email: sent.email.clone(),
    }
}

fn told(
    sent: SentEmail,
    judged: Result<String, Fault>,
    (is_asked, found): (bool, &HashMap<String, Deliverability>),
) -> JudgedEmail {
    let (fault, deliverability) = match judged {
        Err(fault) => (Some(fault), Known::NotChecked),
        Ok(_) if !is_asked => (None, Known::NotChecked),
        Ok(domain) => match found.get(&domain) {
            Some(Deliverability::Yes) => (None, Known::Yes),
            Some(Deliverability::No) => (Some(Fault::Domain), Known::No),
            Some(Deliverability::Unknown) | None => (None, Known::Unknown),
        },
    };
    JudgedEmail {
        company_guid: sent.company_guid,
        email: sent.email,
        email_valid: fault.is_none(),
        error_message: fault.map(|fault| fault.to_string()),
        deliverability,
    }
}

/// Which companies.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CollaborationContactsQuery")]
struct Asked {
    /// Guids of companies.
    #[schemars(length(max = 1000))]
    companies: Vec<String>,
}

/// Whom the caller knows at companies.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CollaborationContacts")]
struct KnownContacts {
    companies: Vec<CompanyContacts>,
}

/// Whom the caller knows at a company.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CollaborationContactsOfCompany")]
struct CompanyContacts {
    guid: Guid,
    primary_domain: String,
    /// Addresses of the caller's own contacts, the oldest first.
    contact_emails: Vec<String>,
}

pub(crate) const COLLABORATION_CONTACTS: Operation = Operation::new(
    "POST",
    "queryCollaborationContacts",
    tag::CONTACTS,
    "Whom the caller knows at companies",
)
.about(
    "The caller's own contacts. Whom a company has named to be told about requests is nobody's business but its own: \
     their names and addresses are told to no one. Companies that are not in the portfolio are left out.",
)
.body::<Asked>()
.answers::<KnownContacts>(200, "The companies, in the order of the body.")
.refuses(&[400])
.example(example!("queryCollaborationContacts"));

/// `POST /companies/collaboration-contacts/query`: whom the caller knows.
pub(crate) async fn collaboration_contacts(
    State(web): State<Web>,
    caller: Caller,
    mut write: Write,
) -> Result<Response, ApiError> {
    let body = write.body.take();
    let answer = web.app.read_as(caller.token_sha256, move |tx, call| {
        let asked: Asked = typed(&body)?;
        if asked.companies.len() > limits::FILTER_COMPANIES {
            return Err(Refusal::field("companies", "at most 1000 guids").into());
        }
        let guids: Vec<Guid> = asked
            .companies
            .iter()
            .filter_map(|text| ids::parse_guid(text))
            .collect();
        let known = contacts::list_of_companies(tx, call, &guids)?.into_iter();
        let companies = known.map(|known| CompanyContacts {
            guid: known.company_guid,
            primary_domain: known.primary_domain,
            contact_emails: known.emails,
        });
        wire::json(&KnownContacts {
            companies: companies.collect(),
        })
    });
    Ok(conventions::json(answer.await?))
}
