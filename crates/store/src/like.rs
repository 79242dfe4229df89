//! Patterns for `like`, with `!` as their escape character.

/// `text` as a piece of a pattern.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// The pattern of what has `text` in it.
pub(crate) fn part(text: &str) -> String {
    format!("%{}%", escaped(text))
}
