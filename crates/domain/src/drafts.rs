//! An invitation as somebody wrote it, and the rules it must keep before it is sent.
//!
//! The order of the checks is part of the contract: the first broken rule is the one that is reported.

use crate::access_requests::Reason;
use crate::companies::{self, CompanyType};
use crate::emails;
use crate::limits;
use crate::people::split_name;
use crate::refusals::Refusal;
use crate::risk_vectors::{self, RiskVector};

/// An invitation as sent by the caller: nothing checked yet, absent texts empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// How to address the person.
    pub requestee_friendly_name: String,
    /// The person's full name.
    pub requestee_formal_name: String,
    /// The person's address.
    pub requestee_email: String,
    /// The invited company, as text: anything that is no guid is an unknown company.
    pub requestee_company_guid: String,
    /// The person's phone.
    pub requestee_phone: String,
    /// Shown to the recipient.
    pub message: String,
    /// Private to the sender's organisation.
    pub notes: Option<String>,
    /// Whether it counts as read from the start.
    pub read: bool,
    /// Addresses joined with commas.
    pub ccs: Option<String>,
    /// Findings to talk about.
    pub rolledup_observation_ids: Vec<String>,
    /// Days of access after acceptance; none: the account's own.
    pub trial_duration: Option<i64>,
    /// Reason slug; none: `other`.
    pub reason: Option<String>,
    /// Slugs or short ids of risk vectors.
    pub risk_vectors: Vec<String>,
    /// People who get the introduction only.
    pub third_parties: Vec<ThirdParty>,
}

/// Somebody who gets the introduction and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThirdParty {
    /// Address.
    pub email: String,
    /// Name, may be empty.
    pub name: String,
}

/// A person known before: the caller's contact at the company, or a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownPerson {
    /// How to address them.
    pub friendly_name: String,
    /// Full name.
    pub formal_name: String,
    /// Address.
    pub email: String,
    /// Phone, may be empty.
    pub phone: String,
}

/// What the rules need to know about the invited company.
#[derive(Clone, Debug)]
pub struct InvitedCompany {
    /// Its type.
    pub kind: CompanyType,
    /// Its domains.
    pub domains: Vec<String>,
}

/// The parts of a draft that survived the rules, in the form in which they are stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Addresses, trimmed, joined with commas; none where there were none.
    pub ccs: Option<String>,
    /// Findings, without repeats, in the order given.
    pub observations: Vec<String>,
    /// Reason, `other` by default.
    pub reason: Reason,
    /// Days of access, where the draft names them.
    pub trial_days: Option<i64>,
    /// Risk vectors named by the draft, without repeats.
    pub risk_vectors: Vec<&'static RiskVector>,
}

impl Draft {
    /// Fills empty requestee fields from the caller's contact at the company. A contact's names are taken only for
    /// the contact's own address.
    pub fn fill_from(&mut self, contact: &KnownPerson) {
        if self.requestee_email.trim().is_empty() {
            self.requestee_email.clone_from(&contact.email);
        }
        if emails::key(self.requestee_email.trim()) != emails::key(&contact.email) {
            return;
        }
        for (field, known) in [
            (&mut self.requestee_friendly_name, &contact.friendly_name),
            (&mut self.requestee_formal_name, &contact.formal_name),
            (&mut self.requestee_phone, &contact.phone),
        ] {
            if field.trim().is_empty() {
                field.clone_from(known);
            }
        }
    }

    /// Gives each of the two names from the other where one is missing, and trims what people type around.
    pub fn complete_names(&mut self) {
        for field in [
            &mut self.requestee_email,
            &mut self.requestee_friendly_name,
            &mut self.requestee_formal_name,
        ] {
            if field.trim().len() != field.len() {
                *field = field.trim().to_owned();
            }
        }
        if self.requestee_formal_name.is_empty() {
            self.requestee_formal_name.clone_from(&self.requestee_friendly_name);
        }
        if self.requestee_friendly_name.is_empty() {
            split_name(&self.requestee_formal_name)
                .0
                .clone_into(&mut self.requestee_friendly_name);
        }
    }

    /// Rule 1: the address is one.
    pub fn check_email(&self) -> Result<(), Refusal> {
        ensure(emails::is_valid(&self.requestee_email), Refusal::InvalidRequesteeEmail)
    }

    /// Rule 2: nobody invites themselves. `own` is empty for a token without a user.
    pub fn check_not_self(&self, own: &str) -> Result<(), Refusal> {
        let same = emails::key(&self.requestee_email) == emails::key(own);
        ensure(!same, Refusal::ToYourself)
    }

    /// Rules 4 to 7: the company can be invited, the address is its own, the ccs and findings are not too many.
    pub fn check_company(&self, company: &InvitedCompany) -> Result<(), Refusal> {
        ensure(company.kind.is_invitable(), Refusal::EntityNotUsable)?;
        let domains = company.domains.iter().map(String::as_str);
        ensure(
            companies::is_related(&self.requestee_email, domains),
            Refusal::UnrelatedEmailDomain,
        )?;
        let cc_chars = self.ccs.as_deref().map_or(0, |ccs| ccs.chars().count());
        ensure(cc_chars <= limits::CCS_CHARS, Refusal::CcsTooLong)?;
        ensure(
            self.rolledup_observation_ids.len() <= limits::OBSERVATIONS,
            Refusal::TooManyObservations,
        )
    }

