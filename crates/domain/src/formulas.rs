//! Text that spreadsheets would run as a formula, and how to keep them from it.

use std::borrow::Cow;

/// `text` as a spreadsheet shows it and nothing more: an apostrophe stands before what could begin a formula.
/// White space is skipped when looking, because some programs skip it too.
pub fn disarmed(text: &str) -> Cow<'_, str> {
    let first = text
        .trim_start_matches(|c: char| c == ' ' || is_unseen(c))
        .chars()
        .next();
    let begins = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠'
        )
    };
    if first.is_some_and(begins) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn is_unseen(c: char) -> bool {
    (c.is_whitespace() && !c.is_control())
        || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::disarmed;

    #[test]
    fn a_formula_is_text() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\u{feff}=1",
            "  =1",
            "\u{202e}＝1",
        ] {
            assert_eq!(disarmed(formula), format!("'{formula}"), "{formula:?}");
        }
        for text in ["", "a=1", "1-2", "'=1", "Emma Waters"] {
            assert_eq!(disarmed(text), text);
        }
    }
}
