//! What a tool saw, in one form for all tools, and the finding that it becomes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::net::IpAddr;

use liaison_domain::{Guid, findings, risk_vectors};
use liaison_operations::findings::observation_id;
use liaison_store::findings::Finding;
use serde_json::{Value, json};

/// One thing that a tool saw at one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Observation {
    /// Slug of a risk vector.
    pub(super) vector: &'static str,
    /// What the tool calls it; the same each time it is seen.
    pub(super) rule: String,
    /// Where: a URL without its query, `host:port`, a file.
    pub(super) location: String,
    /// Tells two of the same rule at the same place apart; empty where nothing does.
    pub(super) mark: String,
    /// 0 to 10.
    pub(super) severity: f64,
    /// First and last day, `YYYY-MM-DD`, where the tool says one.
    pub(super) seen: Option<(String, String)>,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) advice: String,
    pub(super) tags: Vec<String>,
    /// CVE numbers.
    pub(super) vulnerabilities: Vec<String>,
    /// The host and the port of the location.
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
}

/// The severity of a word that tools use.
pub(super) fn severity_of(word: &str) -> Option<f64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "critical" | "severe" => 9.5,
        "high" | "material" | "error" => 7.5,
        "medium" | "moderate" | "warning" => 5.0,
        "low" | "note" => 3.0,
        "info" | "informational" | "minor" | "none" | "unknown" => 1.0,
        _ => return None,
    })
}

impl Observation {
    /// As a finding of a company, seen today where the tool says no day. `tool` names the tool.
    pub(super) fn into_finding(self, company: Guid, (key, today, tool): (&[u8], &str, &str)) -> Finding {
        let place = if self.mark.is_empty() {
            self.location.clone()
        } else {
            format!("{}\n{}", self.location, self.mark)
        };
        let (first, last) = self
            .seen
            .clone()
            .unwrap_or_else(|| (today.to_owned(), today.to_owned()));
        Finding {
            company_guid: company,
            rolledup_observation_id: observation_id(key, company, [self.vector, &self.rule, &place]),
            risk_vector: self.vector.to_owned(),
            risk_category: risk_vectors::find(self.vector).map(|vector| vector.category.to_owned()),
            severity: Some(self.severity),
            severity_category: Some(findings::severity_category(self.severity).to_owned()),
            evidence_key: Some(self.location.clone()).filter(|location| !location.is_empty()),
            first_seen: Some(first),
            last_seen: Some(last),
            affects_rating: false,
            assets: self.assets().to_string(),
            details: self.details(tool).to_string(),
            remediation: self.remediation().to_string(),
            tags: json!(self.tags).to_string(),
        }
    }

    fn assets(&self) -> Value {
        let Some(host) = &self.host else { return json!([]) };
        let is_ip = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        json!([{"asset": host, "asset_type": if is_ip { "IP" } else { "Host" }, "is_ip": is_ip}])
    }

    fn details(&self, tool: &str) -> Value {
        let grade = match findings::severity_category(self.severity) {
            "severe" | "material" => "BAD",
            "moderate" => "WARN",
            _ => "FAIR",
        };
        let mut details = json!({"grade": grade, "tool": tool, "rule": self.rule});
        if !self.title.is_empty() {
            details["title"] = json!(self.title);
        }
        if let Some(port) = self.port {
            details["dest_port"] = json!(port);
        }
        if !self.vulnerabilities.is_empty() {
            let names = self.vulnerabilities.iter().map(|name| json!({"name": name}));
            details["vulnerabilities"] = names.collect();
        }
        details
    }

    fn remediation(&self) -> Value {
        if self.title.is_empty() && self.description.is_empty() && self.advice.is_empty() {
            return json!([]);
        }
        json!([{"code": self.rule, "message": self.title, "help_text": self.description,
                "remediation_tip": self.advice}])
    }
}

/// Findings by id, so that what a file says twice is there once: the days and the severity are the widest and the worst.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) findings: BTreeMap<String, Finding>,
    /// How many were said again.
    pub(super) repeated: u64,
}

impl Merged {
    pub(super) fn add(&mut self, finding: Finding) {
        match self.findings.entry(finding.rolledup_observation_id.clone()) {
            Entry::Vacant(place) => drop(place.insert(finding)),
            Entry::Occupied(mut place) => {
                self.repeated += 1;
                let known = place.get_mut();
                let first = known.first_seen.clone().min(finding.first_seen.clone());
                let last = known.last_seen.clone().max(finding.last_seen.clone());
                if finding.severity > known.severity {
                    *known = finding;
                }
                (known.first_seen, known.last_seen) = (first, last);
            }
        }
    }
}

/// What is stored after another run saw a finding again. Who changed by hand whether the rating suffers keeps it so.
pub(super) fn seen_again(stored: &Finding, seen: &Finding) -> Finding {
    let is_newer = seen.last_seen >= stored.last_seen;
    let mut finding = if is_newer { seen.clone() } else { stored.clone() };
    finding.affects_rating = stored.affects_rating;
    let firsts = [&stored.first_seen, &seen.first_seen];
    finding.first_seen = firsts.into_iter().flatten().min().cloned();
    finding.last_seen = stored.last_seen.clone().max(seen.last_seen.clone());
    finding
}