    /// The last rules, after the findings were seen to be the company's: everything that names its field.
    pub fn check_fields(&self) -> Result<Checked, Refusal> {
        self.check_lengths()?;
        Ok(Checked {
            ccs: self.checked_ccs()?,
            observations: without_repeats(&self.rolledup_observation_ids),
            reason: self.checked_reason()?,
            trial_days: self.checked_trial()?,
            risk_vectors: self.checked_risk_vectors()?,
        })
    }

    fn check_lengths(&self) -> Result<(), Refusal> {
        if self.requestee_formal_name.is_empty() {
            return Err(Refusal::field(
                "requestee_formal_name",
                "is required where no contact of the company is known",
            ));
        }
        let notes = self.notes.as_deref().unwrap_or_default();
        for (field, text, most) in [
            (
                "requestee_formal_name",
                self.requestee_formal_name.as_str(),
                limits::NAME_CHARS,
            ),
            (
                "requestee_friendly_name",
                &self.requestee_friendly_name,
                limits::NAME_CHARS,
            ),
            ("requestee_phone", &self.requestee_phone, limits::PHONE_CHARS),
            ("message", &self.message, limits::TEXT_CHARS),
            ("notes", notes, limits::TEXT_CHARS),
        ] {
            check_length(field, text, most)?;
        }
        self.check_third_parties()
    }

    fn check_third_parties(&self) -> Result<(), Refusal> {
        let most = limits::THIRD_PARTIES;
        if self.third_parties.len() > most {
            return Err(Refusal::field("third_parties", format!("at most {most} people")));
        }
        for (index, person) in self.third_parties.iter().enumerate() {
            if !emails::is_valid(&person.email) {
                return Err(Refusal::field(
                    format!("third_parties[{index}].email"),
                    "is not an e-mail address",
                ));
            }
            check_length(
                &format!("third_parties[{index}].name"),
                &person.name,
                limits::NAME_CHARS,
            )?;
        }
        Ok(())
    }

    fn checked_ccs(&self) -> Result<Option<String>, Refusal> {
        let Some(ccs) = &self.ccs else { return Ok(None) };
        let entries: Vec<&str> = emails::split_list(ccs).collect();
        match entries.iter().find(|entry| !emails::is_valid(entry)) {
            Some(wrong) => Err(Refusal::field("ccs", format!("\"{wrong}\" is not an e-mail address"))),
            None => Ok((!entries.is_empty()).then(|| entries.join(","))),
        }
    }

    fn checked_reason(&self) -> Result<Reason, Refusal> {
        let slug = self.reason.as_deref().unwrap_or_default();
        if slug.is_empty() {
            return Ok(Reason::default());
        }
        // `self_requested` belongs to access links; nobody sends it.
        Reason::parse(slug)
            .filter(|reason| *reason != Reason::SelfRequested)
            .ok_or_else(|| {
                Refusal::field(
                    "reason",
                    "must be one of informational, remediation, validation, vulnerability, other",
                )
            })
    }

    fn checked_trial(&self) -> Result<Option<i64>, Refusal> {
        self.trial_duration.map(check_trial_days).transpose()
    }

    fn checked_risk_vectors(&self) -> Result<Vec<&'static RiskVector>, Refusal> {
        let most = limits::RISK_VECTORS;
        if self.risk_vectors.len() > most {
            return Err(Refusal::field(
                "context.risk_vectors",
                format!("at most {most} risk vectors"),
            ));
        }
        let mut vectors: Vec<&'static RiskVector> = Vec::new();
        for (index, slug) in self.risk_vectors.iter().enumerate() {
            let vector = risk_vectors::find(slug).ok_or_else(|| {
                let field = format!("context.risk_vectors[{index}].risk_vector.slug");
                Refusal::field(field, "is not a known risk vector")
            })?;
            if !vectors.contains(&vector) {
                vectors.push(vector);
            }
        }
        Ok(vectors)
    }
}

/// A trial's length in days, 1 to 365.
pub fn check_trial_days(days: i64) -> Result<i64, Refusal> {
    if limits::TRIAL_DAYS.contains(&days) {
        return Ok(days);
    }
    Err(Refusal::field(
        "trial_duration",
        "must be a whole number of days from 1 to 365",
    ))
}

/// Refuses a text of more than `most` characters.
pub fn check_length(field: &str, text: &str, most: usize) -> Result<(), Refusal> {
    // Bytes first: they are free to count, and never fewer than characters.
    if text.len() <= most || text.chars().count() <= most {
        return Ok(());
    }
    Err(Refusal::field(field, format!("at most {most} characters")))
}

fn without_repeats(ids: &[String]) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for id in ids {
        if !seen.contains(id) {
            seen.push(id.clone());
        }
    }
    seen
}

fn ensure(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

#[cfg(test)]
mod tests;
