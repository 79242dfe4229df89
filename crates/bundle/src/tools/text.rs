//! Texts of foreign tools: bounded, without NUL, and places brought to one spelling.

use liaison_domain::{Timestamp, dates};
use url::Url;

/// Characters of a rule and of a place, which make the id: a longer one is refused.
pub(super) const KEY_CHARS: usize = 1024;
/// Characters of a title or an explanation: a longer one is cut.
const WORDS_CHARS: usize = 2000;
/// Tags that are kept, and characters of one.
const TAGS: (usize, usize) = (20, 64);

/// A text that is part of the id.
pub(super) fn key(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    match text {
        "" => Err("must not be empty"),
        _ if text.contains('\0') => Err("must not contain NUL characters"),
        _ if text.chars().count() > KEY_CHARS => Err("must have at most 1024 characters"),
        _ => Ok(text.to_owned()),
    }
}

/// A text for people, cut where it is too long.
pub(super) fn words(text: &str) -> String {
    let clean = text.trim().replace('\0', "\u{fffd}");
    match clean.char_indices().nth(WORDS_CHARS) {
        None => clean,
        Some((end, _)) => format!("{}…", clean[..end].trim_end()),
    }
}

/// Tags, each once, the first twenty.
pub(super) fn tags<'t>(given: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let (most, length) = TAGS;
    let mut tags: Vec<String> = Vec::new();
    for tag in given {
        let tag: String = words(tag).chars().take(length).collect();
        if !tag.is_empty() && !tags.contains(&tag) && tags.len() < most {
            tags.push(tag);
        }
    }
    tags
}

/// The CVE numbers among some words.
pub(super) fn cves<'t>(given: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in given {
        let word = word.trim().to_ascii_uppercase();
        let digits = word.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
        let is_cve = digits.is_some_and(|(year, number)| {
            let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            year.len() == 4 && all(year) && all(number) && number.len() < 20
        });
        if is_cve && !found.contains(&word) && found.len() < TAGS.0 {
            found.push(word);
        }
    }
    found
}

/// The day of a date or a time.
pub(super) fn day(text: &str) -> Option<String> {
    let text = text.trim();
    if dates::is_date(text) {
        return Some(text.to_owned());
    }
    Timestamp::parse(text).map(Timestamp::date)
}

/// A place in one spelling, with its host and port.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) text: String,
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
}

/// A URL without its query, which differs from run to run; `host:port`; or the text as it is.
pub(super) fn place(text: &str) -> Result<Place, &'static str> {
    let text = key(text)?;
    if text.contains("://") {
        return Ok(of_url(&text).unwrap_or(Place {
            text,
            ..Place::default()
        }));
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => return Ok(bare(text)),
        },
        _ => (text.as_str(), None),
    };
    if !is_host(host) {
        return Ok(bare(text));
    }
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    Ok(Place {
        text: port.map_or_else(|| host.clone(), |port| format!("{host}:{port}")),
        host: Some(host),
        port,
    })
}

/// The same for what is a file unless it is a URL.
pub(super) fn file(text: &str) -> Result<Place, &'static str> {
    if text.contains("://") {
        place(text)
    } else {
        key(text).map(bare)
    }
}

fn bare(text: String) -> Place {
    Place {
        text,
        ..Place::default()
    }
}

/// Whether a text can be a host: a name with a dot in it, or an address.
fn is_host(text: &str) -> bool {
    let inside = text.trim_matches(['[', ']']);
    let is_name = inside.contains('.')
        && inside
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
        && !inside.starts_with('.');
    inside.parse::<std::net::IpAddr>().is_ok() || is_name
}

fn of_url(text: &str) -> Option<Place> {
    let mut url = Url::parse(text).ok()?;
    let host = url.host_str()?.to_owned();
    url.set_query(None);
    url.set_fragment(None);
    // Who signed in with which password is nobody's business.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let port = url.port_or_known_default();
    let text = url.as_str().trim_end_matches('/').to_owned();
    Some(Place {
        text,
        host: Some(host),
        port,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_one_spelling() {
        for (given, text, host, port) in [
            (
                "HTTPS://User:x@WWW.Example.com:443/a/?q=1#f",
                "https://www.example.com/a",
                Some("www.example.com"),
                Some(443),
            ),
            (
                "http://192.0.2.7:8080/",
                "http://192.0.2.7:8080",
                Some("192.0.2.7"),
                Some(8080),
            ),
            (
                "WWW.example.com:22",
                "www.example.com:22",
                Some("www.example.com"),
                Some(22),
            ),
            ("192.0.2.7", "192.0.2.7", Some("192.0.2.7"), None),
            (
                "[2001:db8::7]:443",
                "[2001:db8::7]:443",
                Some("[2001:db8::7]"),
                Some(443),
            ),
            ("2001:db8::7", "2001:db8::7", Some("2001:db8::7"), None),
            ("src/main/App.java", "src/main/App.java", None, None),
            ("file:///a/b", "file:///a/b", None, None),
        ] {
            let found = place(given).unwrap();
            assert_eq!(
                (found.text.as_str(), found.host.as_deref(), found.port),
                (text, host, port),
                "{given}"
            );
        }
        assert!(place("  ").is_err() && place("a\0b").is_err() && place(&"x".repeat(1025)).is_err());
        assert!(place(&"x".repeat(1024)).is_ok());
    }

    #[test]
    fn words_are_bounded_and_numbers_are_found() {
        assert_eq!(words(&"\u{fc}".repeat(3000)).chars().count(), 2001);
        assert_eq!(words(" a\0b "), "a\u{fffd}b");
        assert_eq!(
            cves(["cve-2021-44228", "CVE-21-1", "x", "CVE-2021-44228"]),
            ["CVE-2021-44228"]
        );
        assert_eq!(tags(["a", "", "a", "b"]), ["a", "b"]);
        assert_eq!(day("2026-11-10T23:30:00-02:00").as_deref(), Some("2026-11-11"));
        assert_eq!(day("soon"), None);
    }
}
