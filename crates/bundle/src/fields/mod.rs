//! The fields of one row, taken one by one: each is checked where it is taken, and what nobody takes is refused.
//! Not here: which fields a row has.

mod json;

use std::borrow::Cow;
use std::ops::RangeInclusive;

use liaison_domain::{Guid, dates, ids};
use serde::de::Deserialize;
use serde_json::value::RawValue;

use self::json::{Entries, compact, plain};
pub(crate) use self::json::{Shape, is_json};

use crate::problem::{Place, Problems, escaped};

/// The fields of one JSON object, a row or a part of one. Problems are noted and the reading goes on, so values of a
/// refused row mean nothing.
pub(crate) struct Fields<'r, 'p> {
    entries: Vec<(Cow<'r, str>, &'r RawValue)>,
    pub(crate) place: Place,
    /// Path of the object inside the row, with a slash at its end, or empty.
    path: String,
    pub(crate) problems: &'p mut Problems,
}

impl<'r, 'p> Fields<'r, 'p> {
    /// The fields of a row, none where it is not an object.
    pub(crate) fn read(text: &'r str, place: Place, problems: &'p mut Problems) -> Option<Fields<'r, 'p>> {
        Fields::read_part(text, place, String::new(), problems)
    }

    fn read_part(text: &'r str, place: Place, path: String, problems: &'p mut Problems) -> Option<Fields<'r, 'p>> {
        let entries = match serde_json::from_str(text) {
            Ok(Entries(entries)) => entries,
            Err(error) => {
                let reason = if error.is_data() {
                    "must be an object".to_owned()
                } else {
                    plain(&error)
                };
                problems.add(place, path.trim_end_matches('/'), reason);
                return None;
            }
        };
        for (index, (key, _)) in entries.iter().enumerate() {
            if entries[..index].iter().any(|(earlier, _)| earlier == key) {
                problems.add(place, &format!("{path}{}", escaped(key)), "occurs twice");
            }
        }
        Some(Fields {
            entries,
            place,
            path,
            problems,
        })
    }

    /// Notes a problem with a field.
    pub(crate) fn refuse(&mut self, name: &str, reason: impl Into<String>) {
        self.problems.add(self.place, &format!("{}{name}", self.path), reason);
    }

    /// Refuses what was not taken.
    pub(crate) fn finish(self) {
        for (key, _) in self.entries {
            self.problems.add(
                self.place,
                &format!("{}{}", self.path, escaped(&key)),
                "is not a known key",
            );
        }
    }

