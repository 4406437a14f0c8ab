//! Headings: `#` lines, and lines underlined with `=` or `-`.

use carafe_source::characters;

use super::super::lines::{behind_indent, is_space};
use super::super::tree::{BlockKind, Inline};
use super::boundary::is_behind_boundary;
use super::{Level, Scanner};

/// The level of a `#` heading, and where its text starts.
pub(super) fn atx_start(line: &str) -> Option<(u8, usize)> {
    let level = line.bytes().take(7).take_while(|&byte| byte == b'#').count();
    let gap = line[level..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    ((1..=6).contains(&level) && gap > 0).then(|| (u8::try_from(level).unwrap_or(6), level + gap))
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

fn push(sc: &mut Scanner, level: &mut Level, depth: u8, from: usize, end: usize, id: Option<String>, next: usize) {
    let start = sc.pos;
    sc.pos = next;
    let content = Inline::pending(sc.leaf(from..end));
    level.push(BlockKind::Heading { level: depth, content }, sc.since(start));
    if let (Some(id), Some(block)) = (id, level.children.last_mut()) {
        block.attributes.set("id", id);
    }
}

/// A heading of the form `## text ##`.
pub(super) fn atx(sc: &mut Scanner, level: &mut Level) -> bool {
    let line = sc.line();
    let Some((depth, from)) = atx_start(line) else { return false };
    let (len, id) = split_id(&line[from..]);
    let mut text = &line[from..from + len];
    let unclosed = text.trim_end_matches('#');
    if unclosed.len() < text.len() && unclosed.ends_with([' ', '\t']) {
        text = characters::trim_end(unclosed);
    }
    if text.is_empty() {
        return false;
    }
    let (start, end) = (sc.pos + from, sc.pos + from + text.len());
    let (id, next) = (id.map(str::to_owned), sc.line_end());
    push(sc, level, depth, start, end, id, next);
    true
}

/// A heading of the form of a line and a line of `=` or `-` below it.
pub(super) fn setext(sc: &mut Scanner, level: &mut Level) -> bool {
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
    push(sc, level, if sign == b'=' { 1 } else { 2 }, start, start + len, id, next);
    true
}
