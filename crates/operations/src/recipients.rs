//! Whether invitations could reach people, before any is sent.

use std::collections::HashMap;

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, companies, emails, limits, mail_providers};
use liaison_mail::domains;
pub use liaison_mail::domains::Deliverability;
use liaison_store as store;

use crate::{App, Call, Result};

/// Somebody who might be invited.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The company.
    pub company: Option<Guid>,
    /// The address.
    pub email: String,
}

/// What is wrong with an address. `Display` is the documented text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is none.
    #[error("Invalid email format")]
    Format,
    /// Its domain takes no mail.
    #[error("Invalid email domain")]
    Domain,
    /// Anybody gets an address there.
    #[error("Email belongs to a public email provider")]
    PublicProvider,
    /// It is none of the company's, or the company is not in the portfolio.
    #[error("Email is unrelated to this company")]
    Unrelated,
}

/// Judges addresses by all that is known without DNS: the domain of each that is right so far.
pub fn judge(
    tx: &mut Tx<'_>,
    call: &Call<'_>,
    recipients: &[Recipient],
    exclude_public: bool,
) -> Result<Vec<std::result::Result<String, Fault>>> {
    call.actor.require_inviter()?;
    if recipients.len() > limits::RECIPIENTS_PER_CALL {
        let most = limits::RECIPIENTS_PER_CALL;
        return Err(Refusal::field("email_validations", format!("at most {most} addresses")).into());
    }
    let mut named: Vec<Guid> = recipients.iter().filter_map(|recipient| recipient.company).collect();
    named.sort_unstable();
    named.dedup();
    let followed = store::portfolio::list_known(tx, call.actor.customer_guid, &named)?;
    let known = store::companies::list_by_guids(tx, &followed)?;
    let known: HashMap<Guid, Vec<String>> = known
        .into_iter()
        .map(|company| (company.guid, company.domains))
        .collect();
    let judged = recipients.iter().map(|recipient| {
        let email = recipient.email.trim();
        let host = email.rsplit_once('@').and_then(|(_, host)| emails::to_a_label(host));
        let host = host.filter(|_| emails::is_valid(email)).ok_or(Fault::Format)?;
        if exclude_public && mail_providers::is_public(&host) {
            return Err(Fault::PublicProvider);
        }
        let domains = recipient.company.and_then(|company| known.get(&company));
        let domains = domains.into_iter().flatten().map(String::as_str);
        match companies::is_related(email, domains) {
            true => Ok(host),
            false => Err(Fault::Unrelated),
        }
    });
    Ok(judged.collect())
}

impl App {
    /// What DNS says of some domains: of the first 100, within 15 seconds. What was not found out is left out.
    pub async fn look_up_domains(&self, mut domains: Vec<String>) -> HashMap<String, Deliverability> {
        domains.sort_unstable();
        domains.dedup();
        domains.truncate(limits::DOMAINS_PER_CALL);
        match &self.mail_domains {
            Some(known) => domains::look_up_all(known, domains).await,
            None => HashMap::new(),
        }
    }
}
