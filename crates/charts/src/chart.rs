//! What every plot hands out: the SVG, the same numbers as a table, and both as one `<figure>`.

use std::fmt;

use askama::Template;

use crate::text::clean;

/// How a plot is named.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'h> {
    /// Begins the ids inside the SVG; no two plots of a page may share it.
    pub id: &'h str,
    /// What the plot shows, for people.
    pub title: &'h str,
}

/// Finished HTML or SVG in which everything from outside is escaped. A template prints it as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    pub(crate) fn of(template: &impl Template) -> Markup {
        let text = template.render().expect("a template that only prints cannot fail");
        Markup(text)
    }

    /// The markup as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// The numbers of a plot, written for people. Plain text, not escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The headings.
    pub columns: Vec<String>,
    /// The cells, one for each heading. The first names the row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<S: AsRef<str>>(columns: &[S], rows: Vec<Vec<String>>) -> Table {
        Table {
            columns: columns.iter().map(|column| clean(column.as_ref())).collect(),
            rows,
        }
    }
}

/// A plot.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// One `<svg>` element for use inside a page.
    pub svg: Markup,
    /// The same numbers.
    pub table: Table,
}

#[derive(Template)]
#[template(path = "figure.html")]
struct Figure<'c> {
    chart: &'c Chart,
}

impl Chart {
    /// The plot under its title, and its table folded away below, as one `<figure>`.
    pub fn figure(&self) -> Markup {
        Markup::of(&Figure { chart: self })
    }
}

/// The outside of an SVG: what every template begins with.
pub(crate) struct Frame {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Frame {
    pub(crate) fn new(heading: Heading<'_>, kind: &'static str, (width, height): (u32, u32)) -> Frame {
        Frame {
            id: identifier(heading.id),
            kind,
            title: clean(heading.title),
            description: String::new(),
            width,
            height,
        }
    }

    pub(crate) fn describe(mut self, description: String) -> Frame {
        self.description = description;
        self
    }

    pub(crate) fn chart(&self, svg: &impl Template, table: Table) -> Chart {
        Chart {
            title: self.title.clone(),
            svg: Markup::of(svg),
            table,
        }
    }
}

/// Ids are letters, digits and hyphens, and begin with a letter.
fn identifier(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let plain: String = plain.collect();
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) {
        plain
    } else {
        format!("chart-{plain}")
    }
}
