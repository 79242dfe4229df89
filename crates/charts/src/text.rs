//! Words and numbers inside a plot: made safe for XML, shortened to a width, written for people.

use jiff::civil::Date;

/// The largest size of text inside a plot, in units of its view box. The stylesheet uses it where a plot is shown on a
/// phone, and a smaller one elsewhere; room is kept for the largest.
pub(crate) const SIZE: f64 = 15.5;

/// `text` without what XML refuses and without marks that turn the reading direction of their surroundings.
pub(crate) fn clean(text: &str) -> String {
    let kept = text.chars().filter(|c| !turns_direction(*c));
    kept.map(|c| match c {
        '\t' | '\n' | '\r' => ' ',
        c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => '\u{FFFD}',
        c => c,
    })
    .collect()
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// How wide `text` is at [`SIZE`], in units. Fonts differ, so this is an estimate, and rather too wide.
pub(crate) fn width(text: &str) -> f64 {
    text.chars().map(advance).sum::<f64>() * SIZE
}

/// The width of one character in em.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | ' ' => 0.34,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.95,
        'A'..='Z' => 0.70,
        ' '..='~' => 0.60,
        '\u{0300}'..='\u{036F}' | '\u{200B}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}' => 0.0,
        c if is_wide(c) => 1.05,
        _ => 0.70,
    }
}

/// Characters as wide as they are high: of Chinese, Japanese and Korean, full-width forms, pictures.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}')
        || matches!(c, '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' | '\u{1F000}'..='\u{3FFFF}')
}

/// `text`, cleaned, and cut with an ellipsis where it is wider than `room` units.
pub(crate) fn shorten(text: &str, room: f64) -> String {
    let text = clean(text);
    if width(&text) <= room {
        return text;
    }
    let room = room - width("…");
    let mut used = 0.0;
    let fitting = text.chars().take_while(|c| {
        used += advance(*c) * SIZE;
        used <= room
    });
    let mut cut: String = fitting.collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: impl Into<i128>) -> String {
    let number: i128 = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number for an axis, cut to three or four digits: `950`, `1.2k`, `25M`, `1bn`.
pub(crate) fn compact(number: u64) -> String {
    let (unit, name) = match number {
        0..=9_999 => return grouped(number),
        10_000..=999_999 => (1_000, "k"),
        1_000_000..=999_999_999 => (1_000_000, "M"),
        1_000_000_000..=999_999_999_999 => (1_000_000_000, "bn"),
        _ => (1_000_000_000_000_u64, "tn"),
    };
    let tenths = number / (unit / 10) % 10;
    let whole = grouped(number / unit);
    if tenths == 0 {
        format!("{whole}{name}")
    } else {
        format!("{whole}.{tenths}{name}")
    }
}

/// `part` of `whole` in per cent, whole numbers; never `0%` for something nor `100%` for less than all.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    match (part * 100 + whole / 2) / whole {
        0 if part > 0 => "<1%".to_owned(),
        100 if part < whole => ">99%".to_owned(),
        many => format!("{}%", grouped(i128::try_from(many).unwrap_or(i128::MAX))),
    }
}

/// `2026-11-12` as `12 Nov 2026`; what is not a date stays as it is.
pub(crate) fn day(text: &str) -> String {
    match date(text) {
        Some(date) => date.strftime("%-d %b %Y").to_string(),
        None => clean(text),
    }
}

/// Reads `YYYY-MM-DD`.
pub(crate) fn date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(grouped(-1_234_567_i64), "−1,234,567");
        assert_eq!(grouped(999_u64), "999");
        assert_eq!(grouped(i64::MIN), "−9,223,372,036,854,775,808");
        let axis = [0, 9_999, 10_000, 12_500, 1_000_000_000, u64::MAX].map(compact);
        assert_eq!(axis, ["0", "9,999", "10k", "12.5k", "1bn", "18,446,744tn"]);
        let shares = [(1, 3), (0, 5), (1, 1_000), (999, 1_000), (5, 5), (3, 0), (30, 10)].map(|(a, b)| percent(a, b));
        assert_eq!(shares, ["33%", "0%", "<1%", ">99%", "100%", "–", "300%"]);
        assert_eq!(percent(u64::MAX, 1), "1,844,674,407,370,955,161,500%");
    }

    #[test]
    fn text_keeps_its_meaning_and_loses_its_tricks() {
        assert_eq!(clean("a\u{202E}b\tc\u{0}\u{FFFF}"), "ab c\u{FFFD}\u{FFFD}");
        assert_eq!(shorten("Mail server", 300.0), "Mail server");
        assert_eq!(shorten("A very long name of a stage", 90.0), "A very lo…");
        assert_eq!(shorten("anything", 0.0), "…");
    }

    #[test]
    fn days_are_written_out() {
        assert_eq!(day("2026-11-02"), "2 Nov 2026");
        assert_eq!(day("2026-02-30"), "2026-02-30");
        assert_eq!(day("soon\u{7}"), "soon\u{FFFD}");
    }
}
