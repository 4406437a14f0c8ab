//! An element whose end has come, as a node of the tree.

use pulldown_cmark::{CodeBlockKind, HeadingLevel, LinkType, Tag};

use carafe_source::island;

use super::{Builder, Frame, attach};
use crate::alert::{self, Marker};
use crate::attributes::Attributes;
use crate::fence_options::{self, Info};
use crate::tree::{Alignment, Block, BlockKind, Inline, InlineKind, Item, ListRole, Row, Section, SectionKind, Table};

impl<'e> Builder<'_, 'e> {
    /// The end of the innermost element.
    pub(super) fn end(&mut self) {
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
