//! Searching by words: which words a company is found by, and which a search asks for. Case and accents make no
//! difference; a word of the search is the beginning of a word of the company.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::limits;

/// Text as it is compared and sorted: lower case, without accents.
pub fn folded(text: &str) -> String {
    let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    letters.flat_map(char::to_lowercase).collect()
}

/// A name as lists are sorted by it.
pub fn name_key(name: &str) -> Vec<u8> {
    let key: String = folded(name.trim()).chars().take(limits::NAME_CHARS).collect();
    key.into_bytes()
}

/// The words that a company is found by: those of its names, and its domains.
pub fn words<'t>(
    names: impl IntoIterator<Item = &'t str>,
    domains: impl IntoIterator<Item = &'t str>,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for name in names {
        add(&mut found, &folded(name), true);
    }
    for domain in domains {
        add(&mut found, domain, false);
        // "com" finds everybody, so the part that somebody registered has to do.
        if let Some(suffix) = psl::suffix_str(domain) {
            add(&mut found, domain.strip_suffix(suffix).unwrap_or_default(), true);
        }
        if found.len() >= limits::WORDS {
            break;
        }
    }
    found.into_iter().take(limits::WORDS).collect()
}

fn add(found: &mut BTreeSet<String>, text: &str, parts: bool) {
    for token in tokens(text) {
        found.extend(ends(token));
        if parts && token.contains('.') {
            found.extend(token.split('.').filter(|part| !part.is_empty()).map(cut));
        }
    }
}

/// The words that a search asks for; all of them have to be found. None where there is nothing to search for.
pub fn terms(query: &str) -> Vec<String> {
    let folded = folded(query);
    let terms: BTreeSet<String> = tokens(&folded).map(cut).collect();
    terms.into_iter().take(limits::SEARCH_TERMS).collect()
}

/// Letters and digits, with the dots between them.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let is_inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '\'' | '\u{2019}');
    let tokens = text.split(move |letter| !is_inside(letter));
    tokens
        .map(|token| token.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .filter(|token| !token.is_empty())
}

/// O'Reilly is OReilly too; and no word is longer than an index likes.
fn cut(token: &str) -> String {
    let letters = token.chars().filter(|letter| !matches!(letter, '\'' | '\u{2019}'));
    letters.take(limits::WORD_CHARS).collect()
}

/// The token; where words are not set apart by spaces, also what is left of it from each letter on.
fn ends(token: &str) -> impl Iterator<Item = String> {
    let starts = token.char_indices().map(|(at, _)| at);
    let most = if token.chars().any(is_unspaced) {
        limits::WORD_CHARS
    } else {
        1
    };
    starts.take(most).map(|at| cut(&token[at..]))
}

/// Thai, Lao and Khmer, kana and Chinese characters.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str, names: &[&str], domains: &[&str]) -> bool {
        let words = words(names.iter().copied(), domains.iter().copied());
        let terms = terms(query);
        let is_there = |term: &String| words.iter().any(|word| word.starts_with(term.as_str()));
        !terms.is_empty() && terms.iter().all(is_there)
    }

    #[test]
    fn words_are_found_by_their_beginnings() {
        let names = [
            "Black Hills Technologies",
            "O\u{2019}Reilly M\u{fc}ller & S\u{f6}hne",
            "Booking.com",
        ];
        let domains = ["black-hills.com", "mail.blackhills.co.uk"];
        for query in [
            "black",
            "HILLS tech",
            "tech hills",
            "o'reilly",
            "oreilly",
            "muller",
            "M\u{dc}LL",
            "S\u{f6}hne",
            "booking",
            "booking.com",
            "black-hills.com",
            "black-hills",
            "blackhills",
            "mail.blackhills.co.uk",
            "mail.black",
            "&black",
        ] {
            assert!(found(query, &names, &domains), "{query}");
        }
        for query in ["", "&", "%", "_", "lack", "black sea", "uk", "hills.com.evil"] {
            assert!(!found(query, &names, &domains), "{query}");
        }
    }

    #[test]
    fn scripts_without_spaces_are_found_from_each_letter() {
        let names = ["\u{682a}\u{5f0f}\u{4f1a}\u{793e}\u{6771}\u{829d}"];
        assert!(found("\u{6771}\u{829d}", &names, &[]) && found("\u{682a}\u{5f0f}", &names, &[]));
        assert!(!found("\u{829d}\u{6771}", &names, &[]));
    }

    #[test]
    fn nothing_is_longer_than_its_limit() {
        let long = "x".repeat(5000);
        assert!(
            words([long.as_str()], [])
                .iter()
                .all(|word| word.len() == limits::WORD_CHARS)
        );
        assert!(found(&long, &[&long], &[]));
        let many: Vec<String> = (0..5000).map(|number| format!("d{number}.example")).collect();
        assert_eq!(words([], many.iter().map(String::as_str)).len(), limits::WORDS);
        assert_eq!(terms(&many.join(" ")).len(), limits::SEARCH_TERMS);
        assert_eq!(name_key(&long).len(), limits::NAME_CHARS);
    }
}
