//! kramdown's block grammar.
//!
//! [`parse`] goes through a text line by line and offers each place to the constructs, one file each, in kramdown's order.
//! Containers (quotes, list items, footnotes) cut their content out of the text and parse it as a text of its own; HTML
//! elements are parsed in place. Leaves keep only the place of their text: link definitions may stand behind their use, so
//! inline content is read when all blocks are known.

mod abbreviation;
mod boundary;
mod code;
mod definition_list;
mod extension;
mod fence;
mod footnote;
mod heading;
mod html;
mod island;
mod link_definition;
mod list;
mod list_line;
mod math;
mod paragraph;
mod quote;
mod rule;
mod table;
mod table_row;

pub use heading::without_closing_signs;

pub(super) use extension::{is_for_html, read_list, set_options, start as extension_start};
pub(super) use list::{is_task_box, task_box_html};

use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use carafe_source::island::Islands;

use super::attributes::AttributeList;
use super::attributes::Attributes;
use super::definitions::{Budget, Definitions, too_long};
use super::lines::{Text, behind_indent, is_blank, level_indent, line_end, normal_id};
use super::options::Options;
use super::room::{self, Room, too_many};
use super::tree::{Abbreviation, Block, BlockKind, Footnote, Leaf, Problem};

/// Containers nest no deeper; what is deeper is text.
const MAX_DEPTH: usize = 60;
/// The texts cut out of a text are together no longer than this many times its length.
const MAX_COPIES: usize = 20;

/// A link definition.
#[derive(Clone, Debug)]
pub(super) struct LinkDefinition {
    pub(super) url: String,
    pub(super) title: Option<String>,
    pub(super) list: AttributeList,
}

/// What the text has defined so far, and where its pieces are.
pub(super) struct Parser<'a> {
    pub(super) options: Options,
    pub(super) islands: &'a Islands,
    pub(super) texts: Vec<Rc<Text>>,
    pub(super) links: Vec<Rc<LinkDefinition>>,
    pub(super) link_names: FxHashMap<String, usize>,
    pub(super) footnotes: Vec<Footnote>,
    pub(super) footnote_names: FxHashMap<String, usize>,
    pub(super) abbreviations: Vec<Abbreviation>,
    pub(super) abbreviation_names: FxHashMap<String, usize>,
    pub(super) definitions: Definitions,
    pub(super) budget: Budget,
    /// What the tree may still take.
    pub(super) kept: Room,
    pub(super) problems: Vec<Problem>,
    depth: usize,
    room: usize,
    is_too_deep: bool,
    pub(super) has_islands: bool,
}

/// A place in one of the texts, and what is known not to follow it.
pub(super) struct Scanner {
    pub(super) text: Rc<Text>,
    pub(super) id: usize,
    pub(super) pos: usize,
    /// Fences of at least this length are not closed any more: tildes, backticks.
    open_fences: [usize; 2],
    no_comment_end: bool,
    no_extension_end: Vec<String>,
}

/// The blocks of one container while it is being parsed.
#[derive(Default)]
pub(super) struct Level {
    pub(super) children: Vec<Block>,
    /// Attribute lists that wait for the next block.
    pending: Option<Box<AttributeList>>,
    /// The HTML element whose content this is.
    element: Option<String>,
    /// Its closing tag was found.
    closed: bool,
}

impl Level {
    /// Adds a block, with the attribute lists that waited for it.
    pub(super) fn push(&mut self, kind: BlockKind, range: Range<u32>) {
        let mut block = Block::new(kind, range);
        block.list = self.pending.take();
        self.children.push(block);
    }
}

impl Scanner {
    pub(super) fn eos(&self) -> bool {
        self.pos >= self.text.text.len()
    }

    /// The text from the current place on.
    pub(super) fn rest(&self) -> &str {
        self.text.text.get(self.pos..).unwrap_or_default()
    }

    /// The rest of the current line, with its line feed.
    pub(super) fn line(&self) -> &str {
        self.text.text.get(self.pos..self.line_end()).unwrap_or_default()
    }

    pub(super) fn line_end(&self) -> usize {
        line_end(&self.text.text, self.pos)
    }

    /// The range in the input from `start` to the current place.
    pub(super) fn since(&self, start: usize) -> Range<u32> {
        self.text.range(start..self.pos)
    }

    /// Goes behind blanks, tabs and a line feed, if nothing else stands before it.
    fn skip_line_rest(&mut self) {
        let blanks = self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if self.rest().as_bytes().get(blanks) == Some(&b'\n') {
            self.pos += blanks + 1;
        }
    }

    pub(super) fn leaf(&self, range: Range<usize>) -> Leaf {
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Leaf { text: self.id, start: cut(range.start), end: cut(range.end) }
    }
}

impl<'a> Parser<'a> {
    pub(super) fn new(source: &str, options: &Options, islands: &'a Islands) -> Self {
        let given = |(_, url, title): &(_, String, _)| {
            Rc::new(LinkDefinition { url: url.clone(), title: Option::clone(title), list: AttributeList::default() })
        };
        let names = options.link_defs.iter().enumerate().map(|(number, (name, ..))| (normal_id(name), number));
        Self {
            options: options.clone(),
            islands,
            texts: Vec::new(),
            links: options.link_defs.iter().map(given).collect(),
            link_names: names.collect(),
            footnotes: Vec::new(),
            footnote_names: FxHashMap::default(),
            abbreviations: Vec::new(),
            abbreviation_names: FxHashMap::default(),
            definitions: Definitions::default(),
            budget: Budget::new(options.output_bytes),
            kept: Room::new(options.output_bytes),
            problems: Vec::new(),
            depth: 0,
            is_too_deep: false,
            room: source.len().saturating_mul(MAX_COPIES) + (1 << 20),
            has_islands: carafe_source::island::next(source, 0).is_some(),
        }
    }

