//! Islands where none can stand: in code, math, attributes and text that is shown as it is. There they are their HTML, as
//! text.

use std::borrow::Cow;

use carafe_source::island::{self, Islands};

use super::attributes::Attributes;
use super::html::escape;
use super::tree::{BlockKind, Document, InlineKind};
use super::walk::{self, Node};

/// Puts the HTML of islands in place of the placeholders in such texts of the document, which `text` was read as.
pub(super) fn texts(document: &mut Document, text: &str, islands: &Islands) {
    if island::next(text, 0).is_none() {
        return;
    }
    walk::document(document, &mut |node| settle(node, islands));
    for abbreviation in &mut document.abbreviations {
        resolve(&mut abbreviation.name, islands);
        resolve(&mut abbreviation.title, islands);
        attributes(&mut abbreviation.attributes, islands);
    }
}

fn resolve(text: &mut String, islands: &Islands) {
    if let Cow::Owned(resolved) = islands.resolve(text) {
        *text = resolved;
    }
}

/// Puts the HTML of islands, as text, where their placeholders stand within tags: in attributes.
fn in_tags(html: &mut String, islands: &Islands) {
    if island::next(html, 0).is_none() {
        return;
    }
    let mut out = String::with_capacity(html.len());
    let mut in_tag = false;
    let mut from = 0;
    while let Some(ahead) = html[from..].find(['<', '>', island::OPEN]) {
        let at = from + ahead;
        out.push_str(&html[from..at]);
        let rest = &html[at..];
        from = at + rest.chars().next().map_or(1, char::len_utf8);
        match island::at_start(rest) {
            Some(found) if in_tag => {
                escape::attribute(&mut out, islands.get(found.number).map_or("", |island| &island.html));
                from = at + found.len;
            }
            _ => {
                in_tag = rest.strip_prefix('<').map_or(in_tag && !rest.starts_with('>'), |rest| {
                    in_tag || rest.starts_with(|c: char| c.is_ascii_alphabetic())
                });
                out.push_str(&html[at..from]);
            }
        }
    }
    out.push_str(&html[from..]);
    *html = out;
}

fn attributes(attributes: &mut Attributes, islands: &Islands) {
    attributes.values_mut().for_each(|value| resolve(value, islands));
}

fn settle(node: Node<'_>, islands: &Islands) {
    match node {
        Node::Block(block) => {
            attributes(&mut block.attributes, islands);
            match &mut block.kind {
                BlockKind::Code { text, language, options } => {
                    resolve(text, islands);
                    if let Some(title) = options.as_mut().and_then(|options| options.title.as_mut()) {
                        resolve(title, islands);
                    }
                    language.iter_mut().for_each(|language| resolve(language, islands));
                }
                BlockKind::Math(formula) => resolve(&mut formula.tex, islands),
                BlockKind::RawHtml(html) => in_tags(html, islands),
                _ => {}
            }
        }
        Node::Inline(node) => {
            attributes(&mut node.attributes, islands);
            match &mut node.kind {
                InlineKind::Text(text) | InlineKind::Code(text) => resolve(text, islands),
                InlineKind::Math(formula) => resolve(&mut formula.tex, islands),
                InlineKind::Raw(html) => in_tags(html, islands),
                _ => {}
            }
        }
        Node::Attributes(list) => attributes(list, islands),
    }
}
