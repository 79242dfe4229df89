//! Reading a server's JSON without asking for more than is shown: what is absent is empty.

use serde_json::Value;

/// What stands at `a.b`; null where nothing does.
pub(super) fn at<'v>(value: &'v Value, place: &str) -> &'v Value {
    place
        .split('.')
        .try_fold(value, |value, key| value.get(key))
        .unwrap_or(&Value::Null)
}

/// The text at a place; empty where there is none.
pub(super) fn str<'v>(value: &'v Value, place: &str) -> &'v str {
    at(value, place).as_str().unwrap_or_default()
}

/// A value as text: null is empty, a list of texts has commas between them.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            items.join(",")
        }
        other => other.to_string(),
    }
}

/// The value at a place as text.
pub(super) fn shown(value: &Value, place: &str) -> String {
    text(at(value, place))
}

/// The items of a list at a place.
pub(super) fn items<'v>(value: &'v Value, place: &str) -> &'v [Value] {
    at(value, place).as_array().map_or(&[], Vec::as_slice)
}

/// JSON with line breaks, its keys in their order and its numbers as they came. Characters that would move a terminal's
/// cursor are escaped.
pub(super) fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut chars = json.chars().filter(|c| *c != '\r').peekable();
    let mut depth = 0_usize;
    while let Some(c) = chars.next() {
        match c {
            '"' => string(&mut out, &mut chars),
            '{' | '[' => {
                out.push(c);
                while chars.peek().is_some_and(char::is_ascii_whitespace) {
                    chars.next();
                }
                if let Some(end) = chars.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => escape(&mut out, c),
        }
    }
    out
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

fn string(out: &mut String, chars: &mut impl Iterator<Item = char>) {
    out.push('"');
    let mut is_escaped = false;
    for c in chars {
        escape(out, c);
        match c {
            '"' if !is_escaped => return,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
}

fn escape(out: &mut String, c: char) {
    if crate::output::is_harmless(c) {
        out.push(c);
        return;
    }
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_absent_is_empty() {
        let row = json!({"a": {"b": 1}, "c": ["x", "y"], "d": null, "e": [{"f": 2}]});
        let shown = ["a.b", "a.x", "c", "d", "e", "a.b.c", ""].map(|place| shown(&row, place));
        assert_eq!(shown, ["1", "", "x,y", "", "[{\"f\":2}]", "", ""]);
    }

    #[test]
    fn indenting_changes_nothing_but_spaces() {
        let json = "{\"b\":[1.50,{ },[]],\"a\":\"x\\\\\\\"{,:}\",\"n\":null}";
        let shown = indented(json);
        assert_eq!(
            shown,
            "{\n  \"b\": [\n    1.50,\n    {},\n    []\n  ],\n  \"a\": \"x\\\\\\\"{,:}\",\n  \"n\": null\n}"
        );
        assert_eq!(
            serde_json::from_str::<Value>(&shown).unwrap(),
            serde_json::from_str::<Value>(json).unwrap()
        );
    }

    #[test]
    fn a_terminal_is_not_moved_by_what_it_shows() {
        let shown = indented("[\"a\u{9b}31m\u{202e}b\"]");
        assert_eq!(shown, "[\n  \"a\\u009b31m\\u202eb\"\n]");
    }
}
