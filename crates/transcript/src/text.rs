//! Setting text in lines: shaping, direction, line breaks and fallback between fonts.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;

use krilla::text::{Font, GlyphId, Tag};
use parley::layout::{Alignment, AlignmentOptions, Line as LaidLine, Run as LaidRun};
use parley::style::{FontFamily, FontFamilyName, FontWeight, LineHeight, OverflowWrap, StyleProperty};
use parley::{FontContext, Layout, LayoutContext};
use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};

use crate::clean::clean;
use crate::fallback::{Fallback, is_selector};
use crate::fonts::{BUILT_IN, FAMILY, Fonts};
use crate::style::Style;

/// A paragraph longer than this, in bytes, is set in parts.
const PART: usize = 8 * 1024;

/// Shown where no font has a character.
pub(crate) const SIGN: char = char::REPLACEMENT_CHARACTER;

/// One glyph; lengths are multiples of the type size, the range counts bytes from the beginning of its run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glyph {
    id: u32,
    advance: f32,
    dx: f32,
    dy: f32,
    start: u32,
    end: u32,
}

impl krilla::text::Glyph for Glyph {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(self.id)
    }
    fn text_range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
    fn x_advance(&self, size: f32) -> f32 {
        self.advance * size
    }
    fn x_offset(&self, size: f32) -> f32 {
        self.dx * size
    }
    fn y_offset(&self, size: f32) -> f32 {
        self.dy * size
    }
    fn y_advance(&self, _: f32) -> f32 {
        0.0
    }
    fn location(&self) -> Option<krilla::surface::Location> {
        None
    }
}

/// Glyphs of one font on one line.
#[derive(Debug)]
pub(crate) struct Run {
    /// Index into [`Typesetter::faces`].
    pub(crate) face: usize,
    /// Of its type.
    pub(crate) size: f32,
    /// From the left edge of the text.
    pub(crate) x: f32,
    /// Which of the text's glyphs.
    pub(crate) glyphs: Range<usize>,
    /// Which bytes of the text they stand for.
    pub(crate) bytes: Range<usize>,
}

/// What is shown for a missing character.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sign {
    /// Index into [`Typesetter::faces`].
    pub(crate) face: usize,
    /// Its number in the font.
    pub(crate) glyph: u32,
    /// Its width, as a multiple of the type size.
    pub(crate) advance: f32,
}

/// Text that was set: its lines, from the first to the last.
#[derive(Debug)]
pub(crate) struct Text {
    /// How it is set.
    pub(crate) style: Style,
    /// The cleaned text.
    pub(crate) text: String,
    /// Of all lines.
    pub(crate) glyphs: Vec<Glyph>,
    /// The runs of each line.
    pub(crate) lines: Vec<Vec<Run>>,
    /// The width of the widest line.
    pub(crate) width: f32,
}

impl Text {
    /// From one line to the next.
    pub(crate) fn line_height(&self) -> f32 {
        self.style.size * self.style.leading
    }

    /// From the top of a line to its baseline.
    pub(crate) fn baseline(&self) -> f32 {
        // Noto Sans rises 1.069 and falls 0.293 of its size.
        self.style.size * (self.style.leading / 2.0 + 0.388)
    }

    /// Of all lines.
    pub(crate) fn height(&self) -> f32 {
        self.lines.len() as f32 * self.line_height()
    }
}

/// Turns strings into [`Text`]s, and remembers the fonts they use and the characters no font has.
pub(crate) struct Typesetter {
    fonts: FontContext,
    fallback: Fallback,
    layouts: LayoutContext<()>,
    layout: Layout<()>,
    numbers: HashMap<(u64, u32, Vec<i16>), usize>,
    /// The fonts in use; runs refer to them by number.
    pub(crate) faces: Vec<Font>,
    /// What is shown for a missing character, regular and bold.
    pub(crate) signs: [Sign; 2],
    /// Characters no font has.
    pub(crate) missing: BTreeSet<char>,
}

