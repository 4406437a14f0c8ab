//! Definition lists: a paragraph whose lines are terms, and definitions that start with `:`.

use super::super::attributes::AttributeList;
use super::super::lines::{Text, is_blank};
use super::super::tree::{Block, BlockKind, Definition, DefinitionContent, Inline, InlineKind, Leaf};
use super::boundary::is_marker;
use super::list_line::{definition_marker, first_line, is_content, is_lazy, marker_room, push_line, read_item_list};
use super::{Level, Parser, Scanner, room};

struct Draft {
    text: Text,
    list: Option<Box<AttributeList>>,
    start: usize,
    end: usize,
    indentation: usize,
    /// A blank line before it, or in it behind its first paragraph: it is written with `<p>`.
    is_loose: bool,
}

/// The paragraph whose lines are the terms, taken off the level, and whether a blank line stood behind it.
fn take_terms(level: &mut Level) -> Option<(Block, bool)> {
    let last = level.children.last()?;
    let loose = match last.kind {
        BlockKind::Paragraph { .. } => false,
        BlockKind::Blank { single: true } => {
            level.children.iter().rev().nth(1).filter(|block| block.is_paragraph())?;
            true
        }
        _ => return None,
    };
    if loose {
        level.children.pop();
    }
    level.children.pop().map(|block| (block, loose))
}

/// A definition list, or more definitions for the one before.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    if definition_marker(sc.line(), 3).is_none() || !p.may_nest(sc, sc.line().len()) {
        return false;
    }
    let Some((paragraph, loose)) = take_terms(level) else { return false };
    let start = sc.pos;
    let mut entries = terms(p, &paragraph);
    let drafts = collect(p, sc, loose);
    let mut trailing = None;
    for draft in drafts {
        let range = sc.text.range(draft.start..draft.end);
        let mut children = p.nested_blocks(draft.text);
        if !children.is_empty() {
            trailing = children.pop_if(|child| child.is_blank());
        }
        if let Some(BlockKind::Paragraph { transparent, .. }) = children.first_mut().map(|first| &mut first.kind) {
            *transparent = !draft.is_loose;
        }
        let content = DefinitionContent::Blocks(children);
        entries.push(Definition { content, attributes: Default::default(), range, list: draft.list });
    }
    let range = paragraph.range.start..sc.since(start).end;
    append(level, entries, paragraph.list, range);
    level.children.extend(trailing);
    true
}

/// Adds the entries to the definition list before, else as a new one.
fn append(level: &mut Level, entries: Vec<Definition>, list: Option<Box<AttributeList>>, range: std::ops::Range<u32>) {
    let is_list = |block: &Block| matches!(block.kind, BlockKind::Definitions { .. });
    let len = level.children.len();
    if len >= 2 && level.children[len - 1].is_blank() && is_list(&level.children[len - 2]) {
        level.children.pop();
    }
    if let Some(Block { kind: BlockKind::Definitions { entries: before, .. }, range: place, .. }) =
        level.children.last_mut()
    {
        before.extend(entries);
        place.end = range.end;
        return;
    }
    level.push(BlockKind::Definitions { entries, auto_ids: None }, range);
    if let Some(block) = level.children.last_mut() {
        block.list = list;
    }
}

/// One term for each line of the paragraph.
fn terms(p: &mut Parser<'_>, paragraph: &Block) -> Vec<Definition> {
    let BlockKind::Paragraph { content, .. } = &paragraph.kind else { return Vec::new() };
    let Some(Inline { kind: InlineKind::Pending(leaf), .. }) = content.last() else { return Vec::new() };
    let leaf = *leaf;
    let Some(text) = p.texts.get(leaf.text).cloned() else { return Vec::new() };
    let mut entries = Vec::new();
    let mut at = leaf.start as usize;
    while at < leaf.end as usize {
        let end =
            memchr::memchr(b'\n', &text.text.as_bytes()[at..leaf.end as usize]).map_or(leaf.end as usize, |n| at + n);
        let mut list = None;
        let start = at + read_item_list(p, &text, at..end, &mut list);
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let content = Inline::pending(Leaf { text: leaf.text, start: cut(start), end: cut(end) });
        entries.push(Definition {
            content: DefinitionContent::Term(content),
            attributes: Default::default(),
            range: text.range(at..end),
            list,
        });
        at = end + 1;
    }
    entries
}

/// Goes through the lines of the definitions.
fn collect(p: &mut Parser<'_>, sc: &mut Scanner, mut loose: bool) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut room = 3;
    let mut after_blank = false;
    while !sc.eos() && !p.budget.is_over() {
        let line = sc.line();
        if let Some(marker) = definition_marker(line, room) {
            let (start, end) = (sc.pos, sc.line_end());
            let (offset, indentation) = first_line(line, marker);
            let mut draft = Draft { text: Text::default(), list: None, start, end, indentation, is_loose: loose };
            let mut from = (start + offset).min(end);
            from += read_item_list(p, &sc.text, from..end, &mut draft.list);
            draft.text.push_from(&sc.text, from..end);
            sc.pos = end;
            room = marker_room(indentation);
            drafts.push(draft);
            p.may_keep(room::ITEM, || sc.text.range(start..end));
            (loose, after_blank) = (false, false);
            continue;
        }
        let Some(draft) = drafts.last_mut().filter(|_| !is_marker(line)) else { break };
        if is_blank(line) {
            (loose, after_blank) = (true, true);
            let end = sc.line_end();
            draft.text.push_from(&sc.text, sc.pos..end);
            sc.pos = end;
        } else if is_content(line, draft.indentation) || (!after_blank && is_lazy(p, sc, draft.indentation)) {
            push_line(&mut draft.text, sc, draft.indentation);
            sc.pos = sc.line_end();
            draft.end = sc.pos;
            (loose, after_blank) = (false, false);
        } else {
            break;
        }
    }
    drafts
}
