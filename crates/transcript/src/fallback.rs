//! Which font each part of a paragraph is set in.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use icu_properties::props::{EmojiPresentation, Script};
use icu_properties::{CodePointMapData, CodePointSetData, PropertyNamesLong};
use skrifa::{FontRef, MetadataProvider};

use crate::fonts::{BUILT_IN, Installed};

/// Asks for the coloured picture of the character before it.
const PICTURE: char = '\u{FE0F}';
/// Asks for the plain sign.
const PLAIN: char = '\u{FE0E}';
/// Joins pictures to one.
const JOINER: char = '\u{200D}';

/// Finds fonts for characters, and remembers what it found.
pub(crate) struct Fallback {
    installed: Arc<Installed>,
    found: HashMap<(char, Option<Script>, bool), Option<usize>>,
    built_in: FontRef<'static>,
}

impl Fallback {
    pub(crate) fn new(installed: Arc<Installed>) -> Self {
        let built_in = FontRef::new(BUILT_IN[0]).expect("the fonts compiled in can be read");
        Self {
            installed,
            found: HashMap::new(),
            built_in,
        }
    }

    /// The name of an installed family.
    pub(crate) fn name(&self, family: usize) -> &str {
        self.installed.name(family)
    }

    /// The parts of a paragraph that need an installed family, with its number.
    pub(crate) fn parts(&mut self, paragraph: &str) -> Vec<(Range<usize>, usize)> {
        let beside = language(paragraph);
        let scripts = CodePointMapData::<Script>::new();
        let pictures = CodePointSetData::new::<EmojiPresentation>();
        let mut parts: Vec<(Range<usize>, usize)> = Vec::new();
        let mut current = None;
        let mut joined = false;
        let mut characters = paragraph.char_indices().peekable();
        while let Some((start, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            if character.is_ascii_alphanumeric() && next != Some(PICTURE) {
                (current, joined) = (None, false);
                continue;
            }
            let script = scripts.get(character);
            let stays = if start == 0 {
                false
            } else if script == Script::Inherited || is_selector(character) {
                true
            } else {
                // Spaces and punctuation between words of one script do not part them.
                let between = script == Script::Common && !character.is_alphanumeric() && next != Some(PICTURE);
                (joined || (between && !self.is_picture(current))) && self.has(current, character)
            };
            if !stays {
                let picture = next == Some(PICTURE) || (next != Some(PLAIN) && pictures.contains(character));
                current = self.choose((character, beside, picture));
            }
            joined = character == JOINER;
            let Some(family) = current else { continue };
            let end = start + character.len_utf8();
            match parts.last_mut() {
                Some((range, last)) if *last == family && range.end == start => range.end = end,
                _ => parts.push((start..end, family)),
            }
        }
        parts
    }

    fn is_picture(&self, family: Option<usize>) -> bool {
        family.is_some_and(|family| self.installed.is_emoji(family))
    }

    fn has(&mut self, family: Option<usize>, character: char) -> bool {
        match family {
            None => self.built_in.charmap().map(character).is_some(),
            Some(family) => self.installed.draws(family, character),
        }
    }

    fn choose(&mut self, wanted: (char, Option<Script>, bool)) -> Option<usize> {
        if let Some(found) = self.found.get(&wanted) {
            return *found;
        }
        let (character, beside, picture) = wanted;
        let found = if !picture && self.built_in.charmap().map(character).is_some() {
            None
        } else {
            self.installed.choose(character, beside, picture)
        };
        self.found.insert(wanted, found);
        found
    }
}

/// Whether a character is never seen itself, but tells how others are drawn.
pub(crate) fn is_selector(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E01EF}')
}

/// The names of the scripts of some characters, such as `Arabic`; `Common` is signs and pictures.
pub(crate) fn script_names(characters: &[char]) -> Vec<String> {
    let scripts = CodePointMapData::<Script>::new();
    let names = PropertyNamesLong::<Script>::new();
    let found: BTreeSet<&str> = characters
        .iter()
        .filter_map(|character| names.get(scripts.get(*character)))
        .filter(|name| *name != "Inherited")
        .collect();
    found.into_iter().map(str::to_owned).collect()
}

/// The script whose presence tells the language of the Chinese characters beside it: kana Japanese, hangul Korean.
fn language(paragraph: &str) -> Option<Script> {
    let mut found = None;
    for character in paragraph.chars() {
        match character {
            '\u{3040}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{31F0}'..='\u{31FF}' => {
                return Some(Script::Hiragana);
            }
            '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7FF}' => found = Some(Script::Hangul),
            _ => {}
        }
    }
    found
}
