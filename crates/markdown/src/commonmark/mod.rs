//! The CommonMark dialect: pulldown-cmark's events, as the same tree.
//!
//! The steps: block islands are masked as HTML of the same length, so that they end paragraphs and lists as block HTML does;
//! the events are collected into blocks; attribute lists behind blocks and spans (`{:.class}`) are applied.

mod addresses;
mod attach;
mod bounds;
mod unmask;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Parser, Tag};
use rustc_hash::FxHashMap;

use carafe_source::characters;
use carafe_source::island::{self, Islands};

use self::addresses::Addresses;
use super::alert::{self, Marker};
use super::attributes::Attributes;
use super::fence_options::{self, Info};
use super::lines::normal_id;
use super::math;
use super::options::{Habits, Options};
use super::outer::Outer;
use super::room::{self, Room, too_many};
use super::tree::{
    Alignment, Block, BlockKind, Document, Footnote, Formula, Inline, InlineKind, Item, ListRole, Problem, Row,
    Section, SectionKind, Table,
};

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
    let mut builder = Builder {
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
        // Where pulldown-cmark stops to read references as links.
        most_repeated: masked.len().max(100_000),
    };
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

impl<'e> Builder<'_, 'e> {
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

    /// Takes references to footnotes of the page around out of the text, where they are still as they were written.
    fn refer_to_outer(&mut self, content: &mut Vec<Inline>) {
        if self.outer.footnotes.is_empty() {
            return;
        }
        for node in std::mem::take(content) {
            let InlineKind::Text(text) = &node.kind else {
                content.push(node);
                continue;
            };
            let mut done = 0;
            for (at, _) in text.match_indices("[^") {
                let Some(name) = text[at + 2..].split(']').next().filter(|name| self.outer.footnotes.contains(*name))
                else {
                    continue;
                };
                push_text(content, &text[done..at], &node.range);
                let number = self.footnote(name);
                if let Some(footnote) = self.footnotes.get_mut(number) {
                    footnote.is_outer = true;
                }
                content.push(Inline::new(InlineKind::Footnote(number), node.range.clone()));
                done = at + name.len() + 3;
            }
            if done == 0 {
                content.push(node);
            } else {
                push_text(content, &text[done..], &node.range);
            }
        }
    }

    /// Text: its entities are characters already, so that every `&` in it is one.
    fn text(&mut self, text: &str, range: Range<u32>) {
        let Some(top) = self.stack.last_mut() else { return };
        if matches!(top.tag, Some(Tag::CodeBlock(_) | Tag::HtmlBlock)) {
            // An island in code was masked, too.
            let written = self.text.get(range.start as usize..range.end as usize);
            let written = written.filter(|written| written.len() == text.len() && written.contains(island::OPEN));
            top.text.push_str(written.unwrap_or(text));
            return;
        }
        let text = text.replace([island::ID_OPEN, island::ID_CLOSE, island::OUTER], "\u{fffd}");
        let mut rest = &*text;
        while let Some(at) = rest.find(['&', island::OPEN]) {
            push_text(&mut top.inlines, &rest[..at], &range);
            let (kind, len) = match island::at_start(&rest[at..]) {
                Some(found) => (InlineKind::Island(found.number), found.len),
                None if rest[at..].starts_with('&') => (InlineKind::Entity { character: '&', written: None }, 1),
                None => {
                    push_text(&mut top.inlines, "\u{fffd}", &range);
                    rest = &rest[at + island::OPEN.len_utf8()..];
                    continue;
                }
            };
            top.inlines.push(Inline::new(kind, range.clone()));
            rest = &rest[at + len..];
        }
        push_text(&mut top.inlines, rest, &range);
    }

    /// A line of block HTML, or a block island.
    fn html(&mut self, html: &str, range: &Range<u32>) {
        let place = self.text.get(range.start as usize..).unwrap_or_default().trim_start_matches([' ', '\t']);
        if let Some(found) = island::at_start(place) {
            self.block_in_html(Block::new(BlockKind::Island(found.number), range.clone()));
        } else if let Some(top) = self.top() {
            top.text.push_str(html);
        }
    }

    /// A block between the lines of block HTML.
    fn block_in_html(&mut self, block: Block) {
        if let Some(top) = self.top() {
            let html = std::mem::take(&mut top.text);
            if !html.is_empty() {
                top.blocks.push(Block::new(BlockKind::RawHtml(html), block.range.clone()));
            }
            top.blocks.push(block);
        }
    }

    /// The end of the innermost element.
    fn end(&mut self) {
        if self.stack.len() < 2 {
            return;
        }
        let Some(mut frame) = self.stack.pop() else { return };
        let Some(tag) = frame.tag.take() else { return };
        self.refer_to_outer(&mut frame.inlines);
        match tag {
            Tag::Emphasis => self.inline(InlineKind::Emphasis(frame.inlines), frame.range),
            Tag::Strong => self.inline(InlineKind::Strong(frame.inlines), frame.range),
            Tag::Strikethrough => self.inline(InlineKind::Deleted(frame.inlines), frame.range),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.repeats(link_type, dest_url.len() + title.len(), &frame.range);
                let url =
                    if link_type == LinkType::Email { format!("mailto:{dest_url}") } else { dest_url.into_string() };
                let mut node = Inline::new(InlineKind::Link(frame.inlines), frame.range);
                set_target(&mut node.attributes, "href", &url, None, &title);
                self.node(node);
            }
            Tag::Image { link_type, dest_url, title, .. } => {
                self.repeats(link_type, dest_url.len() + title.len(), &frame.range);
                let mut alt = String::new();
                push_alt(&frame.inlines, &mut alt);
                let mut node = Inline::new(InlineKind::Image { standalone: false }, frame.range);
                set_target(&mut node.attributes, "src", &dest_url, Some(&alt), &title);
                self.node(node);
            }
            Tag::Item => {
                frame.flush();
                let mut attributes = Attributes::default();
                if frame.is_task {
                    attributes.set("class", "task-list-item");
                }
                let item = Item { children: frame.blocks, attributes, range: frame.range, list: None };
                if let Some(top) = self.top() {
                    top.is_task |= frame.is_task;
                    top.items.push(item);
                }
            }
            Tag::TableCell => {
                if let Some(top) = self.top() {
                    top.row.push(frame.inlines);
                }
            }
            Tag::TableHead | Tag::TableRow => {
                let is_head = matches!(tag, Tag::TableHead);
                if let Some(top) = self.top() {
                    push_row(&mut top.table, Row { cells: frame.row, range: frame.range }, is_head);
                }
            }
            Tag::FootnoteDefinition(name) => {
                frame.flush();
                let number = self.footnote(&name);
                if let Some(footnote) = self.footnotes.get_mut(number) {
                    attach::blocks(&mut frame.blocks, self.text);
                    footnote.blocks = frame.blocks;
                    footnote.range = frame.range;
                }
            }
            tag => self.end_block(tag, frame),
        }
    }

    fn end_block(&mut self, tag: Tag<'e>, mut frame: Frame<'e>) {
        let mut attributes = Attributes::default();
        let kind = match tag {
            Tag::Paragraph => paragraph(frame.inlines),
            Tag::Heading { level, id, classes, attrs } => {
                if let Some(id) = id {
                    attributes.set("id", id.into_string());
                }
                classes.iter().for_each(|class| attributes.add_class(class));
                for (name, value) in attrs {
                    attributes.set(&name, value.map_or_else(String::new, |value| value.into_string()));
                }
                BlockKind::Heading { level: level_number(level), content: frame.inlines, written: None }
            }
            Tag::BlockQuote(_) => {
                frame.flush();
                self.quote(frame.blocks)
            }
            Tag::CodeBlock(kind) => {
                let mut info = match &kind {
                    CodeBlockKind::Fenced(info) if self.fence_options => fence_options::read(info),
                    CodeBlockKind::Fenced(info) => Info::of_word(info),
                    CodeBlockKind::Indented => Info::default(),
                };
                if let Some(language) = info.language {
                    attributes.set("class", format!("language-{}", language.split('?').next().unwrap_or(language)));
                }
                let line = self.text.get(frame.range.start as usize..).and_then(|text| text.lines().next());
                let end = frame.range.start.saturating_add(u32::try_from(line.map_or(0, str::len)).unwrap_or(0));
                self.problems.extend(info.problems(&frame.text, &(frame.range.start..end)));
                let language = info.language.map(str::to_owned);
                BlockKind::Code { text: frame.text, language, options: info.options() }
            }
            Tag::List(start) => {
                if frame.is_task {
                    attributes.set("class", "task-list");
                }
                if let Some(start) = start.filter(|&start| start != 1) {
                    attributes.set("start", start.to_string());
                }
                BlockKind::List { ordered: start.is_some(), items: frame.items, role: ListRole::List }
            }
            Tag::Table(alignments) => {
                frame.table.alignments = alignments.into_iter().map(alignment).collect();
                BlockKind::Table(frame.table)
            }
            Tag::HtmlBlock => {
                for block in frame.blocks {
                    self.block(block);
                }
                let html = frame.text.strip_suffix('\n').unwrap_or(&frame.text).to_owned();
                if !html.is_empty() {
                    self.block(Block::new(BlockKind::RawHtml(html), frame.range));
                }
                return;
            }
            _ => {
                frame.flush();
                frame.blocks.into_iter().for_each(|block| self.block(block));
                return;
            }
        };
        let mut block = Block::new(kind, frame.range);
        block.attributes = attributes;
        self.block(block);
    }
}