impl Typesetter {
    pub(crate) fn new(fonts: &Fonts) -> Self {
        let (fonts, installed) = fonts.context();
        let mut typesetter = Self {
            fonts,
            fallback: Fallback::new(installed),
            layouts: LayoutContext::new(),
            layout: Layout::new(),
            numbers: HashMap::new(),
            signs: [Sign::default(); 2],
            faces: Vec::new(),
            missing: BTreeSet::new(),
        };
        for (index, bytes) in BUILT_IN.into_iter().enumerate() {
            let font = Font::new(bytes.into(), 0).expect("the fonts compiled in can be read");
            let face = skrifa::FontRef::new(bytes).expect("the fonts compiled in can be read");
            let sign = face.charmap().map(SIGN).expect("the fonts compiled in have U+FFFD");
            let advance = face
                .glyph_metrics(Size::unscaled(), LocationRef::default())
                .advance_width(sign);
            typesetter.signs[index] = Sign {
                face: typesetter.faces.len(),
                glyph: sign.to_u32(),
                advance: advance.expect("the sign has a width") / font.units_per_em(),
            };
            typesetter.faces.push(font);
        }
        typesetter
    }

    /// Sets a text no wider than `width` points, which may be infinite.
    pub(crate) fn set(&mut self, text: &str, style: Style, width: f32) -> Rc<Text> {
        let text = clean(text);
        let text = text.trim_end();
        let mut out = Text {
            style,
            text: String::with_capacity(text.len()),
            glyphs: Vec::new(),
            lines: Vec::new(),
            width: 0.0,
        };
        for paragraph in text.split('\n') {
            let mut rest = paragraph;
            loop {
                let (part, following) = cut(rest);
                self.paragraph(part, width, &mut out);
                rest = following;
                if rest.is_empty() {
                    break;
                }
            }
        }
        out.glyphs.shrink_to_fit();
        Rc::new(out)
    }

