//! Making text from people harmless before it enters a header or a body.
//!
//! HTML escaping is not done here: the templates do it.

/// Most characters of a subject.
const SUBJECT_CHARS: usize = 150;
/// Most characters of a name; one that was checked before is never longer.
const NAME_CHARS: usize = 255;
/// Most characters of a name shown beside an address.
const DISPLAY_CHARS: usize = 80;
/// About how many characters of a message a notice of it quotes.
const EXCERPT_CHARS: usize = 600;
/// Most characters that a mailbox shows beside the subject.
const PREVIEW_CHARS: usize = 140;
/// Most bytes that the message may take in the HTML part once it is escaped, so that the part stays under 60 KB.
const HTML_MESSAGE_BYTES: usize = 30_000;
/// Bytes that stand between two lines in the HTML part: `<br>` and CR LF.
const HTML_BREAK_BYTES: usize = 6;

/// A person's or company's name on one line, for headers and bodies alike.
///
/// Characters that delimit addresses, look like them, or start an encoded word are replaced, so that a name such as
/// `Boss <boss@bank.example>` cannot pass for a second address.
pub(crate) fn name(text: &str) -> String {
    let replaced: String = line(text)
        .chars()
        .filter_map(|c| match c {
            '<' | '>' | '"' | '\\' | '\u{FE64}' | '\u{FE65}' | '\u{FF1C}' | '\u{FF1E}' => None,
            '@' | '\u{FE6B}' | '\u{FF20}' => Some(" at ".to_owned()),
            _ => Some(c.to_string()),
        })
        .collect();
    // A literal `=?utf-8?…?=` would be decoded by the reader's program, after every check made here.
    cut(&collapse(&replaced.replace("=?", "= ?")), NAME_CHARS)
}

/// A name for the display part of an address, or none where nothing readable is left.
pub(crate) fn display_name(text: &str) -> Option<String> {
    let shown = cut(&name(text), DISPLAY_CHARS);
    (!shown.is_empty()).then_some(shown)
}

/// A short fact, such as an address or a date: [`line()`], no longer than a name may be.
pub(crate) fn fact(text: &str) -> String {
    cut(&line(text), NAME_CHARS)
}

/// Any other text on one line: no control characters, no direction overrides, single spaces.
pub(crate) fn line(text: &str) -> String {
    let cleaned: String = text
        .chars()
        .filter(|c| !is_bidi_control(*c))
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    collapse(&cleaned)
}

/// A subject: [`line()`], without encoded words, at most 150 characters.
pub(crate) fn subject(text: &str) -> String {
    cut(&line(text).replace("=?", "= ?"), SUBJECT_CHARS)
}

/// The lines of a message as its writer meant them; every other control character shows as U+FFFD.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let unified = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let visible: String = unified
        .chars()
        .filter(|c| !is_bidi_control(*c))
        .map(|c| {
            if c.is_control() && c != '\n' && c != '\t' {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect();
    let trimmed = visible.trim_end().trim_start_matches('\n');
    if trimmed.trim().is_empty() {
        return Vec::new();
    }
    trimmed.split('\n').map(|line| line.trim_end().to_owned()).collect()
}

/// The first of `lines` that fit into the HTML part, and whether any were left out.
pub(crate) fn fit_html(lines: &[String]) -> (Vec<String>, bool) {
    let mut left = HTML_MESSAGE_BYTES;
    let mut kept = Vec::new();
    for line in lines {
        if left < HTML_BREAK_BYTES {
            return (kept, true);
        }
        let mut fitting = String::new();
        for c in line.chars() {
            // The longest escape, `&#38;`, has five bytes.
            let cost = if matches!(c, '&' | '<' | '>' | '"' | '\'') {
                5
            } else {
                c.len_utf8()
            };
            if cost > left {
                kept.push(fitting);
                return (kept, true);
            }
            left -= cost;
            fitting.push(c);
        }
        kept.push(fitting);
        left = left.saturating_sub(HTML_BREAK_BYTES);
    }
    (kept, false)
}

/// The lines of a text for people to have a first look at, about [`EXCERPT_CHARS`] characters of them, and whether
/// any of it was left out. Cut behind a word where there is one.
pub(crate) fn excerpt(text: &str) -> (Vec<String>, bool) {
    let whole = lines(text);
    let mut left = EXCERPT_CHARS;
    let mut kept: Vec<String> = Vec::new();
    for line in whole {
        let length = line.chars().count() + 1;
        if length <= left {
            left -= length;
            kept.push(line);
            continue;
        }
        let head: String = line.chars().take(left).collect();
        let word_end = head.rfind(char::is_whitespace).filter(|end| *end > head.len() / 2);
        let end = word_end.unwrap_or(head.len());
        kept.push(format!("{} …", head[..end].trim_end()).trim_start().to_owned());
        return (kept, true);
    }
    (kept, false)
}

/// The beginning of a text on one line: what a mailbox shows beside the subject. Plain English stays ASCII.
pub(crate) fn preview(lines: &[String]) -> String {
    let mut words = String::new();
    for word in lines.iter().flat_map(|line| line.split_whitespace()) {
        if words.chars().count() + word.chars().count() > PREVIEW_CHARS {
            // A script without spaces is one long word.
            let whole = if words.is_empty() { word } else { &words };
            return format!("{}...", cut(whole, PREVIEW_CHARS).trim_end());
        }
        words.push_str(word);
        words.push(' ');
    }
    words
}

/// `text` with at most `most` characters; the last one is `…` where something was cut.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", head.trim_end())
}

/// `3 security findings`, `1 security finding`.
pub(crate) fn findings(count: usize) -> String {
    if count == 1 {
        "1 security finding".to_owned()
    } else {
        format!("{count} security findings")
    }
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
