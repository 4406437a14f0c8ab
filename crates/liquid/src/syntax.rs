//! The small patterns that Liquid's lax syntax is made of, matched by hand: quoted fragments, attributes, words.
//!
//! All functions work on byte offsets of one file's text. The patterns are those of Ruby Liquid 5 (`QuotedFragment`,
//! `TagAttributes`, …); none of them costs more than linear time.

use std::ops::Range;

use carafe_source::{FileId, Span};

/// The text that is being parsed, and its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'t> {
    pub file: FileId,
    pub text: &'t str,
}

impl<'t> Source<'t> {
    /// The text of a range.
    pub(crate) fn get(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or("")
    }

    /// The span of a range.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// The range without blanks at its ends.
    pub(crate) fn trim(&self, range: Range<usize>) -> Range<usize> {
        let text = self.get(&range);
        let start = range.end - text.trim_start_matches(super::lexer::is_space).len();
        let end = start + self.get(&(start..range.end)).trim_end_matches(super::lexer::is_space).len();
        start..end
    }
}

pub(crate) fn space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

pub(crate) fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A word character, or `-`.
pub(crate) fn segment(byte: u8) -> bool {
    word(byte) || byte == b'-'
}

/// The offset of the first byte at or behind `at` that is not a blank.
pub(crate) fn skip_space(bytes: &[u8], mut at: usize, end: usize) -> usize {
    while at < end && space(bytes[at]) {
        at += 1;
    }
    at
}

/// The offset behind the run of bytes that `is` accepts, starting at `at`.
pub(crate) fn run(bytes: &[u8], mut at: usize, end: usize, is: impl Fn(u8) -> bool) -> usize {
    while at < end && is(bytes[at]) {
        at += 1;
    }
    at
}

/// The end of the quoted string that starts at `at`.
pub(crate) fn quoted(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let quote = *bytes.get(at)?;
    if at >= end || !matches!(quote, b'"' | b'\'') {
        return None;
    }
    memchr::memchr(quote, &bytes[at + 1..end]).map(|n| at + n + 2)
}

/// The end of the quoted fragment that starts at `at`: a quoted string alone, or a run without blanks, `,` and `|` in which
/// quoted strings may stand.
pub(crate) fn fragment(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    if let Some(stop) = quoted(bytes, at, end) {
        return Some(stop);
    }
    let mut stop = at;
    while stop < end {
        match bytes[stop] {
            b'"' | b'\'' => match quoted(bytes, stop, end) {
                Some(behind) => stop = behind,
                None => break,
            },
            b',' | b'|' => break,
            byte if space(byte) => break,
            _ => stop += 1,
        }
    }
    (stop > at).then_some(stop)
}

/// The ends of as many quoted fragments in a row as there are at `at`.
pub(crate) fn fragments(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let mut stop = fragment(bytes, at, end)?;
    while let Some(next) = fragment(bytes, stop, end) {
        stop = next;
    }
    Some(stop)
}

/// The first quoted fragment in `range`.
pub(crate) fn find_fragment(bytes: &[u8], range: &Range<usize>) -> Option<Range<usize>> {
    (range.start..range.end).find_map(|at| fragment(bytes, at, range.end).map(|stop| at..stop))
}

/// All `name: value` in `range`, wherever they stand.
pub(crate) fn attributes(bytes: &[u8], range: &Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        if !word(bytes[at]) {
            at += 1;
            continue;
        }
        let name = at..run(bytes, at, range.end, segment);
        at = name.end;
        let colon = skip_space(bytes, name.end, range.end);
        if colon < range.end && bytes[colon] == b':' {
            let value = skip_space(bytes, colon + 1, range.end);
            if let Some(stop) = fragment(bytes, value, range.end) {
                found.push((name, value..stop));
                at = stop;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_and_attributes_are_found_as_ruby_finds_them() {
        let text = b"a'b c'd e";
        assert_eq!(fragment(text, 0, text.len()), Some(7));
        assert_eq!(fragment(b"'x'y", 0, 4), Some(3));
        assert_eq!(fragment(b"'x", 0, 2), None);
        let text = b"limit: 2, off-set:'a b' x";
        assert_eq!(attributes(text, &(0..text.len())), [(0..5, 7..8), (10..17, 18..23)]);
    }
}
