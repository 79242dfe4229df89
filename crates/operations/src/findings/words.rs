//! Filters on the words of findings. They look at what the caller sees, so that nobody finds out by asking what is
//! hidden in the answer.

use std::borrow::Cow;

use liaison_domain::{Guid, risk_vectors};
use liaison_store::findings::Candidate;
use serde_json::{Map, Value};

use super::masked;

/// What has to stand in a finding. A `None` filters nothing. All of it in lower case; the case of the
/// findings makes no difference.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The evidence is one of these.
    pub evidence_key: Option<Vec<String>>,
    /// An asset has one of these names.
    pub asset: Option<Vec<String>>,
    /// An asset is of one of these importances; `none` where nobody rated it.
    pub importance: Option<Vec<String>>,
    /// One of these vulnerabilities is named.
    pub vulnerabilities: Option<Vec<String>>,
    /// All of these tags are there.
    pub tags: Option<Vec<String>>,
    /// The company the finding is attributed to is one of these.
    pub companies: Option<Vec<Guid>>,
    /// A part of the id, the evidence, an asset, a tag, or the risk vector.
    pub part: Option<String>,
}

impl Words {
    /// Whether rows have to be looked at.
    pub(super) fn look_at_rows(&self) -> bool {
        let lists = [
            &self.evidence_key,
            &self.asset,
            &self.importance,
            &self.vulnerabilities,
            &self.tags,
        ];
        lists.into_iter().any(Option::is_some) || self.part.is_some()
    }

    /// Whether a finding has the words, for a caller from whom addresses are hidden or not.
    pub(super) fn fit(&self, finding: &Candidate<'_>, is_hidden: bool) -> bool {
        let evidence = finding.evidence_key.unwrap_or_default();
        let evidence = if is_hidden {
            Cow::Owned(masked::text(evidence))
        } else {
            Cow::Borrowed(evidence)
        };
        let assets = Lazy::new(finding.assets, is_hidden);
        let tags = Lazy::new(finding.tags, is_hidden);
        among(self.evidence_key.as_ref(), || vec![evidence.to_lowercase()])
            && among(self.asset.as_ref(), || names(&assets.objects()))
            && among(self.importance.as_ref(), || importances(&assets.objects()))
            && among(self.vulnerabilities.as_ref(), || {
                vulnerabilities(&Lazy::new(finding.details, is_hidden).value())
            })
            && self.tags.as_ref().is_none_or(|wanted| {
                let tags = tags.texts();
                wanted.iter().all(|tag| tags.contains(tag))
            })
            && self.part.as_ref().is_none_or(|part| {
                let name = risk_vectors::find(finding.risk_vector).map_or("", |vector| vector.name);
                let short = [finding.id, &evidence, finding.risk_vector, name];
                let category = finding.severity_category.unwrap_or_default();
                short
                    .iter()
                    .chain([&category])
                    .any(|text| text.to_lowercase().contains(part))
                    || names(&assets.objects()).iter().any(|name| name.contains(part))
                    || tags.texts().iter().any(|tag| tag.contains(part))
            })
    }
}

fn among(wanted: Option<&Vec<String>>, found: impl FnOnce() -> Vec<String>) -> bool {
    wanted.is_none_or(|wanted| {
        let found = found();
        wanted.iter().any(|wanted| found.contains(wanted))
    })
}

/// Stored JSON that is read only where a filter asks for it.
struct Lazy<'r> {
    stored: &'r str,
    is_hidden: bool,
}

impl<'r> Lazy<'r> {
    fn new(stored: &'r str, is_hidden: bool) -> Lazy<'r> {
        Lazy { stored, is_hidden }
    }

    fn value(&self) -> Value {
        let shown = if self.is_hidden {
            masked::json(self.stored)
        } else {
            Cow::Borrowed(self.stored)
        };
        serde_json::from_str(&shown).unwrap_or_default()
    }

    fn objects(&self) -> Vec<Map<String, Value>> {
        serde_json::from_value(self.value()).unwrap_or_default()
    }

    fn texts(&self) -> Vec<String> {
        let texts: Vec<String> = serde_json::from_value(self.value()).unwrap_or_default();
        texts.iter().map(|text| text.to_lowercase()).collect()
    }
}

fn names(assets: &[Map<String, Value>]) -> Vec<String> {
    let names = assets
        .iter()
        .flat_map(|asset| [asset.get("asset"), asset.get("identifier")]);
    names
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_lowercase)
        .collect()
}

fn importances(assets: &[Map<String, Value>]) -> Vec<String> {
    if assets.is_empty() {
        return vec!["none".to_owned()];
    }
    let of = |asset: &Map<String, Value>| {
        let word = ["combined_importance", "category"]
            .iter()
            .find_map(|name| asset.get(*name)?.as_str());
        word.unwrap_or("none").to_lowercase()
    };
    assets.iter().map(of).collect()
}

/// The names of `details.vulnerabilities`, which are texts or objects with several names.
fn vulnerabilities(details: &Value) -> Vec<String> {
    let entries = details["vulnerabilities"].as_array().into_iter().flatten();
    let names = entries.flat_map(|entry| match entry {
        Value::Object(named) => ["name", "alias", "display_name"]
            .iter()
            .filter_map(|name| named.get(*name))
            .collect(),
        other => vec![other],
    });
    names.filter_map(Value::as_str).map(str::to_lowercase).collect()
}
