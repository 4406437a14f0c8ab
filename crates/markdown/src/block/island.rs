//! An island alone on its line.

use carafe_source::island::{OPEN, at_start};

use super::super::lines::is_blank;
use super::super::tree::BlockKind;
use super::{Level, Parser, Scanner};

/// The number of the block island that has this line to itself.
pub(super) fn alone(p: &Parser<'_>, line: &str) -> Option<usize> {
    if !p.has_islands {
        return None;
    }
    let line = line.trim_start_matches([' ', '\t']);
    if !line.starts_with(OPEN) {
        return None;
    }
    let found = at_start(line)?;
    (is_blank(&line[found.len..]) && !p.islands.get(found.number).is_some_and(|island| island.inline))
        .then_some(found.number)
}

/// An island as a block.
pub(super) fn parse(p: &Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let Some(number) = alone(p, sc.line()) else { return false };
    let start = sc.pos;
    sc.pos = sc.line_end();
    level.push(BlockKind::Island(number), sc.since(start));
    true
}
