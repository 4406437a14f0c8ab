//! Finds the abbreviations that are defined in the text of the tree: whole words only, the longest first.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use super::room;
use super::tree::{Abbreviation, Block, BlockKind, DefinitionContent, Document, Inline, InlineKind};

/// The abbreviations by name, and the lengths of those that start with a byte, the longest first.
struct Finder<'d> {
    names: &'d [Abbreviation],
    by_name: FxHashMap<&'d str, usize>,
    lengths: Vec<Vec<usize>>,
    /// How many more may be marked.
    left: Cell<usize>,
    /// The block in which there were too many.
    over: Cell<Option<(u32, u32)>>,
}

/// A character that makes a word longer: Ruby's `\w`, to which letters beyond ASCII are none.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'d> Finder<'d> {
    fn new(names: &'d [Abbreviation], left: usize) -> Self {
        let mut lengths = vec![Vec::new(); 256];
        for name in names.iter().map(|abbreviation| &abbreviation.name) {
            if let Some(&first) = name.as_bytes().first() {
                lengths[usize::from(first)].push(name.len());
            }
        }
        for lengths in &mut lengths {
            lengths.sort_unstable_by(|a, b| b.cmp(a));
            lengths.dedup();
        }
        let by_name = names.iter().enumerate().map(|(number, found)| (found.name.as_str(), number)).collect();
        Self { names, by_name, lengths, left: Cell::new(left), over: Cell::new(None) }
    }

    /// The first abbreviation at or behind `from`, and where it is.
    fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let mut is_inside = text[..from].chars().next_back().is_some_and(is_word);
        for (at, c) in text[from..].char_indices().map(|(at, c)| (at + from, c)) {
            let may_start = !std::mem::replace(&mut is_inside, is_word(c));
            let lengths = &self.lengths[usize::from(text.as_bytes()[at])];
            for &len in lengths.iter().filter(|_| may_start) {
                if let Some(&number) = text.get(at..at + len).and_then(|name| self.by_name.get(name))
                    && !text[at + len..].chars().next().is_some_and(is_word)
                {
                    return Some((at, number));
                }
            }
        }
        None
    }

    fn content(&self, content: &mut Vec<Inline>) {
        let has_any = |node: &Inline| matches!(&node.kind, InlineKind::Text(text) if self.find(text, 0).is_some());
        if content.iter().any(has_any) {
            for node in std::mem::take(content) {
                match &node.kind {
                    InlineKind::Text(text) => self.split(text, content),
                    _ => content.push(node),
                }
            }
        }
        for node in content {
            match &mut node.kind {
                InlineKind::Emphasis(children)
                | InlineKind::Strong(children)
                | InlineKind::Deleted(children)
                | InlineKind::Link(children) => self.content(children),
                InlineKind::Html(element) if super::html_syntax::model(&element.name) != super::ContentModel::Raw => {
                    self.content(&mut element.children);
                }
                _ => {}
            }
        }
    }

    fn split(&self, text: &str, out: &mut Vec<Inline>) {
        let mut push = |kind| out.push(Inline::new(kind, 0..0));
        let mut from = 0;
        while let Some((at, number)) = self.find(text, from) {
            if at > from {
                push(InlineKind::Text(text[from..at].to_owned()));
            }
            let Some(left) = self.left.get().checked_sub(1) else { break };
            self.left.set(left);
            push(InlineKind::Abbreviation(number));
            from = at + self.names[number].name.len();
        }
        if from < text.len() {
            push(InlineKind::Text(text[from..].to_owned()));
        }
    }

    fn blocks(&self, blocks: &mut [Block]) {
        for block in blocks {
            if self.left.get() == 0 {
                return;
            }
            let range = (block.range.start, block.range.end);
            match &mut block.kind {
                BlockKind::Paragraph { content, .. }
                | BlockKind::Heading { content, .. }
                | BlockKind::Inlines(content) => self.content(content),
                BlockKind::Quote(children) | BlockKind::Alert { children, .. } | BlockKind::Html { children, .. } => {
                    self.blocks(children)
                }
                BlockKind::List { items, .. } => items.iter_mut().for_each(|item| self.blocks(&mut item.children)),
                BlockKind::Definitions { entries, .. } => {
                    for entry in entries {
                        match &mut entry.content {
                            DefinitionContent::Term(content) => self.content(content),
                            DefinitionContent::Blocks(children) => self.blocks(children),
                        }
                    }
                }
                BlockKind::Table(table) => {
                    let rows = table.sections.iter_mut().flat_map(|section| &mut section.rows);
                    rows.flat_map(|row| &mut row.cells).for_each(|cell| self.content(cell));
                }
                _ => {}
            }
            if self.left.get() == 0 && self.over.get().is_none() {
                self.over.set(Some(range));
            }
        }
    }
}

/// Marks the abbreviations in all text of the document, whose tree may become so many bytes larger (`output-limit`).
pub(super) fn replace(document: &mut Document, bytes: usize) {
    if document.abbreviations.is_empty() {
        return;
    }
    let Document { blocks, footnotes, abbreviations, problems, .. } = document;
    let finder = Finder::new(abbreviations, bytes / (2 * room::INLINE));
    finder.blocks(blocks);
    for footnote in footnotes {
        finder.blocks(&mut footnote.blocks);
    }
    if let Some((start, end)) = finder.over.get() {
        problems.push(room::too_many(start..end));
    }
}