    /// A field, none where it is missing or null.
    pub(crate) fn take(&mut self, name: &str) -> Option<&'r RawValue> {
        let mut found = None;
        self.entries.retain(|(key, value)| {
            let is_it = key == name;
            if is_it {
                found = Some(*value);
            }
            !is_it
        });
        found.filter(|value| value.get() != "null")
    }

    fn value<T: Deserialize<'r>>(&mut self, name: &str, wanted: &str) -> Option<T> {
        let raw = self.take(name)?;
        match serde_json::from_str(raw.get()) {
            Ok(value) => Some(value),
            Err(error) if error.is_data() => {
                self.refuse(name, format!("must be {wanted}"));
                None
            }
            Err(error) => {
                self.refuse(name, plain(&error));
                None
            }
        }
    }

    /// Whether a field is there; notes a problem where not.
    fn has(&mut self, name: &str) -> bool {
        let there = self
            .entries
            .iter()
            .any(|(key, value)| key == name && value.get() != "null");
        if !there {
            self.take(name);
            self.refuse(name, "is required");
        }
        there
    }

    /// Text of at most `most` characters.
    pub(crate) fn text(&mut self, name: &str, most: usize) -> Option<String> {
        let text: String = self.value(name, "text")?;
        if text.contains('\0') {
            self.refuse(name, "must not contain the character U+0000");
        } else if text.len() > most && text.chars().count() > most {
            self.refuse(name, format!("must have at most {most} characters"));
        }
        Some(text)
    }

    /// Text that has to be there and not blank.
    pub(crate) fn needed_text(&mut self, name: &str, most: usize) -> String {
        if !self.has(name) {
            return String::new();
        }
        let text = self.text(name, most);
        if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            self.refuse(name, "must not be empty");
        }
        text.unwrap_or_default()
    }

    /// A guid.
    pub(crate) fn guid(&mut self, name: &str) -> Option<Guid> {
        let text: String = self.value(name, "a guid")?;
        let guid = ids::parse_guid(&text).filter(|guid| !guid.is_nil());
        if guid.is_none() {
            self.refuse(name, GUID_FORM);
        }
        guid
    }

    /// A guid that has to be there.
    pub(crate) fn needed_guid(&mut self, name: &str) -> Guid {
        if self.has(name) {
            self.guid(name).unwrap_or_default()
        } else {
            Guid::nil()
        }
    }

    /// A date.
    pub(crate) fn date(&mut self, name: &str) -> Option<String> {
        let text: String = self.value(name, "a date")?;
        if !dates::is_date(&text) {
            self.refuse(name, "must be a date written YYYY-MM-DD");
        }
        Some(text)
    }

    /// A date that has to be there.
    pub(crate) fn needed_date(&mut self, name: &str) -> String {
        if self.has(name) {
            self.date(name).unwrap_or_default()
        } else {
            String::new()
        }
    }

    /// A whole number in a range.
    pub(crate) fn integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let number: i64 = self.value(name, "a whole number")?;
        if !range.contains(&number) {
            let reason = match (*range.start(), *range.end()) {
                (least, i64::MAX) => format!("must be at least {least}"),
                (least, most) => format!("must be between {least} and {most}"),
            };
            self.refuse(name, reason);
        }
        Some(number)
    }

    /// A whole number in a range that has to be there.
    pub(crate) fn needed_integer(&mut self, name: &str, range: RangeInclusive<i64>) -> i64 {
        if self.has(name) {
            self.integer(name, range).unwrap_or_default()
        } else {
            0
        }
    }

    /// A number in a range.
    pub(crate) fn number(&mut self, name: &str, range: RangeInclusive<f64>) -> Option<f64> {
        let raw = self.take(name)?.get();
        // The grammar of JSON's numbers is part of Rust's, whose reading is exact.
        let is_number = raw.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let number: Option<f64> = raw.parse().ok().filter(|_| is_number);
        match number {
            Some(number) if range.contains(&number) => return Some(number),
            Some(_) => self.refuse(name, format!("must be between {} and {}", range.start(), range.end())),
            None => self.refuse(name, "must be a number"),
        }
        None
    }

    /// True or false.
    pub(crate) fn flag(&mut self, name: &str, default: bool) -> bool {
        self.value(name, "true or false").unwrap_or(default)
    }

    /// True, false or unknown.
    pub(crate) fn optional_flag(&mut self, name: &str) -> Option<bool> {
        self.value(name, "true or false")
    }

    /// One of a few words.
    pub(crate) fn word(&mut self, name: &str, words: &[&'static str], default: &'static str) -> String {
        self.optional_word(name, words).unwrap_or_else(|| default.to_owned())
    }

    /// One of a few words, or none.
    pub(crate) fn optional_word(&mut self, name: &str, words: &[&'static str]) -> Option<String> {
        let text: String = self.value(name, "text")?;
        if !words.contains(&text.as_str()) {
            self.refuse(name, format!("must be one of {}", words.join(", ")));
        }
        Some(text)
    }

    /// Texts.
    pub(crate) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.value(name, "an array of texts")
    }

    /// The items of an array.
    pub(crate) fn items(&mut self, name: &str) -> Vec<&'r RawValue> {
        self.value(name, "an array").unwrap_or_default()
    }

    /// An object inside this one.
    pub(crate) fn object(&mut self, name: &str) -> Option<Fields<'r, '_>> {
        let raw = self.take(name)?;
        Fields::read_part(raw.get(), self.place, format!("{}{name}/", self.path), self.problems)
    }

    /// An item of an array of this object.
    pub(crate) fn item(&mut self, name: &str, index: usize, raw: &'r RawValue) -> Option<Fields<'r, '_>> {
        Fields::read_part(
            raw.get(),
            self.place,
            format!("{}{name}/{index}/", self.path),
            self.problems,
        )
    }

    /// JSON that is stored as it is, but for the spaces.
    pub(crate) fn json(&mut self, name: &str, shape: Shape) -> String {
        let Some(raw) = self.take(name) else {
            return shape.nothing().to_owned();
        };
        let text = compact(raw.get());
        if let Err(reason) = shape.check(&text) {
            self.refuse(name, reason);
        }
        text
    }
}

/// What is said of a guid in another form.
pub(crate) const GUID_FORM: &str = "must be a guid in its form of 36 characters";
