//! Blank lines, the end-of-block marker `^`, and what counts as the boundary of a block.

use super::super::attributes::list_length;
use super::super::lines::{behind_indent, is_blank, line_end};
use super::super::tree::{BlockKind, Boundary};
use super::{Level, Scanner};

/// A run of blank lines.
pub(super) fn blank(sc: &mut Scanner, level: &mut Level) {
    let start = sc.pos;
    while !sc.eos() && is_blank(sc.line()) {
        sc.pos = sc.line_end();
    }
    let is_single = sc.pos == start + 1;
    if let Some(BlockKind::Blank { single }) = level.children.last_mut().map(|block| &mut block.kind) {
        *single = false;
        return;
    }
    level.push(BlockKind::Blank { single: is_single }, sc.since(start));
}

/// Whether a line is the marker `^`.
pub(super) fn is_marker(line: &str) -> bool {
    line.strip_prefix('^').is_some_and(is_blank)
}

/// The marker `^`.
pub(super) fn marker(sc: &mut Scanner, level: &mut Level) -> bool {
    if !is_marker(sc.line()) {
        return false;
    }
    let start = sc.pos;
    sc.pos = sc.line_end();
    level.push(BlockKind::Boundary(Boundary::Marker), sc.since(start));
    true
}

/// An attribute list alone on its lines, at the start of `text`: what stands between `{:` and `}`, and the length of all.
pub(super) fn attribute_list(text: &str) -> Option<(&str, usize)> {
    let (rest, blanks) = behind_indent(text)?;
    if !rest.starts_with("{:") || rest[2..].starts_with([':', '/']) {
        return None;
    }
    let len = list_length(rest)?;
    let behind = &rest[len + 3..];
    let end = line_end(behind, 0);
    is_blank(&behind[..end]).then(|| (&rest[2..len + 2], blanks + len + 3 + end))
}

/// Whether a block may start that needs a boundary before it.
pub(super) fn is_behind_boundary(level: &Level) -> bool {
    level.pending.is_some()
        || level
            .children
            .last()
            .is_none_or(|last| matches!(last.kind, BlockKind::Blank { .. } | BlockKind::Boundary(Boundary::Marker)))
}

/// Whether a block may end here that needs a boundary behind it.
pub(super) fn is_before_boundary(sc: &Scanner) -> bool {
    sc.eos() || is_blank(sc.line()) || is_marker(sc.line()) || attribute_list(sc.rest()).is_some()
}
