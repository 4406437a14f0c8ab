//! Text that remembers where it came from.
//!
//! A list item or a quote is parsed from its own text, cut out of the text around it; [`Text`] holds such a piece with a
//! map back to byte offsets of the input, so that spans stay true at every depth.

use std::borrow::Cow;
use std::ops::Range;

/// A run of bytes that was copied from one place.
#[derive(Clone, Copy, Debug)]
struct Segment {
    at: u32,
    source: u32,
}

/// A piece of the input, and where its bytes were.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    /// The text; every line of it ends in a line feed.
    pub(crate) text: String,
    segments: Vec<Segment>,
}

fn cut(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Text {
    /// The whole input: line ends become line feeds, and the last line gets one.
    pub(crate) fn root(source: &str) -> Self {
        let mut text = Self::default();
        text.text.reserve(source.len() + 1);
        let mut from = 0;
        for at in memchr::memchr_iter(b'\r', source.as_bytes()) {
            text.push(&source[from..at], cut(from));
            if source.as_bytes().get(at + 1) != Some(&b'\n') {
                text.push("\n", cut(at));
            }
            from = at + 1;
        }
        text.push(&source[from..], cut(from));
        text.end_line();
        text
    }

    /// Adds a line feed unless the text is empty or ends in one.
    pub(crate) fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Adds bytes that stand at `source` in the input.
    fn push(&mut self, piece: &str, source: u32) {
        if piece.is_empty() {
            return;
        }
        let at = cut(self.text.len());
        let continues = self.segments.last().is_some_and(|last| last.source.saturating_add(at - last.at) == source);
        if !continues {
            self.segments.push(Segment { at, source });
        }
        self.text.push_str(piece);
    }

    /// Adds a part of another text.
    pub(crate) fn push_from(&mut self, other: &Self, range: Range<usize>) {
        let mut at = range.start;
        let mut next = other.segments.partition_point(|segment| segment.at as usize <= at);
        while at < range.end {
            let end = other.segments.get(next).map_or(range.end, |segment| (segment.at as usize).min(range.end));
            if let Some(piece) = other.text.get(at..end) {
                self.push(piece, other.source(at));
            }
            at = end.max(at + 1);
            next += 1;
        }
    }

    /// Adds blanks that the input does not have at this place.
    pub(crate) fn push_blanks(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
    }

    /// The offset in the input of byte `at`.
    pub(crate) fn source(&self, at: usize) -> u32 {
        let index = self.segments.partition_point(|segment| segment.at as usize <= at);
        match index.checked_sub(1).and_then(|index| self.segments.get(index)) {
            Some(segment) => segment.source.saturating_add(cut(at) - segment.at),
            None => self.segments.first().map_or(0, |segment| segment.source),
        }
    }

    /// The range in the input of a range of bytes; trailing line feeds do not count.
    pub(crate) fn range(&self, range: Range<usize>) -> Range<u32> {
        let range = range.start..range.end.min(self.text.len());
        let Some(piece) = self.text.get(range.clone()) else { return 0..0 };
        let end = range.start + piece.trim_end_matches('\n').len();
        let start = self.source(range.start);
        let end = if end > range.start { self.source(end - 1).saturating_add(1) } else { start };
        start..end.max(start)
    }
}

/// The end of the line that holds `at`, behind its line feed.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    text.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(text.len(), |found| at + found + 1)
}

/// The length of the sign of a quote at the start of a line: up to three blanks, `>`, perhaps a blank.
pub(crate) fn quote_sign(line: &str) -> Option<usize> {
    let (rest, blanks) = behind_indent(line)?;
    let rest = rest.strip_prefix('>')?;
    Some(blanks + 1 + usize::from(rest.starts_with(' ')))
}

/// White space as kramdown's `\s` sees it.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Whether a line has no character but white space.
pub(crate) fn is_blank(line: &str) -> bool {
    line.bytes().all(is_space)
}

/// The number of blanks a line starts with.
pub(crate) fn indent(line: &str) -> usize {
    line.bytes().take_while(|&byte| byte == b' ').count()
}

/// The length of the indentation of one level (a tab or four blanks) at the start of a line.
pub(crate) fn level_indent(line: &str) -> Option<usize> {
    if line.starts_with('\t') {
        Some(1)
    } else if line.starts_with("    ") {
        Some(4)
    } else {
        None
    }
}

/// The line behind up to three blanks, and their number; `None` when there are more.
pub(crate) fn behind_indent(line: &str) -> Option<(&str, usize)> {
    let blanks = indent(line);
    (blanks <= 3).then(|| (&line[blanks..], blanks))
}

/// `text` with `\s+` as one blank and in lower case: how link definitions are looked up.
pub(crate) fn normal_id(text: &str) -> String {
    let squeezed: Cow<'_, str> = if text.bytes().any(|byte| is_space(byte) && byte != b' ') || text.contains("  ") {
        let mut out = String::with_capacity(text.len());
        let mut space = false;
        for c in text.chars() {
            if c.is_ascii() && is_space(c as u8) {
                if !space {
                    out.push(' ');
                }
                space = true;
            } else {
                out.push(c);
                space = false;
            }
        }
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    };
    squeezed.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_out_piece_still_knows_its_places() {
        let root = Text::root("> ab\r\n> cd");
        let mut inner = Text::default();
        inner.push_from(&root, 2..5);
        inner.push_from(&root, 7..10);
        assert_eq!(inner.text, "ab\ncd\n");
        assert_eq!(inner.range(3..6), 8..10);
        assert_eq!(inner.range(0..6), 2..10);
    }
}
