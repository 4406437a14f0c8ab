//! What a document holds that can be checked: its elements with their attributes, raw HTML and code, each with its place.

use std::ops::Range;

use super::attributes::Attributes;
use super::markup;
use super::tree::{Block, BlockKind, DefinitionContent, Document, Inline, InlineKind};

/// One thing in a document.
#[derive(Clone, Copy, Debug)]
pub enum FactKind<'d> {
    /// An element that has attributes, by its name in HTML. Generated heading ids are in [`super::Html::headings`].
    Element(&'d str, &'d Attributes),
    /// HTML that goes through as it is.
    Html(&'d str),
    /// A block of code.
    Code {
        /// The code.
        text: &'d str,
        /// The language that its fence names.
        language: Option<&'d str>,
        /// Whether its fence says that it is a part of something.
        is_fragment: bool,
    },
}

/// Calls `see` for everything in the document, in its order, footnotes last; with ranges in the text that was parsed. The
/// range of raw HTML may be that of the element around it, and its spelling may differ from the text's.
pub fn visit<'d>(document: &'d Document, see: &mut dyn FnMut(FactKind<'d>, Range<usize>)) {
    let mut place = 0..0;
    blocks(&document.blocks, &place, see);
    for footnote in &document.footnotes {
        place = footnote.range.clone();
        blocks(&footnote.blocks, &place, see);
    }
}

type See<'s, 'd> = &'s mut dyn FnMut(FactKind<'d>, Range<usize>);

fn range(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

fn element<'d>(name: &'d str, attributes: &'d Attributes, place: &Range<u32>, see: See<'_, 'd>) {
    if !attributes.is_empty() {
        see(FactKind::Element(name, attributes), range(place));
    }
}

// Depth is bounded by the parser's own limit on nesting.
fn blocks<'d>(list: &'d [Block], around: &Range<u32>, see: See<'_, 'd>) {
    for block in list {
        // Raw HTML within an element has no place of its own.
        let place = if block.range.end == 0 { around } else { &block.range };
        match &block.kind {
            BlockKind::Html { name, .. } => element(name, &block.attributes, &block.range, see),
            BlockKind::RawHtml(html) => see(FactKind::Html(html), range(place)),
            BlockKind::Code { text, language, options } => {
                let is_fragment = options.as_ref().is_some_and(|options| options.is_fragment);
                see(FactKind::Code { text, language: language.as_deref(), is_fragment }, range(&block.range));
            }
            BlockKind::Heading { .. } => element("h", &block.attributes, &block.range, see),
            _ => element("", &block.attributes, &block.range, see),
        }
        match &block.kind {
            BlockKind::Paragraph { content, .. } | BlockKind::Heading { content, .. } | BlockKind::Inlines(content) => {
                inlines(content, see);
            }
            BlockKind::Html { name, .. } if markup::holds_text(&name.to_ascii_lowercase()) => {}
            BlockKind::Quote(children) | BlockKind::Alert { children, .. } | BlockKind::Html { children, .. } => {
                blocks(children, place, see);
            }
            BlockKind::List { items, .. } => {
                for item in items {
                    element("li", &item.attributes, &item.range, see);
                    blocks(&item.children, place, see);
                }
            }
            BlockKind::Definitions { entries, .. } => {
                for entry in entries {
                    element("dt", &entry.attributes, &entry.range, see);
                    match &entry.content {
                        DefinitionContent::Term(content) => inlines(content, see),
                        DefinitionContent::Blocks(children) => blocks(children, place, see),
                    }
                }
            }
            BlockKind::Table(table) => {
                let rows = table.sections.iter().flat_map(|section| &section.rows);
                rows.flat_map(|row| &row.cells).for_each(|cell| inlines(cell, see));
            }
            _ => {}
        }
    }
}

fn inlines<'d>(list: &'d [Inline], see: See<'_, 'd>) {
    for inline in list {
        match &inline.kind {
            InlineKind::Link(_) => element("a", &inline.attributes, &inline.range, see),
            InlineKind::Image { .. } => see(FactKind::Element("img", &inline.attributes), range(&inline.range)),
            InlineKind::Html(html) => element(&html.name, &inline.attributes, &inline.range, see),
            InlineKind::Raw(html) => see(FactKind::Html(html), range(&inline.range)),
            _ => element("", &inline.attributes, &inline.range, see),
        }
        if !matches!(&inline.kind, InlineKind::Html(html) if markup::holds_text(&html.name.to_ascii_lowercase())) {
            inlines(inline.children(), see);
        }
    }
}
