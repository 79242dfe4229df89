//! The logical structure of the document, which screen readers and text extraction follow.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// A place in the structure; content on the pages belongs to one.
pub(crate) type Leaf = usize;

/// What a part of the document is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A heading and what belongs to it.
    Section,
    /// A heading of a level, with its words.
    Heading(u16, String),
    /// Running text.
    Paragraph,
    /// Text of somebody else.
    Quote,
    /// Rows of cells.
    Table,
    /// A row.
    Row,
    /// A cell that names its column.
    ColumnHead,
    /// A cell that names its row.
    RowHead,
    /// A cell.
    Cell,
}

enum Child {
    Part(Leaf),
    Content(Identifier),
}

/// The tree under construction. The first part is the root.
pub(crate) struct Structure {
    parts: Vec<(Kind, Vec<Child>)>,
}

impl Structure {
    /// The part everything else is below.
    pub(crate) const ROOT: Leaf = 0;

    pub(crate) fn new() -> Self {
        Self {
            parts: vec![(Kind::Section, Vec::new())],
        }
    }

    /// Adds a part at the end of another.
    pub(crate) fn add(&mut self, parent: Leaf, kind: Kind) -> Leaf {
        let leaf = self.parts.len();
        self.parts.push((kind, Vec::new()));
        self.parts[parent].1.push(Child::Part(leaf));
        leaf
    }

    /// Adds content of a page at the end of a part.
    pub(crate) fn fill(&mut self, leaf: Leaf, content: Identifier) {
        self.parts[leaf].1.push(Child::Content(content));
    }

    /// The finished tree.
    pub(crate) fn finish(mut self) -> TagTree {
        let children = self.children(Self::ROOT);
        TagTree::from(children).with_lang(Some(crate::LANGUAGE.to_owned()))
    }

    fn children(&mut self, leaf: Leaf) -> Vec<Node> {
        let children = std::mem::take(&mut self.parts[leaf].1);
        children
            .into_iter()
            .filter_map(|child| match child {
                Child::Content(content) => Some(Node::from(content)),
                Child::Part(part) => {
                    let below = self.children(part);
                    // A cell without text is still a cell.
                    let keep = !below.is_empty() || matches!(self.parts[part].0, Kind::Cell);
                    keep.then(|| Node::from(TagGroup::with_children(tag(&self.parts[part].0), below)))
                }
            })
            .collect()
    }
}

fn tag(kind: &Kind) -> TagKind {
    match kind {
        Kind::Section => Tag::Section.into(),
        Kind::Heading(level, words) => {
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(words.clone())).into()
        }
        Kind::Paragraph => Tag::P.into(),
        Kind::Quote => Tag::BlockQuote.into(),
        Kind::Table => Tag::Table.into(),
        Kind::Row => Tag::TR.into(),
        Kind::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Kind::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Kind::Cell => Tag::TD.into(),
    }
}
