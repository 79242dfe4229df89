//! Filling pages from top to bottom: lines of text, filled rectangles, and a new page when one is full.

use std::rc::Rc;

use crate::structure::{Kind, Leaf, Structure};
use crate::style::{ACCENT, BOTTOM, Colour, HEADING, MARGIN, RULE, Style, TOP, WIDTH};
use crate::text::{Text, Typesetter};

/// Something on a page. Coordinates count from the upper left corner.
pub(crate) enum Mark {
    /// One line of a text, its left edge and its baseline; without a leaf it is no part of the structure.
    Line {
        text: Rc<Text>,
        line: usize,
        at: (f32, f32),
        leaf: Option<Leaf>,
    },
    /// A rectangle: left, top, width, height.
    Fill { area: (f32, f32, f32, f32), colour: Colour },
}

/// A heading for the outline: its words, the page from 0, and how far down it stands.
pub(crate) struct Bookmark {
    pub(crate) words: String,
    pub(crate) page: usize,
    pub(crate) top: f32,
}

/// The pages so far.
pub(crate) struct Pages {
    /// What stands on each.
    pub(crate) pages: Vec<Vec<Mark>>,
    /// The sections.
    pub(crate) bookmarks: Vec<Bookmark>,
    /// What belongs together.
    pub(crate) structure: Structure,
    /// How texts are set.
    pub(crate) typesetter: Typesetter,
    /// Where the next thing goes on the last page.
    pub(crate) y: f32,
}

impl Pages {
    pub(crate) fn new(typesetter: Typesetter) -> Self {
        Self {
            pages: vec![Vec::new()],
            bookmarks: Vec::new(),
            structure: Structure::new(),
            typesetter,
            y: TOP,
        }
    }

    /// Sets a text without placing it.
    pub(crate) fn set(&mut self, text: &str, style: Style, width: f32) -> Rc<Text> {
        self.typesetter.set(text, style, width)
    }

    /// Goes to a new page unless so much room is left. Says whether it did.
    pub(crate) fn ensure(&mut self, height: f32) -> bool {
        let turn = self.y + height > BOTTOM && self.y > TOP;
        if turn {
            self.turn();
        }
        turn
    }

    /// Begins a new page.
    pub(crate) fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Leaves room, but none at the top of a page.
    pub(crate) fn space(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    /// Paints a rectangle on the last page.
    pub(crate) fn fill(&mut self, area: (f32, f32, f32, f32), colour: Colour) {
        self.mark(Mark::Fill { area, colour });
    }

    /// Draws a hairline across the text at the present height.
    pub(crate) fn rule(&mut self) {
        self.fill((MARGIN, self.y - 0.25, WIDTH, 0.5), RULE);
    }

    /// Places some lines of a text, from `x` and the given height on, without moving on.
    pub(crate) fn place(&mut self, text: &Rc<Text>, lines: std::ops::Range<usize>, at: (f32, f32), leaf: Option<Leaf>) {
        for (row, line) in lines.enumerate() {
            if text.lines[line].is_empty() {
                continue;
            }
            let baseline = at.1 + row as f32 * text.line_height() + text.baseline();
            self.mark(Mark::Line {
                text: Rc::clone(text),
                line,
                at: (at.0, baseline),
                leaf,
            });
        }
    }

    /// Places a text at `x` and moves below it, over as many pages as it takes. Neither its first nor its last line
    /// stands alone on a page.
    pub(crate) fn flow(&mut self, text: &Rc<Text>, x: f32, leaf: Leaf) {
        let (height, count) = (text.line_height(), text.lines.len());
        let mut next = 0;
        while next < count {
            let rest = count - next;
            let mut room = (((BOTTOM - self.y) / height).floor().max(0.0) as usize).min(rest);
            if room < rest && rest - room == 1 {
                room = room.saturating_sub(1);
            }
            if room < rest.min(2) && self.y > TOP {
                self.turn();
                continue;
            }
            let room = room.max(1);
            self.place(text, next..next + room, (x, self.y), Some(leaf));
            self.y += room as f32 * height;
            next += room;
        }
    }

    /// Begins a section: its heading, with so much room below it on the same page. Answers the section.
    pub(crate) fn section(&mut self, words: &str, below: f32) -> Leaf {
        self.space(22.0);
        let text = self.set(words, HEADING, WIDTH);
        self.ensure(text.height() + 6.0 + below);
        let section = self.structure.add(Structure::ROOT, Kind::Section);
        let heading = self.structure.add(section, Kind::Heading(2, words.to_owned()));
        self.bookmarks.push(Bookmark {
            words: words.to_owned(),
            page: self.pages.len() - 1,
            top: self.y,
        });
        self.flow(&text, MARGIN, heading);
        self.y += 6.0;
        section
    }

    /// Draws a bar along the left margin beside what was placed since `top` on the page with the number `first`,
    /// which counts from 1.
    pub(crate) fn bar(&mut self, first: usize, top: f32) {
        let (last, end) = (self.pages.len(), self.y);
        for page in first..=last {
            let from = if page == first { top } else { TOP };
            let until = if page == last { end } else { BOTTOM };
            if until > from && !self.pages[page - 1].is_empty() {
                let area = (MARGIN, from, 2.0, until - from);
                self.pages[page - 1].push(Mark::Fill { area, colour: ACCENT });
            }
        }
    }

    fn mark(&mut self, mark: Mark) {
        self.pages.last_mut().expect("there is always a page").push(mark);
    }
}
