//! The CommonMark dialect: pulldown-cmark's events, as the same tree.
//!
//! The steps: block islands are masked as HTML of the same length, so that they end paragraphs and lists as block HTML does;
//! the events are collected into blocks; attribute lists behind blocks and spans (`{:.class}`) are applied.

mod addresses;
mod attach;
mod bounds;
mod elements;
mod text;
mod unmask;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Parser, Tag};
use rustc_hash::FxHashMap;

use carafe_source::characters;
use carafe_source::island::{self, Islands};

use self::addresses::Addresses;
use super::lines::normal_id;
use super::math;
use super::options::{Habits, Options};
use super::outer::Outer;
use super::room::{self, Room, too_many};
use super::tree::{Block, BlockKind, Document, Footnote, Formula, Inline, InlineKind, Item, Problem, Table};

/// Containers nest no deeper; what is deeper belongs to the innermost one.
const MAX_DEPTH: usize = 60;

/// The tree of a text in the CommonMark dialect.
pub(super) fn parse(text: &str, options: &Options, islands: &Islands) -> Document {
    let mut masked = mask(text, islands);
    let has_masks = options.habits.math && math::can_mask(text);
    if has_masks {
        masked = math::masked(masked);
    }
    let whole = bounds::most(&masked, options.output_bytes);
    let extensions = extensions(options);
    // Where pulldown-cmark stops to read references as links.
    let most_repeated = masked.len().max(100_000);
    let mut builder = Builder::new(text, options, most_repeated);
    let outer = options.outer.as_deref();
    let mut link = |link: BrokenLink<'_>| {
        let (url, title) = outer?.links.get(&normal_id(&link.reference))?.clone();
        Some((CowStr::from(url), CowStr::from(title.unwrap_or_default())))
    };
    let parser = Parser::new_with_broken_link_callback(&masked[..whole], extensions, Some(&mut link));
    for (event, range) in parser.into_offset_iter() {
        builder.count(&event, &cut(range.clone()));
        if builder.has_ended.is_some() {
            break;
        }
        builder.event_with_addresses(if has_masks { unmask::event(event) } else { event }, range);
    }
    builder.look_for_addresses();
    let mut frame = builder.stack.swap_remove(0);
    frame.flush();
    let mut problems = std::mem::take(&mut builder.problems);
    if let Some(range) = builder.is_too_deep.take() {
        let message = "blocks are nested too deep here; the rest is taken as text".to_owned();
        problems.push(Problem { code: "nesting-too-deep", message, range });
    }
    if let Some(range) = builder.is_over.take() {
        let message =
            "the addresses that references repeat are too long here; references that follow are text".to_owned();
        problems.push(Problem { code: super::OUTPUT_LIMIT, message, range });
    }
    if whole < masked.len() {
        builder.has_ended.get_or_insert_with(|| too_many(cut(whole..whole + 1)));
    }
    problems.extend(builder.has_ended.take());
    attach::blocks(&mut frame.blocks, text);
    let footnotes = builder.footnotes;
    Document { blocks: frame.blocks, footnotes, abbreviations: Vec::new(), options: options.clone(), problems }
}

/// What is read beside CommonMark.
fn extensions(options: &Options) -> pulldown_cmark::Options {
    let mut extensions = pulldown_cmark::Options::ENABLE_TABLES;
    extensions |= pulldown_cmark::Options::ENABLE_FOOTNOTES;
    extensions |= pulldown_cmark::Options::ENABLE_STRIKETHROUGH;
    extensions |= pulldown_cmark::Options::ENABLE_TASKLISTS;
    extensions |= pulldown_cmark::Options::ENABLE_HEADING_ATTRIBUTES;
    if options.habits.math {
        extensions |= pulldown_cmark::Options::ENABLE_MATH;
    }
    extensions
}

/// What a page with this text defines.
pub(super) fn definitions(text: &str, options: &Options, islands: &Islands) -> Outer {
    let masked = mask(text, islands);
    let whole = bounds::most(&masked, options.output_bytes);
    let parser = Parser::new_ext(&masked[..whole], extensions(options));
    let mut links = BTreeMap::new();
    for (name, found) in parser.reference_definitions().iter() {
        let title = found.title.as_ref().map(|title| title.to_string()).filter(|title| !title.is_empty());
        links.insert(normal_id(name), (found.dest.to_string(), title));
    }
    let name = |event| match event {
        Event::Start(Tag::FootnoteDefinition(name)) => Some(name.into_string()),
        _ => None,
    };
    Outer { links, footnotes: parser.filter_map(name).collect() }
}

