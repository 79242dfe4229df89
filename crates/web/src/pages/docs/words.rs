//! Texts of the document on their way to the page: code in them, anchors, and words for a shell.

/// A stretch of a text.
pub(super) struct Run {
    pub(super) is_code: bool,
    pub(super) text: String,
}

/// A text with its code between backticks.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let parts = text.split('`').enumerate();
    let runs = parts.map(|(at, part)| Run {
        is_code: at % 2 == 1,
        text: part.to_owned(),
    });
    runs.filter(|run| !run.text.is_empty()).collect()
}

/// A name as part of an address: lower case, with hyphens.
pub(super) fn anchor(name: &str) -> String {
    let mut anchor = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            anchor.push(letter.to_ascii_lowercase());
        } else if !anchor.ends_with('-') && letter != '\'' {
            anchor.push('-');
        }
    }
    anchor.trim_matches('-').to_owned()
}

/// A word for a shell.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        let runs = runs("The `ETag` of `x`.");
        let shown: Vec<(bool, &str)> = runs.iter().map(|run| (run.is_code, run.text.as_str())).collect();
        assert_eq!(
            shown,
            [
                (false, "The "),
                (true, "ETag"),
                (false, " of "),
                (true, "x"),
                (false, ".")
            ]
        );
    }

    #[test]
    fn anchors_and_shell_words() {
        assert_eq!(anchor("Liaison's own API"), "liaisons-own-api");
        assert_eq!(anchor("Folders, tiers, groups"), "folders-tiers-groups");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
