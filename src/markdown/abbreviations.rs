//! Finds the abbreviations that are defined in the text of the tree: whole words only, the longest first.

use super::tree::{Abbreviation, Block, BlockKind, DefinitionContent, Document, Inline, InlineKind};

/// Which abbreviations start with which byte, the longest first.
struct Finder<'d> {
    names: &'d [Abbreviation],
    by_byte: Vec<Vec<usize>>,
}

impl<'d> Finder<'d> {
    fn new(names: &'d [Abbreviation]) -> Self {
        let mut by_byte = vec![Vec::new(); 256];
        for (number, abbreviation) in names.iter().enumerate() {
            if let Some(&first) = abbreviation.name.as_bytes().first() {
                by_byte[usize::from(first)].push(number);
            }
        }
        for numbers in &mut by_byte {
            numbers.sort_by_key(|&number| std::cmp::Reverse(names[number].name.len()));
        }
        Self { names, by_byte }
    }

    /// The first abbreviation at or behind `from`, and where it is.
    fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        for (at, c) in text[from..].char_indices().map(|(at, c)| (at + from, c)) {
            let mut first = [0; 4];
            let first = c.encode_utf8(&mut first).as_bytes()[0];
            let candidates = &self.by_byte[usize::from(first)];
            if candidates.is_empty() || text[..at].chars().next_back().is_some_and(is_word) {
                continue;
            }
            for &number in candidates {
                let name = &self.names[number].name;
                if text[at..].starts_with(name.as_str()) && !text[at + name.len()..].chars().next().is_some_and(is_word)
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
                InlineKind::Html { name, children } if super::html_syntax::model(name) != super::ContentModel::Raw => {
                    self.content(children);
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
            push(InlineKind::Abbreviation(number));
            from = at + self.names[number].name.len();
        }
        if from < text.len() {
            push(InlineKind::Text(text[from..].to_owned()));
        }
    }

    fn blocks(&self, blocks: &mut [Block]) {
        for block in blocks {
            match &mut block.kind {
                BlockKind::Paragraph { content, .. }
                | BlockKind::Heading { content, .. }
                | BlockKind::Inlines(content) => self.content(content),
                BlockKind::Quote(children) | BlockKind::Html { children, .. } => self.blocks(children),
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
                    rows.flatten().for_each(|cell| self.content(cell));
                }
                _ => {}
            }
        }
    }
}

/// Marks the abbreviations in all text of the document.
pub(super) fn replace(document: &mut Document) {
    if document.abbreviations.is_empty() {
        return;
    }
    let Document { blocks, footnotes, abbreviations, .. } = document;
    let finder = Finder::new(abbreviations);
    finder.blocks(blocks);
    for footnote in footnotes {
        finder.blocks(&mut footnote.blocks);
    }
}
