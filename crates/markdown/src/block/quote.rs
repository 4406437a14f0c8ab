//! Block quotes. Lines without `>` that follow without a blank line belong to the quote.

use super::super::lines::{Text, behind_indent};
use super::super::tree::BlockKind;
use super::{Level, Parser, Scanner, paragraph};

/// The length of the sign of a quote at the start of a line: up to three blanks, `>`, perhaps a blank.
pub(super) fn sign(line: &str) -> Option<usize> {
    let (rest, blanks) = behind_indent(line)?;
    let rest = rest.strip_prefix('>')?;
    Some(blanks + 1 + usize::from(rest.starts_with(' ')))
}

/// A quote.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    if sign(sc.line()).is_none() || !p.may_nest(sc, sc.line().len()) {
        return false;
    }
    let start = sc.pos;
    let mut inner = Text::default();
    loop {
        let end = sc.line_end();
        inner.push_from(&sc.text, sc.pos + sign(sc.line()).unwrap_or(0)..end);
        sc.pos = end;
        if paragraph::is_lazy_end(p, sc) {
            break;
        }
    }
    let range = sc.since(start);
    let list = level.pending.take();
    let children = p.nested_blocks(inner);
    level.pending = list;
    level.push(BlockKind::Quote(children), range);
    true
}
