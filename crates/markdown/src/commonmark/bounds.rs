//! Where pulldown-cmark would take too much, or would leave out a part of the text without a word.

use std::ops::Range;

use super::super::OUTPUT_LIMIT;
use super::super::tree::Problem;

/// What pulldown-cmark keeps for a sign that may be markup, with the text behind it.
const BYTES_A_SIGN: usize = 96;

/// How many times the length of the output pulldown-cmark's own tree may come to.
const SHARE: usize = 2;

/// So many empty cells are added to the short rows of a table; pulldown-cmark takes the rows behind as text.
pub(super) const MOST_MISSING_CELLS: usize = 1 << 18;

/// How much of the text may be read: up to the sign that is one too many, or all.
pub(super) fn most(text: &str, output_bytes: usize) -> usize {
    let signs = output_bytes.saturating_mul(SHARE) / BYTES_A_SIGN;
    let mut left = signs;
    for (at, byte) in text.bytes().enumerate() {
        let weight = match byte {
            b'*' | b'_' | b'~' | b'`' | b']' | b'<' | b'!' | b'&' | b'\\' | b'|' => 1,
            // A link, or a block.
            b'[' | b'\n' => 2,
            _ => continue,
        };
        match left.checked_sub(weight) {
            Some(rest) => left = rest,
            None => return at,
        }
    }
    text.len()
}

/// Whether a cell is none of the text's: it was added to a row that is too short.
pub(super) fn is_missing_cell(text: &str, range: &Range<u32>) -> bool {
    let at = range.start as usize;
    let is_pipe = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)) == Some(&b'|');
    range.is_empty() && !(is_pipe(Some(at)) && is_pipe(at.checked_sub(1)))
}

/// The problem of a table that would need too many empty cells; shown where the row ends that is filled up.
pub(super) fn too_wide(text: &str, range: &Range<u32>) -> Problem {
    let end = (range.start as usize).min(text.len());
    let line = text.get(..end).unwrap_or_default().trim_end_matches('\n');
    let start = line.rfind('\n').map_or(0, |at| at + 1);
    let message = format!(
        "the rows of this table are short of more than {MOST_MISSING_CELLS} cells up to here; what follows is left out"
    );
    Problem { code: OUTPUT_LIMIT, message, range: super::cut(start..line.len()) }
}
