//! Lists: their items, what belongs to an item, and which items are tight.

use carafe_source::characters;

use super::super::attributes::AttributeList;
use super::super::lines::{Text, is_blank, is_space};
use super::super::tree::{Block, BlockKind, Boundary, Inline, InlineKind, Item, ListRole};
use super::boundary::is_marker;
use super::fence::{self, Fence};
use super::list_line::{first_line, is_content, is_lazy, list_marker, marker_room, push_line, read_item_list};
use super::paragraph;
use super::rule::is_rule;
use super::{Level, Parser, Scanner, room};

/// The text of an item while it is collected.
struct Draft {
    /// The text, in parts: what follows the first nested list is parsed on its own.
    parts: Vec<Text>,
    list: Option<Box<AttributeList>>,
    start: usize,
    end: usize,
    /// The column that lines must reach.
    indentation: usize,
    has_nested_list: bool,
    fence: Option<Fence>,
}

impl Draft {
    fn part(&mut self) -> &mut Text {
        if self.parts.is_empty() {
            // Few items have more than one.
            self.parts.reserve_exact(1);
            self.parts.push(Text::default());
        }
        let last = self.parts.len() - 1;
        &mut self.parts[last]
    }

    /// Whether nothing stands before the line that comes, or a blank line.
    fn is_behind_blank(&self) -> bool {
        self.parts.iter().rev().map(|part| &part.text).find(|text| !text.is_empty()).is_none_or(|text| {
            let last = text.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
            text.ends_with("\n\n") || is_blank(&text[last..])
        })
    }

    /// Follows fences, so that code which looks like a list stays code.
    fn follow_fence(&mut self, p: &Parser<'_>, line: &str) {
        match self.fence {
            Some(open) if open.is_closed_by(p, line) => self.fence = None,
            Some(_) => {}
            // Where fences end no paragraph, one within a paragraph opens nothing.
            None if !paragraph::ends_at_blocks(p) && !self.is_behind_blank() => {}
            None => self.fence = fence::of_line(p, line).filter(|open| open.opens(line)),
        }
    }
}

/// A list.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let Some((_, ordered)) = list_marker(sc.line(), 3, None) else { return false };
    if !p.may_nest(sc, sc.line().len()) {
        return false;
    }
    let start = sc.pos;
    let (drafts, ended_by_marker) = collect(p, sc, ordered);
    let range = sc.since(start);
    let last = drafts.len().saturating_sub(1);
    let mut items: Vec<Item> = Vec::with_capacity(drafts.len());
    let mut has_tight = false;
    let mut trailing = None;
    for (number, draft) in drafts.into_iter().enumerate() {
        let item_range = sc.text.range(draft.start..draft.end);
        let mut inner = Level::default();
        for part in draft.parts {
            p.nested(part, &mut inner);
        }
        let mut children = inner.children;
        let is_last = number == last;
        let may_be_tight = !is_last || last == 0 || has_tight;
        tighten(&mut children, is_last && !ended_by_marker, may_be_tight);
        if !children.is_empty() {
            trailing = children.pop_if(|child| child.is_blank());
        }
        has_tight |= children.first().is_none_or(|first| {
            matches!(first.kind, BlockKind::Paragraph { transparent: true, .. }) || !first.is_paragraph()
        });
        children.shrink_to_fit();
        items.push(Item { children, attributes: Default::default(), range: item_range, list: draft.list });
    }
    let is_task_list = p.options.gfm && mark_tasks(p, &mut items);
    level.push(BlockKind::List { ordered, items, role: ListRole::List }, range);
    if let Some(block) = level.children.last_mut().filter(|_| is_task_list) {
        block.attributes.add_class("task-list");
    }
    level.children.extend(trailing.filter(|_| !ended_by_marker));
    true
}

/// Goes through the lines of the list; tells whether the marker `^` ended it.
fn collect(p: &mut Parser<'_>, sc: &mut Scanner, ordered: bool) -> (Vec<Draft>, bool) {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut room = 3;
    let mut after_blank = false;
    while !sc.eos() && !p.budget.is_over() {
        let line = sc.line();
        if after_blank && is_rule(line) {
            break;
        }
        if is_marker(line) {
            sc.pos = sc.line_end();
            return (drafts, true);
        }
        if let Some((marker, _)) = list_marker(line, room, Some(ordered)) {
            let draft = start_item(p, sc, marker);
            room = marker_room(draft.indentation);
            let range = draft.start..draft.end;
            drafts.push(draft);
            p.may_keep(room::ITEM, || sc.text.range(range));
            after_blank = false;
            continue;
        }
        let Some(draft) = drafts.last_mut() else { break };
        if is_blank(line) {
            draft.has_nested_list |= draft.fence.is_none();
            after_blank = true;
            while !sc.eos() && is_blank(sc.line()) {
                let end = sc.line_end();
                draft.part().push_from(&sc.text, sc.pos..end);
                sc.pos = end;
            }
        } else if is_content(line, draft.indentation) || (!after_blank && is_lazy(p, sc, draft.indentation)) {
            push_content(p, draft, sc);
            after_blank = false;
        } else {
            break;
        }
    }
    (drafts, false)
}

