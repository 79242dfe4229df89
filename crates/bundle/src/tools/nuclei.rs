//! Nuclei: one JSON object a line (`-jsonl`) or an array of them (`-json-export`).

use serde::Deserialize;

use super::observation::{Observation, severity_of};
use super::reader::Reader;
use super::text;

#[derive(Deserialize)]
struct Match {
    #[serde(rename = "template-id", alias = "templateID")]
    template: String,
    info: Info,
    #[serde(rename = "type", default)]
    kind: String,
    host: Option<String>,
    #[serde(rename = "matched-at", alias = "matched")]
    matched_at: Option<String>,
    #[serde(rename = "matcher-name", alias = "matcher_name")]
    matcher: Option<String>,
    #[serde(rename = "matcher-status")]
    is_match: Option<bool>,
    timestamp: Option<String>,
}

#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    name: String,
    severity: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    remediation: Option<String>,
    #[serde(default)]
    tags: Option<Words>,
    #[serde(default)]
    classification: Option<Classification>,
}

#[derive(Deserialize)]
struct Classification {
    #[serde(rename = "cve-id", default)]
    cves: Option<Words>,
    #[serde(rename = "cvss-score", default)]
    score: Option<f64>,
}

/// An array, or a text with commas.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    Several(Vec<String>),
    One(String),
}

impl Words {
    fn all(&self) -> Vec<&str> {
        match self {
            Words::Several(words) => words.iter().map(String::as_str).collect(),
            Words::One(words) => words.split(',').map(str::trim).collect(),
        }
    }
}

fn words(given: Option<&Words>) -> Vec<&str> {
    given.map(Words::all).unwrap_or_default()
}

pub(super) fn read(text: &str, reader: &mut Reader<'_>) {
    for (pointer, entry) in reader.entries(text) {
        if let Some(found) = reader.typed::<Match>(&pointer, entry) {
            let observed = observation(&found);
            reader.take(&pointer, observed);
        }
    }
}

fn observation(found: &Match) -> Result<Option<Observation>, String> {
    if found.is_match == Some(false) {
        return Ok(None);
    }
    let info = &found.info;
    let classification = info.classification.as_ref();
    let worded =
        severity_of(&info.severity).ok_or("info/severity must be info, low, medium, high, critical or unknown")?;
    let scored = classification.and_then(|classified| classified.score);
    let severity = scored.filter(|score| (0.1..=10.0).contains(score)).unwrap_or(worded);
    let at = found
        .matched_at
        .as_deref()
        .or(found.host.as_deref())
        .unwrap_or_default();
    let place = text::place(at).map_err(|rule| format!("matched-at: {rule}"))?;
    let tags = words(info.tags.as_ref());
    let named = words(classification.and_then(|classified| classified.cves.as_ref()));
    let vulnerabilities = text::cves(named.into_iter().chain([found.template.as_str()]));
    let rule = match found.matcher.as_deref().filter(|matcher| !matcher.is_empty()) {
        Some(matcher) => format!("{}:{matcher}", found.template),
        None => found.template.clone(),
    };
    let seen = match found.timestamp.as_deref() {
        None => None,
        Some(time) => {
            let day = text::day(time).ok_or("timestamp must be an RFC 3339 time")?;
            Some((day.clone(), day))
        }
    };
    Ok(Some(Observation {
        vector: vector(&found.template, &found.kind, &tags, !vulnerabilities.is_empty()),
        rule: text::key(&rule).map_err(|rule| format!("template-id: {rule}"))?,
        location: place.text,
        severity,
        seen,
        title: text::words(&info.name),
        description: text::words(info.description.as_deref().unwrap_or_default()),
        advice: text::words(info.remediation.as_deref().unwrap_or_default()),
        tags: text::tags(tags),
        vulnerabilities,
        host: place.host,
        port: place.port,
        ..Observation::default()
    }))
}

/// The first rule that fits.
fn vector(template: &str, kind: &str, tags: &[&str], is_vulnerability: bool) -> &'static str {
    let template = template.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| template.contains(word));
    let tagged = |words: &[&str]| {
        tags.iter()
            .any(|tag| words.iter().any(|word| tag.eq_ignore_ascii_case(word)))
    };
    if is_vulnerability || tagged(&["cve"]) {
        return "patching_cadence";
    }
    for slug in ["dmarc", "dkim", "dnssec", "spf"] {
        if has(&[slug]) || tagged(&[slug]) {
            return slug;
        }
    }
    if kind == "ssl" || tagged(&["ssl", "tls"]) {
        let certificate = has(&[
            "cert",
            "expired",
            "self-signed",
            "mismatched",
            "untrusted",
            "wildcard",
            "revoked",
        ]);
        return if certificate {
            "ssl_certificates"
        } else {
            "ssl_configurations"
        };
    }
    match () {
        () if tagged(&["malware", "backdoor", "c2"]) => "malware_servers",
        () if tagged(&["takeover", "default-login", "iot"]) || kind == "dns" => "insecure_systems",
        () if has(&["header", "cookies-without"]) || tagged(&["headers"]) => "application_security",
        () if matches!(kind, "tcp" | "network" | "javascript") || tagged(&["network"]) => "open_ports",
        () if tagged(&["tech", "detect"]) => "server_software",
        () => "web_appsec",
    }
}

#[cfg(test)]
mod tests {
    use super::vector;

    #[test]
    fn templates_belong_to_vectors() {
        for (template, kind, tags, slug) in [
            ("CVE-2021-44228", "http", &["cve"][..], "patching_cadence"),
            ("expired-ssl", "ssl", &["ssl"], "ssl_certificates"),
            ("deprecated-tls", "ssl", &["ssl"], "ssl_configurations"),
            ("dmarc-detect", "dns", &["dns", "dmarc"], "dmarc"),
            ("caa-fingerprint", "dns", &["dns"], "insecure_systems"),
            (
                "http-missing-security-headers",
                "http",
                &["misconfig", "headers"],
                "application_security",
            ),
            ("openssh-detect", "tcp", &["network", "detect"], "open_ports"),
            ("nginx-version", "http", &["tech"], "server_software"),
            ("git-config", "http", &["exposure"], "web_appsec"),
        ] {
            assert_eq!(
                vector(template, kind, tags, slug == "patching_cadence"),
                slug,
                "{template}"
            );
        }
    }
}
