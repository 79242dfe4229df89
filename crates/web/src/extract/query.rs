//! Query parameters: empty ones and unknown ones are passed over, and `a__b` is another spelling of `a.b`. Of several values
//! the last one wins, with two exceptions that known clients need: where a page begins is what the first says, because
//! they append their own parameters to the address of the next page; and lists that they send as repeated names add up.

use std::collections::{HashMap, HashSet};

use axum::extract::FromRequestParts;
use http::request::Parts;
use liaison_domain::{Guid, Timestamp, ids, limits};

use super::Caller;
use crate::errors::ApiError;
use crate::state::Web;

/// Of this the first value counts.
const PLACE: &str = "offset";
/// The values of these add up.
const LISTS: [&str; 5] = ["fields", "expand", "sort", "infections", "vulnerabilities"];

/// Lists of names, of which there are few.
const NAMES: [&str; 4] = ["fields", "exclude_fields", "expand", "sort"];

/// The query of a request.
pub(crate) struct Params(HashMap<String, String>);

impl FromRequestParts<Web> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Params, ApiError> {
        let params = Params::parse(parts.uri.query().unwrap_or_default());
        match (params.check(), Caller::of(&parts.headers)) {
            (Ok(()), _) => Ok(params),
            // Who may not come in at all hears that first.
            (refused, Ok(caller)) => caller.checked(web, refused).await.map(|()| params),
            (Err(refusal), Err(_)) => Err(refusal),
        }
    }
}

impl Params {
    pub(crate) fn parse(query: &str) -> Params {
        let mut params: HashMap<String, String> = HashMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let (name, value) = (name.replace("__", "."), clean(&value));
            match params.get_mut(&name) {
                Some(_) if name == PLACE => {}
                Some(known) if LISTS.contains(&name.as_str()) => {
                    known.push(',');
                    known.push_str(&value);
                }
                _ => {
                    params.insert(name, value);
                }
            }
        }
        Params(params)
    }

    /// Refuses what no honest client sends and what would only cost time.
    pub(super) fn check(&self) -> Result<(), ApiError> {
        if self.0.len() > limits::PARAMETERS {
            let rule = format!("at most {} parameters", limits::PARAMETERS);
            return Err(ApiError::parameter("query", &rule));
        }
        for (name, value) in &self.0 {
            if name.chars().count() > limits::PARAMETER_NAME_CHARS {
                let rule = format!(
                    "names of parameters have at most {} characters",
                    limits::PARAMETER_NAME_CHARS
                );
                return Err(ApiError::parameter("query", &rule));
            }
            let most = match NAMES.contains(&name.as_str()) {
                true => limits::NAMES,
                false => limits::FILTER_ENTRIES,
            };
            if value.bytes().filter(|byte| *byte == b',').count() >= most {
                return Err(ApiError::parameter(name, &format!("takes {most} entries at most")));
            }
        }
        Ok(())
    }

    /// Sets a parameter, whatever it was.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.replace("__", "."), clean(value));
    }

    /// A parameter's value, none where it is absent or empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Every parameter but those named, in a fixed order.
    pub(crate) fn others<'p>(&'p self, without: &[&str]) -> Vec<(&'p str, &'p str)> {
        let all = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut others: Vec<_> = all.filter(|(name, _)| !without.contains(name)).collect();
        others.sort_unstable();
        others
    }

    /// A guid. Text that is no guid becomes the nil guid, which nothing has: it matches nothing.
    pub(crate) fn guid(&self, name: &str) -> Option<Guid> {
        self.text(name).map(|text| ids::parse_guid(text).unwrap_or_default())
    }

    /// The entries of a comma list, each once. One that is longer than anything it could mean is left out: it finds nothing.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<&str>> {
        let mut seen = HashSet::new();
        let entries = self.text(name)?.split(',').map(str::trim);
        Some(
            entries
                .filter(|entry| !entry.is_empty() && entry.len() <= limits::ENTRY_BYTES && seen.insert(*entry))
                .collect(),
        )
    }

    /// `true` or `false`, in any case.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.text(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(ApiError::parameter(name, "must be true or false")),
        }
    }

    /// A day, `YYYY-MM-DD`.
    pub(crate) fn date(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.text(name) {
            Some(text) if !liaison_domain::dates::is_date(text) => {
                Err(ApiError::parameter(name, "must be a day, YYYY-MM-DD"))
            }
            text => Ok(text),
        }
    }

    /// A whole number from 0.
    pub(crate) fn count(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.parse::<i64>() {
            Ok(number) if number >= 0 => Ok(Some(number)),
            _ => Err(ApiError::parameter(name, "must be a whole number from 0")),
        }
    }

    /// A moment (RFC 3339) or a date (its midnight, UTC).
    pub(crate) fn moment(&self, name: &str) -> Result<Option<Timestamp>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        // A plus sign that was not percent-encoded arrives as a space.
        let moment = Timestamp::parse(&text.replace(' ', "+"));
        moment
            .map(Some)
            .ok_or_else(|| ApiError::parameter(name, "must be YYYY-MM-DD or an RFC 3339 time"))
    }
}

