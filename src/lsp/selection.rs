//! What a selection grows to: the word, the part of a tag, the tag, the line, the paragraph, the block, the section, all.

use std::ops::Range;

use carafe_yaml::front_matter;
use lsp_types::{SelectionRange, SelectionRangeParams};
use serde_json::Value;

use super::cursor::{self, Construct};
use super::here::{Here, parsed};
use super::outline;

/// How many places may be asked about at once.
const MOST: usize = 1000;

/// `textDocument/selectionRange`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: SelectionRangeParams = parsed(params)?;
    let lines = &here.document.lines;
    let one = |position| {
        let mut grown: Option<SelectionRange> = None;
        for range in around(&here, lines.offset(position)).into_iter().rev() {
            grown = Some(SelectionRange { range: lines.range(range), parent: grown.map(Box::new) });
        }
        grown
    };
    let found: Vec<SelectionRange> = params.positions.into_iter().take(MOST).filter_map(one).collect();
    Ok(serde_json::to_value(found).unwrap_or_default())
}

/// What lies around a place, from the inside out; each holds the one before.
fn around(here: &Here<'_>, at: usize) -> Vec<Range<usize>> {
    let text = here.text();
    let mut all = vec![word(text, at)];
    let line = cursor::line(text, at);
    if let Some(construct) = Construct::around(text, at) {
        let part = construct.part(text, at);
        let tag = cursor::word(text, part.clone());
        for given in cursor::arguments(text, tag.end..part.end) {
            all.push(given.value.clone());
            all.push(given.name.start..given.value.end.max(given.name.end));
        }
        all.extend([trimmed(text, part), trimmed(text, construct.inner), construct.span]);
    }
    if let Some((address, _)) = cursor::address(text, at) {
        all.push(address);
    }
    all.push(trimmed(text, line.clone()));
    all.push(line);
    all.push(paragraph(text, at));
    if let Some(front) = front_matter(text) {
        all.extend([front.start..front.end, front.body..text.len()]);
    }
    all.extend(carafe_markdown::fences::find(text).map(|fence| fence.code));
    all.extend(outline::sections(here));
    for (open, close) in outline::blocks(here) {
        all.extend([open.end..close.start, open.start..close.end]);
    }
    all.push(0..text.len());
    all.retain(|range| range.start <= at && at <= range.end && !range.is_empty());
    all.sort_by_key(|range| (range.len(), range.start));
    all.dedup();
    let mut nested: Vec<Range<usize>> = Vec::new();
    for range in all {
        if nested.last().is_none_or(|inner| range.start <= inner.start && inner.end <= range.end) {
            nested.push(range);
        }
    }
    if nested.is_empty() {
        nested.push(at..at);
    }
    nested
}

fn word(text: &str, at: usize) -> Range<usize> {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let before = text[..at].len() - text[..at].trim_end_matches(inner).len();
    let behind = text[at..].len() - text[at..].trim_start_matches(inner).len();
    at - before..at + behind
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let shown = &text[range.clone()];
    let start = range.start + (shown.len() - shown.trim_start().len());
    start..start + shown.trim().len()
}

fn paragraph(text: &str, at: usize) -> Range<usize> {
    let is_blank = |range: &Range<usize>| text[range.clone()].trim().is_empty();
    let own = cursor::line(text, at);
    if is_blank(&own) {
        return own;
    }
    let (mut start, mut end) = (own.start, own.end);
    while start > 0 {
        let before = cursor::line(text, start - 1);
        if is_blank(&before) {
            break;
        }
        start = before.start;
    }
    while let Some(next) = text[end..].find('\n').map(|len| end + len + 1).filter(|next| *next < text.len()) {
        let behind = cursor::line(text, next);
        if is_blank(&behind) {
            break;
        }
        end = behind.end;
    }
    start..end
}
