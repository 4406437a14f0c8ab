//! Every node of a tree, to be changed.

use super::attributes::Attributes;
use super::tree::{Block, BlockKind, DefinitionContent, Document, Inline};

/// A node, or the attributes of what is no node: of items and of definitions.
pub(super) enum Node<'t> {
    Block(&'t mut Block),
    Inline(&'t mut Inline),
    Attributes(&'t mut Attributes),
}

/// Calls `visit` with every node of a document, those outside before those in them. Takes time in proportion to its size.
pub(super) fn document(document: &mut Document, visit: &mut dyn FnMut(Node<'_>)) {
    blocks(&mut document.blocks, visit);
    for footnote in &mut document.footnotes {
        blocks(&mut footnote.blocks, visit);
    }
}

fn blocks(all: &mut [Block], visit: &mut dyn FnMut(Node<'_>)) {
    for block in all {
        visit(Node::Block(block));
        match &mut block.kind {
            BlockKind::Paragraph { content, .. } | BlockKind::Heading { content, .. } | BlockKind::Inlines(content) => {
                inlines(content, visit);
            }
            BlockKind::Quote(children) | BlockKind::Alert { children, .. } | BlockKind::Html { children, .. } => {
                blocks(children, visit);
            }
            BlockKind::List { items, .. } => {
                for item in items {
                    visit(Node::Attributes(&mut item.attributes));
                    blocks(&mut item.children, visit);
                }
            }
            BlockKind::Definitions { entries, .. } => {
                for entry in entries {
                    visit(Node::Attributes(&mut entry.attributes));
                    match &mut entry.content {
                        DefinitionContent::Term(content) => inlines(content, visit),
                        DefinitionContent::Blocks(children) => blocks(children, visit),
                    }
                }
            }
            BlockKind::Table(table) => {
                let rows = table.sections.iter_mut().flat_map(|section| &mut section.rows);
                rows.flat_map(|row| &mut row.cells).for_each(|cell| inlines(cell, visit));
            }
            _ => {}
        }
    }
}

fn inlines(content: &mut [Inline], visit: &mut dyn FnMut(Node<'_>)) {
    for node in content {
        visit(Node::Inline(node));
        inlines(node.children_mut(), visit);
    }
}
