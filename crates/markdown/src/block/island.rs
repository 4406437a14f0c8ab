//! Islands that begin a line.

use carafe_source::island::{OPEN, Placeholder, at_start};

use super::super::lines::is_blank;
use super::super::markup;
use super::super::tree::BlockKind;
use super::{Level, Parser, Scanner};

/// The first of the block islands that have this line to themselves; or that begin it, when it is a block element, behind which
/// the line goes on as one of its own.
pub(super) fn leading(p: &Parser<'_>, line: &str) -> Option<Placeholder> {
    if !p.has_islands {
        return None;
    }
    let trim = |text: &'_ str| text.len() - text.trim_start_matches([' ', '\t']).len();
    let mut at = trim(line);
    let first = at_start(line.get(at..)?)?;
    let island = p.islands.get(first.number)?;
    if !island.inline && is_block_element(&island.html) {
        return Some(first);
    }
    while line[at..].starts_with(OPEN) {
        let found = at_start(&line[at..])?;
        if p.islands.get(found.number).is_some_and(|island| island.inline) {
            return None;
        }
        at += found.len;
        at += trim(&line[at..]);
    }
    is_blank(&line[at..]).then_some(first)
}

/// Whether the HTML starts with the tag of a block element.
fn is_block_element(html: &str) -> bool {
    let name = html.strip_prefix('<').unwrap_or_default();
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    markup::is_block(&name[..end])
}

/// An island as a block; others on its line are blocks of their own.
pub(super) fn parse(p: &Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let line = sc.line();
    let Some(first) = leading(p, line) else { return false };
    let behind = line.len() - line.trim_start_matches([' ', '\t']).len() + first.len;
    let start = sc.pos;
    sc.pos = if is_blank(&line[behind..]) { sc.line_end() } else { start + behind };
    level.push(BlockKind::Island(first.number), sc.since(start));
    true
}
