//! The document tree: blocks, and inline content in their leaves. Ranges are byte offsets in the text that was parsed.

use std::ops::{Range, RangeInclusive};

use super::attributes::{AttributeList, Attributes};
use super::options::Options;

/// A parsed text.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The blocks, in order.
    pub blocks: Vec<Block>,
    /// The footnotes that are defined, in the order of their first definition.
    pub footnotes: Vec<Footnote>,
    /// The abbreviations, in the order of their first definition.
    pub abbreviations: Vec<Abbreviation>,
    /// The options in force at the end of the text.
    pub options: Options,
    /// What is doubtful about the text, in its order.
    pub problems: Vec<Problem>,
}

/// Something doubtful in the text; it never keeps the rest from being parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The stable name of its kind, such as `html-left-open`.
    pub code: &'static str,
    /// One sentence without a full stop.
    pub message: String,
    /// Where.
    pub range: Range<u32>,
}

/// One block element.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its attributes; for HTML those of its tag.
    pub attributes: Attributes,
    /// Where it stands.
    pub range: Range<u32>,
    /// The attribute lists beside it, until they are applied.
    pub(crate) list: Option<Box<AttributeList>>,
}

/// The kinds of blocks.
#[derive(Clone, Debug)]
pub enum BlockKind {
    /// Blank lines; whether it was exactly one empty line.
    Blank {
        /// A single line feed and nothing else.
        single: bool,
    },
    /// A paragraph.
    Paragraph {
        /// Its text.
        content: Vec<Inline>,
        /// Written without `<p>`, as in a tight list.
        transparent: bool,
    },
    /// A heading.
    Heading {
        /// From 1 to 6, as written.
        level: u8,
        /// Its text.
        content: Vec<Inline>,
        /// The text as it is written, where ids are made of that.
        written: Option<Box<str>>,
    },
    /// A horizontal rule.
    Rule,
    /// A block quote.
    Quote(Vec<Block>),
    /// `> [!NOTE]`: a callout.
    Alert {
        /// Its kind.
        kind: AlertKind,
        /// Its title, a paragraph, and its blocks.
        children: Vec<Block>,
    },
    /// A block of code.
    Code {
        /// The code, with its last line feed.
        text: String,
        /// The language named behind the fence, without options.
        language: Option<String>,
        /// What the fence says beside it, if anything ([`Options::fence_options`]).
        options: Option<Box<CodeOptions>>,
    },
    /// A list.
    List {
        /// Numbered or not.
        ordered: bool,
        /// Its items.
        items: Vec<Item>,
        /// Whether something else is to stand in its place.
        role: ListRole,
    },
    /// A definition list.
    Definitions {
        /// Terms and definitions, in order.
        entries: Vec<Definition>,
        /// Give terms ids, with this prefix.
        auto_ids: Option<String>,
    },
    /// A table.
    Table(Table),
    /// Display math.
    Math(Box<Formula>),
    /// A block HTML element.
    Html {
        /// The element's name.
        name: String,
        /// How its content was read.
        model: ContentModel,
        /// Whether it has no content and no closing tag.
        closed: bool,
        /// Its content.
        children: Vec<Block>,
    },
    /// Inline content without a paragraph, in an HTML element.
    Inlines(Vec<Inline>),
    /// HTML that goes through as it is.
    RawHtml(String),
    /// An HTML comment, with its signs.
    HtmlComment(String),
    /// `{::comment}`: the text of an HTML comment.
    Comment(String),
    /// The place of an island.
    Island(usize),
    /// Something that ends a block and writes nothing.
    Boundary(Boundary),
}

/// The kinds of alerts, as GitHub has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// `[!NOTE]`
    Note,
    /// `[!TIP]`
    Tip,
    /// `[!IMPORTANT]`
    Important,
    /// `[!WARNING]`
    Warning,
    /// `[!CAUTION]`
    Caution,
}

/// Lines that write nothing but separate blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// The end-of-block marker `^`.
    Marker,
    /// An attribute list, a definition of one, or options.
    Extension,
    /// A link definition, by number.
    Link(usize),
    /// A footnote definition, by number.
    Footnote(usize),
    /// An abbreviation, by number.
    Abbreviation(usize),
}

/// How the content of an HTML element was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentModel {
    /// Not as Markdown.
    Raw,
    /// As blocks.
    Block,
    /// As text.
    Span,
}

/// What a list is there for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListRole {
    /// It is a list.
    #[default]
    List,
    /// `{:toc}`: the table of contents takes its place.
    Contents,
    /// `{:footnotes}`: the footnotes take its place.
    Footnotes,
}

/// An item of a list.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its blocks.
    pub children: Vec<Block>,
    /// Its attributes.
    pub attributes: Attributes,
    /// Where it stands.
    pub range: Range<u32>,
    pub(crate) list: Option<Box<AttributeList>>,
}

/// A term or a definition of a definition list.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The term's text, or the definition's blocks.
    pub content: DefinitionContent,
    /// Its attributes.
    pub attributes: Attributes,
    /// Where it stands.
    pub range: Range<u32>,
    pub(crate) list: Option<Box<AttributeList>>,
}

/// What an entry of a definition list holds.
#[derive(Clone, Debug)]
pub enum DefinitionContent {
    /// A term.
    Term(Vec<Inline>),
    /// A definition.
    Blocks(Vec<Block>),
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The alignment of each column.
    pub alignments: Vec<Alignment>,
    /// Head, bodies and foot, in order.
    pub sections: Vec<Section>,
}

