//! Horizontal rules: three or more `*`, `-` or `_`.

use super::super::lines::behind_indent;
use super::super::tree::BlockKind;
use super::{Level, Scanner};

/// Whether a line is a rule.
pub(super) fn is_rule(line: &str) -> bool {
    let Some((rest, _)) = behind_indent(line) else { return false };
    let Some(&sign @ (b'*' | b'-' | b'_')) = rest.as_bytes().first() else { return false };
    let mut count = 0;
    for byte in rest.bytes() {
        match byte {
            b' ' | b'\t' | b'\n' => {}
            _ if byte == sign => count += 1,
            _ => return false,
        }
    }
    count >= 3
}

/// A rule.
pub(super) fn parse(sc: &mut Scanner, level: &mut Level) -> bool {
    if !is_rule(sc.line()) {
        return false;
    }
    let start = sc.pos;
    sc.pos = sc.line_end();
    level.push(BlockKind::Rule, sc.since(start));
    true
}
