//! The findings of a request and the grades beside them, in the words of its pages.

use liaison_operations::access_requests::FindingRow;
use serde::Deserialize;

use super::facts::{Context, day};

/// A finding as a page lists it.
pub(crate) struct Finding {
    pub(crate) id: String,
    /// None where the inventory no longer has it.
    pub(crate) known: Option<Known>,
}

/// What is known of a finding.
pub(crate) struct Known {
    pub(crate) name: String,
    /// Kind of chip and word.
    pub(crate) severity: Option<(&'static str, String)>,
    pub(crate) evidence: Option<String>,
    pub(crate) seen: String,
    pub(crate) affects_rating: bool,
    pub(crate) advice: Vec<Advice>,
}

/// What to do about a finding.
#[derive(Deserialize)]
pub(crate) struct Advice {
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) help_text: String,
}

/// The findings of a request, in the order they were chosen.
pub(crate) fn findings(rows: &[FindingRow]) -> Vec<Finding> {
    rows.iter().map(finding).collect()
}

fn finding(row: &FindingRow) -> Finding {
    let known = row.known.as_ref().map(|known| Known {
        name: known.risk_vector_name.clone(),
        severity: known.severity_category.as_deref().map(severity),
        evidence: known.evidence.clone().filter(|evidence| !evidence.is_empty()),
        seen: seen(known.first_seen.as_deref(), known.last_seen.as_deref()),
        affects_rating: known.affects_rating,
        // Advice in another shape is passed over: it comes from an import.
        advice: serde_json::from_str(&known.remediation).unwrap_or_default(),
    });
    Finding {
        id: row.rolledup_observation_id.clone(),
        known,
    }
}

/// The chip of a severity: colour and word.
fn severity(category: &str) -> (&'static str, String) {
    let kind = match category.to_ascii_lowercase().as_str() {
        "severe" | "material" => "bad",
        "moderate" => "warn",
        _ => "",
    };
    let mut letters = category.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    (kind, first.unwrap_or_default() + letters.as_str())
}

fn seen(first: Option<&str>, last: Option<&str>) -> String {
    match (first, last) {
        (Some(first), Some(last)) => format!("Seen from {} to {}", day(first), day(last)),
        (Some(first), None) => format!("Seen since {}", day(first)),
        (None, Some(last)) => format!("Last seen {}", day(last)),
        (None, None) => String::new(),
    }
}

/// A risk vector then and now.
pub(crate) struct Change {
    pub(crate) name: String,
    pub(crate) then: Option<String>,
    pub(crate) now: Option<String>,
}

/// Rating and grades on the day of sending beside the newest ones.
pub(crate) struct Changes {
    pub(crate) then: String,
    pub(crate) now: String,
    pub(crate) rating: (Option<i64>, Option<i64>),
    pub(crate) vectors: Vec<Change>,
}

/// Puts two contexts side by side; none where neither says anything.
pub(crate) fn changes(then: &Context, now: Option<&Context>) -> Option<Changes> {
    if then.date.is_none() && now.is_none() {
        return None;
    }
    let date = |context: &Context| context.date.as_deref().map(day).unwrap_or_default();
    let today = |slug: &str| {
        let vectors = now.map(|now| now.vectors.as_slice()).unwrap_or_default();
        let found = vectors.iter().find(|vector| vector.risk_vector.slug == slug);
        found.and_then(|vector| vector.grade.clone())
    };
    let vectors = then.vectors.iter().map(|vector| Change {
        name: vector.risk_vector.name.clone(),
        then: vector.grade.clone(),
        now: today(&vector.risk_vector.slug),
    });
    Some(Changes {
        then: date(then),
        now: now.map(date).unwrap_or_default(),
        rating: (then.rating, now.and_then(|now| now.rating)),
        vectors: vectors.collect(),
    })
}

/// `1 finding`, `3 findings`.
pub(crate) fn count(findings: i64) -> String {
    match findings {
        1 => "1 finding".to_owned(),
        several => format!("{several} findings"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_severities() {
        assert_eq!(
            seen(Some("2026-08-02"), Some("2026-11-10")),
            "Seen from 2 Aug 2026 to 10 Nov 2026"
        );
        assert_eq!(seen(None, Some("soon")), "Last seen soon");
        assert_eq!(severity("material"), ("bad", "Material".to_owned()));
        assert_eq!(severity(""), ("", String::new()));
    }
}