/// The alignment of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alignment {
    /// None given.
    #[default]
    Default,
    /// `:--`
    Left,
    /// `:-:`
    Center,
    /// `--:`
    Right,
}

/// A group of rows.
#[derive(Clone, Debug)]
pub struct Section {
    /// Head, body or foot.
    pub kind: SectionKind,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its cells; those that are missing at its end are empty.
    pub cells: Vec<Vec<Inline>>,
    /// Where it stands.
    pub range: Range<u32>,
}

/// The kind of a group of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// `<thead>`
    Head,
    /// `<tbody>`
    Body,
    /// `<tfoot>`
    Foot,
}

/// A footnote's definition.
#[derive(Clone, Debug)]
pub struct Footnote {
    /// Its name.
    pub name: String,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Where it is defined.
    pub range: Range<u32>,
    /// Whether it is defined by the page that the document stands in, and shown there.
    pub is_outer: bool,
}

/// An abbreviation's definition.
#[derive(Clone, Debug)]
pub struct Abbreviation {
    /// The short form.
    pub name: String,
    /// What it stands for; may be empty.
    pub title: String,
    /// Attributes of its elements.
    pub attributes: Attributes,
    pub(crate) list: AttributeList,
}

/// A piece of inline content.
#[derive(Clone, Debug)]
pub struct Inline {
    /// What it is.
    pub kind: InlineKind,
    /// Its attributes; a link's `href` and `title` and an image's `src`, `alt` and `title` among them.
    pub attributes: Attributes,
    /// Where it stands.
    pub range: Range<u32>,
}

/// The kinds of inline content.
#[derive(Clone, Debug)]
pub enum InlineKind {
    /// Text, to be escaped; entities in it stay.
    Text(String),
    /// A code span.
    Code(String),
    /// `<em>`
    Emphasis(Vec<Inline>),
    /// `<strong>`
    Strong(Vec<Inline>),
    /// `<del>`
    Deleted(Vec<Inline>),
    /// A link.
    Link(Vec<Inline>),
    /// An image.
    Image {
        /// `{:standalone}`: alone in its paragraph, it becomes a figure.
        standalone: bool,
    },
    /// An HTML element.
    Html(Box<Element>),
    /// HTML that goes through as it is.
    Raw(String),
    /// An HTML comment, with its signs.
    HtmlComment(String),
    /// `{::comment}`: the text of an HTML comment.
    Comment(String),
    /// A character written as an entity.
    Entity {
        /// The character.
        character: char,
        /// How it was written.
        written: Option<Box<str>>,
    },
    /// A typographic symbol: one or two characters.
    Symbol(&'static str),
    /// A quotation mark: 0 and 1 left and right single, 2 and 3 left and right double.
    Quote(u8),
    /// A line break.
    Break,
    /// Math.
    Math(Box<Formula>),
    /// A reference to a footnote, by number.
    Footnote(usize),
    /// An abbreviation, by number.
    Abbreviation(usize),
    /// The place of an island.
    Island(usize),
    /// Text that is still to be read; none is left in a finished document.
    Pending(Leaf),
}

/// What a fence says of its code beside the language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeOptions {
    /// `title="…"`: stands above the block.
    pub title: Option<String>,
    /// `{1,3-5}`: lines that are marked, from 1.
    pub marked: Vec<RangeInclusive<u32>>,
    /// `linenums`: the number of the first line.
    pub numbers: Option<u32>,
    /// `wrap`: long lines go on below.
    pub wrap: bool,
    /// `diff`: lines that begin with `+` or `-` are added or removed ones.
    pub diff: bool,
    /// `check=false`: the code is a part of something, and no whole document of its language.
    pub is_fragment: bool,
}

/// A formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    /// The TeX between the signs.
    pub tex: String,
    /// The signs on either side: one or two of dollar.
    pub signs: &'static str,
    /// Whether it stands apart from the text.
    pub display: bool,
    /// The formula as MathML, when it is TeX and [`super::Habits::math`] asks for it.
    pub mathml: Option<Box<str>>,
}

/// An HTML element in text.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its content.
    pub children: Vec<Inline>,
}

/// Text of a leaf that is still to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    pub(crate) text: usize,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Formula {
    pub(crate) fn boxed(tex: &str, signs: &'static str, display: bool) -> Box<Self> {
        Box::new(Self { tex: tex.to_owned(), signs, display, mathml: None })
    }
}

impl Inline {
    pub(crate) fn new(kind: InlineKind, range: Range<u32>) -> Self {
        Self { kind, attributes: Attributes::default(), range }
    }

    pub(crate) fn pending(leaf: Leaf) -> Vec<Self> {
        vec![Self::new(InlineKind::Pending(leaf), 0..0)]
    }

    /// The inline content inside this one.
    pub fn children(&self) -> &[Self] {
        match &self.kind {
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Deleted(children)
            | InlineKind::Link(children) => children,
            InlineKind::Html(element) => &element.children,
            _ => &[],
        }
    }

    pub(crate) fn children_mut(&mut self) -> &mut [Self] {
        match &mut self.kind {
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Deleted(children)
            | InlineKind::Link(children) => children,
            InlineKind::Html(element) => &mut element.children,
            _ => &mut [],
        }
    }
}

impl Block {
    pub(crate) fn new(kind: BlockKind, range: Range<u32>) -> Self {
        Self { kind, attributes: Attributes::default(), range, list: None }
    }

    pub(crate) fn is_paragraph(&self) -> bool {
        matches!(self.kind, BlockKind::Paragraph { .. })
    }

    pub(crate) fn is_blank(&self) -> bool {
        matches!(self.kind, BlockKind::Blank { .. })
    }
}
