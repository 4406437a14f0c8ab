//! Display math: `$$…$$` with boundaries on both sides.

use carafe_source::characters;

use super::super::lines::{behind_indent, is_blank, line_end};
use super::super::tree::{BlockKind, Formula};
use super::boundary::{is_before_boundary, is_behind_boundary};
use super::{Level, Scanner};

/// Display math.
pub(super) fn parse(sc: &mut Scanner, level: &mut Level) -> bool {
    let Some((rest, blanks)) = behind_indent(sc.rest()) else { return false };
    let (rest, escaped) = rest.strip_prefix('\\').map_or((rest, false), |rest| (rest, true));
    let Some(body) = rest.strip_prefix("$$") else { return false };
    if !is_behind_boundary(level) {
        return false;
    }
    let Some(len) = memchr::memmem::find(body.as_bytes(), b"$$") else { return false };
    let behind = &body[len + 2..];
    let end = line_end(behind, 0);
    let ends_line = is_blank(&behind[..end]);
    let start = sc.pos;
    if escaped {
        if ends_line {
            sc.pos += blanks + 1;
        }
        return false;
    }
    let math = Formula::boxed(characters::trim(&body[..len]), "$$", true);
    sc.pos += blanks + 4 + len + if ends_line { end } else { 0 };
    if !is_before_boundary(sc) {
        sc.pos = start;
        return false;
    }
    level.push(BlockKind::Math(math), sc.since(start));
    true
}
