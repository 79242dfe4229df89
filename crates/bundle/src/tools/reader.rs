//! Reading the JSON of tools: each entry by itself, so that what is wrong is named by its place and the rest is read on.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::observation::Observation;
use crate::problem::Problems;
use liaison_domain::limits;

/// Gathers what a file says.
pub(super) struct Reader<'p> {
    pub(super) found: Vec<Observation>,
    /// Entries that are no findings: passed checks, sums, what the tool could not try.
    pub(super) passed_over: u64,
    problems: &'p mut Problems,
}

impl<'p> Reader<'p> {
    pub(super) fn new(problems: &'p mut Problems) -> Reader<'p> {
        Reader {
            found: Vec::new(),
            passed_over: 0,
            problems,
        }
    }

    /// Names something wrong.
    pub(super) fn refuse(&mut self, pointer: &str, reason: impl Into<String>) {
        let pointer = pointer.to_owned();
        self.problems.add_at(|_| pointer, reason);
    }

    /// Takes an observation, or the reason why it is none.
    pub(super) fn take(&mut self, pointer: &str, observed: Result<Option<Observation>, String>) {
        match observed {
            Err(reason) => self.refuse(pointer, reason),
            Ok(None) => self.passed_over += 1,
            Ok(Some(_)) if self.found.len() >= limits::TOOL_FINDINGS => {
                if self.found.len() == limits::TOOL_FINDINGS && self.problems.count() == 0 {
                    self.refuse(
                        "",
                        format!("a file can have at most {} findings", limits::TOOL_FINDINGS),
                    );
                }
            }
            Ok(Some(observation)) => self.found.push(observation),
        }
    }

    /// Some JSON as a `T`. `pointer` is where it stands.
    pub(super) fn typed<'t, T: Deserialize<'t>>(&mut self, pointer: &str, text: &'t str) -> Option<T> {
        let mut json = serde_json::Deserializer::from_str(text);
        match serde_path_to_error::deserialize(&mut json) {
            Ok(value) => Some(value),
            Err(error) => {
                let path = error.path().to_string();
                let inside = path.replace(['[', '.'], "/").replace(']', "");
                let whole = match inside.as_str() {
                    "/" | "?" | "" => pointer.to_owned(),
                    inside if pointer.starts_with("line ") => format!("{pointer}, {inside}"),
                    inside => format!("{pointer}/{inside}"),
                };
                self.refuse(&whole, reason(error.inner()));
                None
            }
        }
    }

    /// The entries of a file that is an array, or one entry after the other.
    pub(super) fn entries<'t>(&mut self, text: &'t str) -> Vec<(String, &'t str)> {
        if text.trim_start().starts_with('[') {
            let entries: Option<Vec<&RawValue>> = self.typed("", text);
            let entries = entries.unwrap_or_default().into_iter().enumerate();
            return entries.map(|(index, raw)| (format!("/{index}"), raw.get())).collect();
        }
        let (mut entries, mut line, mut at) = (Vec::new(), 1, 0);
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        loop {
            let next = stream.next();
            let start = match &next {
                Some(Ok(raw)) => stream.byte_offset() - raw.get().len(),
                _ => stream.byte_offset(),
            };
            line += text.get(at..start).unwrap_or_default().matches('\n').count();
            at = start;
            match next {
                None => return entries,
                Some(Ok(raw)) => entries.push((format!("line {line}"), raw.get())),
                Some(Err(error)) => {
                    self.refuse(&format!("line {}", error.line()), reason(&error));
                    return entries;
                }
            }
        }
    }
}

/// An error of the JSON parser without its place, which counts from the start of the entry.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let (text, _) = text.rsplit_once(" at line ").unwrap_or((&text, ""));
    text.chars().take(200).collect()
}