fn cut(range: Range<usize>) -> Range<u32> {
    u32::try_from(range.start).unwrap_or(u32::MAX)..u32::try_from(range.end).unwrap_or(u32::MAX)
}

/// The text with every block island that has a line to itself written as a processing instruction of the same length.
fn mask<'t>(text: &'t str, islands: &Islands) -> Cow<'t, str> {
    let Some((mut at, mut found)) = island::next(text, 0) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    loop {
        let end = at + found.len;
        let before = text[..at].rsplit('\n').next().unwrap_or_default().trim_start_matches([' ', '\t', '>']);
        let behind = text[end..].split('\n').next().unwrap_or_default();
        let is_inline = islands.get(found.number).is_some_and(|island| island.inline);
        out.push_str(&text[done..at]);
        if before.is_empty() && behind.trim().is_empty() && !is_inline {
            let digits = &text[at + island::OPEN.len_utf8()..end - island::CLOSE.len_utf8()];
            out.push_str("<?");
            out.push_str(digits);
            out.push_str("  ?>");
        } else {
            out.push_str(&text[at..end]);
        }
        done = end;
        match island::next(text, done) {
            Some(next) => (at, found) = next,
            None => break,
        }
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// An element whose end has not come.
struct Frame<'e> {
    tag: Option<Tag<'e>>,
    range: Range<u32>,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    /// Code or HTML.
    text: String,
    items: Vec<Item>,
    table: Table,
    row: Vec<Vec<Inline>>,
    is_task: bool,
}

impl<'e> Frame<'e> {
    fn new(tag: Option<Tag<'e>>, range: Range<u32>) -> Self {
        Self {
            tag,
            range,
            blocks: Vec::new(),
            inlines: Vec::new(),
            text: String::new(),
            items: Vec::new(),
            table: Table::default(),
            row: Vec::new(),
            is_task: false,
        }
    }

    /// Makes inline content that stands directly in a container a paragraph without `<p>`.
    fn flush(&mut self) {
        if !self.inlines.is_empty() {
            let content = std::mem::take(&mut self.inlines);
            let range =
                content.first().map_or(0, |first| first.range.start)..content.last().map_or(0, |last| last.range.end);
            self.blocks.push(Block::new(BlockKind::Paragraph { content, transparent: true }, range));
        }
    }
}

struct Builder<'t, 'e> {
    text: &'t str,
    stack: Vec<Frame<'e>>,
    /// Open elements that are nested too deep to be kept.
    skipped: usize,
    is_too_deep: Option<Range<u32>>,
    footnotes: Vec<Footnote>,
    names: FxHashMap<String, usize>,
    hard_wrap: bool,
    habits: Habits,
    fence_options: bool,
    alert_titles: Option<[String; 5]>,
    outer: Arc<Outer>,
    addresses: Addresses,
    problems: Vec<Problem>,
    /// Bytes of addresses and titles that references repeat, how many may be, and where they were.
    repeated: usize,
    most_repeated: usize,
    is_over: Option<Range<u32>>,
    /// What the tree may still take.
    room: Room,
    /// The cells that were added to short rows of the current table.
    missing_cells: usize,
    /// Why nothing more is read.
    has_ended: Option<Problem>,
}

impl<'t, 'e> Builder<'t, 'e> {
    fn new(text: &'t str, options: &Options, most_repeated: usize) -> Self {
        Self {
            text,
            stack: vec![Frame::new(None, 0..0)],
            skipped: 0,
            is_too_deep: None,
            footnotes: Vec::new(),
            names: FxHashMap::default(),
            hard_wrap: options.hard_wrap,
            habits: options.habits,
            fence_options: options.fence_options,
            alert_titles: options.alert_titles.clone(),
            outer: options.outer.clone().unwrap_or_default(),
            addresses: Addresses::default(),
            problems: Vec::new(),
            repeated: 0,
            is_over: None,
            room: Room::new(options.output_bytes),
            missing_cells: 0,
            has_ended: None,
            most_repeated,
        }
    }