impl Builder<'_, '_> {
    /// A quote with these blocks, or the alert that its first line makes it.
    fn quote(&mut self, mut blocks: Vec<Block>) -> BlockKind {
        let Some(first) = blocks.first_mut().filter(|_| self.habits.alerts) else { return BlockKind::Quote(blocks) };
        let place = first.range.clone();
        let BlockKind::Paragraph { content, .. } = &mut first.kind else { return BlockKind::Quote(blocks) };
        let written = self.text.get(place.start as usize..).unwrap_or_default();
        let line = written.split(['\n', '\r']).next().unwrap_or_default();
        let range = place.start..place.start.saturating_add(u32::try_from(line.trim_end().len()).unwrap_or(0));
        match alert::marker(line) {
            Some(Marker::Alert(kind, title)) => {
                let end = content.iter().position(|node| matches!(&node.kind, InlineKind::Text(text) if text == "\n"));
                let rest = end.map(|end| content.split_off(end)).unwrap_or_default();
                let mut title_text = std::mem::take(content);
                while title_text.last().is_some_and(|node| matches!(node.kind, InlineKind::Break)) {
                    title_text.pop();
                }
                if let Some(Inline { kind: InlineKind::Text(text), .. }) = title_text.first_mut() {
                    *text = text.get(title..).unwrap_or_default().to_owned();
                }
                title_text.retain(|node| !matches!(&node.kind, InlineKind::Text(text) if text.is_empty()));
                *content = rest;
                // The line end before it.
                if content.is_empty() {
                    blocks.remove(0);
                } else {
                    content.remove(0);
                }
                alert::block(kind, title_text, self.alert_titles.as_ref(), blocks, range)
            }
            Some(Marker::Unknown) => {
                self.problems.push(alert::unknown(range));
                BlockKind::Quote(blocks)
            }
            None => BlockKind::Quote(blocks),
        }
    }
}

