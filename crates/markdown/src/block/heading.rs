//! Headings: `#` lines, and lines underlined with `=` or `-`.

use std::ops::Range;

use carafe_source::characters;

use super::super::lines::{behind_indent, is_space};
use super::super::tree::{BlockKind, Inline};
use super::boundary::is_behind_boundary;
use super::paragraph::ends_at_blocks;
use super::{Level, Parser, Scanner};

/// The level of a `#` heading, and where its text starts. For GFM a blank has to stand behind at most six signs.
pub(super) fn atx_start(line: &str, gfm: bool) -> Option<(u8, usize)> {
    let level = line.bytes().take(if gfm { 7 } else { 6 }).take_while(|&byte| byte == b'#').count();
    let gap = line[level..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    ((1..=6).contains(&level) && (gap > 0 || !gfm)).then(|| (u8::try_from(level).unwrap_or(6), level + gap))
}

/// The length of the text without ` {#id}` at its end, and the id.
fn split_id(text: &str) -> (usize, Option<&str>) {
    let text = characters::trim_end(text);
    let found = || {
        let inner = text.strip_suffix('}')?;
        let open = inner.rfind("{#")?;
        let id = &inner[open + 2..];
        let before = inner[..open].strip_suffix([' ', '\t'])?;
        let mut chars = id.chars();
        let first = chars.next()?;
        let fits = (first.is_alphabetic() || matches!(first, '_' | ':'))
            && chars.all(|c| characters::is_alphanumeric(c) || matches!(c, '_' | ':' | '-' | '.' | '\u{b7}'));
        fits.then(|| (characters::trim_end(before).len(), Some(id)))
    };
    found().unwrap_or((text.len(), None))
}

fn push(
    p: &Parser<'_>,
    sc: &mut Scanner,
    level: &mut Level,
    depth: u8,
    text: Range<usize>,
    id: Option<String>,
    next: usize,
) {
    let start = sc.pos;
    sc.pos = next;
    let content = Inline::pending(sc.leaf(text.clone()));
    // kramdown's own parser makes ids of what is written, GFM's of what is read.
    let written = (!p.options.gfm).then(|| sc.text.text[text].into());
    level.push(BlockKind::Heading { level: depth, content, written }, sc.since(start));
    if let (Some(id), Some(block)) = (id, level.children.last_mut()) {
        block.attributes.set("id", id);
    }
}

/// The text of a heading such as `## text ##` without the signs at its end. A blank has to stand before them: `C#` is a name.
///
/// ```
/// assert_eq!(carafe_markdown::without_closing_signs("Install ##"), "Install");
/// assert_eq!(carafe_markdown::without_closing_signs("C#"), "C#");
/// ```
pub fn without_closing_signs(text: &str) -> &str {
    let text = characters::trim_end(text);
    let unclosed = text.trim_end_matches('#');
    let is_closed = unclosed.len() < text.len() && unclosed.ends_with([' ', '\t']);
    if is_closed { characters::trim_end(unclosed) } else { text }
}

/// A heading of the form `## text ##`.
pub(super) fn atx(p: &Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let line = sc.line();
    // The GFM parser reads them as kramdown's own does unless they end paragraphs, but for the blank behind the signs.
    let ends = ends_at_blocks(p);
    let Some((depth, from)) = atx_start(line, p.options.gfm).filter(|_| ends || is_behind_boundary(level)) else {
        return false;
    };
    let (len, id) = split_id(&line[from..]);
    let text = &line[from..from + len];
    let text = if ends { without_closing_signs(text) } else { characters::trim_end(text.trim_end_matches('#')) };
    if text.is_empty() {
        return false;
    }
    let (start, end) = (sc.pos + from, sc.pos + from + text.len());
    let (id, next) = (id.map(str::to_owned), sc.line_end());
    push(p, sc, level, depth, start..end, id, next);
    true
}

/// A heading of the form of a line and a line of `=` or `-` below it.
pub(super) fn setext(p: &Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let line = sc.line();
    let below = &sc.text.text[sc.line_end()..];
    let Some(&sign @ (b'=' | b'-')) = below.as_bytes().first() else { return false };
    let signs = below.bytes().take_while(|byte| matches!(byte, b'=' | b'-')).count();
    let gap = below[signs..].bytes().take_while(|&byte| is_space(byte) && byte != b'\n').count();
    let is_underlined = below.as_bytes().get(signs + gap) == Some(&b'\n');
    let Some((text, blanks)) = behind_indent(line).filter(|_| is_underlined && is_behind_boundary(level)) else {
        return false;
    };
    let (len, id) = split_id(text);
    if len == 0 {
        return false;
    }
    let (start, id) = (sc.pos + blanks, id.map(str::to_owned));
    let next = sc.line_end() + signs + gap + 1;
    push(p, sc, level, if sign == b'=' { 1 } else { 2 }, start..start + len, id, next);
    true
}
