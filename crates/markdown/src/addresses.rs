//! The addresses in a document, and putting others in their place: those of links and images, and in HTML.

use std::ops::Range;

use super::attributes::Attributes;
use super::html::escape;
use super::markup;
use super::tree::{Block, BlockKind, DefinitionContent, Document, Inline, InlineKind};

/// An address that stands in a document.
#[derive(Clone, Debug)]
pub struct Address<'a> {
    /// The attribute that it is the value of: `href`, `src`, `srcset` (one of its addresses), `poster`.
    pub attribute: &'a str,
    /// The address.
    pub address: &'a str,
    /// Where its element stands in the text that was parsed; that of raw HTML may be the element around it.
    pub range: Range<usize>,
    /// Whether it is written as HTML rather than as Markdown.
    pub is_html: bool,
}

/// The attributes that hold addresses.
const ATTRIBUTES: [&str; 4] = ["href", "src", "srcset", "poster"];

type See<'s> = &'s mut dyn FnMut(Address<'_>) -> Option<String>;

/// Asks `see` about every address in the document, footnotes last, and puts what it gives in their place.
pub fn rewrite(document: &mut Document, see: &mut dyn FnMut(Address<'_>) -> Option<String>) {
    blocks(&mut document.blocks, &(0..0), see);
    for footnote in &mut document.footnotes {
        blocks(&mut footnote.blocks, &footnote.range, see);
    }
}

/// Asks `see` about every address in `html`, a piece of a page, and gives the values of attributes that become others, with their places. The range of an
/// [`Address`] is that of its attribute in `html`.
pub fn in_html(html: &str, see: See<'_>) -> Vec<(Range<usize>, String)> {
    let mut changes = Vec::new();
    for found in markup::attributes(html, |name, _| known(name).is_some()) {
        let Some(name) = known(&html[found.name.clone()]) else { continue };
        let written = html[found.value.clone()].replace("&amp;", "&");
        let (Ok(start), Ok(end)) = (u32::try_from(found.name.start), u32::try_from(found.value.end)) else { break };
        if let Some(other) = value(name, &written, &(start..end), true, see) {
            let mut escaped = String::new();
            escape::attribute(&mut escaped, &other);
            changes.push((found.value, escaped));
        }
    }
    changes
}

/// The attribute's name as [`ATTRIBUTES`] has it, if it holds an address.
fn known(name: &str) -> Option<&'static str> {
    ATTRIBUTES.into_iter().find(|known| name.len() == known.len() && name.eq_ignore_ascii_case(known))
}

fn offsets(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// The value with other addresses; `None` when all are as they were.
fn value(attribute: &str, value: &str, place: &Range<u32>, is_html: bool, see: See<'_>) -> Option<String> {
    let mut ask = |address: &str| see(Address { attribute, address, range: offsets(place), is_html });
    if attribute != "srcset" {
        return ask(value);
    }
    let mut changed = false;
    let candidates: Vec<String> = value
        .split(',')
        .map(|candidate| {
            let candidate = candidate.trim();
            let (address, rest) = candidate.split_at(candidate.find(char::is_whitespace).unwrap_or(candidate.len()));
            let other = ask(address);
            changed |= other.is_some();
            format!("{}{rest}", other.as_deref().unwrap_or(address))
        })
        .collect();
    changed.then(|| candidates.join(", "))
}

fn attributes(all: &mut Attributes, place: &Range<u32>, is_html: bool, see: See<'_>) {
    if all.is_empty() {
        return;
    }
    for name in ATTRIBUTES {
        if let Some(other) = all.get(name).and_then(|written| value(name, written, place, is_html, see)) {
            all.set(name, other);
        }
    }
}

/// HTML as it was written: what stands in its attributes is escaped.
fn raw(html: &mut String, place: &Range<u32>, see: See<'_>) {
    let mut out = String::new();
    let mut done = 0;
    for found in markup::attributes(html, |name, _| known(name).is_some()) {
        let Some(name) = known(&html[found.name]) else { continue };
        let written = html[found.value.clone()].replace("&amp;", "&");
        if let Some(other) = value(name, &written, place, true, see) {
            out.push_str(&html[done..found.value.start]);
            escape::attribute(&mut out, &other);
            done = found.value.end;
        }
    }
    if done > 0 {
        out.push_str(&html[done..]);
        *html = out;
    }
}

// Depth is bounded by the parser's own limit on nesting.
fn blocks(all: &mut [Block], around: &Range<u32>, see: See<'_>) {
    for block in all {
        // Raw HTML within an element has no place of its own.
        let place = if block.range.end == 0 { around.clone() } else { block.range.clone() };
        let is_html = matches!(block.kind, BlockKind::Html { .. });
        attributes(&mut block.attributes, &place, is_html, see);
        match &mut block.kind {
            BlockKind::Paragraph { content, .. } | BlockKind::Heading { content, .. } | BlockKind::Inlines(content) => {
                inlines(content, see);
            }
            BlockKind::Quote(children) | BlockKind::Alert { children, .. } | BlockKind::Html { children, .. } => {
                blocks(children, &place, see);
            }
            BlockKind::List { items, .. } => items.iter_mut().for_each(|item| blocks(&mut item.children, &place, see)),
            BlockKind::Definitions { entries, .. } => {
                for entry in entries {
                    match &mut entry.content {
                        DefinitionContent::Term(content) => inlines(content, see),
                        DefinitionContent::Blocks(children) => blocks(children, &place, see),
                    }
                }
            }
            BlockKind::Table(table) => {
                let rows = table.sections.iter_mut().flat_map(|section| &mut section.rows);
                rows.flat_map(|row| &mut row.cells).for_each(|cell| inlines(cell, see));
            }
            BlockKind::RawHtml(html) => raw(html, &place, see),
            _ => {}
        }
    }
}

fn inlines(all: &mut [Inline], see: See<'_>) {
    for node in all {
        let is_html = matches!(node.kind, InlineKind::Html(_));
        attributes(&mut node.attributes, &node.range, is_html, see);
        match &mut node.kind {
            InlineKind::Raw(html) => raw(html, &node.range, see),
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Deleted(children)
            | InlineKind::Link(children) => inlines(children, see),
            InlineKind::Html(element) => inlines(&mut element.children, see),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{HtmlOptions, NoServices, Options, html, parse};

    #[test]
    fn every_address_is_asked_about_and_replaced() {
        let text = "[a](x.md#y) ![b](x.png) [c][d] <a href=\"x.md\">e</a>\n\n[d]: x.md \"t\"\n\n\
                    <div><img srcset=\"x.png 1x, y.png 2x\" src='x.png'></div>\n\n- [f](x.md)\n\nz[^1]\n\n[^1]: [g](x.md)\n";
        let mut document = parse(text, &Options::default());
        let mut asked = Vec::new();
        super::rewrite(&mut document, &mut |address| {
            asked.push((address.attribute.to_owned(), address.is_html));
            let rest = address.address.strip_prefix('x')?;
            Some(format!("/N{rest}"))
        });
        let written = html(&document, &HtmlOptions::default(), &NoServices).body;
        assert!(!written.contains("\"x") && !written.contains("'x"), "{written}");
        assert!(written.contains("/N.png 1x, y.png 2x") && written.contains("/N.md#y"), "{written}");
        assert_eq!(asked.iter().filter(|(name, _)| name == "href").count(), 5);
        assert_eq!(asked.iter().filter(|(_, is_html)| *is_html).count(), 4);
    }
    #[test]
    fn addresses_in_html_are_asked_about_however_they_are_written() {
        let html = "<A HREF = 'x&amp;y'>a</A><p class=src>src=x</p><img alt=\"href\" srcset=\"x 1x\">";
        let changes = super::in_html(html, &mut |address| Some(address.address.replace('x', "N")));
        let written: Vec<_> = changes.into_iter().map(|(place, value)| (&html[place], value)).collect();
        assert_eq!(written, [("x&amp;y", "N&amp;y".to_owned()), ("x 1x", "N 1x".to_owned())]);
        assert_eq!(super::in_html("<p class=\"src\" title='href='>x</p>", &mut |_| Some(String::new())), []);
    }
}