/// A paragraph, or the formula that it consists of.
fn paragraph(mut content: Vec<Inline>) -> BlockKind {
    match content.pop() {
        Some(Inline { kind: InlineKind::Math(formula), .. }) if content.is_empty() && formula.display => {
            BlockKind::Math(formula)
        }
        last => {
            content.extend(last);
            BlockKind::Paragraph { content, transparent: false }
        }
    }
}

/// Adds to the text before, if there is some.
fn push_text(inlines: &mut Vec<Inline>, text: &str, range: &Range<u32>) {
    if text.is_empty() {
        return;
    }
    match inlines.last_mut() {
        Some(Inline { kind: InlineKind::Text(before), range: place, .. }) if before != "\n" => {
            before.push_str(text);
            place.end = range.end;
        }
        _ => inlines.push(Inline::new(InlineKind::Text(text.to_owned()), range.clone())),
    }
}

fn push_alt(content: &[Inline], out: &mut String) {
    for node in content {
        match &node.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => out.push_str(text),
            InlineKind::Entity { character, .. } => out.push(*character),
            InlineKind::Image { .. } => out.push_str(node.attributes.get("alt").unwrap_or_default()),
            _ => push_alt(node.children(), out),
        }
    }
}

/// Values of attributes are written with their entities kept, and here they have none any more.
fn set_target(attributes: &mut Attributes, name: &str, url: &str, alt: Option<&str>, title: &str) {
    // Written as entities they are characters by now.
    let url = url.replace([island::ID_OPEN, island::ID_CLOSE, island::OUTER], "\u{fffd}");
    attributes.set(name, url.replace('&', "&amp;"));
    if let Some(alt) = alt {
        attributes.set("alt", alt.replace('&', "&amp;"));
    }
    if !title.is_empty() {
        let title = title.replace([island::ID_OPEN, island::ID_CLOSE, island::OUTER], "\u{fffd}");
        attributes.set("title", title.replace('&', "&amp;"));
    }
}

fn push_row(table: &mut Table, row: Row, is_head: bool) {
    let kind = if is_head { SectionKind::Head } else { SectionKind::Body };
    match table.sections.last_mut().filter(|section| section.kind == kind) {
        Some(section) => section.rows.push(row),
        None => table.sections.push(Section { kind, rows: vec![row] }),
    }
}

fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::Default,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