    pub(super) fn problem(&mut self, code: &'static str, message: impl Into<String>, range: Range<u32>) {
        self.problems.push(Problem { code, message: message.into(), range });
    }

    /// Applies an attribute list to an element that stands here.
    pub(super) fn apply(&mut self, list: &AttributeList, attributes: &mut Attributes, range: &Range<u32>) {
        if !self.budget.is_over() {
            self.definitions.apply(list, attributes, &mut self.budget);
            if self.budget.is_over() {
                self.problems.push(too_long(range.clone()));
            }
        }
    }

    /// Whether the tree may repeat so many bytes of the text here.
    pub(super) fn may_repeat(&mut self, bytes: usize, range: impl FnOnce() -> Range<u32>) -> bool {
        if !self.budget.is_over() && !self.budget.spend(bytes) {
            self.problems.push(too_long(range()));
        }
        !self.budget.is_over()
    }

    /// Whether the tree may become so many bytes larger here; once not, nothing more is read.
    pub(super) fn may_keep(&mut self, bytes: usize, range: impl FnOnce() -> Range<u32>) -> bool {
        if !self.budget.is_over() && !self.kept.take(bytes) {
            self.budget.end();
            self.problems.push(too_many(range()));
        }
        !self.budget.is_over()
    }

    /// Keeps a text and starts to read it.
    pub(super) fn scanner(&mut self, text: Text) -> Scanner {
        let text = Rc::new(text);
        self.texts.push(Rc::clone(&text));
        let id = self.texts.len() - 1;
        Scanner { text, id, pos: 0, open_fences: [usize::MAX; 2], no_comment_end: false, no_extension_end: Vec::new() }
    }

    /// Whether one more container may be opened around `len` bytes; tells the problem when not.
    fn may_nest(&mut self, sc: &Scanner, len: usize) -> bool {
        let may = self.depth < MAX_DEPTH && len <= self.room;
        if !may && !std::mem::replace(&mut self.is_too_deep, true) {
            let range = sc.text.range(sc.pos..sc.line_end());
            self.problem("nesting-too-deep", "blocks are nested too deep here; the rest is taken as text", range);
        }
        may
    }

    /// Parses the content of a container, cut out of the text around it, adding to `level`.
    pub(super) fn nested(&mut self, text: Text, level: &mut Level) {
        self.room = self.room.saturating_sub(text.text.len());
        let mut inner = self.scanner(text);
        self.depth += 1;
        parse(self, &mut inner, level);
        self.depth -= 1;
    }

    /// The blocks of a container's content.
    pub(super) fn nested_blocks(&mut self, text: Text) -> Vec<Block> {
        let mut level = Level::default();
        self.nested(text, &mut level);
        level.children
    }
}

/// Parses from the scanner's place to the end, or behind the closing tag of the element the level belongs to.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) {
    while !sc.eos() && !level.closed {
        let (before, count) = (sc.pos, level.children.len());
        block(p, sc, level);
        let new = level.children.len().saturating_sub(count).max(1);
        if !p.may_keep(new * room::BLOCK, || sc.since(before)) {
            sc.pos = sc.text.text.len();
            return;
        }
        if sc.pos == before && !level.closed {
            // No construct takes nothing; were one to, this keeps the loop going forward.
            sc.pos = sc.line_end();
        }
    }
}

/// Parses one block.
fn block(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) {
    let line = sc.line();
    if is_blank(line) {
        return boundary::blank(sc, level);
    }
    let is_indented = level_indent(line).is_some();
    let first = behind_indent(line).and_then(|(rest, _)| rest.bytes().next()).unwrap_or(b' ');
    if p.has_islands && island::parse(p, sc, level) {
        return;
    }
    if is_indented {
        if html::indented_end(p, sc, level) {
            return;
        }
        return code::parse(sc, level);
    }
    let done = match first {
        b'~' | b'`' => fence::parse(p, sc, level),
        b'>' => quote::parse(p, sc, level),
        b'#' => heading::atx(p, sc, level),
        b'*' | b'-' | b'_' | b'+' | b'0'..=b'9' => rule::parse(sc, level) || list::parse(p, sc, level),
        b':' => definition_list::parse(p, sc, level),
        b'<' => html::parse(p, sc, level),
        _ => false,
    };
    if done || heading::setext(p, sc, level) {
        return;
    }
    let done = (matches!(first, b'$' | b'\\') && math::parse(sc, level))
        || table::parse(p, sc, level)
        || match first {
            b'[' => footnote::parse(p, sc, level) || link_definition::parse(p, sc, level),
            b'*' => abbreviation::parse(p, sc, level),
            b'{' => extension::parse(p, sc, level),
            b'^' => boundary::marker(sc, level),
            _ => false,
        };
    if !done {
        paragraph::parse(p, sc, level);
    }
}
