//! testssl.sh: the flat JSON of `--jsonfile` and the nested one of `--jsonfile-pretty`.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

use super::observation::{Observation, severity_of};
use super::reader::Reader;
use super::text;

/// One check, flat or inside of a host.
#[derive(Deserialize)]
struct Check {
    id: String,
    severity: String,
    #[serde(default)]
    finding: String,
    /// `host/address`.
    ip: Option<String>,
    port: Option<String>,
    cve: Option<String>,
    cwe: Option<String>,
    hint: Option<String>,
}

/// The nested form.
#[derive(Deserialize)]
struct Pretty<'t> {
    #[serde(rename = "scanResult", borrow)]
    hosts: Vec<&'t RawValue>,
}

pub(super) fn read(text: &str, reader: &mut Reader<'_>) {
    if !text.trim_start().starts_with('{') {
        for (pointer, entry) in reader.entries(text) {
            if let Some(check) = reader.typed::<Check>(&pointer, entry) {
                let observed = observation(&check, None);
                reader.take(&pointer, observed);
            }
        }
        return;
    }
    let Some(pretty) = reader.typed::<Pretty<'_>>("", text) else {
        return;
    };
    for (index, raw) in pretty.hosts.into_iter().enumerate() {
        let pointer = format!("/scanResult/{index}");
        // Its lists of checks have many names; what is no list says which host it is.
        let Some(host) = reader.typed::<BTreeMap<String, &RawValue>>(&pointer, raw.get()) else {
            continue;
        };
        let said = |name: &str| -> Option<String> { serde_json::from_str(host.get(name)?.get()).ok() };
        let name = said("targetHost").or_else(|| said("ip"));
        let place = host_and_port(name.as_deref(), said("port").as_deref());
        for (list, raw) in &host {
            if !raw.get().starts_with('[') {
                continue;
            }
            let pointer = format!("{pointer}/{list}");
            let entries: Vec<&RawValue> = reader.typed(&pointer, raw.get()).unwrap_or_default();
            for (index, raw) in entries.into_iter().enumerate() {
                let pointer = format!("{pointer}/{index}");
                if let Some(check) = reader.typed::<Check>(&pointer, raw.get()) {
                    let observed = observation(&check, Some(&place));
                    reader.take(&pointer, observed);
                }
            }
        }
    }
}

fn host_and_port(host: Option<&str>, port: Option<&str>) -> String {
    let host = host.unwrap_or_default();
    // The name stands before the address that was tried.
    let host = host.split('/').next().unwrap_or_default();
    match port {
        Some(port) if host.contains(':') && !host.starts_with('[') => format!("[{host}]:{port}"),
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn observation(check: &Check, host: Option<&str>) -> Result<Option<Observation>, String> {
    // Several certificates of one host are told apart behind the id.
    let id = check.id.split(['<', ' ']).next().unwrap_or_default();
    let severity = match check.severity.as_str() {
        "LOW" | "MEDIUM" | "HIGH" | "CRITICAL" => severity_of(&check.severity),
        "OK" | "INFO" | "DEBUG" | "WARN" | "FATAL" => None,
        _ => {
            return Err("severity must be one of DEBUG, INFO, OK, LOW, MEDIUM, HIGH, CRITICAL, WARN, FATAL".to_owned());
        }
    };
    let Some(severity) = severity.filter(|_| !sums_up(id)) else {
        return Ok(None);
    };
    let own = host_and_port(check.ip.as_deref(), check.port.as_deref());
    let place = text::place(host.unwrap_or(&own)).map_err(|rule| format!("ip and port: {rule}"))?;
    Ok(Some(Observation {
        vector: vector(id),
        rule: text::key(&check.id).map_err(|rule| format!("id: {rule}"))?,
        location: place.text,
        severity,
        title: text::words(&format!("{id}: {}", check.finding)),
        advice: text::words(check.hint.as_deref().unwrap_or_default()),
        tags: text::tags(check.cwe.as_deref().unwrap_or_default().split_whitespace()),
        vulnerabilities: text::cves(check.cve.as_deref().unwrap_or_default().split_whitespace()),
        host: place.host,
        port: place.port,
        ..Observation::default()
    }))
}

/// What repeats other checks as a number or a letter.
fn sums_up(id: &str) -> bool {
    let words = [
        "overall_grade",
        "grade_cap",
        "final_score",
        "_score",
        "scanTime",
        "scanProblem",
        "engine_problem",
    ];
    words.iter().any(|word| id.contains(word))
}

fn vector(id: &str) -> &'static str {
    let lower = id.to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    let headers = [
        "hsts",
        "hpkp",
        "cookie",
        "banner",
        "security_headers",
        "x-",
        "content-security",
        "referrer",
        "permissions",
        "cross-origin",
        "expect-ct",
        "access-control",
        "cache-control",
        "pragma",
        "insecure_redirect",
        "ipv4_in_header",
        "http_",
        "reverse_proxy",
    ];
    let certificates = ["ocsp", "dns_caa", "crl"];
    if lower.contains("cert") || begins(&certificates) {
        "ssl_certificates"
    } else if begins(&headers) {
        "application_security"
    } else {
        "ssl_configurations"
    }
}

#[cfg(test)]
mod tests {
    use super::vector;

    #[test]
    fn checks_belong_to_vectors() {
        for (id, slug) in [
            ("cert_expirationStatus", "ssl_certificates"),
            ("intermediate_cert_badOCSP", "ssl_certificates"),
            ("OCSP_stapling", "ssl_certificates"),
            ("DNS_CAArecord", "ssl_certificates"),
            ("HSTS_time", "application_security"),
            ("X-Frame-Options", "application_security"),
            ("TLS1", "ssl_configurations"),
            ("heartbleed", "ssl_configurations"),
            ("cipherlist_3DES_IDEA", "ssl_configurations"),
        ] {
            assert_eq!(vector(id), slug, "{id}");
        }
    }
}
