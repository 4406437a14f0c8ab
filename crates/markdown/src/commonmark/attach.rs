//! Attribute lists in the CommonMark dialect: on a line of their own at the end of a paragraph, on a line behind another
//! block, and directly behind a span.

use super::super::attributes::{AttributeList, Attributes, list_length};
use super::super::tree::{Block, BlockKind, Inline, InlineKind, ListRole};

/// Applies the attribute lists in these blocks.
pub(super) fn blocks(blocks: &mut Vec<Block>, text: &str) {
    let mut done: Vec<Block> = Vec::with_capacity(blocks.len());
    for mut block in std::mem::take(blocks) {
        if let Some(list) = alone(&block, text)
            && let Some(before) = done.last_mut()
        {
            apply(&list, before);
            continue;
        }
        inside(&mut block, text);
        done.push(block);
    }
    *blocks = done;
}

fn apply(list: &AttributeList, block: &mut Block) {
    set(list, &mut block.attributes);
    if let BlockKind::List { role, .. } = &mut block.kind {
        set_role(list, role);
    }
}

/// Sets what the list itself gives: this dialect has no definitions.
fn set(list: &AttributeList, attributes: &mut Attributes) {
    attributes.merge(&list.attributes);
}

fn set_role(list: &AttributeList, role: &mut ListRole) {
    if list.refers_to("toc") {
        *role = ListRole::Contents;
    } else if list.refers_to("footnotes") {
        *role = ListRole::Footnotes;
    }
}

/// The attribute list that a line consists of.
fn line_list(line: &str) -> Option<AttributeList> {
    let line = line.trim();
    let len = list_length(line).filter(|len| len + 3 == line.len())?;
    let mut list = AttributeList::default();
    list.read(&line[2..len + 2]).then_some(list)
}

/// The list, when the paragraph is nothing else.
fn alone(block: &Block, text: &str) -> Option<AttributeList> {
    if !block.is_paragraph() {
        return None;
    }
    line_list(text.get(block.range.start as usize..block.range.end as usize)?)
}

/// Applies the lists inside a block, and the one that ends its text.
fn inside(block: &mut Block, text: &str) {
    match &mut block.kind {
        BlockKind::Paragraph { content, .. } => {
            spans(content);
            let own = text.get(block.range.start as usize..block.range.end as usize).unwrap_or_default();
            let own = own.trim_end_matches(['\n', '\r']);
            if let Some(at) = own.rfind('\n')
                && let Some(list) = line_list(&own[at + 1..])
            {
                let end = block.range.start as usize + at;
                content.retain(|node| (node.range.start as usize) < end);
                set(&list, &mut block.attributes);
                block.list = Some(Box::new(list));
            }
        }
        BlockKind::Heading { content, .. } => spans(content),
        BlockKind::Quote(children) | BlockKind::Alert { children, .. } => blocks(children, text),
        BlockKind::List { items, role, .. } => {
            for item in items.iter_mut() {
                blocks(&mut item.children, text);
            }
            let last = items.last_mut().and_then(|item| item.children.last_mut());
            if let Some(list) = last.and_then(|last| last.list.take()) {
                set_role(&list, role);
            }
        }
        BlockKind::Table(table) => {
            table
                .sections
                .iter_mut()
                .flat_map(|section| &mut section.rows)
                .flat_map(|row| &mut row.cells)
                .for_each(spans);
        }
        _ => {}
    }
}

/// Applies lists directly behind spans.
fn spans(content: &mut Vec<Inline>) {
    let has_list = content.iter().any(|node| matches!(&node.kind, InlineKind::Text(text) if text.starts_with("{:")));
    if has_list {
        let mut done: Vec<Inline> = Vec::with_capacity(content.len());
        for mut node in std::mem::take(content) {
            if let InlineKind::Text(text) = &mut node.kind
                && let Some(len) = list_length(text)
                && let Some(before) = done.last_mut().filter(|before| !matches!(before.kind, InlineKind::Text(_)))
            {
                let mut list = AttributeList::default();
                if list.read(&text[2..len + 2]) {
                    set(&list, &mut before.attributes);
                    text.replace_range(..len + 3, "");
                }
            }
            done.push(node);
        }
        *content = done;
    }
    for node in content {
        if let InlineKind::Emphasis(children)
        | InlineKind::Strong(children)
        | InlineKind::Deleted(children)
        | InlineKind::Link(children) = &mut node.kind
        {
            spans(children);
        }
    }
}
