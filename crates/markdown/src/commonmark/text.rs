//! Text and lines of HTML between the elements: islands in them, characters that only entities can write, and footnotes of the page around.

use std::ops::Range;

use pulldown_cmark::Tag;

use carafe_source::island;

use super::Builder;
use crate::tree::{Block, BlockKind, Inline, InlineKind};

impl Builder<'_, '_> {
    /// Takes references to footnotes of the page around out of the text, where they are still as they were written.
    pub(super) fn refer_to_outer(&mut self, content: &mut Vec<Inline>) {
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
    pub(super) fn text(&mut self, text: &str, range: Range<u32>) {
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
    pub(super) fn html(&mut self, html: &str, range: &Range<u32>) {
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
