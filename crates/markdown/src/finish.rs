//! From the block structure to the finished tree: inline content is read, attribute lists are applied, lines that write
//! nothing are dropped.

use std::rc::Rc;

use carafe_source::island::Islands;
use rustc_hash::FxHashSet;

use super::attributes::AttributeList;
use super::block::{self, Level, LinkDefinition, Parser};
use super::lines::Text;
use super::options::Options;
use super::outer::{self, Outer};
use super::tree::{
    Block, BlockKind, DefinitionContent, Document, Footnote, Inline, InlineKind, ListRole, Problem, Section,
};
use super::{abbreviations, inline};

/// The tree of a text in kramdown's dialect.
pub(super) fn kramdown(text: &str, options: &Options, islands: &Islands) -> Document {
    let mut p = Parser::new(text, options, islands);
    let mut scanner = p.scanner(Text::root(text));
    let mut level = Level::default();
    block::parse(&mut p, &mut scanner, &mut level);
    if let Some(outer) = &options.outer {
        take_over(&mut p, outer);
    }
    p.definitions.resolve(&mut p.budget, &mut p.problems);
    let mut blocks = level.children;
    finish_blocks(&mut p, &mut blocks, false);
    let mut footnotes = std::mem::take(&mut p.footnotes);
    for footnote in &mut footnotes {
        finish_blocks(&mut p, &mut footnote.blocks, true);
    }
    let mut abbreviations = std::mem::take(&mut p.abbreviations);
    for abbreviation in &mut abbreviations {
        p.apply(&abbreviation.list, &mut abbreviation.attributes, &(0..0));
    }
    let left = p.kept.left();
    let mut document = Document { blocks, footnotes, abbreviations, options: p.options, problems: p.problems };
    abbreviations::replace(&mut document, left);
    report_unused(&mut document, islands);
    sort_problems(&mut document.problems);
    document
}

/// What a page with this text defines.
pub(super) fn definitions(text: &str, options: &Options, islands: &Islands) -> Outer {
    let mut p = Parser::new(text, options, islands);
    let mut scanner = p.scanner(Text::root(text));
    block::parse(&mut p, &mut scanner, &mut Level::default());
    let link = |(name, number): (&String, &usize)| {
        let definition = p.links.get(*number)?;
        Some((name.clone(), (definition.url.clone(), definition.title.clone())))
    };
    Outer {
        links: p.link_names.iter().filter_map(link).collect(),
        footnotes: p.footnote_names.keys().cloned().collect(),
    }
}

/// Adds what the page around the document defines, and the document does not.
fn take_over(p: &mut Parser<'_>, outer: &Outer) {
    for (name, (url, title)) in &outer.links {
        if !p.link_names.contains_key(name) {
            let definition = LinkDefinition { url: url.clone(), title: title.clone(), list: AttributeList::default() };
            p.links.push(Rc::new(definition));
            p.link_names.insert(name.clone(), p.links.len() - 1);
        }
    }
    for name in &outer.footnotes {
        if !p.footnote_names.contains_key(name) {
            p.footnotes.push(Footnote { name: name.clone(), blocks: Vec::new(), range: 0..0, is_outer: true });
            p.footnote_names.insert(name.clone(), p.footnotes.len() - 1);
        }
    }
}

/// Puts problems into the order of the text. Text that was tried twice told its problems twice.
pub(super) fn sort_problems(problems: &mut Vec<Problem>) {
    problems.sort_by(|a, b| (a.range.start, a.code, &a.message).cmp(&(b.range.start, b.code, &b.message)));
    problems.dedup();
}

/// Tells of footnotes that nothing refers to, nothing in islands either.
fn report_unused(document: &mut Document, islands: &Islands) {
    if document.footnotes.is_empty() {
        return;
    }
    let mut used = vec![false; document.footnotes.len()];
    let mut mark = |content: &[Inline]| mark_footnotes(content, &mut used);
    for_each_content(&document.blocks, &mut mark);
    for footnote in &document.footnotes {
        for_each_content(&footnote.blocks, &mut mark);
    }
    let asked: FxHashSet<&str> =
        islands.iter().flat_map(|island| outer::numbers(&island.html).map(|(_, name)| name)).collect();
    let is_unused =
        |(footnote, used): &(&Footnote, bool)| !(*used || footnote.is_outer || asked.contains(footnote.name.as_str()));
    let unused = document.footnotes.iter().zip(used).filter(is_unused);
    let problem = |footnote: &Footnote| Problem {
        code: "unused-footnote",
        message: format!("nothing refers to the footnote `{}`, so it is not shown", footnote.name),
        range: footnote.range.clone(),
    };
    document.problems.extend(unused.map(|(footnote, _)| problem(footnote)));
}

fn mark_footnotes(content: &[Inline], used: &mut [bool]) {
    for node in content {
        if let InlineKind::Footnote(number) = node.kind
            && let Some(place) = used.get_mut(number)
        {
            *place = true;
        }
        mark_footnotes(node.children(), used);
    }
}