/// The first line of an item.
fn start_item(p: &mut Parser<'_>, sc: &mut Scanner, marker: usize) -> Draft {
    let start = sc.pos;
    let end = sc.line_end();
    let (offset, indentation) = first_line(sc.line(), marker);
    let mut list = None;
    let mut from = (start + offset).min(end);
    from += read_item_list(p, &sc.text, from..end, &mut list);
    let has_nested_list = list_marker(&sc.text.text[from..end], 3, None).is_some();
    let mut draft = Draft { parts: Vec::new(), list, start, end, indentation, has_nested_list, fence: None };
    draft.follow_fence(p, &sc.text.text[from..end]);
    draft.part().push_from(&sc.text, from..end);
    sc.pos = end;
    draft
}

/// A further line of an item. A first nested list starts a part of its own; a marker with too little indentation is kept
/// from starting a list.
fn push_content(p: &Parser<'_>, draft: &mut Draft, sc: &mut Scanner) {
    let mut text = Text::default();
    let found = push_line(&mut text, sc, draft.indentation);
    let indentation = draft.indentation;
    if draft.fence.is_none() && list_marker(&text.text, 3, None).is_some() {
        if found && !draft.has_nested_list {
            draft.parts.push(Text::default());
            draft.has_nested_list = true;
        } else if !found && draft.has_nested_list {
            draft.part().push_blanks(indentation + 4);
        }
    }
    draft.follow_fence(p, &text.text);
    let len = text.text.len();
    draft.part().push_from(&text, 0..len);
    sc.pos = sc.line_end();
    draft.end = sc.pos;
}

/// Writes the first paragraph without `<p>` when the item is tight: no blank line behind it, or (`at_end`) the list's end.
fn tighten(children: &mut Vec<Block>, at_end: bool, may_be_tight: bool) {
    let is_boundary = |block: &Block| matches!(block.kind, BlockKind::Boundary(Boundary::Extension | Boundary::Marker));
    if children.first().is_some_and(|first| first.is_paragraph() && first.list.is_some())
        && children.get(1).is_some_and(is_boundary)
    {
        children.remove(1);
    }
    let len = children.len();
    let is_close = children.get(1).is_none_or(|second| !second.is_blank()) || (at_end && len == 2);
    if let Some(BlockKind::Paragraph { transparent, .. }) = children.first_mut().map(|first| &mut first.kind)
        && is_close
        && may_be_tight
    {
        *transparent = true;
    }
}

/// What a box before an item's text becomes.
const BOX: &str = r#"<input type="checkbox" class="task-list-item-checkbox" disabled="disabled" />"#;
const CHECKED: &str =
    r#"<input type="checkbox" class="task-list-item-checkbox" disabled="disabled" checked="checked" />"#;

/// The box of a task.
pub(crate) fn task_box_html(checked: bool) -> &'static str {
    if checked { CHECKED } else { BOX }
}

/// Whether this HTML is the box of a task.
pub(crate) fn is_task_box(html: &str) -> bool {
    html == BOX || html == CHECKED
}

/// Turns `[ ]` and `[x]` at the start of items into boxes; whether there is one.
fn mark_tasks(p: &Parser<'_>, items: &mut [Item]) -> bool {
    let mut any = false;
    for item in items {
        let Some(BlockKind::Paragraph { content, .. }) = item.children.first_mut().map(|first| &mut first.kind) else {
            continue;
        };
        if let Some(Inline { kind: InlineKind::Pending(leaf), .. }) = content.first_mut()
            && let Some(text) =
                p.texts.get(leaf.text).and_then(|text| text.text.get(leaf.start as usize..leaf.end as usize))
            && let Some((html, len)) = task_box(text)
        {
            leaf.start += u32::try_from(len).unwrap_or(0);
            content.insert(0, Inline::new(InlineKind::Raw(html.to_owned()), 0..0));
            any = true;
        }
        if any {
            item.attributes.set("class", "task-list-item");
        }
    }
    any
}

/// The box at the start of a text, and the length of its source.
fn task_box(text: &str) -> Option<(&'static str, usize)> {
    let rest = characters::trim_start(text);
    let html = match rest.get(..3)? {
        "[ ]" => task_box_html(false),
        "[x]" | "[X]" => task_box_html(true),
        _ => return None,
    };
    let gap = rest[3..].bytes().take_while(|&byte| is_space(byte)).count();
    (gap > 0).then(|| (html, text.len() - rest.len() + 3 + gap))
}
