//! Query parameters: empty ones and unknown ones are passed over, and `a__b` is another spelling of `a.b`. Of several values
//! the last one wins, with two exceptions that known clients need: where a page begins is what the first says, because
//! they append their own parameters to the address of the next page; and lists that they send as repeated names add up.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use liaison_domain::{Guid, Timestamp, ids};

use crate::errors::ApiError;
use crate::state::Web;

/// Of this the first value counts.
const PLACE: &str = "offset";
/// The values of these add up.
const LISTS: [&str; 5] = ["fields", "expand", "sort", "infections", "vulnerabilities"];

/// The query of a request.
pub(crate) struct Params(HashMap<String, String>);

impl FromRequestParts<Web> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _web: &Web) -> Result<Params, Infallible> {
        Ok(Params::parse(parts.uri.query().unwrap_or_default()))
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

    /// Sets a parameter, whatever it was.
    pub(super) fn set(&mut self, name: &str, value: &str) {
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

    /// The entries of a comma list.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<&str>> {
        let text = self.text(name)?;
        Some(
            text.split(',')
                .map(str::trim)
                .filter(|entry| !entry.is_empty())
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
    fn numbers_and_moments() {
        let params = Params::parse("n=10&m=-1&x=ten&t=2026-01-02T00:00:00+01:00&d=2026-01-02&w=soon");
        assert_eq!(params.count("n").unwrap(), Some(10));
        assert!(params.count("m").is_err() && params.count("x").is_err() && params.moment("w").is_err());
        assert_eq!(params.moment("t").unwrap().unwrap().rfc3339(), "2026-01-01T23:00:00Z");
        assert_eq!(params.moment("d").unwrap().unwrap().rfc3339(), "2026-01-02T00:00:00Z");
    }
}