/// Calls `visit` with the inline content of every leaf.
fn for_each_content(blocks: &[Block], visit: &mut impl FnMut(&[Inline])) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph { content, .. } | BlockKind::Heading { content, .. } | BlockKind::Inlines(content) => {
                visit(content);
            }
            BlockKind::Quote(children) | BlockKind::Alert { children, .. } | BlockKind::Html { children, .. } => {
                for_each_content(children, visit)
            }
            BlockKind::List { items, .. } => items.iter().for_each(|item| for_each_content(&item.children, visit)),
            BlockKind::Definitions { entries, .. } => {
                for entry in entries {
                    match &entry.content {
                        DefinitionContent::Term(content) => visit(content),
                        DefinitionContent::Blocks(children) => for_each_content(children, visit),
                    }
                }
            }
            BlockKind::Table(table) => {
                let rows = table.sections.iter().flat_map(|section| &section.rows);
                rows.flat_map(|row| &row.cells).for_each(|cell| visit(cell));
            }
            _ => {}
        }
    }
}

/// `in_html`: inside an HTML element, or in a footnote.
fn finish_blocks(p: &mut Parser<'_>, blocks: &mut Vec<Block>, in_html: bool) {
    blocks.retain(|block| !matches!(block.kind, BlockKind::Boundary(_)));
    blocks.dedup_by(|later, earlier| later.is_blank() && earlier.is_blank());
    for at in 0..blocks.len() {
        if p.budget.is_over() {
            // What follows would be cut off anyway.
            return blocks.truncate(at);
        }
        let Some(block) = blocks.get_mut(at) else { return };
        finish_kind(p, &mut block.kind, block.list.as_deref(), in_html);
        if let Some(list) = block.list.take() {
            p.apply(&list, &mut block.attributes, &block.range);
        }
    }
}

/// A backslash at the end of an item's text before another block breaks no line and is not shown either. `at_blanks`: blank
/// lines count as one.
fn drop_last_backslash(blocks: &mut [Block], at_blanks: bool) {
    let [first, second, ..] = blocks else { return };
    if let BlockKind::Paragraph { content, transparent: true } = &mut first.kind
        && let Some(Inline { kind: InlineKind::Text(text), .. }) = content.last_mut()
        && (at_blanks || !second.is_blank())
        && text.ends_with('\\')
    {
        text.pop();
    }
}

fn finish_kind(p: &mut Parser<'_>, kind: &mut BlockKind, list: Option<&AttributeList>, in_html: bool) {
    match kind {
        BlockKind::Paragraph { content, .. } | BlockKind::Heading { content, .. } => {
            finish_content(p, content, in_html)
        }
        BlockKind::Inlines(content) => finish_content(p, content, true),
        BlockKind::Quote(children) | BlockKind::Alert { children, .. } => finish_blocks(p, children, in_html),
        BlockKind::Html { children, .. } => finish_blocks(p, children, true),
        BlockKind::List { items, role, .. } => {
            if list.is_some_and(|list| list.refers_to("toc")) {
                *role = ListRole::Contents;
            } else if list.is_some_and(|list| list.refers_to("footnotes")) {
                *role = ListRole::Footnotes;
            }
            for item in items {
                finish_blocks(p, &mut item.children, in_html);
                if !in_html {
                    drop_last_backslash(&mut item.children, false);
                }
                if let Some(list) = item.list.take() {
                    p.apply(&list, &mut item.attributes, &item.range);
                }
            }
        }
        BlockKind::Definitions { entries, auto_ids } => {
            *auto_ids = list.and_then(|list| {
                let mut prefixes = list.references.iter().filter_map(|name| name.strip_prefix("auto_ids"));
                prefixes.next().map(|rest| rest.strip_prefix('-').unwrap_or(rest).to_owned())
            });
            for entry in entries {
                match &mut entry.content {
                    DefinitionContent::Term(content) => finish_content(p, content, in_html),
                    DefinitionContent::Blocks(children) => {
                        finish_blocks(p, children, in_html);
                        drop_last_backslash(children, true);
                    }
                }
                if let Some(list) = entry.list.take() {
                    p.apply(&list, &mut entry.attributes, &entry.range);
                }
            }
        }
        BlockKind::Table(table) => {
            for Section { rows, .. } in &mut table.sections {
                rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|cell| finish_content(p, cell, in_html));
            }
        }
        _ => {}
    }
}

/// Reads what is still to be read.
fn finish_content(p: &mut Parser<'_>, content: &mut Vec<Inline>, in_html: bool) {
    for node in std::mem::take(content) {
        match node.kind {
            InlineKind::Pending(leaf) => content.append(&mut inline::parse(p, leaf, in_html)),
            _ => content.push(node),
        }
    }
}
