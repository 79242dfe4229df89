//! `/settings`: what people set for themselves, and what administrators set for their customer.

pub(crate) mod collaboration;
pub(crate) mod profile;
pub(crate) mod tokens;
pub(crate) mod users;

use http::StatusCode;
use liaison_domain::{Guid, ids};
use liaison_operations::settings::ROWS;

use super::PageError;
use crate::errors::ApiError;
use crate::extract::{FormFields, Params};

/// A form that was refused: what was typed, and what is wrong with which field. Empty on a page that is looked at.
#[derive(Default)]
pub(crate) struct Wrong {
    fields: Vec<(String, String)>,
    typed: FormFields,
}

impl Wrong {
    /// The refusal of a form, or the error again where no field is to blame.
    fn of(error: PageError, typed: &FormFields) -> Result<Wrong, PageError> {
        let PageError::Problem(problem) = &error else {
            return Err(error);
        };
        let Some(field) = problem.field() else {
            return Err(error);
        };
        let rule = problem
            .detail
            .strip_prefix(field)
            .and_then(|rest| rest.strip_prefix(": "));
        let rule = rule.unwrap_or(&problem.detail);
        let verb = if rule.starts_with("at most") { "has " } else { "" };
        let words = format!("{} {verb}{}.", subject(field), rule.trim_end_matches('.'));
        Ok(Wrong::field(field, words, typed))
    }

    fn field(field: &str, words: String, typed: &FormFields) -> Wrong {
        Wrong {
            fields: vec![(field.to_owned(), words)],
            typed: typed.clone(),
        }
    }

    /// What is wrong with a field, empty where nothing is.
    fn about(&self, field: &str) -> &str {
        let found = self.fields.iter().find(|(name, _)| name == field);
        found.map_or("", |(_, words)| words)
    }

    /// What was typed into a field, or what stands there otherwise.
    fn typed<'t>(&'t self, field: &str, otherwise: &'t str) -> &'t str {
        if self.typed.has(field) {
            self.typed.text(field)
        } else {
            otherwise
        }
    }

    /// Whether a box is ticked: as it was sent with the form `part`, or as it stands otherwise.
    fn ticked(&self, part: &str, field: &str, otherwise: bool) -> bool {
        if self.typed.text("part") == part {
            self.typed.has(field)
        } else {
            otherwise
        }
    }

    fn status(&self) -> StatusCode {
        if self.fields.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

/// What a sentence calls a field.
fn subject(field: &str) -> &'static str {
    match field {
        "formal_name" => "The name",
        "friendly_name" => "The short name",
        "phone_number" => "The phone number",
        "present_password" => "The present password",
        "password" => "The new password",
        "email" => "The address",
        "role" => "The role",
        "group" => "The group",
        "description" => "The description",
        "trial_duration" => "The trial",
        "switch" => "Switching off",
        "welcome" => "The link",
        _ => "This",
    }
}

/// A form that no page of ours shows.
fn unknown_form() -> PageError {
    PageError::not_found()
}

/// The guid of a path; what is none is the nil guid, which nothing has.
fn guid(text: &str) -> Guid {
    ids::parse_guid(text).unwrap_or_default()
}

/// Where one is in a long list: pages of 50 rows, counted from 1.
struct Place {
    page: i64,
    total: i64,
}

impl Place {
    /// The page that the query names.
    fn wanted(params: &Params) -> Result<i64, ApiError> {
        Ok(params.count("page")?.unwrap_or(1).clamp(1, 1_000_000))
    }

    fn offset(page: i64) -> i64 {
        (page - 1) * ROWS
    }

    fn words(&self, what: &str) -> String {
        if self.total <= ROWS && self.page == 1 {
            return format!("{} {what}", self.total);
        }
        let first = Place::offset(self.page) + 1;
        let last = (first + ROWS - 1).min(self.total);
        format!("{first} to {last} of {} {what}", self.total)
    }

    fn newer(&self) -> Option<i64> {
        (self.page > 1).then(|| self.page - 1)
    }

    fn older(&self) -> Option<i64> {
        (self.page * ROWS < self.total).then(|| self.page + 1)
    }
}
