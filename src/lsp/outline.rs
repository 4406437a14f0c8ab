//! The shape of a text: headings and what it defines as symbols, and what can be folded.

use std::ops::Range;

use lsp_types::{DocumentSymbol, DocumentSymbolParams, FoldingRange, FoldingRangeKind, FoldingRangeParams, SymbolKind};
use serde_json::Value;

use carafe_yaml::front_matter;

use super::cursor::{self, Construct};
use super::here::{Here, parsed};

/// How deep symbols and blocks may nest.
const DEEP: usize = 64;

/// A line that opens a part of the text.
struct Part {
    level: usize,
    name: String,
    /// The range of its line.
    range: Range<usize>,
    kind: SymbolKind,
}

/// `textDocument/documentSymbol`.
pub(super) fn symbols(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let _: DocumentSymbolParams = parsed(params)?;
    let parts = parts(&here);
    let found = nested(&here, &parts, here.text().len());
    Ok(serde_json::to_value(found).unwrap_or_default())
}

/// Headings of Markdown, keys of YAML, and in includes their parameters.
fn parts(here: &Here<'_>) -> Vec<Part> {
    let text = here.text();
    let is_yaml = here.path.ends_with(".yml") || here.path.ends_with(".yaml");
    let (mut parts, mut fence, mut at) = (Vec::new(), None::<String>, 0);
    let body = front_matter(text).map_or(0, |front| front.body);
    for shown in text.split_inclusive('\n') {
        let range = at..at + shown.trim_end().len();
        at += shown.len();
        let shown = shown.trim_end();
        if is_yaml {
            let indent = shown.len() - shown.trim_start_matches(' ').len();
            let key = shown.trim_start().split_once(':').map(|(key, _)| key.trim());
            if let Some(key) =
                key.filter(|key| !key.is_empty() && !key.starts_with(['#', '-', '"', '\'', '{']) && indent <= 2)
            {
                parts.push(Part { level: 1 + indent, name: key.to_owned(), range, kind: SymbolKind::KEY });
            }
            continue;
        }
        if range.start < body {
            continue;
        }
        let mark = shown.trim_start();
        let signs: String = mark.chars().take_while(|c| matches!(c, '`' | '~')).collect();
        match &fence {
            Some(open) if signs.starts_with(open.as_str()) && mark.len() == signs.len() => fence = None,
            Some(_) => continue,
            None if signs.len() >= 3 => fence = Some(signs),
            None => {}
        }
        if fence.is_some() {
            continue;
        }
        let level = mark.len() - mark.trim_start_matches('#').len();
        if (1..=6).contains(&level) && shown.starts_with('#') && mark[level..].starts_with([' ', '\t']) {
            let name = mark[level..].trim().split(" {#").next().unwrap_or_default().to_owned();
            parts.push(Part { level, name, range, kind: SymbolKind::STRING });
        } else if let Some(rest) = mark.strip_prefix("@param") {
            let name = rest.split_once('}').map_or(rest, |(_, name)| name).trim();
            let name = name.split([' ', ']', '=']).next().unwrap_or_default().trim_start_matches('[').to_owned();
            parts.push(Part { level: 7, name, range, kind: SymbolKind::FIELD });
        }
    }
    parts.retain(|part| !part.name.is_empty());
    parts
}

/// The parts, those of deeper levels within those before them; the last ends at `end`.
fn nested(here: &Here<'_>, parts: &[Part], end: usize) -> Vec<DocumentSymbol> {
    nested_within(here, parts, end, 0)
}

fn nested_within(here: &Here<'_>, parts: &[Part], end: usize, depth: usize) -> Vec<DocumentSymbol> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        let len = parts[at + 1..].iter().position(|next| next.level <= part.level).unwrap_or(parts.len() - at - 1);
        let behind = at + 1 + len;
        let stop = parts.get(behind).map_or(end, |next| next.range.start);
        let inner =
            if depth < DEEP { nested_within(here, &parts[at + 1..behind], stop, depth + 1) } else { Vec::new() };
        let text = here.text();
        let whole =
            part.range.start..part.range.start + text[part.range.start..stop].trim_end().len().max(part.range.len());
        #[expect(deprecated, reason = "the type has no other way to be made")]
        found.push(DocumentSymbol {
            name: part.name.clone(),
            detail: None,
            kind: part.kind,
            tags: None,
            deprecated: None,
            range: here.document.lines.range(whole),
            selection_range: here.document.lines.range(part.range.clone()),
            children: (!inner.is_empty()).then_some(inner),
        });
        at = behind;
    }
    found
}

/// `textDocument/foldingRange`: front matter, sections, blocks of tags.
pub(super) fn folding(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let _: FoldingRangeParams = parsed(params)?;
    let text = here.text();
    let lines = &here.document.lines;
    let line = |offset: usize| lines.position(offset).line;
    let mut found: Vec<FoldingRange> = Vec::new();
    let mut fold = |start: u32, end: u32, kind: Option<FoldingRangeKind>| {
        if end > start {
            found.push(FoldingRange { start_line: start, end_line: end, kind, ..FoldingRange::default() });
        }
    };
    if let Some(front) = front_matter(text) {
        fold(0, line(front.end), None);
    }
    for section in sections(&here) {
        fold(line(section.start), line(section.end), None);
    }
    for (open, close) in blocks(&here) {
        let name = text[open.start + 2..open.end].trim_start_matches('-').split_whitespace().next();
        let kind = matches!(name, Some("comment" | "doc")).then_some(FoldingRangeKind::Comment);
        fold(line(open.start), line(close.start).saturating_sub(1), kind);
    }
    found.sort_by_key(|range| (range.start_line, range.end_line));
    Ok(serde_json::to_value(found).unwrap_or_default())
}

/// The sections of a text: from each heading or key to the next that is not below it.
pub(super) fn sections(here: &Here<'_>) -> Vec<Range<usize>> {
    let text = here.text();
    let parts = parts(here);
    let section = |(at, part): (usize, &Part)| {
        let next = parts[at + 1..].iter().find(|next| next.level <= part.level);
        let stop = next.map_or(text.len(), |next| next.range.start);
        part.range.start..part.range.start + text[part.range.start..stop].trim_end().len()
    };
    parts.iter().enumerate().filter(|(_, part)| part.level < 7).map(section).collect()
}

/// The tags that open and close each block.
pub(super) fn blocks(here: &Here<'_>) -> Vec<(Range<usize>, Range<usize>)> {
    let text = here.text();
    let tags = here.world().tags();
    let mut open: Vec<(&str, Construct)> = Vec::new();
    let mut found = Vec::new();
    for construct in Construct::all(text).filter(|construct| construct.is_tag && construct.closed) {
        let name = &text[cursor::word(text, construct.inner.clone())];
        match name.strip_prefix("end") {
            Some(ended) => {
                if let Some(at) = open.iter().rposition(|(name, _)| *name == ended) {
                    let (_, start) = open.swap_remove(at);
                    open.truncate(at);
                    found.push((start.span, construct.span));
                }
            }
            None if tags.is_block(name) && open.len() < DEEP => open.push((name, construct)),
            None => {}
        }
    }
    found
}
