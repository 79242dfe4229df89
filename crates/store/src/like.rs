//! Patterns for `like`, with `!` as their escape character.

/// `text` as a piece of a pattern.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Characters of a text that are looked for: nothing that is searched like this is longer, and a database refuses patterns
/// without end.
const CHARS: usize = 2000;

/// The pattern of what has `text` in it.
pub(crate) fn part(text: &str) -> String {
    let text: String = text.chars().take(CHARS).collect();
    format!("%{}%", escaped(&text))
}
