//! What the page of a company shows, prepared for its template.

use askama::Template;
use liaison_charts::{Heading, Markup, rating_line};
use liaison_domain::Guid;
use liaison_operations::companies::Profile;
use liaison_operations::findings::{Count, Listed, vector_name};
use liaison_operations::portfolio::Contact;

use super::FINDINGS;
use crate::extract::{FormFields, Params};
use crate::pages::portfolio::{day, day_of, why_not};
use crate::shell::Shell;

/// Which findings the query asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) vector: String,
    pub(super) severity: String,
    /// From 1.
    pub(super) page: i64,
}

impl Asked {
    pub(super) fn read(params: &Params) -> Asked {
        let text = |name: &str| params.text(name).unwrap_or_default().to_owned();
        Asked {
            vector: text("vector"),
            severity: text("severity"),
            page: params.count("page").ok().flatten().unwrap_or(1).clamp(1, 1_000_000),
        }
    }
}

/// A form of a contact that was refused.
pub(super) struct ContactForm {
    /// The contact; none for a new one.
    pub(super) contact: Option<Guid>,
    pub(super) fields: FormFields,
    pub(super) wrong: (String, String),
}

#[derive(Template)]
#[template(path = "company.html")]
pub(super) struct Show {
    pub(super) shell: Shell,
    pub(super) profile: Profile,
    pub(super) chart: Option<Markup>,
    pub(super) findings: Findings,
    pub(super) form: Option<ContactForm>,
}

/// The part of the page about findings.
pub(super) struct Findings {
    pub(super) asked: Asked,
    pub(super) listed: Vec<Listed>,
    pub(super) counts: Vec<Count>,
}

impl Show {
    pub(super) fn chart(profile: &Profile) -> Option<Markup> {
        let heading = Heading {
            id: "rating",
            title: "Rating",
        };
        (!profile.ratings.is_empty()).then(|| rating_line(heading, &profile.ratings).figure())
    }

    /// The newest rating.
    fn rating(&self) -> Option<i64> {
        self.profile.ratings.last().map(|(_, value)| *value)
    }

    /// Its homepage, where a browser may be sent there.
    fn homepage(&self) -> Option<&str> {
        let homepage = self.profile.company.homepage.as_deref()?;
        let is_web = ["https://", "http://"]
            .iter()
            .any(|scheme| homepage.starts_with(scheme));
        is_web.then_some(homepage)
    }

    /// `Technology, Software`.
    fn industry(&self) -> String {
        let company = &self.profile.company;
        let names = [&company.industry_name, &company.sub_industry_name];
        let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        names.join(", ")
    }

    /// What stands in a field of a contact's form: what was typed there, else what is stored.
    fn value<'s>(&'s self, contact: &'s Option<Contact>, field: &str) -> &'s str {
        if let Some(form) = self.refused(contact) {
            return form.fields.text(field);
        }
        let Some(contact) = contact else { return "" };
        match field {
            "formal_name" => &contact.formal_name,
            "friendly_name" => &contact.friendly_name,
            "email" => &contact.email,
            _ => contact.phone_number.as_deref().unwrap_or_default(),
        }
    }

    /// What is wrong with a field of a contact's form; empty where nothing is.
    fn error<'s>(&'s self, contact: &Option<Contact>, field: &str) -> &'s str {
        let form = self.refused(contact);
        form.filter(|form| form.wrong.0 == field)
            .map_or("", |form| &form.wrong.1)
    }

    fn refused(&self, contact: &Option<Contact>) -> Option<&ContactForm> {
        let guid = contact.as_ref().map(|contact| contact.guid);
        self.form.as_ref().filter(|form| form.contact == guid)
    }

    /// What the ids of a form's fields begin with, and the contact's guid where it has one.
    #[expect(clippy::unused_self, reason = "templates call it as they call the others")]
    fn form_id(&self, contact: &Option<Contact>) -> String {
        contact
            .as_ref()
            .map_or_else(|| "new".to_owned(), |contact| contact.guid.to_string())
    }

    /// Each contact's form, and that of a new one at the end.
    fn forms(&self) -> Vec<Option<Contact>> {
        let known = self.profile.contacts.iter().cloned().map(Some);
        known.chain([None]).collect()
    }
}

impl Findings {
    /// All findings of the company.
    fn total(&self) -> i64 {
        self.counts.iter().map(|counted| counted.count).sum()
    }

    /// The findings that the filter leaves.
    fn count(&self) -> i64 {
        let fits = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        let counted = self.counts.iter().filter(|counted| {
            fits(&self.asked.vector, &counted.risk_vector) && fits(&self.asked.severity, &counted.severity)
        });
        counted.map(|counted| counted.count).sum()
    }

    fn vectors(&self) -> Vec<(String, String, i64)> {
        vectors(&self.counts)
    }

    fn severities(&self) -> Vec<(String, i64)> {
        severities(&self.counts)
    }

    fn counted(&self) -> String {
        let (count, shown) = (self.count(), self.listed.len() as i64);
        let findings = if count == 1 { "finding" } else { "findings" };
        let first = (self.asked.page - 1) * FINDINGS + 1;
        match shown {
            _ if shown == count => format!("{count} {findings}"),
            0 => format!("None here, {count} {findings} in all"),
            _ => format!("{first} to {} of {count} {findings}", first + shown - 1),
        }
    }

    /// The addresses of the page before and the page after.
    fn pages(&self, company: &Guid) -> (String, String) {
        let page = self.asked.page;
        let to = |page: i64| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            for (name, value) in [("vector", &self.asked.vector), ("severity", &self.asked.severity)] {
                if !value.is_empty() {
                    query.append_pair(name, value);
                }
            }
            query.append_pair("page", &page.to_string());
            format!("/companies/{company}?{}#findings", query.finish())
        };
        let before = if page > 1 { to(page - 1) } else { String::new() };
        let after = if page * FINDINGS < self.count() {
            to(page + 1)
        } else {
            String::new()
        };
        (before, after)
    }
}

/// The risk vectors of some counts: slug, name, findings. By name.
pub(crate) fn vectors(counts: &[Count]) -> Vec<(String, String, i64)> {
    let mut found: Vec<(String, String, i64)> = Vec::new();
    for counted in counts {
        match found.iter_mut().find(|(slug, ..)| *slug == counted.risk_vector) {
            Some((.., sum)) => *sum += counted.count,
            None => {
                let name = vector_name(&counted.risk_vector).to_owned();
                found.push((counted.risk_vector.clone(), name, counted.count));
            }
        }
    }
    found.sort_by(|one, other| one.1.cmp(&other.1));
    found
}

/// The severities of some counts with their findings, the worst first; findings without one are left out.
pub(crate) fn severities(counts: &[Count]) -> Vec<(String, i64)> {
    let rank = |name: &str| {
        let known = ["severe", "material", "moderate", "minor"]
            .iter()
            .position(|known| *known == name);
        known.unwrap_or(usize::MAX)
    };
    let mut found: Vec<(String, i64)> = Vec::new();
    for counted in counts.iter().filter(|counted| !counted.severity.is_empty()) {
        match found.iter_mut().find(|(name, _)| *name == counted.severity) {
            Some((_, sum)) => *sum += counted.count,
            None => found.push((counted.severity.clone(), counted.count)),
        }
    }
    found.sort_by(|one, other| (rank(&one.0), &one.0).cmp(&(rank(&other.0), &other.0)));
    found
}

/// The kind of chip in which a severity stands.
pub(crate) fn severity_kind(severity: &str) -> &'static str {
    match severity {
        "severe" => "bad",
        "material" => "warn",
        _ => "",
    }
}

/// `Severe`.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
