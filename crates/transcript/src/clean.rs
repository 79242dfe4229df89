//! What text goes through before it is set: nothing in it may take the page over.

use std::borrow::Cow;

use icu_segmenter::GraphemeClusterSegmenter;

/// The longest run of characters that is drawn as one, in bytes. Families of emoji stay below it.
const CLUSTER: usize = 96;
/// Shown for a character that must not take effect.
const REPLACED: char = char::REPLACEMENT_CHARACTER;
/// Parts what would be drawn as one.
const PART: char = '\u{200B}';

/// The text with line ends as `\n`, tabs as spaces, and neither control characters nor forced directions.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte == b'\n' || (b' '..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                cleaned.push('\n');
            }
            '\n' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push('\n'),
            '\t' => cleaned.push_str("    "),
            // Embeddings are out of use; their directions come out of the letters themselves.
            '\u{202A}'..='\u{202C}' | '\u{FEFF}' => {}
            '\u{202D}' | '\u{202E}' => cleaned.push(REPLACED),
            _ if character.is_control() || is_no_character(character) => cleaned.push(REPLACED),
            _ => cleaned.push(character),
        }
    }
    Cow::Owned(if cleaned.is_ascii() { cleaned } else { parted(cleaned) })
}

fn is_no_character(character: char) -> bool {
    let number = u32::from(character);
    number & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&number)
}

/// Parts clusters that are too long to be honest: hundreds of marks on one letter, or endless joined emoji.
fn parted(text: String) -> String {
    let segmenter = GraphemeClusterSegmenter::new();
    let mut start = 0;
    let mut long: Vec<std::ops::Range<usize>> = Vec::new();
    for end in segmenter.segment_str(&text) {
        if end - start > CLUSTER {
            long.push(start..end);
        }
        start = end;
    }
    if long.is_empty() {
        return text;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut copied = 0;
    for range in long {
        out.push_str(&text[copied..range.start]);
        let mut length = 0;
        for character in text[range.clone()].chars() {
            if length + character.len_utf8() > CLUSTER {
                out.push(PART);
                length = 0;
            }
            out.push(character);
            length += character.len_utf8();
        }
        copied = range.end;
    }
    out.push_str(&text[copied..]);
    out
}
