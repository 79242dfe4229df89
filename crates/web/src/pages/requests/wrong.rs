//! A form that was refused: what was typed, and what is wrong with which field.

use liaison_domain::Refusal;

use crate::extract::FormFields;

/// What a page shows again after a refusal; empty on a page that is just looked at.
#[derive(Default)]
pub(crate) struct Wrong {
    /// Field and sentence.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// What is wrong with no field in particular.
    pub(crate) problem: String,
    typed: FormFields,
}

impl Wrong {
    /// The refusal of a form.
    pub(crate) fn of(refusal: &Refusal, typed: &FormFields) -> Wrong {
        let mut wrong = Wrong {
            typed: typed.clone(),
            ..Wrong::default()
        };
        match refusal {
            Refusal::Field { field, rule } => match subject(field) {
                Some((name, subject)) => wrong.fields.push((name, format!("{subject} {rule}."))),
                None => wrong.problem = format!("{refusal}."),
            },
            Refusal::UnrelatedEmailDomain => {
                let typed = typed.text("email").trim();
                let words = format!("The address must be at one of your company\u{2019}s domains. You wrote {typed}.");
                wrong.fields.push(("email", words));
            }
            other => wrong.problem = other.to_string(),
        }
        wrong
    }

    /// A field that could not even be read.
    pub(crate) fn field(name: &'static str, words: &str, typed: &FormFields) -> Wrong {
        Wrong {
            fields: vec![(name, words.to_owned())],
            problem: String::new(),
            typed: typed.clone(),
        }
    }

    /// What is wrong with a field, empty where nothing is.
    pub(crate) fn about(&self, field: &str) -> &str {
        let found = self.fields.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, words)| words)
    }

    /// What was typed into a field, or what stands there otherwise.
    pub(crate) fn typed<'t>(&'t self, field: &str, otherwise: &'t str) -> &'t str {
        if self.typed.has(field) {
            self.typed.text(field)
        } else {
            otherwise
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.problem.is_empty()
    }
}

/// A field's name in the forms, and what a sentence calls it.
fn subject(field: &str) -> Option<(&'static str, &'static str)> {
    Some(match field {
        "body" => ("body", "Your message"),
        "notes" => ("notes", "Your notes"),
        "trial_duration" => ("trial_duration", "The trial"),
        "formal_name" => ("formal_name", "The name"),
        "email" => ("email", "The address"),
        _ => return None,
    })
}
