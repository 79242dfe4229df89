//! The measures, type sizes and colours of the page, in points.

/// A4, upright.
pub(crate) const PAGE: (f32, f32) = (595.28, 841.89);
/// Left and right margin.
pub(crate) const MARGIN: f32 = 56.0;
/// Where the text begins on every page.
pub(crate) const TOP: f32 = 58.0;
/// Where the text ends on every page.
pub(crate) const BOTTOM: f32 = PAGE.1 - 66.0;
/// The baseline of the footer.
pub(crate) const FOOT: f32 = PAGE.1 - 40.0;
/// The width of the text.
pub(crate) const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;

/// Red, green and blue.
pub(crate) type Colour = (u8, u8, u8);
/// Running text.
pub(crate) const INK: Colour = (0x1b, 0x22, 0x2c);
/// Labels and what stands beside the text.
pub(crate) const MUTED: Colour = (0x5a, 0x65, 0x73);
/// The one colour.
pub(crate) const ACCENT: Colour = (0x1f, 0x5f, 0xbf);
/// Hairlines.
pub(crate) const RULE: Colour = (0xd5, 0xda, 0xe1);
/// Behind the head of a table.
pub(crate) const TINT: Colour = (0xf1, 0xf4, 0xf8);

/// How a piece of text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Style {
    /// In points.
    pub(crate) size: f32,
    /// Whether the strokes are heavy.
    pub(crate) bold: bool,
    /// Of the glyphs.
    pub(crate) colour: Colour,
    /// From baseline to baseline, as a multiple of the size.
    pub(crate) leading: f32,
    /// Whether text from right to left begins at the right edge.
    pub(crate) follows: bool,
}

const fn style(size: f32, bold: bool, colour: Colour, leading: f32) -> Style {
    Style {
        size,
        bold,
        colour,
        leading,
        follows: false,
    }
}

/// The line above the title.
pub(crate) const OVERLINE: Style = style(8.0, true, ACCENT, 1.5);
/// The title of the record.
pub(crate) const TITLE: Style = style(20.0, true, INK, 1.3);
/// The head of a section.
pub(crate) const HEADING: Style = style(12.5, true, INK, 1.4);
/// Running text.
pub(crate) const BODY: Style = Style {
    follows: true,
    ..style(9.5, false, INK, 1.5)
};
/// Whose message it is.
pub(crate) const NAME: Style = style(9.5, true, INK, 1.5);
/// The label of a fact.
pub(crate) const LABEL: Style = style(9.0, false, MUTED, 1.5);
/// The value of a fact.
pub(crate) const VALUE: Style = style(9.0, false, INK, 1.5);
/// What stands beside or below.
pub(crate) const SMALL: Style = style(8.0, false, MUTED, 1.5);
/// The head of a table's column.
pub(crate) const HEAD: Style = style(8.0, true, MUTED, 1.45);
/// A cell of a table.
pub(crate) const CELL: Style = style(8.5, false, INK, 1.45);
