//! A finding as it is answered. Every documented field is there; what nobody told Liaison is null or empty.

use liaison_domain::{Guid, addresses, risk_vectors};
use liaison_operations::findings::Finding as Stored;
use liaison_operations::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// A finding.
#[derive(Serialize, JsonSchema)]
pub(super) struct Finding {
    /// Its id within its company.
    rolledup_observation_id: String,
    /// The same id: Liaison has one for each finding.
    temporary_id: String,
    /// Slug of its risk vector.
    risk_vector: String,
    /// Name of its risk vector.
    risk_vector_label: String,
    /// Category of its risk vector.
    risk_category: String,
    /// 0 to 10.
    severity: Option<f64>,
    /// minor, moderate, material or severe.
    severity_category: Option<String>,
    /// Where it was seen. The last part of an IP address is hidden, unless the company is the caller's own.
    evidence_key: String,
    /// A day.
    first_seen: Option<String>,
    /// A day.
    last_seen: Option<String>,
    /// Whether the rating suffers from it.
    affects_rating: bool,
    /// What it was seen on.
    assets: Vec<Asset>,
    /// Always the company itself.
    attributed_companies: Vec<Company>,
    /// What the source says of it, as it was imported.
    #[schemars(with = "Map<String, Value>")]
    details: Box<RawValue>,
    /// What to do about it.
    remediation: Vec<Remediation>,
    /// Only with `expand=remediation_history`.
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation_history: Option<History>,
    /// Always null: no finding fades by itself here.
    remaining_decay: Option<i64>,
    /// Always null.
    duration: Option<i64>,
    /// Words that it was marked with.
    tags: Vec<String>,
    /// The tags again, with `expand=tag_details`; empty otherwise.
    tag_details: Vec<Tag>,
    /// Always null: there are no comments on findings.
    comments: Option<String>,
    /// Always empty.
    related_findings: Vec<String>,
    /// Always empty.
    asset_overrides: Vec<String>,
}

