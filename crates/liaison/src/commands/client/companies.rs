//! Finding a company, a folder or a tier by what people know of it.

use liaison_domain::ids;
use serde_json::Value;

use super::json;
use super::server::Server;
use crate::failure::Failure;

/// Companies named in a failure.
const NAMED: usize = 10;

/// A company that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its guid.
    pub(super) guid: String,
    /// Its name, where the search told it.
    pub(super) name: Option<String>,
}

/// The company of a guid, a domain or a name. A guid is taken as it is.
pub(super) fn find(server: &Server, text: &str) -> Result<Found, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Failure::usage("company: write a guid, a domain or a name"));
    }
    if let Some(guid) = ids::parse_guid(text) {
        return Ok(Found {
            guid: guid.to_string(),
            name: None,
        });
    }
    let looks_like_domain = text.contains('.') && !text.contains(char::is_whitespace);
    let mut found = Vec::new();
    for key in if looks_like_domain {
        &["domain", "name"][..]
    } else {
        &["name"]
    } {
        found = search(server, key, text)?;
        if !found.is_empty() {
            break;
        }
    }
    choose(text, &found)
}

fn search(server: &Server, key: &'static str, text: &str) -> Result<Vec<Value>, Failure> {
    let query = [(key, text.to_owned()), ("limit", "100".to_owned())];
    let reply = server.get("/v1/companies/search", &query).map_err(|trouble| {
        trouble.or_missing(|| "this server cannot look for companies; give the guid of the company instead".to_owned())
    })?;
    Ok(json::items(&reply.json, "results").to_vec())
}

/// The one that was meant: the only one, or the only one with exactly this name or domain.
fn choose(text: &str, found: &[Value]) -> Result<Found, Failure> {
    let is_exact = |company: &&Value| {
        ["name", "primary_domain"]
            .iter()
            .any(|key| json::str(company, key).eq_ignore_ascii_case(text))
    };
    let all: Vec<&Value> = found.iter().collect();
    let exact: Vec<&Value> = found.iter().filter(is_exact).collect();
    match (exact.as_slice(), all.as_slice()) {
        ([one], _) | ([], [one]) => Ok(Found {
            guid: json::str(one, "guid").to_owned(),
            name: Some(json::str(one, "name").to_owned()),
        }),
        (_, []) => Err(Failure::refused(format!("no company has the name or domain {text}"))),
        (several, all) => {
            let named = if several.is_empty() { all } else { several };
            Err(Failure::refused(format!(
                "{text} may be {}; give the guid",
                listed(named)
            )))
        }
    }
}

fn listed(companies: &[&Value]) -> String {
    let named = companies.iter().take(NAMED).map(|company| {
        let text = |key: &str| json::str(company, key);
        format!("{} ({}, {})", text("name"), text("primary_domain"), text("guid"))
    });
    let mut words = named.collect::<Vec<_>>().join(", ");
    if companies.len() > NAMED {
        words.push_str(&format!(" or one of {} more", companies.len() - NAMED));
    }
    words
}

/// The guid of a folder or a tier: given, or looked up by its name.
pub(super) fn named(server: &Server, (path, noun): (&str, &str), text: &str) -> Result<String, Failure> {
    let text = text.trim();
    if let Some(guid) = ids::parse_guid(text) {
        return Ok(guid.to_string());
    }
    let reply = server.get(path, &[]).map_err(|trouble| {
        trouble.or_missing(|| format!("this server does not list its {noun}s; give the guid of the {noun} instead"))
    })?;
    let all = reply.json.as_array().map_or(&[][..], Vec::as_slice);
    let found: Vec<&Value> = all
        .iter()
        .filter(|one| json::str(one, "name").eq_ignore_ascii_case(text))
        .collect();
    match found.as_slice() {
        [one] => Ok(json::str(one, "guid").to_owned()),
        [] => {
            let names: Vec<&str> = all.iter().take(NAMED).map(|one| json::str(one, "name")).collect();
            let there_are = if names.is_empty() {
                "there is none".to_owned()
            } else {
                format!("there are {}", names.join(", "))
            };
            Err(Failure::refused(format!("no {noun} is called {text}; {there_are}")))
        }
        several => Err(Failure::refused(format!(
            "{} {noun}s are called {text}; give the guid of one",
            several.len()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn company(guid: &str, name: &str) -> Value {
        json!({"guid": guid, "name": name, "primary_domain": format!("{}.example", name.to_lowercase())})
    }

    #[test]
    fn the_only_one_and_the_exact_one_are_meant() {
        let two = [company("1", "Saperix"), company("2", "Saperix Labs")];
        assert_eq!(choose("saperix", &two).unwrap().guid, "1");
        assert_eq!(choose("sap", &two[..1]).unwrap().guid, "1");
        assert_eq!(choose("saperix.example", &two).unwrap().guid, "1");
    }

    #[test]
    fn where_several_may_be_meant_they_are_named() {
        let line = |found: &[Value]| choose("sap", found).unwrap_err().lines().join(" ");
        let two = [company("1", "Saperix"), company("2", "Sapphire")];
        assert_eq!(
            line(&two),
            "sap may be Saperix (saperix.example, 1), Sapphire (sapphire.example, 2); give the guid"
        );
        let many: Vec<Value> = (0..12).map(|number| company(&number.to_string(), "Sappy")).collect();
        assert!(line(&many).contains("or one of 2 more"));
        assert_eq!(line(&[]), "no company has the name or domain sap");
    }
}
