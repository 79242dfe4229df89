//! Tables that go on over pages, with their head repeated on each.

use std::rc::Rc;

use crate::pages::Pages;
use crate::structure::{Kind, Leaf};
use crate::style::{BOTTOM, CELL, HEAD, LABEL, MARGIN, RULE, TINT, VALUE, WIDTH};
use crate::text::Text;

/// Room beside a cell's text.
const SIDE: f32 = 5.0;
/// Room above and below a cell's text.
const PAD: f32 = 4.0;
/// The width of the labels of values.
const LABELS: f32 = 118.0;
/// A row of at most so many lines stays on one page.
const TOGETHER: usize = 12;

/// The left edge and the width of each column, of columns with a head and a share of the whole.
fn places(columns: &[(&str, f32)]) -> Vec<(f32, f32)> {
    let whole: f32 = columns.iter().map(|(_, share)| share).sum();
    let mut x = MARGIN;
    columns
        .iter()
        .map(|(_, share)| {
            let width = WIDTH * share / whole;
            x += width;
            (x - width, width)
        })
        .collect()
}

/// Puts a table on the pages, as a part of a section. A column has a head and a share of the width.
pub(crate) fn table(pages: &mut Pages, section: Leaf, columns: &[(&str, f32)], rows: &[Vec<&str>]) {
    let places = places(columns);
    let table = pages.structure.add(section, Kind::Table);
    let heads: Vec<Rc<Text>> = columns
        .iter()
        .zip(&places)
        .map(|((words, _), (_, width))| pages.set(words, HEAD, width - 2.0 * SIDE))
        .collect();
    let row = pages.structure.add(table, Kind::Row);
    let leaves: Vec<Leaf> = heads
        .iter()
        .map(|_| pages.structure.add(row, Kind::ColumnHead))
        .collect();
    head(pages, &heads, &places, Some(&leaves));
    for cells in rows {
        let cells: Vec<Rc<Text>> = cells
            .iter()
            .zip(&places)
            .map(|(cell, (_, width))| pages.set(cell, CELL, width - 2.0 * SIDE))
            .collect();
        body(pages, (table, Kind::Cell), &cells, (&heads, &places));
    }
}

/// Puts labels with their values on the pages, a row for each, without a head.
pub(crate) fn labelled(pages: &mut Pages, parent: Leaf, rows: &[(String, String)]) {
    let table = pages.structure.add(parent, Kind::Table);
    // The text of the first column begins where all text does.
    let places = [
        (MARGIN - SIDE, LABELS + SIDE),
        (MARGIN + LABELS - SIDE, WIDTH - LABELS + SIDE),
    ];
    for (label, value) in rows {
        let label = pages.set(label, LABEL, LABELS - 2.0 * SIDE);
        let value = pages.set(value, VALUE, WIDTH - LABELS);
        body(pages, (table, Kind::RowHead), &[label, value], (&[], &places));
    }
}

/// The height of a head with one row of one line below it.
pub(crate) fn least() -> f32 {
    HEAD.size * HEAD.leading + CELL.size * CELL.leading + 4.0 * PAD
}

/// Draws the head; without leaves it is a repetition and no part of the structure.
fn head(pages: &mut Pages, heads: &[Rc<Text>], places: &[(f32, f32)], leaves: Option<&[Leaf]>) {
    if heads.is_empty() {
        return;
    }
    let height = heads.iter().map(|head| head.height()).fold(0.0, f32::max) + 2.0 * PAD;
    pages.fill((MARGIN, pages.y, WIDTH, height), TINT);
    for (column, (head, (x, _))) in heads.iter().zip(places).enumerate() {
        let leaf = leaves.map(|leaves| leaves[column]);
        pages.place(head, 0..head.lines.len(), (x + SIDE, pages.y + PAD), leaf);
    }
    pages.y += height;
}

/// Draws a row whose first cell is of a kind, over as many pages as it takes.
fn body(pages: &mut Pages, (table, first): (Leaf, Kind), cells: &[Rc<Text>], frame: (&[Rc<Text>], &[(f32, f32)])) {
    let (heads, places) = frame;
    let line = cells.iter().map(|cell| cell.line_height()).fold(1.0, f32::max);
    let count = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
    let row = pages.structure.add(table, Kind::Row);
    let kinds = std::iter::once(first).chain(std::iter::repeat(Kind::Cell));
    let leaves: Vec<Leaf> = cells
        .iter()
        .zip(kinds)
        .map(|(_, kind)| pages.structure.add(row, kind))
        .collect();
    if pages.ensure(count.min(TOGETHER) as f32 * line + 2.0 * PAD) {
        head(pages, heads, places, None);
    }
    let mut next = 0;
    loop {
        let room = ((BOTTOM - PAD - pages.y - PAD) / line).floor().max(1.0) as usize;
        let until = (next + room).min(count);
        for ((cell, (x, _)), leaf) in cells.iter().zip(places).zip(&leaves) {
            let lines = next.min(cell.lines.len())..until.min(cell.lines.len());
            pages.place(cell, lines, (x + SIDE, pages.y + PAD), Some(*leaf));
        }
        pages.y += (until - next) as f32 * line + 2.0 * PAD;
        pages.fill((MARGIN, pages.y - 0.25, WIDTH, 0.5), RULE);
        next = until;
        if next >= count {
            return;
        }
        pages.turn();
        head(pages, heads, places, None);
    }
}