/// What a finding was seen on.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingAsset")]
struct Asset {
    /// A host name or an IP address.
    asset: String,
    /// `Host` or `IP`, or as it was imported.
    asset_type: String,
    /// critical, high, medium, low, or none where nobody rated it.
    category: String,
    identifier: String,
    importance: f64,
    is_ip: bool,
    is_monitored: bool,
    /// Always empty.
    tag_details: Vec<String>,
    /// What else was imported.
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// The company of a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingCompany")]
struct Company {
    guid: Guid,
    name: String,
}

/// What to do about a finding.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "FindingRemediation")]
#[derive(Default)]
struct Remediation {
    code: String,
    message: String,
    help_text: String,
    remediation_tip: String,
}

/// What became of a finding. Nothing is tracked here: the thread of an access request is where it is talked about.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingHistory")]
struct History {
    last_remediation_status_label: &'static str,
    last_remediation_status_date: Option<String>,
    last_remediation_status_updated_by: Option<String>,
    remediation_assignments: Vec<String>,
    last_refresh_status_label: Option<String>,
    last_refresh_status_date: Option<String>,
    last_requested_refresh_date: Option<String>,
}

/// A tag.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingTag")]
struct Tag {
    /// Always null: a tag here is its name.
    guid: Option<Guid>,
    name: String,
    is_public: bool,
}

/// Which extra blocks are wanted.
#[derive(Clone, Copy, Default)]
pub(super) struct Expanded {
    pub(super) history: bool,
    pub(super) tags: bool,
}

/// A stored finding of a company (guid and name) as it is answered.
pub(super) fn finding(stored: Stored, (guid, name): &(Guid, String), expanded: Expanded) -> Result<Finding> {
    let vector = risk_vectors::find(&stored.risk_vector);
    let tags: Vec<String> = serde_json::from_str(&stored.tags).unwrap_or_default();
    let assets: Vec<Map<String, Value>> = serde_json::from_str(&stored.assets).unwrap_or_default();
    let remediation: Vec<Value> = serde_json::from_str(&stored.remediation).unwrap_or_default();
    let details = RawValue::from_string(stored.details);
    Ok(Finding {
        temporary_id: stored.rolledup_observation_id.clone(),
        rolledup_observation_id: stored.rolledup_observation_id,
        risk_vector_label: vector.map_or_else(|| stored.risk_vector.clone(), |vector| vector.label().to_owned()),
        risk_category: vector.map_or_else(String::new, |vector| vector.category.to_owned()),
        risk_vector: stored.risk_vector,
        severity: stored.severity,
        severity_category: stored.severity_category,
        evidence_key: stored.evidence_key.unwrap_or_default(),
        first_seen: stored.first_seen,
        last_seen: stored.last_seen,
        affects_rating: stored.affects_rating,
        assets: assets.into_iter().map(asset).collect(),
        attributed_companies: vec![Company {
            guid: *guid,
            name: name.clone(),
        }],
        details: details.map_err(|error| Error::Internal(format!("the details of a finding: {error}")))?,
        // Advice in another shape is passed over: it comes from an import.
        remediation: remediation
            .into_iter()
            .filter_map(|advice| serde_json::from_value(advice).ok())
            .collect(),
        remediation_history: expanded.history.then_some(UNTRACKED),
        remaining_decay: None,
        duration: None,
        tag_details: if expanded.tags {
            tags.iter().map(tag).collect()
        } else {
            Vec::new()
        },
        tags,
        comments: None,
        related_findings: Vec::new(),
        asset_overrides: Vec::new(),
    })
}

const UNTRACKED: History = History {
    last_remediation_status_label: "No Status",
    last_remediation_status_date: None,
    last_remediation_status_updated_by: None,
    remediation_assignments: Vec::new(),
    last_refresh_status_label: None,
    last_refresh_status_date: None,
    last_requested_refresh_date: None,
};

#[expect(clippy::ptr_arg, reason = "an iterator over texts gives it")]
fn tag(name: &String) -> Tag {
    Tag {
        guid: None,
        name: name.clone(),
        is_public: true,
    }
}

fn asset(mut fields: Map<String, Value>) -> Asset {
    let mut text = |name: &str| match fields.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let name = text("asset").unwrap_or_default();
    let (identifier, kind, category) = (text("identifier"), text("asset_type"), text("category"));
    let mut flag = |name: &str| fields.remove(name).and_then(|value| value.as_bool());
    let is_ip = flag("is_ip").unwrap_or_else(|| addresses::is_address(&name));
    let is_monitored = flag("is_monitored").unwrap_or(true);
    let importance = fields.remove("importance").and_then(|value| value.as_f64());
    fields.remove("tag_details");
    Asset {
        identifier: identifier.unwrap_or_else(|| name.clone()),
        asset: name,
        asset_type: kind.unwrap_or_else(|| if is_ip { "IP" } else { "Host" }.to_owned()),
        category: category.unwrap_or_else(|| "none".to_owned()),
        importance: importance.unwrap_or_default(),
        is_ip,
        is_monitored,
        tag_details: Vec::new(),
        others: fields,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_completed() {
        let of = |text: &str| serde_json::to_value(asset(serde_json::from_str(text).unwrap())).unwrap();
        let whole = of(r#"{"asset": "192.0.2.x", "importance": 0.4, "hosted_by": "Us", "tag_details": [1]}"#);
        let expected = serde_json::json!({
            "asset": "192.0.2.x", "asset_type": "IP", "category": "none", "identifier": "192.0.2.x", "importance": 0.4,
            "is_ip": true, "is_monitored": true, "tag_details": [], "hosted_by": "Us"});
        assert_eq!(whole, expected);
        assert_eq!(of(r#"{"asset": "a.example"}"#)["asset_type"], "Host");
        assert!(addresses::is_address("2001:db8:1:x") && !addresses::is_address("a.x"));
    }
}
