//! Paragraphs, and what ends them. By the GFM parser's rule lists, headings, quotes and fences do, too.

use carafe_source::characters;

use super::super::html_syntax;
use super::super::lines::{behind_indent, is_blank, quote_sign};
use super::super::tree::{BlockKind, Inline, InlineKind};
use super::boundary::{attribute_list, is_marker};
use super::list_line::{definition_marker, list_marker};
use super::{Level, Parser, Scanner, fence, heading, island};

/// Whether the current line cannot be a lazy continuation of anything.
pub(super) fn is_lazy_end(p: &Parser<'_>, sc: &Scanner) -> bool {
    if sc.eos() {
        return true;
    }
    let line = sc.line();
    let Some((rest, _)) = behind_indent(line) else {
        return is_blank(line) || island::leading(p, line).is_some();
    };
    match rest.as_bytes().first() {
        Some(b'<') => html_syntax::ends_paragraph(rest),
        Some(b'{') => attribute_list(sc.rest()).is_some(),
        Some(b'^') => is_marker(line),
        Some(byte) if byte.is_ascii_alphanumeric() => false,
        _ => is_blank(line) || island::leading(p, line).is_some(),
    }
}

/// Whether lists, headings, quotes and fences end paragraphs.
pub(super) fn ends_at_blocks(p: &Parser<'_>) -> bool {
    p.options.gfm && p.options.paragraph_end
}

/// Whether the current line ends a paragraph.
fn is_end(p: &Parser<'_>, sc: &Scanner) -> bool {
    if is_lazy_end(p, sc) {
        return true;
    }
    let line = sc.line();
    let Some((rest, _)) = behind_indent(line) else { return false };
    match rest.as_bytes().first() {
        Some(b':') => definition_marker(line, 3).is_some(),
        _ if !ends_at_blocks(p) => false,
        Some(b'*' | b'+' | b'-' | b'0'..=b'9') => list_marker(line, 3, None).is_some(),
        Some(b'#') => heading::atx_start(line, true).is_some(),
        Some(b'>') => quote_sign(line).is_some(),
        Some(b'`' | b'~') => fence::of_line(p, line).is_some(),
        _ => false,
    }
}

/// Where in a paragraph's text the element around it is closed, whose content is Markdown behind a blank line.
fn closing_tag(p: &Parser<'_>, level: &Level, text: &str) -> Option<usize> {
    let element = level.element.as_ref().filter(|_| p.options.habits.html_blocks)?;
    let (mut from, mut in_code) = (0, false);
    loop {
        let (at, len) = html_syntax::find_close(text, from, element)?;
        let ticks = text.get(from..at)?.bytes().filter(|&byte| byte == b'`').count();
        in_code ^= ticks % 2 == 1;
        if at > 0 && !in_code {
            return Some(at);
        }
        from = at + len;
    }
}

/// A paragraph; it continues one that stands directly before it (whose end turned out to be none).
pub(super) fn parse(p: &Parser<'_>, sc: &mut Scanner, level: &mut Level) {
    let start = sc.pos;
    sc.pos = sc.line_end();
    while !is_end(p, sc) {
        sc.pos = sc.line_end();
    }
    if let Some(at) = closing_tag(p, level, &sc.text.text[start..sc.pos]) {
        sc.pos = start + at;
    }
    let text = &sc.text.text[start..sc.pos];
    let end = start + characters::trim_end(text).len();
    if let Some(last) = level.children.last_mut()
        && let BlockKind::Paragraph { content, .. } = &mut last.kind
        && let Some(Inline { kind: InlineKind::Pending(leaf), .. }) = content.last_mut()
        && leaf.text == sc.id
    {
        leaf.end = u32::try_from(end).unwrap_or(u32::MAX);
        last.range.end = sc.since(start).end;
        return;
    }
    let from = start + text.len() - characters::trim_start(text).len();
    let content = Inline::pending(sc.leaf(from..end.max(from)));
    level.push(BlockKind::Paragraph { content, transparent: false }, sc.since(start));
}
