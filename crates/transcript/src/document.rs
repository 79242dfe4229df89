//! Writing the filled pages as a PDF file.

use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use crate::clean::clean;
use crate::pages::{Mark, Pages};
use crate::record::{Created, Record};
use crate::structure::{Leaf, Structure};
use crate::style::{Colour, FOOT, MARGIN, PAGE, RULE, SMALL, WIDTH};
use crate::text::{SIGN, Typesetter};

/// Writes the file. `strict` promises PDF/UA, and PDF/A where the record tells when it was created.
pub(crate) fn write(pages: Pages, record: &Record, strict: bool) -> Result<Vec<u8>, KrillaError> {
    let Pages {
        pages,
        bookmarks,
        mut structure,
        mut typesetter,
        ..
    } = pages;
    let mut document = Document::new_with(settings(record, strict));
    document.set_metadata(metadata(record));
    let mut outline = Outline::new();
    for bookmark in &bookmarks {
        let target = XyzDestination::new(bookmark.page, Point::from_xy(MARGIN, bookmark.top));
        outline.push_child(OutlineNode::new(bookmark.words.clone(), target));
    }
    document.set_outline(outline);
    let total = pages.len();
    for (index, mut marks) in pages.into_iter().enumerate() {
        let foot = typesetter.set(&record.reference, SMALL, WIDTH * 0.7);
        let number = typesetter.set(&format!("page {} of {total}", index + 1), SMALL, WIDTH * 0.3);
        let y = FOOT + SMALL.size * 0.4;
        marks.push(Mark::Fill {
            area: (MARGIN, FOOT - 12.0, WIDTH, 0.5),
            colour: RULE,
        });
        let right = MARGIN + WIDTH - number.width;
        for (text, x) in [(foot, MARGIN), (number, right)] {
            if text.lines.first().is_some_and(|line| !line.is_empty()) {
                marks.push(Mark::Line {
                    text,
                    line: 0,
                    at: (x, y),
                    leaf: None,
                });
            }
        }
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).expect("A4 is a page");
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        if index == 0 && !typesetter.missing.is_empty() {
            name_signs(&mut surface, &typesetter);
        }
        draw(&mut surface, &marks, &typesetter.faces, &mut structure);
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(structure.finish());
    document.finish()
}

fn settings(record: &Record, strict: bool) -> SerializeSettings {
    let mut configuration = ConfigurationBuilder::new();
    if strict {
        configuration = configuration.with_accessibility_validator(Accessibility::UA1);
        if record.created.is_some() {
            configuration = configuration.with_archival_validator(Archival::A2_U);
        }
    }
    let configuration = configuration.finish().expect("PDF/A-2 and PDF/UA-1 are both PDF 1.7");
    SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    }
}

fn metadata(record: &Record) -> Metadata {
    let title = match record.title.trim() {
        "" => "Record of a collaboration".to_owned(),
        title => clean(title).into_owned(),
    };
    let metadata = Metadata::new()
        .title(title)
        .authors(vec![clean(&record.server).into_owned()])
        .creator("Liaison".to_owned())
        .language(crate::LANGUAGE.to_owned())
        .document_id(record.reference.clone());
    match record.created {
        Some(Created {
            year,
            month,
            day,
            hour,
            minute,
            second,
        }) => metadata.creation_date(
            DateTime::new(year)
                .month(month)
                .day(day)
                .hour(hour)
                .minute(minute)
                .second(second)
                .utc_offset_hour(0)
                .utc_offset_minute(0),
        ),
        None => metadata,
    }
}

/// Draws what stands on a page, and notes in the structure what belongs to it.
fn draw(surface: &mut Surface<'_>, marks: &[Mark], faces: &[Font], structure: &mut Structure) {
    for group in marks.chunk_by(|one, other| leaf(one) == leaf(other)) {
        match leaf(&group[0]) {
            Some(leaf) => {
                let content = surface.start_tagged(ContentTag::Other);
                structure.fill(leaf, content);
            }
            None => {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
            }
        }
        for mark in group {
            draw_one(surface, mark, faces);
        }
        surface.end_tagged();
    }
}

/// Draws the signs for missing characters once beside the page, as what they are. The first use of a glyph tells readers
/// that know no better what it stands for everywhere, and it must not be one of the characters it stands in for.
fn name_signs(surface: &mut Surface<'_>, typesetter: &Typesetter) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
    for sign in typesetter.signs {
        let glyph = KrillaGlyph::new(GlyphId::new(sign.glyph), 1.0, 0.0, 0.0, 0.0, 0..SIGN.len_utf8(), None);
        let at = Point::from_xy(-20.0, -20.0);
        surface.draw_glyphs(
            at,
            &[glyph],
            typesetter.faces[sign.face].clone(),
            &SIGN.to_string(),
            1.0,
            false,
        );
    }
    surface.end_tagged();
}

fn leaf(mark: &Mark) -> Option<Leaf> {
    match mark {
        Mark::Line { leaf, .. } => *leaf,
        Mark::Fill { .. } => None,
    }
}

fn draw_one(surface: &mut Surface<'_>, mark: &Mark, faces: &[Font]) {
    match mark {
        Mark::Line { text, line, at, .. } => {
            surface.set_fill(Some(paint(text.style.colour)));
            for run in &text.lines[*line] {
                surface.draw_glyphs(
                    Point::from_xy(at.0 + run.x, at.1),
                    &text.glyphs[run.glyphs.clone()],
                    faces[run.face].clone(),
                    &text.text[run.bytes.clone()],
                    run.size,
                    false,
                );
            }
        }
        Mark::Fill {
            area: (x, y, width, height),
            colour,
        } => {
            let Some(area) = Rect::from_xywh(*x, *y, *width, *height) else {
                return;
            };
            let mut path = PathBuilder::new();
            path.push_rect(area);
            if let Some(path) = path.finish() {
                surface.set_fill(Some(paint(*colour)));
                surface.draw_path(&path);
            }
        }
    }
}

fn paint((red, green, blue): Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    }
}
