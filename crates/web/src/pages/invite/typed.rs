//! What somebody typed into the form of an invitation, as text: it is carried from page to page until it is sent.

use liaison_domain::drafts::{Draft, ThirdParty};
use liaison_domain::people::split_name;
use liaison_operations::companies::Invitee;
use liaison_operations::portfolio::Contact;

use crate::extract::FormFields;

/// Rows of addresses that a form shows at most.
const MOST_ROWS: usize = 60;

/// The form as it was typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) company: String,
    pub(super) reason: String,
    pub(super) message: String,
    /// Ids of the ticked findings.
    pub(super) findings: Vec<String>,
    /// Slugs of the ticked risk vectors.
    pub(super) vectors: Vec<String>,
    pub(super) name: String,
    pub(super) friendly: String,
    pub(super) email: String,
    pub(super) ccs: Vec<String>,
    /// Name and address of each.
    pub(super) parties: Vec<(String, String)>,
    pub(super) trial: String,
    pub(super) notes: String,
    /// Which findings are listed.
    pub(super) show_vector: String,
    pub(super) show_severity: String,
    /// Tells this form from every other, so that it is sent once.
    pub(super) key: String,
}

impl Typed {
    pub(super) fn read(fields: &FormFields) -> Typed {
        let text = |name: &str| fields.text(name).to_owned();
        let all = |name: &'static str| {
            let mut values: Vec<String> = Vec::new();
            for value in fields.all(name).filter(|value| !value.is_empty()) {
                if !values.iter().any(|known| known == value) {
                    values.push(value.to_owned());
                }
            }
            values
        };
        let names = fields.all("party_name");
        let parties = names.zip(fields.all("party_email"));
        let parties = parties.map(|(name, email)| (name.to_owned(), email.to_owned()));
        Typed {
            company: text("company"),
            reason: text("reason"),
            message: text("message").replace("\r\n", "\n"),
            findings: all("finding"),
            vectors: all("vector"),
            name: text("name"),
            friendly: text("friendly"),
            email: text("email"),
            ccs: fields
                .all("cc")
                .filter(|cc| !cc.trim().is_empty())
                .map(str::to_owned)
                .collect(),
            parties: parties
                .filter(|(name, email)| !name.trim().is_empty() || !email.trim().is_empty())
                .collect(),
            trial: text("trial"),
            notes: text("notes").replace("\r\n", "\n"),
            show_vector: text("show_vector"),
            show_severity: text("show_severity"),
            key: Some(text("key")).filter(|key| is_key(key)).unwrap_or_default(),
        }
    }

    /// A form that nobody filled in yet: the contact of the company stands in it.
    pub(super) fn begin(invitee: &Invitee, query: &FormFields) -> Typed {
        let wanted = query.text("contact");
        let chosen = invitee
            .contacts
            .iter()
            .find(|contact| contact.guid.to_string() == wanted);
        let mut typed = Typed {
            company: invitee.guid.to_string(),
            trial: invitee.trial_duration.to_string(),
            ..Typed::read(query)
        };
        if typed.email.is_empty()
            && let Some(contact) = chosen.or_else(|| invitee.contacts.first())
        {
            typed.take(contact);
        }
        typed
    }

    /// Puts a contact in as the recipient.
    pub(super) fn take(&mut self, contact: &Contact) {
        self.name.clone_from(&contact.formal_name);
        // Where it is the first word of the name it is left to follow from it, should somebody type another name.
        self.friendly = match split_name(&contact.formal_name).0 == contact.friendly_name {
            true => String::new(),
            false => contact.friendly_name.clone(),
        };
        self.email.clone_from(&contact.email);
    }

    /// One more empty row.
    pub(super) fn add_row(&mut self, of: &str) {
        match of {
            "cc" if self.ccs.len() < MOST_ROWS => self.ccs.push(String::new()),
            "party" if self.parties.len() < MOST_ROWS => self.parties.push(Default::default()),
            _ => {}
        }
    }

    /// The fields that say what is sent, in a fixed order.
    pub(super) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = vec![
            ("company", self.company.as_str()),
            ("reason", &self.reason),
            ("message", &self.message),
            ("name", &self.name),
            ("friendly", &self.friendly),
            ("email", &self.email),
            ("trial", &self.trial),
            ("notes", &self.notes),
        ];
        pairs.extend(self.findings.iter().map(|id| ("finding", id.as_str())));
        pairs.extend(self.vectors.iter().map(|slug| ("vector", slug.as_str())));
        pairs.extend(self.ccs.iter().map(|cc| ("cc", cc.as_str())));
        for (name, email) in &self.parties {
            pairs.extend([("party_name", name.as_str()), ("party_email", email.as_str())]);
        }
        pairs
    }

    /// Digest of what is sent.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        liaison_operations::digest(query.finish().as_bytes())
    }

    /// The invitation, or the fields that cannot be read as one.
    pub(super) fn draft(&self) -> Result<Draft, Vec<(String, String)>> {
        let mut wrong = Vec::new();
        if self.reason.is_empty() {
            wrong.push((
                "reason".to_owned(),
                "Choose why you write: the recipient reads it first.".to_owned(),
            ));
        }
        if self.email.trim().is_empty() {
            // Left empty it would be the contact's, whose name may be another than the one typed here.
            wrong.push((
                "email".to_owned(),
                "Write the address of the person you invite.".to_owned(),
            ));
        }
        let trial = self.trial.trim();
        let days = trial.parse::<i64>().ok();
        if !trial.is_empty() && days.is_none() {
            let words = format!("The trial must be a whole number of days from 1 to 365. You wrote {trial}.");
            wrong.push(("trial".to_owned(), words));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let parties = self
            .parties
            .iter()
            .filter(|(name, email)| !(name.trim().is_empty() && email.trim().is_empty()));
        let parties = parties.map(|(name, email)| ThirdParty {
            email: email.trim().to_owned(),
            name: name.trim().to_owned(),
        });
        let ccs: Vec<&str> = self
            .ccs
            .iter()
            .map(|cc| cc.trim())
            .filter(|cc| !cc.is_empty())
            .collect();
        Ok(Draft {
            requestee_friendly_name: self.friendly.trim().to_owned(),
            requestee_formal_name: self.name.trim().to_owned(),
            requestee_email: self.email.trim().to_owned(),
            requestee_company_guid: self.company.clone(),
            message: self.message.clone(),
            notes: Some(self.notes.clone()).filter(|notes| !notes.trim().is_empty()),
            ccs: Some(ccs.join(",")).filter(|ccs| !ccs.is_empty()),
            rolledup_observation_ids: self.findings.clone(),
            trial_duration: days,
            reason: Some(self.reason.clone()),
            risk_vectors: self.vectors.clone(),
            third_parties: parties.collect(),
            ..Draft::default()
        })
    }
}

fn is_key(key: &str) -> bool {
    (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