/// No database text holds a NUL, so nothing is found by one; but it must not be an error either.
fn clean(value: &str) -> String {
    value.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_wins_and_empty_is_absent() {
        let params = Params::parse("a=1&a=2&b=&=x&c=%20&d=x%2Cy,,z&&&e");
        assert_eq!(params.text("a"), Some("2"));
        assert_eq!(params.text("b"), None);
        assert_eq!(params.text("c"), None);
        assert_eq!(params.text("e"), None);
        assert_eq!(params.list("d"), Some(vec!["x", "y", "z"]));
    }

    #[test]
    fn what_clients_repeat() {
        let params = Params::parse("offset=3&limit=9&fields=a&limit=2&offset=1&fields=b&roles__slug=x&roles.slug=y");
        assert_eq!((params.text("offset"), params.text("limit")), (Some("3"), Some("2")));
        assert_eq!(params.list("fields"), Some(vec!["a", "b"]));
        assert_eq!(params.text("roles.slug"), Some("y"));
    }

    #[test]
    fn limits_at_their_edges() {
        let is_taken = |query: String| Params::parse(&query).check().is_ok();
        let list = |name: &str, entries: usize| format!("{name}={}", vec!["a"; entries].join(","));
        assert!(is_taken(list("sort", 100)) && !is_taken(list("sort", 101)));
        assert!(is_taken(list("guid", 10_000)) && !is_taken(list("guid", 10_001)));
        let entries = |bytes: usize| {
            Params::parse(&format!("guid={},b", "a".repeat(bytes)))
                .list("guid")
                .unwrap()
                .len()
        };
        assert_eq!((entries(2000), entries(2001)), (2, 1));
        let name = |chars: usize| format!("{}=1", "n".repeat(chars));
        assert!(is_taken(name(100)) && !is_taken(name(101)));
        let many = |count: usize| (0..count).map(|at| format!("p{at}=1&")).collect::<String>();
        assert!(is_taken(many(200)) && !is_taken(many(201)));
    }

    #[test]
    fn an_entry_counts_once() {
        assert_eq!(Params::parse("sort=a,b,a,,b").list("sort"), Some(vec!["a", "b"]));
    }

    #[test]
    fn numbers_and_moments() {
        let params = Params::parse("n=10&m=-1&x=ten&t=2026-01-02T00:00:00+01:00&d=2026-01-02&w=soon");
        assert_eq!(params.count("n").unwrap(), Some(10));
        assert!(params.count("m").is_err() && params.count("x").is_err() && params.moment("w").is_err());
        assert_eq!(params.moment("t").unwrap().unwrap().rfc3339(), "2026-01-01T23:00:00Z");
        assert_eq!(params.moment("d").unwrap().unwrap().rfc3339(), "2026-01-02T00:00:00Z");
    }
}
