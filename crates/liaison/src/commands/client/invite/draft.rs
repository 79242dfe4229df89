//! The parts of an invitation, from flags to the documented body.

use clap::Args;
use liaison_domain::emails;
use serde_json::{Map, Value, json};

use super::super::filters;
use crate::failure::Failure;

/// What an invitation says.
#[derive(Debug, Args)]
pub(crate) struct Invitation {
    /// Company to invite: guid, domain or name
    pub(super) company: String,
    /// Address of the person; at one of the company's domains [default: the contact assigned to the company]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    to: Option<String>,
    /// Full name of the person
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// How to address them [default: the first word of the name]
    #[arg(long, value_name = "NAME")]
    friendly_name: Option<String>,
    /// Their phone number
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// What they read: text, @FILE, or - for standard input; without it, on a terminal, your $EDITOR opens
    #[arg(long, short, value_name = "TEXT")]
    pub(super) message: Option<String>,
    /// Id of a finding that belongs to it, from `liaison findings`; may be repeated
    #[arg(long = "finding", value_name = "ID")]
    findings: Vec<String>,
    /// Slug of a risk vector that it is about; may be repeated
    #[arg(long = "risk-vector", value_name = "SLUG", value_delimiter = ',')]
    risk_vectors: Vec<String>,
    /// Why: informational, remediation, validation, vulnerability or other [default: other]
    #[arg(long, value_name = "REASON", ignore_case = true, hide_possible_values = true, value_parser = filters::reasons())]
    reason: Option<String>,
    /// Address that gets a copy of the introduction; may be repeated
    #[arg(long = "cc", value_name = "ADDRESS", value_delimiter = ',', value_parser = address)]
    ccs: Vec<String>,
    /// Somebody else who gets the introduction, `Name <address>`; may be repeated
    #[arg(long = "third-party", value_name = "PERSON", value_parser = third_party)]
    third_parties: Vec<(String, String)>,
    /// Only your organisation reads this
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    /// Days of access after they accept [default: the server's]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=365))]
    trial_days: Option<u16>,
}

fn address(text: &str) -> Result<String, String> {
    let text = text.trim();
    if emails::is_valid(text) {
        return Ok(text.to_owned());
    }
    Err("write an address like ann@blackhills.com".to_owned())
}

/// `Name <address>`, or an address.
fn third_party(text: &str) -> Result<(String, String), String> {
    let (name, mail) = match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, mail)) => (name.trim().trim_matches('"').trim(), mail),
        None => ("", text),
    };
    let mail = address(mail).map_err(|_| "write `Name <address>`, like 'Ada Auditor <ada@auditors.example>'")?;
    Ok((name.to_owned(), mail))
}

impl Invitation {
    /// Whether the flags make sense together.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        if has(&self.to) && !has(&self.name) && !has(&self.friendly_name) {
            return Err(Failure::usage(
                "--name is needed with --to, for example --name 'Ann Perry'",
            ));
        }
        if !has(&self.to) && (has(&self.name) || has(&self.friendly_name)) {
            return Err(Failure::usage(
                "--to is needed with --name; without both the contact of the company is invited",
            ));
        }
        Ok(())
    }

    /// What stands in `vendor_access_request`. Empty requestee fields stand for the company's contact.
    pub(super) fn body(&self, company: &str, message: &str) -> Value {
        let text = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_owned();
        let (formal, friendly) = (text(&self.name), text(&self.friendly_name));
        let first = formal.split_whitespace().next().unwrap_or_default().to_owned();
        let mut body = Map::new();
        let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
        put("requestee_company_guid", company.into());
        put("requestee_email", text(&self.to).into());
        put(
            "requestee_friendly_name",
            if friendly.is_empty() {
                first.into()
            } else {
                friendly.clone().into()
            },
        );
        put(
            "requestee_formal_name",
            if formal.is_empty() {
                friendly.into()
            } else {
                formal.into()
            },
        );
        let optional = [
            ("requestee_phone", text(&self.phone)),
            ("message", message.to_owned()),
            ("notes", text(&self.notes)),
            ("ccs", self.ccs.join(",")),
        ];
        for (key, value) in optional.into_iter().filter(|(_, value)| !value.is_empty()) {
            put(key, value.into());
        }
        put("reason", self.reason.as_deref().unwrap_or("other").into());
        if !self.findings.is_empty() {
            put("rolledup_observation_ids", json!(self.findings));
        }
        if !self.risk_vectors.is_empty() {
            let vectors = self
                .risk_vectors
                .iter()
                .map(|slug| json!({"risk_vector": {"slug": slug}}));
            put("context", json!({"risk_vectors": vectors.collect::<Value>()}));
        }
        if !self.third_parties.is_empty() {
            let people = self
                .third_parties
                .iter()
                .map(|(name, email)| json!({"name": name, "email": email}));
            put("third_parties", people.collect());
        }
        if let Some(days) = self.trial_days {
            put("trial_duration", days.into());
        }
        Value::Object(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_read_as_mail_programs_write_them() {
        let read = |text: &str| third_party(text).unwrap();
        let ada = ("Ada Auditor".to_owned(), "ada@auditors.example".to_owned());
        assert_eq!(read("Ada Auditor <ada@auditors.example>"), ada);
        assert_eq!(read(" \"Ada Auditor\" < ada@auditors.example >"), ada);
        assert_eq!(read("ada@auditors.example").0, "");
        for wrong in ["", "Ada", "Ada <>", "<ada@auditors.example> x", "Ada <ada>"] {
            assert!(third_party(wrong).is_err(), "{wrong}");
        }
    }
}