    fn paragraph(&mut self, paragraph: &str, width: f32, out: &mut Text) {
        if paragraph.trim_end().is_empty() {
            out.lines.push(Vec::new());
            return;
        }
        let parts = if paragraph.is_ascii() {
            Vec::new()
        } else {
            self.fallback.parts(paragraph)
        };
        let offset = out.text.len();
        out.text.push_str(paragraph);
        out.text.push('\n');
        let style = out.style;
        let mut layout = std::mem::take(&mut self.layout);
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, paragraph, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::Single(FontFamilyName::named(
            FAMILY,
        ))));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::FontWeight(if style.bold {
            FontWeight::BOLD
        } else {
            FontWeight::NORMAL
        }));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(style.leading)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        for (range, family) in parts {
            // The built-in fonts are asked last, so that they are never taken for a half of a cluster.
            let names = [
                FontFamilyName::named(self.fallback.name(family)),
                FontFamilyName::named(FAMILY),
            ];
            builder.push(
                StyleProperty::FontFamily(FontFamily::List(Cow::Owned(names.to_vec()))),
                range,
            );
        }
        builder.build_into(&mut layout, paragraph);
        layout.break_all_lines(width.is_finite().then_some(width));
        layout.align(
            if style.follows {
                Alignment::Start
            } else {
                Alignment::Left
            },
            AlignmentOptions::default(),
        );
        for line in layout.lines() {
            let runs = self.line(&line, offset, out);
            out.lines.push(runs);
        }
        self.layout = layout;
    }

    fn line(&mut self, line: &LaidLine<'_, ()>, offset: usize, out: &mut Text) -> Vec<Run> {
        let mut runs = Vec::with_capacity(1);
        let metrics = line.metrics();
        let mut x = metrics.offset;
        out.width = out.width.max(metrics.advance - metrics.trailing_whitespace);
        for run in line.runs() {
            let face = self.face(&run);
            let first = out.glyphs.len();
            let bytes = run.text_range();
            let lost = glyphs(&run, bytes.start, &mut out.glyphs);
            let bytes = bytes.start + offset..bytes.end + offset;
            let whole = Run {
                face,
                size: out.style.size,
                x,
                glyphs: first..out.glyphs.len(),
                bytes,
            };
            x += run.advance();
            if lost {
                self.replace(whole, out, &mut runs);
            } else if !whole.glyphs.is_empty() {
                runs.push(whole);
            }
        }
        runs
    }

    /// Splits a run so that each glyph no font has becomes a visible sign that still stands for its characters.
    fn replace(&mut self, run: Run, out: &mut Text, runs: &mut Vec<Run>) {
        let sign = self.signs[usize::from(out.style.bold)];
        let text = &out.text[run.bytes.clone()];
        let mut x = run.x;
        for index in run.glyphs {
            let glyph = &mut out.glyphs[index];
            let advance = glyph.advance * out.style.size;
            let lost = glyph.id == 0;
            if lost {
                let characters = text[glyph.start as usize..glyph.end as usize].chars();
                self.missing
                    .extend(characters.filter(|one| !one.is_whitespace() && !is_selector(*one)));
                // The sign is as wide as the room the font gave, within what can be read.
                let size = (advance / sign.advance).clamp(out.style.size * 0.4, out.style.size);
                *glyph = Glyph {
                    id: sign.glyph,
                    advance: advance / size,
                    dx: 0.0,
                    dy: 0.0,
                    ..*glyph
                };
                runs.push(Run {
                    face: sign.face,
                    size,
                    x,
                    glyphs: index..index + 1,
                    bytes: run.bytes.clone(),
                });
            } else {
                match runs.last_mut() {
                    Some(last) if last.face == run.face && last.glyphs.end == index && last.bytes == run.bytes => {
                        last.glyphs.end += 1;
                    }
                    _ => runs.push(Run {
                        x,
                        glyphs: index..index + 1,
                        bytes: run.bytes.clone(),
                        ..run
                    }),
                }
            }
            x += advance;
        }
    }

    /// The number of a run's font, which is opened at its first use.
    fn face(&mut self, run: &LaidRun<'_, ()>) -> usize {
        let data = run.font();
        if let Some(built_in) = BUILT_IN
            .iter()
            .position(|bytes| std::ptr::eq(bytes.as_ptr(), data.data.as_ref().as_ptr()))
        {
            return built_in;
        }
        let key = (data.data.id(), data.index, run.normalized_coords().to_vec());
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let synthesis = run.synthesis();
        let axes: Vec<(Tag, f32)> = synthesis
            .variation_settings()
            .iter()
            .map(|(tag, value)| (Tag::new(&tag.to_be_bytes()), *value))
            .collect();
        let (bytes, _) = data.data.clone().into_raw_parts();
        let font = Font::new_variable(bytes.into(), data.index, &axes);
        // The shaper read this font, so a failure here means a damaged file; the built-in one shows wrong glyphs
        // rather than none, and the text beneath stays right.
        let number = font.map_or(0, |font| {
            self.faces.push(font);
            self.faces.len() - 1
        });
        self.numbers.insert(key, number);
        number
    }
}

/// Appends the glyphs of a run, from left to right; says whether one of them is missing from the font.
fn glyphs(run: &LaidRun<'_, ()>, origin: usize, out: &mut Vec<Glyph>) -> bool {
    let size = run.font_size();
    let right_to_left = run.is_rtl();
    let mut lost = false;
    let mut first = out.len();
    let mut before: Option<u32> = None;
    for cluster in run.visual_clusters() {
        let range = cluster.text_range();
        let (start, mut end) = ((range.start - origin) as u32, (range.end - origin) as u32);
        if cluster.is_ligature_continuation() {
            if right_to_left {
                // Its ligature follows, and stands before it in the text.
                before = before.or(Some(end));
            } else {
                for glyph in &mut out[first..] {
                    glyph.end = glyph.end.max(end);
                }
            }
            continue;
        }
        end = before.take().unwrap_or(end).max(end);
        first = out.len();
        for glyph in cluster.glyphs() {
            lost |= glyph.id == 0;
            out.push(Glyph {
                id: glyph.id,
                advance: glyph.advance / size,
                dx: glyph.x / size,
                dy: glyph.y / size,
                start,
                end,
            });
        }
    }
    lost
}

/// A part that is not too long, and the rest; cut after a space where there is one.
fn cut(paragraph: &str) -> (&str, &str) {
    if paragraph.len() <= PART {
        return (paragraph, "");
    }
    let limit = paragraph.floor_char_boundary(PART);
    let at = paragraph[..limit].rfind(' ').map_or(limit, |space| space + 1);
    paragraph.split_at(at)
}
