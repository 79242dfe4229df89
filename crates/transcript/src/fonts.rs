//! The fonts a record is set in: two that are compiled in, and for other scripts those installed on the machine.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use icu_properties::CodePointMapData;
use icu_properties::props::Script;
use parley::FontContext;
use parley::fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache};
use skrifa::MetadataProvider;

/// The name the fonts inside the program go by, so that an installed font of the same make never replaces them.
pub(crate) const FAMILY: &str = "Liaison Record";
/// The fonts inside the program, regular and bold: Latin, Greek and Cyrillic.
pub(crate) const BUILT_IN: [&[u8]; 2] = [notosans::REGULAR_TTF, notosans::BOLD_TTF];
/// A font needs this many characters of a script to be asked for it.
const ENOUGH: u32 = 12;
/// How the names of Chinese, Japanese and Korean families end.
const REGIONS: [&str; 5] = ["SC", "TC", "HK", "JP", "KR"];
/// Where Linux, the BSDs and macOS keep fonts.
const FOLDERS: [&str; 5] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/X11R6/lib/X11/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
];

/// The fonts, found once and used for every record. It can be shared between threads.
#[derive(Clone)]
pub struct Fonts {
    context: FontContext,
    installed: Arc<Installed>,
}

impl Fonts {
    /// The fonts compiled in and those installed on this machine. It reads every installed font once, which can take
    /// a second.
    #[must_use]
    pub fn load() -> Self {
        Self::from_folders(FOLDERS)
    }

    /// Only the fonts compiled in: Latin, Greek and Cyrillic.
    #[must_use]
    pub fn built_in() -> Self {
        Self::from_folders([] as [&Path; 0])
    }

    /// The fonts compiled in and those below these folders.
    #[must_use]
    pub fn from_folders(folders: impl IntoIterator<Item = impl AsRef<Path>>) -> Self {
        let mut collection = Collection::new(CollectionOptions {
            shared: false,
            system_fonts: false,
        });
        collection.load_fonts_from_paths(folders.into_iter().filter(|folder| folder.as_ref().is_dir()));
        let mut context = FontContext {
            collection,
            source_cache: SourceCache::new_shared(),
        };
        let installed = Arc::new(Installed::new(survey(&mut context)));
        for font in BUILT_IN {
            let named = FontInfoOverride {
                family_name: Some(FAMILY),
                ..FontInfoOverride::default()
            };
            context
                .collection
                .register_fonts(Blob::new(Arc::new(font)), Some(named));
        }
        Self { context, installed }
    }

    pub(crate) fn context(&self) -> (FontContext, Arc<Installed>) {
        (self.context.clone(), Arc::clone(&self.installed))
    }
}

/// What the installed families can draw, and which of them are asked first.
pub(crate) struct Installed {
    families: Vec<Family>,
    scripts: HashMap<Script, Vec<usize>>,
    emoji: Vec<usize>,
}

/// One installed family.
struct Family {
    name: String,
    bytes: Blob<u8>,
    index: u32,
    /// How many characters of each script it draws.
    scripts: HashMap<Script, u32>,
}

impl Installed {
    fn new(families: Vec<Family>) -> Self {
        let all: HashSet<Script> = families
            .iter()
            .flat_map(|family| family.scripts.keys().copied())
            .collect();
        let scripts = all
            .into_iter()
            .map(|script| (script, best(&families, script)))
            .collect();
        let emoji = (0..families.len())
            .filter(|index| families[*index].name.contains("Emoji"))
            .collect();
        Self {
            families,
            scripts,
            emoji,
        }
    }

    /// The name of a family.
    pub(crate) fn name(&self, family: usize) -> &str {
        &self.families[family].name
    }

    /// Whether a family is one of coloured pictures.
    pub(crate) fn is_emoji(&self, family: usize) -> bool {
        self.emoji.contains(&family)
    }

    /// Whether a family has a character.
    pub(crate) fn draws(&self, family: usize, character: char) -> bool {
        let family = &self.families[family];
        skrifa::FontRef::from_index(family.bytes.as_ref(), family.index)
            .is_ok_and(|font| font.charmap().map(character).is_some())
    }

    /// The family to draw a character with, by its script or `beside`, the script that tells its language.
    pub(crate) fn choose(&self, character: char, beside: Option<Script>, emoji: bool) -> Option<usize> {
        let own = CodePointMapData::<Script>::new().get(character);
        let asked = [beside.filter(|_| own == Script::Han), Some(own), Some(Script::Common)];
        let by_script = asked
            .into_iter()
            .flatten()
            .filter_map(|script| self.scripts.get(&script))
            .flatten();
        let (before, after): (&[usize], &[usize]) = if emoji { (&self.emoji, &[]) } else { (&[], &self.emoji) };
        before
            .iter()
            .chain(by_script)
            .chain(after)
            .copied()
            .find(|family| self.draws(*family, character))
    }
}

/// Reads which characters every installed family has.
fn survey(context: &mut FontContext) -> Vec<Family> {
    let script_of = CodePointMapData::<Script>::new();
    let names: Vec<String> = context.collection.family_names().map(str::to_owned).collect();
    let mut families = Vec::with_capacity(names.len());
    for name in names {
        let Some(family) = context.collection.family_by_name(&name) else {
            continue;
        };
        let Some(font) = family.default_font() else { continue };
        let Some(bytes) = font.load(Some(&mut context.source_cache)) else {
            continue;
        };
        let Ok(face) = skrifa::FontRef::from_index(bytes.as_ref(), font.index()) else {
            continue;
        };
        let mut scripts: HashMap<Script, u32> = HashMap::new();
        for (character, _) in face.charmap().mappings() {
            *scripts.entry(script_of.get32(character)).or_default() += 1;
        }
        scripts.retain(|_, characters| *characters >= ENOUGH);
        families.push(Family {
            name,
            index: font.index(),
            bytes,
            scripts,
        });
    }
    families
}

/// The families to ask for a script, by how well they fit a plain sans serif text, then by how much they have.
fn best(families: &[Family], script: Script) -> Vec<usize> {
    let region = match script {
        Script::Hiragana | Script::Katakana => "JP",
        Script::Hangul => "KR",
        Script::Bopomofo => "TC",
        _ => "SC",
    };
    let mut list: Vec<(u8, u32, &str, usize)> = families
        .iter()
        .enumerate()
        .filter_map(|(index, family)| {
            let characters = family.scripts.get(&script)?;
            Some((rank(&family.name, region), u32::MAX - characters, &*family.name, index))
        })
        .collect();
    list.sort_unstable();
    list.into_iter().map(|(.., index)| index).collect()
}

/// How far a family is from a plain sans serif for a region; 0 is best.
fn rank(name: &str, region: &str) -> u8 {
    let kind = match name {
        _ if name.contains("Emoji") || name.contains("LastResort") => 12,
        _ if name.starts_with("Noto Sans") => 0,
        _ if name.starts_with("Noto Naskh") || name.starts_with("Noto Looped") => 1,
        _ if name.starts_with("Noto Serif") => 3,
        _ if name.contains("Sans") => 2,
        _ => 4,
    };
    let bent = ["Mono", "Condensed", "Display", "Light", "Thin", "Black"]
        .iter()
        .any(|word| name.contains(word));
    // These families hold the same characters; their names tell whose shapes come first.
    let foreign = name
        .split(' ')
        .next_back()
        .is_some_and(|word| REGIONS.contains(&word) && word != region);
    kind + if bent { 6 } else { 0 } + u8::from(foreign)
}
