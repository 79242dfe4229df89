//! Eight findings of each company. Addresses are of the ranges kept for documentation.

use serde_json::{Value, json};

use super::ratings::days_before;
use super::world::Company;

/// Address ranges that belong to nobody (RFC 5737).
const RANGES: [&str; 3] = ["192.0.2", "198.51.100", "203.0.113"];

/// What is the same for a kind of finding whoever it is about.
struct Template {
    risk_vector: &'static str,
    risk_category: &'static str,
    severity: f64,
    severity_category: &'static str,
    grade: &'static str,
    code: &'static str,
    message: &'static str,
    help: &'static str,
}

const fn template(risk_vector: &'static str, severity: (f64, &'static str), text: [&'static str; 4]) -> Template {
    let [grade, code, message, help] = text;
    Template {
        risk_vector,
        risk_category: "Diligence",
        severity: severity.0,
        severity_category: severity.1,
        grade,
        code,
        message,
        help,
    }
}

/// The order is part of the sample requests: they name findings by their place.
const TEMPLATES: [Template; 8] = [
    template(
        "open_ports",
        (7.4, "material"),
        [
            "BAD",
            "exposed_service",
            "A service that should not face the internet answers",
            "Put it behind a VPN or let the firewall refuse it",
        ],
    ),
    template(
        "ssl_certificates",
        (5.1, "moderate"),
        [
            "WARN",
            "certificate_expiring",
            "The certificate ends soon or does not match the name",
            "Replace it and renew it automatically",
        ],
    ),
    template(
        "ssl_configurations",
        (4.8, "moderate"),
        [
            "BAD",
            "old_protocol",
            "TLS 1.0 is accepted",
            "Accept TLS 1.2 and later only",
        ],
    ),
    template(
        "dnssec",
        (3.2, "minor"),
        [
            "BAD",
            "unsigned_zone",
            "The zone is not signed",
            "Sign it and publish the DS record at the registrar",
        ],
    ),
    template(
        "spf",
        (3.9, "minor"),
        [
            "WARN",
            "spf_too_wide",
            "The SPF record ends with ~all and misses a sending service",
            "List every sender and end with -all",
        ],
    ),
    template(
        "patching_cadence",
        (8.1, "severe"),
        [
            "BAD",
            "unpatched_product",
            "A version with a published vulnerability is in use",
            "Install the vendor's update and restart the service",
        ],
    ),
    template(
        "application_security",
        (4.2, "moderate"),
        [
            "BAD",
            "missing_headers",
            "Security headers are missing",
            "Send Content-Security-Policy, Strict-Transport-Security and X-Content-Type-Options",
        ],
    ),
    Template {
        risk_category: "Compromised Systems",
        ..template(
            "botnet_infections",
            (9.0, "severe"),
            [
                "BAD",
                "sinkhole_contact",
                "A machine behind this address called a botnet's sinkhole",
                "Find the machine by the times given, clean it and change its passwords",
            ],
        )
    },
];

/// The findings of a company, given its place in the list and its guid.
pub(super) fn of(company: &Company, (place, guid): (usize, &str), today: &str) -> Vec<Value> {
    let each = TEMPLATES.iter().enumerate();
    each.map(|(index, template)| {
        let seen = Sighting::new(company, place, index);
        let first = 40 + (place * 23 + index * 31) % 160;
        let last = (place + index * 2) % 9;
        let days_ago = |days: usize| days_before(today, i64::try_from(days).unwrap_or_default());
        json!({
            "company_guid": guid,
            "rolledup_observation_id": observation_id(place, index),
            "risk_vector": template.risk_vector,
            "risk_category": template.risk_category,
            "severity": template.severity,
            "severity_category": template.severity_category,
            "evidence_key": seen.evidence,
            "first_seen": days_ago(first),
            "last_seen": days_ago(last),
            "affects_rating": index != 4,
            "assets": [seen.asset],
            "details": seen.details(template),
            "remediation": [{"code": template.code, "message": template.message, "help_text": template.help}],
            "tags": if index % 3 == 0 { vec!["production"] } else { Vec::new() },
        })
    })
    .collect()
}

/// Where something was seen.
struct Sighting {
    evidence: String,
    asset: Value,
    port: Option<u16>,
}

impl Sighting {
    fn new(company: &Company, place: usize, index: usize) -> Sighting {
        let domain = &company.domains[0];
        let address = format!("{}.{}", RANGES[place % 3], 1 + (place * 17 + index * 11) % 250);
        let host = |name: &str| format!("{name}.{domain}");
        let at = |evidence: String, asset: String, port: Option<u16>| Sighting {
            asset: asset_of(&asset),
            evidence,
            port,
        };
        match index {
            0 => at(
                format!("{address}:{}", company.open_port),
                address,
                Some(company.open_port),
            ),
            1 => at(format!("{}:443", host("portal")), host("portal"), Some(443)),
            2 => at(format!("{}:443", host("pay")), host("pay"), Some(443)),
            3 | 4 => at(domain.clone(), domain.clone(), None),
            5 => at(format!("{address}:443"), address, Some(443)),
            6 => at(format!("https://{}/login", host("www")), host("www"), Some(443)),
            _ => at(address.clone(), address, None),
        }
    }

    fn details(&self, template: &Template) -> Value {
        match self.port {
            Some(port) => json!({"grade": template.grade, "dest_port": port}),
            None => json!({"grade": template.grade}),
        }
    }
}

fn asset_of(asset: &str) -> Value {
    let is_ip = asset.ends_with(|last: char| last.is_ascii_digit());
    json!({
        "asset": asset, "asset_type": if is_ip { "IP" } else { "Domain" }, "is_ip": is_ip,
        "importance": if is_ip { 0.4 } else { 0.7 }, "category": if is_ip { "medium" } else { "high" },
    })
}

/// Looks like the identifiers of the public API: 22 characters and two equals signs.
pub(super) fn observation_id(place: usize, index: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    // A multiplicative generator's high bits; the numbers are those of Knuth's MMIX.
    let mut state = (place as u64 + 1) * 1_000 + index as u64;
    let mut id: String = (0..22)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(LETTERS[(state >> 58) as usize])
        })
        .collect();
    id.push_str("==");
    id
}
