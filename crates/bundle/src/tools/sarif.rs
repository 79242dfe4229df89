//! SARIF 2.1, which most static and many dynamic analysers write.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::observation::{Observation, severity_of};
use super::reader::Reader;
use super::text;

#[derive(Deserialize)]
struct Log<'t> {
    #[serde(borrow)]
    runs: Vec<&'t RawValue>,
}

#[derive(Deserialize)]
struct Run<'t> {
    tool: Tool,
    #[serde(borrow, default)]
    results: Option<Vec<&'t RawValue>>,
    #[serde(default)]
    invocations: Vec<Invocation>,
}

#[derive(Deserialize)]
struct Tool {
    driver: Driver,
    #[serde(default)]
    extensions: Vec<Driver>,
}

#[derive(Deserialize)]
struct Driver {
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Invocation {
    #[serde(rename = "endTimeUtc")]
    end: Option<String>,
    #[serde(rename = "startTimeUtc")]
    start: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Rule {
    id: String,
    short_description: Message,
    full_description: Message,
    help: Message,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Message {
    text: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Configuration {
    level: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Properties {
    tags: Vec<String>,
    /// A number, often in quotes.
    #[serde(rename = "security-severity")]
    severity: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    rule_id: Option<String>,
    rule_index: Option<usize>,
    #[serde(default)]
    rule: Reference,
    level: Option<String>,
    kind: Option<String>,
    baseline_state: Option<String>,
    #[serde(default)]
    message: Message,
    #[serde(default)]
    locations: Vec<Location>,
    #[serde(default)]
    fingerprints: BTreeMap<String, String>,
    #[serde(default)]
    partial_fingerprints: BTreeMap<String, String>,
    #[serde(default)]
    suppressions: Option<Vec<serde::de::IgnoredAny>>,
    #[serde(default)]
    properties: Properties,
}

#[derive(Deserialize, Default)]
struct Reference {
    id: Option<String>,
    index: Option<usize>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Location {
    physical_location: Physical,
    logical_locations: Vec<Logical>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Physical {
    artifact_location: Artifact,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Artifact {
    uri: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Logical {
    fully_qualified_name: Option<String>,
    name: Option<String>,
}

pub(super) fn read(text: &str, reader: &mut Reader<'_>) {
    let Some(log) = reader.typed::<Log<'_>>("", text) else {
        return;
    };
    for (index, raw) in log.runs.into_iter().enumerate() {
        let pointer = format!("/runs/{index}");
        let Some(run) = reader.typed::<Run<'_>>(&pointer, raw.get()) else {
            continue;
        };
        let ended = run.invocations.last();
        let seen = ended.and_then(|run| text::day(run.end.as_deref().or(run.start.as_deref())?));
        let extensions = run.tool.extensions.iter().flat_map(|driver| &driver.rules);
        let rules: Vec<&Rule> = run.tool.driver.rules.iter().chain(extensions).collect();
        let by_id: BTreeMap<&str, &Rule> = rules.iter().map(|rule| (rule.id.as_str(), *rule)).collect();
        for (index, raw) in run.results.unwrap_or_default().into_iter().enumerate() {
            let pointer = format!("{pointer}/results/{index}");
            let Some(found) = reader.typed::<Found>(&pointer, raw.get()) else {
                continue;
            };
            let place = found.rule_index.or(found.rule.index);
            let named = found.rule_id.as_deref().or(found.rule.id.as_deref());
            let rule = named
                .and_then(|id| by_id.get(id))
                .or_else(|| rules.get(place?))
                .copied();
            let observed = observation(&found, (named, rule), seen.as_deref());
            reader.take(&pointer, observed);
        }
    }
}

fn observation(
    found: &Found,
    (named, rule): (Option<&str>, Option<&Rule>),
    seen: Option<&str>,
) -> Result<Option<Observation>, String> {
    let passed = matches!(found.kind.as_deref(), Some("pass" | "notApplicable"));
    let gone = found.baseline_state.as_deref() == Some("absent");
    if passed || gone || found.suppressions.as_ref().is_some_and(|all| !all.is_empty()) {
        return Ok(None);
    }
    let none = Rule::default();
    let known = rule.unwrap_or(&none);
    let id = named.unwrap_or(&known.id);
    let id = text::key(id).map_err(|rule| format!("ruleId: {rule}"))?;
    let place = place(found)?;
    let mark = found
        .fingerprints
        .values()
        .chain(found.partial_fingerprints.values())
        .next();
    let mark = mark.map_or_else(|| Ok(String::new()), |mark| text::key(mark));
    let tags: Vec<&str> = [&known.properties.tags, &found.properties.tags]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let title = [
        &known.short_description.text,
        &known.full_description.text,
        &found.message.text,
    ];
    let title = title
        .into_iter()
        .find(|text| !text.trim().is_empty())
        .map_or("", String::as_str);
    let vulnerabilities = text::cves(tags.iter().copied().chain([id.as_str()]));
    Ok(Some(Observation {
        vector: vector(&id, &tags, !vulnerabilities.is_empty()),
        location: place.text,
        mark: mark.map_err(|rule| format!("fingerprints: {rule}"))?,
        severity: severity(found, known)?,
        seen: seen.map(|day| (day.to_owned(), day.to_owned())),
        title: text::words(title),
        description: text::words(&found.message.text),
        advice: text::words(&known.help.text),
        tags: text::tags(tags.iter().copied()),
        vulnerabilities,
        host: place.host,
        port: place.port,
        rule: id,
    }))
}

fn place(found: &Found) -> Result<text::Place, String> {
    let Some(location) = found.locations.first() else {
        return Ok(text::Place::default());
    };
    if let Some(uri) = &location.physical_location.artifact_location.uri {
        return text::file(uri).map_err(|rule| format!("locations/0/physicalLocation/artifactLocation/uri: {rule}"));
    }
    let logical = location.logical_locations.first();
    let name = logical.and_then(|logical| logical.fully_qualified_name.as_ref().or(logical.name.as_ref()));
    name.map_or_else(|| Ok(text::Place::default()), |name| text::file(name))
        .map_err(|rule| format!("locations/0/logicalLocations/0: {rule}"))
}

/// The number that some tools give from 0 to 10, else what the level stands for.
fn severity(found: &Found, rule: &Rule) -> Result<f64, String> {
    let number = |properties: &Properties| match &properties.severity {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse::<f64>().ok(),
        _ => None,
    };
    let given = number(&found.properties).or_else(|| number(&rule.properties));
    if let Some(given) = given.filter(|given| (0.0..=10.0).contains(given)) {
        return Ok(given);
    }
    let level = found
        .level
        .as_deref()
        .or(rule.default_configuration.level.as_deref())
        .unwrap_or("warning");
    match level {
        "error" | "warning" | "note" | "none" => Ok(severity_of(level).unwrap_or_default()),
        _ => Err("level must be one of none, note, warning, error".to_owned()),
    }
}

/// The first rule that fits: a CVE, then a CWE among the tags, then words in the id and the tags.
fn vector(id: &str, tags: &[&str], is_vulnerability: bool) -> &'static str {
    if is_vulnerability {
        return "patching_cadence";
    }
    if let Some(slug) = tags.iter().chain([&id]).filter_map(|tag| cwe(tag)).find_map(by_cwe) {
        return slug;
    }
    let text = format!("{id} {}", tags.join(" ")).to_ascii_lowercase();
    let has = |wanted: &[&str]| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| wanted.contains(&word))
    };
    match () {
        () if has(&["spf"]) => "spf",
        () if has(&["dmarc"]) => "dmarc",
        () if has(&["dkim"]) => "dkim",
        () if has(&["dnssec"]) => "dnssec",
        () if has(&["certificate", "certificates", "cert", "x509"]) => "ssl_certificates",
        () if has(&["tls", "ssl", "cipher", "ciphers"]) => "ssl_configurations",
        () if has(&["header", "headers", "csp", "hsts", "cookie", "cookies", "clickjacking"]) => "application_security",
        () if has(&["secret", "secrets", "credential", "credentials"]) => "exposed_credentials",
        () if has(&["port", "ports"]) => "open_ports",
        () => "web_appsec",
    }
}

/// The number of `CWE-79` or `external/cwe/cwe-079`.
fn cwe(tag: &str) -> Option<u32> {
    let lower = tag.to_ascii_lowercase();
    let (_, rest) = lower.rsplit_once("cwe-")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn by_cwe(number: u32) -> Option<&'static str> {
    Some(match number {
        295..=299 => "ssl_certificates",
        319 | 326 | 327 | 757 => "ssl_configurations",
        614 | 693 | 1004 | 1021 | 1275 => "application_security",
        259 | 321 | 522 | 798 => "exposed_credentials",
        937 | 1035 | 1104 | 1395 => "patching_cadence",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::vector;

    #[test]
    fn rules_belong_to_vectors() {
        for (id, tags, slug) in [
            ("CVE-2021-44228", &[][..], "patching_cadence"),
            ("py/weak-crypto", &["external/cwe/cwe-327"], "ssl_configurations"),
            ("js/insecure-cookie", &["security", "CWE-614"], "application_security"),
            ("generic-api-key", &["secret"], "exposed_credentials"),
            ("missing-csp", &[], "application_security"),
            ("js/xss", &["external/cwe/cwe-079"], "web_appsec"),
            ("important-thing", &[], "web_appsec"),
        ] {
            assert_eq!(vector(id, tags, id.starts_with("CVE")), slug, "{id}");
        }
    }
}
