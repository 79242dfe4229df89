//! Findings as somebody who follows the company sees them: the host part of every IP address hidden, wherever it stands.

use std::borrow::Cow;

use liaison_domain::addresses;
use liaison_store::findings::Finding;
use serde_json::Value;

/// A text without whole addresses.
pub(super) fn text(text: &str) -> String {
    addresses::mask(text)
}

/// JSON without whole addresses in any of its texts and keys.
pub(crate) fn json(stored: &str) -> Cow<'_, str> {
    if !stored.contains('\\') {
        // Without escapes a text is what it stands for, and nothing outside of quotes looks like an address.
        return Cow::Owned(addresses::mask(stored));
    }
    match serde_json::from_str(stored) {
        Ok(value) => Cow::Owned(hidden(value).to_string()),
        // It is checked when it is stored.
        Err(_) => Cow::Borrowed("null"),
    }
}

fn hidden(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(addresses::mask(&text)),
        Value::Array(entries) => entries.into_iter().map(hidden).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, field)| (addresses::mask(&name), hidden(field)))
            .collect(),
        other => other,
    }
}

/// A whole finding.
pub(super) fn finding(mut finding: Finding) -> Finding {
    finding.evidence_key = finding.evidence_key.as_deref().map(text);
    for column in [
        &mut finding.assets,
        &mut finding.details,
        &mut finding.remediation,
        &mut finding.tags,
    ] {
        *column = json(column).into_owned();
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn addresses_are_hidden_in_texts_keys_and_behind_escapes() {
        for (stored, shown) in [
            (
                r#"{"a":"192.0.2.7:443","b":[1.5,"x"]}"#,
                r#"{"a":"192.0.2.x:443","b":[1.5,"x"]}"#,
            ),
            (r#"{"192.0.2.7":1}"#, r#"{"192.0.2.x":1}"#),
            (r#"{"a":"\u003192.0.2.7"}"#, r#"{"a":"192.0.2.x"}"#),
            (r#"{"a":"\b192.0.2.7"}"#, r#"{"a":"\b192.0.2.x"}"#),
            (r#"{"a":[2,3],"b":4,"c":true}"#, r#"{"a":[2,3],"b":4,"c":true}"#),
        ] {
            assert_eq!(json(stored), shown, "{stored}");
        }
    }
}