    /// Counts what an event adds to the tree, before it does.
    fn count(&mut self, event: &Event<'e>, range: &Range<u32>) {
        let bytes = match event {
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => 2 * room::INLINE,
            Event::Start(Tag::TableCell) => room::CELL,
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => 2 * room::INLINE + room::ATTRIBUTES,
            Event::Start(_) => room::BLOCK + room::INLINE,
            Event::End(_) => 0,
            // A line end before or behind the text.
            _ => room::INLINE,
        };
        if !self.room.take(bytes) {
            self.has_ended = Some(too_many(range.clone()));
        }
        match event {
            Event::Start(Tag::Table(_)) => self.missing_cells = 0,
            Event::Start(Tag::TableCell) if bounds::is_missing_cell(self.text, range) => {
                self.missing_cells += 1;
                if self.missing_cells >= bounds::MOST_MISSING_CELLS {
                    self.has_ended = Some(bounds::too_wide(self.text, range));
                }
            }
            _ => {}
        }
    }

    fn event(&mut self, event: Event<'e>, range: Range<u32>) {
        match event {
            Event::Start(_) if self.skipped > 0 => self.skipped += 1,
            Event::Start(_) if self.stack.len() >= MAX_DEPTH => {
                self.skipped += 1;
                self.is_too_deep.get_or_insert(range);
            }
            Event::Start(tag) => self.stack.push(Frame::new(Some(tag), range)),
            Event::End(_) if self.skipped > 0 => self.skipped -= 1,
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text, range),
            Event::Code(code) => self.inline(InlineKind::Code(code.into_string()), range),
            Event::Html(html) => self.html(&html, &range),
            Event::InlineHtml(html) => self.inline(InlineKind::Raw(html.into_string()), range),
            Event::FootnoteReference(name) => {
                let number = self.footnote(&name);
                self.inline(InlineKind::Footnote(number), range);
            }
            Event::SoftBreak => {
                if self.hard_wrap {
                    self.inline(InlineKind::Break, range.clone());
                }
                self.inline(InlineKind::Text("\n".into()), range);
            }
            Event::HardBreak => {
                self.inline(InlineKind::Break, range.clone());
                self.inline(InlineKind::Text("\n".into()), range);
            }
            Event::Rule => self.block(Block::new(BlockKind::Rule, range)),
            Event::TaskListMarker(checked) => {
                let html = super::block::task_box_html(checked).to_owned();
                self.inline(InlineKind::Raw(html), range.clone());
                self.inline(InlineKind::Text(" ".into()), range);
                if let Some(item) = self.stack.iter_mut().rev().find(|frame| matches!(frame.tag, Some(Tag::Item))) {
                    item.is_task = true;
                }
            }
            Event::InlineMath(tex) => self.inline(InlineKind::Math(Formula::boxed(&tex, "$", false)), range),
            Event::DisplayMath(tex) => {
                self.inline(InlineKind::Math(Formula::boxed(characters::trim(&tex), "$$", true)), range);
            }
        }
    }

    fn top(&mut self) -> Option<&mut Frame<'e>> {
        self.stack.last_mut()
    }

    fn inline(&mut self, kind: InlineKind, range: Range<u32>) {
        self.node(Inline::new(kind, range));
    }

    fn node(&mut self, node: Inline) {
        if let Some(top) = self.top() {
            top.inlines.push(node);
        }
    }

    fn block(&mut self, block: Block) {
        if let Some(top) = self.top() {
            top.flush();
            top.blocks.push(block);
        }
    }

    /// Counts what a reference repeats of its definition.
    fn repeats(&mut self, link_type: LinkType, bytes: usize, range: &Range<u32>) {
        if matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut) {
            self.repeated = self.repeated.saturating_add(bytes);
            if self.repeated >= self.most_repeated {
                self.is_over.get_or_insert_with(|| range.clone());
            }
        }
    }

    /// The number of the footnote with this name, defined or not yet.
    fn footnote(&mut self, name: &str) -> usize {
        if let Some(&number) = self.names.get(name) {
            return number;
        }
        self.footnotes.push(Footnote { name: name.to_owned(), blocks: Vec::new(), range: 0..0, is_outer: false });
        self.names.insert(name.to_owned(), self.footnotes.len() - 1);
        self.footnotes.len() - 1
    }
}
